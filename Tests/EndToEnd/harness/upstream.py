"""Servers to stand behind wsbridge, each behaving in one way."""

import contextlib
import socket
import struct
import threading


class Upstream:
    """Listens on a free port of 127.0.0.1, or at a path; each connection gets a thread that runs `behave(socket)`."""

    def __init__(self, behave, path=None, receive_buffer=None):
        self.behave = behave
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX if path else socket.AF_INET, socket.SOCK_STREAM)
        if receive_buffer:
            self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.listener.bind(str(path) if path else ("127.0.0.1", 0))
        self.listener.listen(128)
        self.port = None if path else self.listener.getsockname()[1]
        self.address = str(path) if path else f"127.0.0.1:{self.port}"
        self.opened = []
        self.changed = threading.Condition()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def option(self):
        return ("--unix" if self.path else "--tcp", self.address)

    @property
    def count(self):
        """Connections so far."""
        return len(self.opened)

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(30)
            with self.changed:
                self.opened.append(connection)
                self.changed.notify_all()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        with contextlib.suppress(OSError), connection:
            self.behave(connection)

    def wait_connection(self, number=1, seconds=10):
        """The connection of that number, from 1."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.opened) >= number, seconds), f"no connection {number}"
            return self.opened[number - 1]

    def close(self):
        # accept(2) in the other thread does not notice a close(2).
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in self.opened:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def echo(connection):
    while data := connection.recv(1 << 16):
        connection.sendall(data)


def read_all(connection):
    """Everything up to the end of the other side's direction."""
    data = b""
    while part := connection.recv(1 << 16):
        data += part
    return data


def reset(connection):
    """close(2) with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def free_port():
    """A port that nobody listens on, as far as can be known."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
