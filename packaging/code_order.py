"""Prints which functions of the program run while it serves, then those that starting runs.

    code_order.py PROGRAM MAP FOLDER      PROGRAM without debug information, the linker's map of it; FOLDER for what is in
                                          between

Callgrind counts them. Serving is counted in a second round of conversations: what is made once is there by then. Those
that most kinds of conversations run come first, then those of the same kinds together.
"""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path

PATIENCE = 120
# The linker moves sections. In a larger one lies the code of a whole library, which would stand between the others.
SECTION_BYTES_MAX = 131072
UPGRADE = (
    "GET {} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: order\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
ROUTES = """
[[listener]]
address = "127.0.0.1:0"
[[listener]]
address = "127.0.0.1:0"
tls = "self-signed"
[[route]]
path = "/echo"
echo = true
[[route]]
path = "/cmd"
command = "cat"
[[route]]
path = "/tcp"
tcp = "127.0.0.1:{echo}"
[[route]]
path = "/back/*"
proxy = "http://127.0.0.1:{back}"
strip_prefix = "/back"
"""


class Server:
    """The program, under callgrind if `calls` names a file, until the end of the block."""

    def __init__(self, program, options, calls=None, counts_from_start=True):
        self.log = open(os.path.join(FOLDER, "log"), "w+")
        words = [program, *options, "--workers", "1", "--log-format", "text"]
        if calls:
            words = [
                "valgrind", "--quiet", "--tool=callgrind", "--demangle=no", "--compress-strings=no",
                # %p: the guardian is a copy of the process without an execve, and would write to the same file.
                f"--callgrind-out-file={calls}.%p", f"--instr-atstart={'yes' if counts_from_start else 'no'}", *words,
            ]
        self.process = subprocess.Popen(words, stderr=self.log)

    def ports(self, count):
        deadline = time.monotonic() + PATIENCE
        while len(found := re.findall(r"https?://127\.0\.0\.1:(\d+)", Path(self.log.name).read_text())) < count:
            if time.monotonic() > deadline or self.process.poll() is not None:
                sys.exit("the server did not start: " + Path(self.log.name).read_text())
            time.sleep(0.05)
        return [int(port) for port in dict.fromkeys(found)]

    def control(self, word):
        subprocess.run(["callgrind_control", word, str(self.process.pid)], check=True, stdout=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)


def echo_server():
    """A TCP server that gives back what it gets; its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection):
        with connection:
            while data := connection.recv(65536):
                connection.sendall(data)

    def accept():
        while True:
            threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def frame(opcode, payload):
    """One frame, masked with zeros."""
    count = len(payload)
    length = bytes([0x80 | count]) if count < 126 else b"\xfe" + count.to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + bytes(4) + payload


def read(connection, count):
    data = b""
    while len(data) < count:
        if not (more := connection.recv(65536)):
            sys.exit(f"the server ended the connection behind {data[-200:]!r}")
        data += more
    return data


def read_head(connection):
    """The head, and what came behind it."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += read(connection, 1)
    return head.split(b"\r\n\r\n", 1)


def session(connection, path, opcode=1):
    """Messages one by one, several at once, a large one; then both say Close."""
    connection.sendall(UPGRADE.format(path).encode())
    if b" 101 " not in (head := read_head(connection)[0]):
        sys.exit(f"{path}: {head!r}")
    for batch, size in [(1, 64)] * 4 + [(16, 64)] * 2 + [(1, 16000)]:
        connection.sendall(frame(opcode, b"m" * size) * batch)
        received = 0
        while received < batch * size:
            received += read(connection, 1).count(b"m")
    connection.sendall(frame(8, b"\x03\xe8"))
    while connection.recv(4096):
        pass


def requests(connection, path):
    for _ in range(4):
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n".encode())
        head, content = read_head(connection)
        length = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        if len(content) < length:
            read(connection, length - len(content))


def conversations(plain, secure):
    """One function for each kind."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def sessions(path, opcode=1):
        for _ in range(4):
            with socket.create_connection(("127.0.0.1", plain), PATIENCE) as connection:
                session(connection, path, opcode)

    def secure_sessions():
        for _ in range(4):
            with context.wrap_socket(socket.create_connection(("127.0.0.1", secure), PATIENCE)) as connection:
                session(connection, "/echo")

    def plain_requests():
        # Files of its own it cannot serve here: valgrind does not know openat2.
        with socket.create_connection(("127.0.0.1", plain), PATIENCE) as connection:
            requests(connection, "/back/page.txt")

    return [
        lambda: (sessions("/echo"), sessions("/echo", 2)), lambda: sessions("/cmd"), lambda: sessions("/tcp", 2),
        lambda: sessions("/back/"), plain_requests, secure_sessions,
    ]


def counted(path, program):
    """Instructions of each of the program's functions, by its symbol."""
    function, place, counts, is_call = None, None, Counter(), False
    for line in open(path):
        kind, _, name = line.rstrip("\n").partition("=")
        if kind == "ob":
            place = name
        elif kind == "fn":
            # callgrind numbers recursive calls: name'2
            function = re.sub(r"'\d+$", "", name)
        elif kind == "calls":
            is_call = True
        elif (cost := re.match(r"[-+*\d]\S* (\d+)$", line)) and function:
            # Behind a call stands what it took, which is the other's.
            if not is_call and place == program:
                counts[function] += int(cost[1])
            is_call = False
    return counts


def movable(path):
    """The symbols that stand in no large section, by the linker's map."""
    symbols, heavy, size = set(), set(), 0
    for line in open(path):
        columns = line.split(maxsplit=4)
        if len(columns) < 5:
            continue
        if re.search(r":\(\.text", columns[4]):
            size = int(columns[2], 16)
        else:
            # One name may stand for local symbols of several objects.
            (symbols if size <= SECTION_BYTES_MAX else heavy).add(columns[4].strip())
    return symbols - heavy


def serving(program):
    Path(FOLDER, "page.txt").write_text("x" * 1024)
    calls = os.path.join(FOLDER, "serving.calls")
    routes = Path(FOLDER, "routes.toml")
    costs, kinds = Counter(), defaultdict(list)
    with Server(program, ["--echo", "--static", FOLDER, "--port", "0"]) as back:
        routes.write_text(ROUTES.format(echo=echo_server(), back=back.ports(1)[0]))
        with Server(program, ["--config", str(routes)], calls, counts_from_start=False) as server:
            rounds = conversations(*server.ports(2))
            for converse in rounds:
                converse()
            server.control("--instr=on")
            for number, converse in enumerate(rounds, 1):
                converse()
                server.control("--dump")
                for name, cost in counted(f"{calls}.{server.process.pid}.{number}", program).items():
                    costs[name] += cost
                    kinds[name].append(number)
    return sorted(costs, key=lambda name: (-len(kinds[name]), kinds[name], -costs[name]))


def starting(program, options):
    """With the first session, which is part of what somebody waits for."""
    calls = os.path.join(FOLDER, "starting.calls")
    with Server(program, [*options, "--port", "0"], calls) as server:
        with socket.create_connection(("127.0.0.1", server.ports(1)[0]), PATIENCE) as connection:
            session(connection, "/")
    return counted(f"{calls}.{server.process.pid}", program)


PROGRAM, MAP, FOLDER = sys.argv[1:]
symbols = movable(MAP)
served = serving(PROGRAM)
# By name: functions of one module lie together.
started = sorted(starting(PROGRAM, ["--echo"]) | starting(PROGRAM, ["--cmd", "cat"]))
functions = dict.fromkeys([*(name for name in served if name in symbols), *served, *started])
print(f"{len(served)} functions serve, {len(functions) - len(served)} more start", file=sys.stderr)
if len(served) < 500 or len(functions) < 1000:
    sys.exit("too few functions were seen")
# Some have no name but their address.
print("\n".join(name for name in functions if not name.startswith("0x")))
