"""A WebSocket client of bare sockets, which may break every rule."""

import base64
import os
import socket
import struct
from dataclasses import dataclass

from harness.sanitizer import patience

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="  # RFC 6455 section 1.3
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


@dataclass
class Response:
    status: int
    reason: str
    fields: list
    body: bytes = b""

    def field(self, name):
        values = self.all(name)
        return values[0] if values else None

    def all(self, name):
        return [value for key, value in self.fields if key.lower() == name.lower()]


@dataclass
class Frame:
    opcode: int
    payload: bytes
    fin: bool = True

    @property
    def code(self):
        return struct.unpack("!H", self.payload[:2])[0] if len(self.payload) >= 2 else None

    @property
    def reason(self):
        return self.payload[2:].decode("utf-8")


def upgrade_fields(port, **changes):
    """The fields of a proper upgrade; a change to None leaves one out, a list repeats it. `_` stands for `-`."""
    fields = {"Host": f"127.0.0.1:{port}", "Upgrade": "websocket", "Connection": "Upgrade",
              "Sec-WebSocket-Key": KEY, "Sec-WebSocket-Version": "13"}
    for name, value in changes.items():
        name = name.replace("_", "-")
        existing = next((key for key in fields if key.lower() == name.lower()), name)
        fields[existing] = value
    result = []
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            if each is not None:
                result.append((name, each))
    return result


def request(fields, method="GET", target="/", version="HTTP/1.1"):
    head = f"{method} {target} {version}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in fields) + "\r\n"
    return head.encode("latin-1")


class RawClient:
    def __init__(self, port, host="127.0.0.1", receive_buffer=None, seconds=20):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(patience(seconds))
        self.socket.connect((host, port))
        self.port = port
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def _more(self):
        data = self.socket.recv(65536)
        self.buffer += data
        return bool(data)

    def _exactly(self, count):
        while len(self.buffer) < count:
            if not self._more():
                raise EOFError(f"the connection ended, {len(self.buffer)} of {count} bytes there")
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def at_end(self):
        """Waits for the end of the connection; False when something else came."""
        try:
            return not self.buffer and not self._more()
        except ConnectionResetError:
            return True

    def drain_to_end(self):
        try:
            while self._more():
                pass
        except ConnectionResetError:
            pass

    def response(self, with_body=True):
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                raise EOFError(f"no response, only {self.buffer!r}")
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        first, *rest = head.decode("latin-1").split("\r\n")
        version, status, reason = (first + "  ").split(" ", 2)
        assert version == "HTTP/1.1", first
        fields = [(line.split(":", 1)[0], line.split(":", 1)[1].strip()) for line in rest]
        response = Response(int(status), reason.strip(), fields)
        length = response.field("Content-Length")
        if with_body and length is not None:
            response.body = self._exactly(int(length))
        return response

    def upgrade(self, target="/", **changes):
        self.send(request(upgrade_fields(self.port, **changes), target=target))
        response = self.response()
        assert response.status == 101, (response.status, response.body)
        assert response.field("Sec-WebSocket-Accept") == ACCEPT
        return response

    def send_frame(self, opcode, payload=b"", fin=True, rsv=0, masked=True, length=None):
        self.send(frame(opcode, payload, fin, rsv, masked, length))

    def send_close(self, code=None, reason=""):
        self.send_frame(CLOSE, b"" if code is None else struct.pack("!H", code) + reason.encode())

    def read_frame(self):
        first, second = self._exactly(2)
        assert not second & 0x80, "a server must not mask"
        length = second & 0x7F
        if length == 126:
            length = struct.unpack("!H", self._exactly(2))[0]
        elif length == 127:
            length = struct.unpack("!Q", self._exactly(8))[0]
        assert not first & 0x70, "reserved bits set"
        return Frame(first & 0x0F, self._exactly(length), bool(first & 0x80))

    def read_close(self, answer=True):
        """Reads up to the Close frame, which is answered; returns it."""
        while (received := self.read_frame()).opcode != CLOSE:
            pass
        if answer:
            try:
                self.send_frame(CLOSE, received.payload)
            except OSError:
                pass  # after a violation the server need not wait for it
        return received


def frame(opcode, payload=b"", fin=True, rsv=0, masked=True, length=None):
    """The bytes of one frame; `length` announces another length than the payload has."""
    length = len(payload) if length is None else length
    first = (0x80 if fin else 0) | rsv << 4 | opcode
    bit = 0x80 if masked else 0
    if length < 126:
        head = struct.pack("!BB", first, bit | length)
    elif length < 65536:
        head = struct.pack("!BBH", first, bit | 126, length)
    else:
        head = struct.pack("!BBQ", first, bit | 127, length)
    if not masked:
        return head + payload
    mask = os.urandom(4)
    repeated = mask * (len(payload) // 4 + 1)
    masked_payload = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated[:len(payload)], "big"))
    return head + mask + masked_payload.to_bytes(len(payload), "big")


def random_key():
    return base64.b64encode(os.urandom(16)).decode()
