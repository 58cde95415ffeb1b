"""As much of a WebSocket client as opening connections and saying one thing takes."""

import base64
import os
import resource
import socket

# So many handshakes are under way at once.
BATCH = 64


def raise_descriptor_limit():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def open_many(port, count):
    """So many WebSockets to 127.0.0.1, in batches; SystemExit when the server refuses one."""
    opened = []
    while len(opened) < count:
        batch = [_ask(port) for _ in range(min(BATCH, count - len(opened)))]
        for connection in batch:
            _expect_switching(connection)
        opened += batch
    return opened


def echo(connection, text=b"still here"):
    """Sends a short message and takes the answer to it."""
    key = b"\x37\x7a\x21\x3d"
    connection.sendall(bytes([0x81, 0x80 | len(text)]) + key + bytes(b ^ key[i % 4] for i, b in enumerate(text)))
    answer = b""
    while len(answer) < 2 or len(answer) < 2 + answer[1]:
        received = connection.recv(4096)
        if not received:
            raise SystemExit("the server has closed a connection")
        answer += received


def _ask(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    key = base64.b64encode(os.urandom(16)).decode()
    connection.sendall((
        f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n").encode())
    return connection


def _expect_switching(connection):
    head = b""
    while b"\r\n\r\n" not in head:
        received = connection.recv(4096)
        if not received:
            break
        head += received
    if not head.startswith(b"HTTP/1.1 101"):
        raise SystemExit(f"no WebSocket: {head[:200]!r}")
