"""Waiting for processes that are not our children."""

import os
import select
from pathlib import Path

from harness.sanitizer import patience


def open_pidfd(pid):
    """A descriptor that becomes readable when the process ends, or None when it has ended."""
    try:
        return os.pidfd_open(pid)
    except ProcessLookupError:
        return None


def wait_gone(pids, seconds=15):
    """Waits until none of the processes is left."""
    for pid in pids:
        descriptor = open_pidfd(pid)
        if descriptor is None:
            continue
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        ready = poll.poll(patience(seconds) * 1000)
        os.close(descriptor)
        assert ready, f"process {pid} still runs: {command_line(pid)}"


def command_line(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""


def processes_with(token):
    """Living processes whose arguments contain the token."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid() and token in command_line(int(entry.name)):
            found.append(int(entry.name))
    return found
