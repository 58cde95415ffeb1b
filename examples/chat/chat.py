#!/usr/bin/env python3
"""A chat room: each connection runs one copy of this program, and the copies share one file.

Run:        wsbridge --cmd 'python3 examples/chat/chat.py'
            Open the printed URL in two windows; the first line that you send is your name.
Buffering:  print(..., flush=True).

How it holds together: a line is appended with one write to the room's file (O_APPEND), each copy reads what others
appended every tenth of a second, and ends when its client leaves (end of standard input). Nobody waits for anybody, so
a client that vanishes or reads slowly harms no one. Bounds: a line has at most LINE_BYTES_MAX bytes, and the file is
started anew when it reaches FILE_BYTES_MAX. CHAT_FILE names another file.
"""

import fcntl
import os
import select
import sys
import tempfile

LINE_BYTES_MAX = 2000
NAME_CHARACTERS_MAX = 24
FILE_BYTES_MAX = 256 * 1024
POLL_SECONDS = 0.1


class Room:
    """The shared file and how far this copy has read it."""

    def __init__(self, path):
        self.path = path
        self.open_at_end()

    def open_at_end(self):
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        self.file = os.open(self.path, flags, 0o600)
        if os.fstat(self.file).st_uid != os.getuid():
            sys.exit(f"{self.path} belongs to somebody else; set CHAT_FILE")
        self.position = os.fstat(self.file).st_size
        self.pending = b""

    def append(self, text):
        data = " ".join(text.splitlines()).encode("utf-8", "replace")[:LINE_BYTES_MAX] + b"\n"
        fcntl.flock(self.file, fcntl.LOCK_EX)
        try:
            if os.fstat(self.file).st_size + len(data) > FILE_BYTES_MAX:
                os.ftruncate(self.file, 0)
            os.write(self.file, data)
        finally:
            fcntl.flock(self.file, fcntl.LOCK_UN)

    def new_lines(self):
        size = os.fstat(self.file).st_size
        if size < self.position:  # started anew by another copy
            self.position, self.pending = 0, b""
        data = os.pread(self.file, size - self.position, self.position)
        self.position += len(data)
        *lines, self.pending = (self.pending + data).split(b"\n")
        return [line.decode("utf-8", "replace") for line in lines]


def input_lines():
    """Yields each line of standard input, None while there is none, and ends with it."""
    pending = b""
    while True:
        readable, _, _ = select.select([0], [], [], POLL_SECONDS)
        if not readable:
            yield None
            continue
        data = os.read(0, 65536)
        if not data:
            return
        *lines, pending = (pending + data).split(b"\n")
        if len(pending) > LINE_BYTES_MAX:
            lines, pending = lines + [pending], b""
        for line in lines:
            yield line[:LINE_BYTES_MAX].decode("utf-8", "replace").strip()
        yield None


def main():
    default = os.path.join(tempfile.gettempdir(), f"wsbridge-chat-{os.getuid()}.log")
    room = Room(os.environ.get("CHAT_FILE", default))
    name = None
    print("Welcome to the room. What is your name?", flush=True)
    try:
        for line in input_lines():
            if line is not None and name is None:
                name = line[:NAME_CHARACTERS_MAX] or "somebody"
                room.append(f"* {name} came in")
            elif line:
                room.append(f"{name}: {line}")
            if name is not None:
                for text in room.new_lines():
                    print(text, flush=True)
    finally:
        if name is not None:
            room.append(f"* {name} left")


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
