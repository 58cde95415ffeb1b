"""Programs under measurement: started on one core, watched through /proc, ended by pid."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 15
STOP_SECONDS_MAX = 10
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Where to get what is not there.
DEBIAN_PACKAGES = {"nginx": "nginx-light", "websocketd": "websocketd", "wrk": "wrk"}


def cores():
    """The core of the server and that of the load: two different ones where the machine has them."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextlib.contextmanager
def pinned(core):
    """What is started meanwhile runs on that core alone, as after `taskset -c`."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def find(name):
    """The path of a program of Debian; None, and a word about it, where it is not installed."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if path is None:
        print(f"{name} is not installed and left out; it is in the Debian package {DEBIAN_PACKAGES[name]}",
              file=sys.stderr)
    return path


def free_port():
    """A port that the system has just chosen and nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Program:
    """A server on a port of its own. `words` gets the port and gives the command line."""

    def __init__(self, words, core, directory=ROOT):
        self.port = free_port()
        self.said = tempfile.TemporaryFile()
        with pinned(core):
            self.begin = time.monotonic()
            self.process = subprocess.Popen(
                list(map(str, words(self.port))), stdin=subprocess.DEVNULL, stdout=self.said, stderr=self.said,
                cwd=directory)
        self.pid = self.process.pid

    def __enter__(self):
        try:
            self.connect().close()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def connect(self):
        """A connection as soon as the server takes one."""
        deadline = self.begin + START_SECONDS_MAX
        while True:
            try:
                return socket.create_connection(("127.0.0.1", self.port), timeout=10)
            except ConnectionRefusedError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    self.said.seek(0)
                    said = self.said.read().decode(errors="replace")
                    raise SystemExit(f"{self.process.args[0]} does not serve:\n{said}") from None
                time.sleep(0.0001)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_SECONDS_MAX)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.said.close()

    def cpu_seconds(self):
        """Processor time so far, of user and system (proc_pid_stat(5)). What its children took is not in it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) / TICKS_PER_SECOND, int(fields[12]) / TICKS_PER_SECOND

    def resident_kib(self):
        """Once it has stopped to change: `VmRSS` three times the same."""
        readings = [-1, -2, -3]
        for _ in range(100):
            readings = readings[1:] + [resident_kib_now(self.pid)]
            if len(set(readings)) == 1:
                break
            time.sleep(0.02)
        return readings[-1]

    def family_kib(self):
        """Its own, and that of all processes below it."""
        return self.resident_kib() + sum(map(resident_kib_now, descendants(self.pid)))


def resident_kib_now(pid):
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")), 0)


def descendants(pid):
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text().split()):
            found += [child, *descendants(child)]
    return found
