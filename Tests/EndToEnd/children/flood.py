"""Writes lines without end; tells the named pipe how many bytes it got rid of whenever it has been stuck for a second."""

import os
import select
import sys

STUCK_MILLISECONDS = 1000
report = os.open(sys.argv[1], os.O_WRONLY)
chunk = (b"x" * 1023 + b"\n") * 64 if len(sys.argv) < 3 else b"x" * 65536
os.set_blocking(1, False)
poll = select.poll()
poll.register(1, select.POLLOUT)
written, reported, offset = 0, -1, 0
while True:
    if poll.poll(STUCK_MILLISECONDS):
        try:
            count = os.write(1, chunk[offset:])
        except BlockingIOError:
            continue
        offset = (offset + count) % len(chunk)
        written += count
    elif written != reported:
        reported = written
        os.write(report, b"%d\n" % written)
