#!/usr/bin/env bash
# Writes packaging/startup.order anew: the functions that run while the server starts and serves its first sessions. The
# linker puts them side by side (Package.swift), so that both touch few pages of the program.
#
#   packaging/startup-order.sh        needs valgrind and python3; takes some minutes, most of them for a build of its own
#
# A stale list does no harm: names that are gone are skipped, functions that are missing lie where they did before.
set -euo pipefail
cd "$(dirname "$0")/.."

wait_seconds_max=60
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Valgrind refuses the clone that starts programs, and does not read Swift's debug information.
swift build -c release --product wsbridge --static-swift-stdlib --scratch-path .build-order -Xcc -DCLX_FOR_VALGRIND
objcopy --strip-debug .build-order/release/wsbridge "$work/wsbridge"

# serve NAME OPTION... - starts a server under callgrind, has conversations with it and ends it; what ran until then is
# in NAME.calls.
serve() {
    local name=$1; shift
    # %p: the guardian is a copy of the process without an execve, and would write to the same file.
    valgrind --quiet --tool=callgrind --demangle=no --callgrind-out-file="$work/$name.calls.%p" \
        "$work/wsbridge" "$@" --port 0 --workers 1 --log-format text 2>"$work/$name.log" &
    local server=$!
    converse "$work/$name.log"
    kill -TERM "$server"
    wait "$server"
    mv "$work/$name.calls.$server" "$work/$name.calls"
}

# converse LOG - waits until the server serves, and has conversations with it, with the fields of different clients and
# all open at a time.
converse() {
    timeout $((4 * wait_seconds_max)) python3 - "$1" "$wait_seconds_max" <<'PYTHON'
import re, socket, sys, time

log, patience = sys.argv[1], int(sys.argv[2])
deadline = time.monotonic() + patience
while not (found := re.search(r"127\.0\.0\.1:(\d+)", open(log, errors="replace").read())):
    if time.monotonic() > deadline:
        sys.exit("the server did not start: " + open(log, errors="replace").read())
    time.sleep(0.05)
port = found[1]
browser = (f"Origin: http://localhost:{port}\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: */*\r\n"
           "Accept-Encoding: gzip, deflate\r\nCache-Control: no-cache\r\n"
           "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n")
# So many that tables grow.
kinds = 40 * [("localhost", ""), (f"127.0.0.1:{port}", ""), (f"localhost:{port}", browser)]
clients = []
for host, fields in kinds:
    client = socket.create_connection(("127.0.0.1", int(port)), timeout=patience)
    client.sendall(
        f"GET /?a=b HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n{fields}\r\n".encode())
    clients.append(client)
for client in clients:
    # A ping, and a text of two bytes; masked with zeros.
    client.sendall(b"\x89\x80\0\0\0\0" b"\x81\x82\0\0\0\0hi")
    answer = b""
    while not answer.endswith(b"\x81\x02hi"):
        if not (more := client.recv(4096)):
            sys.exit(f"no echo, but {answer!r}")
        answer += more
for client in clients:
    client.sendall(b"\x88\x82\0\0\0\0\x03\xe8")
    while client.recv(4096):
        pass
    client.close()
PYTHON
}

serve echo --echo
serve cmd --cmd cat

python3 - "$work/wsbridge" "$work"/{echo,cmd}.calls >packaging/startup.order <<'PYTHON'
import re, sys

program = sys.argv[1]
functions = {}
for path in sys.argv[2:]:
    names, objects, current = {}, {}, None
    for line in open(path):
        match = re.match(r"(c?fn|c?ob)=\((\d+)\)(?: (.*))?$", line.rstrip("\n"))
        if not match:
            continue
        kind, number, name = match.groups()
        table = names if kind.endswith("fn") else objects
        if name:
            table[number] = name
        if kind == "ob":
            current = objects.get(number)
        elif kind == "fn" and current == program and number in names:
            # callgrind numbers recursive calls: name'2
            functions[re.sub(r"'\d+$", "", names[number])] = None
    if len(functions) < 1000:
        sys.exit(f"{path}: only {len(functions)} functions were seen")
# By name: what starting runs and what sessions run lie in the same 64 KiB, which is what the kernel maps at a time.
# What the compiler gave no name stands there by its address, which no other build has.
print("\n".join(sorted(name for name in functions if not name.startswith("0x"))))
PYTHON
# SwiftPM does not see that the list has changed; without the program it links anew.
rm -f .build/release/wsbridge
wc -l packaging/startup.order
