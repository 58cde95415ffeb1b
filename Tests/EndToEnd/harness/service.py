"""A service manager as a server sees it: a socket for its news, and sockets that are open before it."""

import array
import os
import socket
import sys
import threading

from harness.sanitizer import patience
from harness.server import Server

# Becomes the server, with its own pid as LISTEN_PID and the sockets from 3 on.
ACTIVATE = """
import os, sys
count = int(sys.argv[1])
taken = [int(number) for number in sys.argv[3:3 + count]]
lifted = [os.dup(number) for number in taken]
while min(lifted, default=100) < 3 + count:
    lifted = [os.dup(number) for number in lifted]
for place, number in enumerate(lifted, 3):
    os.dup2(number, place, inheritable=True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(count), LISTEN_FDNAMES=sys.argv[2])
os.execv(sys.argv[3 + count], sys.argv[3 + count:])
"""


class NotifySocket:
    """Hears what sd_notify(3) would send; `news` are the messages, each a dictionary."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.socket.bind("\0" + path[1:] if path.startswith("@") else path)
        self.environment = {"NOTIFY_SOCKET": path}
        self.news = []
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self._read, daemon=True)
        self.thread.start()

    def _read(self):
        size = array.array("i", [0, 0, 0]).itemsize * 3
        while True:
            try:
                text, ancillary, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(size))
            except OSError:
                return
            if not text:
                return
            pid = array.array("i", ancillary[0][2][:size])[0]
            message = dict(line.split("=", 1) for line in text.decode().splitlines()) | {"pid": pid}
            with self.changed:
                self.news.append(message)
                self.changed.notify_all()

    def wait(self, predicate, count=1, seconds=10):
        """The first message for which `predicate` holds, once there are so many of them."""
        with self.changed:
            def found():
                return [message for message in self.news if predicate(message)]
            self.changed.wait_for(lambda: len(found()) >= count, patience(seconds))
            assert len(found()) >= count, f"heard only {self.news}"
            return found()[count - 1]

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def listening(address=("127.0.0.1", 0), family=socket.AF_INET):
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    listener.listen(512)
    return listener


class ActivatedServer(Server):
    """A server that is given listening sockets: a list of them and of their names."""

    def __init__(self, sockets, names, *arguments, **settings):
        numbers = [str(each.fileno()) for each in sockets]
        super().__init__(
            *arguments, pass_fds=[each.fileno() for each in sockets],
            before=[sys.executable, "-c", ACTIVATE, str(len(sockets)), ":".join(names), *numbers], **settings)


def environment_with(**values):
    return {**os.environ, **values}
