#!/usr/bin/env bash
# Writes packaging/startup.order anew: the functions that run while the server starts and serves its first session.
# The linker puts them side by side (Package.swift), so that starting touches few pages of the program.
#
#   packaging/startup-order.sh        needs valgrind and python3; takes about a minute after the build
#
# A stale list does no harm: names that are gone are skipped, functions that are missing lie where they did before.
set -euo pipefail
cd "$(dirname "$0")/.."

wait_seconds_max=60
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

swift build -c release --product wsbridge --static-swift-stdlib
# Valgrind does not read Swift's debug information.
objcopy --strip-debug .build/release/wsbridge "$work/wsbridge"

# serve NAME OPTION... - starts a server under callgrind, has one conversation with it and ends it.
serve() {
    local name=$1; shift
    timeout $((4 * wait_seconds_max)) valgrind --quiet --tool=callgrind --demangle=no \
        --callgrind-out-file="$work/$name.calls" \
        "$work/wsbridge" "$@" --port 0 --workers 1 --log-format text 2>"$work/$name.log" &
    local server=$!
    python3 - "$work/$name.log" "$name" "$wait_seconds_max" <<'PYTHON'
import re, socket, sys, time

log, name, patience = sys.argv[1], sys.argv[2], int(sys.argv[3])
deadline = time.monotonic() + patience
while not (found := re.search(r"127\.0\.0\.1:(\d+)", open(log, errors="replace").read())):
    if time.monotonic() > deadline:
        sys.exit("the server did not start: " + open(log, errors="replace").read())
    time.sleep(0.05)
if name == "echo":
    with socket.create_connection(("127.0.0.1", int(found[1])), timeout=patience) as client:
        client.sendall(
            b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
        # A text of two bytes and a Close, masked with zeros.
        client.sendall(b"\x81\x82\0\0\0\0hi\x88\x82\0\0\0\0\x03\xe8")
        while client.recv(4096):
            pass
PYTHON
    kill -TERM "$server"
    wait "$server"
}

serve echo --echo
serve cmd --cmd cat

python3 - "$work" "$work"/{echo,cmd}.calls >packaging/startup.order <<'PYTHON'
import re, sys

program = sys.argv[1] + "/wsbridge"
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
    sys.exit(f"only {len(functions)} functions were seen")
print("\n".join(functions))
PYTHON
wc -l packaging/startup.order
