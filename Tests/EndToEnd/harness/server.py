"""Starts the real binary on a free port and follows what it says on stderr."""

import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

from harness.sanitizer import ROOT, Reports, binary, patience

START_SECONDS_MAX = 10
STOP_SECONDS_MAX = 15
CRASHES = {signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE}
URL = re.compile(r"https?://[^\s\"\\,]+")


class Server:
    """A running wsbridge; `lines` is what it wrote to stderr so far.

    `before` are words of a program that does something and then becomes the server."""

    def __init__(self, *arguments, env=None, cwd=ROOT, leaks=True, before=(), pass_fds=()):
        self.reports = Reports(binary(), leaks)
        self.process = subprocess.Popen(
            [*before, binary(), *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.reports.environment(env), cwd=cwd, pass_fds=pass_fds)
        self.pid = self.process.pid
        self.lines = []
        self.changed = threading.Condition()
        self.ended = False
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        self.url = None

    def _read(self):
        for line in self.process.stderr:
            with self.changed:
                self.lines.append(line.decode("utf-8", "replace").rstrip("\n"))
                self.changed.notify_all()
        with self.changed:
            self.ended = True
            self.changed.notify_all()

    def wait_log(self, *parts, seconds=10, count=1):
        """Returns the first line that has all parts, in any case of letters; fails when none comes."""
        lowered = [part.lower() for part in parts]

        def matching():
            return [line for line in self.lines if all(part in line.lower() for part in lowered)]
        with self.changed:
            self.changed.wait_for(lambda: len(matching()) >= count or self.ended, patience(seconds))
            found = matching()
        assert len(found) >= count, f"no log line with {parts}; stderr was:\n" + "\n".join(self.lines)
        return found[0]

    def wait_ready(self):
        with self.changed:
            self.changed.wait_for(lambda: self._find_url() or self.ended, patience(START_SECONDS_MAX))
        self.url = self._find_url()
        assert self.url, "no URL on stderr:\n" + "\n".join(self.lines)
        self.port = urlsplit(self.url).port
        self.ws_url = f"{'wss' if self.url.startswith('https') else 'ws'}://127.0.0.1:{self.port}/"
        return self

    def _find_url(self):
        return next((found.group(0) for line in self.lines if (found := URL.search(line))), None)

    def signal(self, number=signal.SIGTERM):
        self.process.send_signal(number)

    def wait(self, seconds=STOP_SECONDS_MAX):
        """Waits for the end and returns the exit code; a crash, or what a sanitizer found, fails."""
        code = self.process.wait(patience(seconds))
        self.reader.join(5)
        self.reports.check()
        assert -code not in CRASHES, f"the server crashed by {signal.Signals(-code).name}:\n" + "\n".join(self.lines)
        return code

    def stop(self):
        """Stops cleanly and returns the exit code; what went to stdout must be nothing."""
        if self.process.poll() is None:
            self.signal()
        try:
            code = self.wait()
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.wait()
            raise AssertionError("SIGTERM did not stop the server:\n" + "\n".join(self.lines)) from None
        if not self.process.stdout.closed:
            written = self.process.stdout.read()
            self.process.stdout.close()
            assert written == b"", f"the server wrote to stdout: {written[:200]!r}"
        return code

    def rss_kib(self):
        """For a limit. Nothing where a sanitizer runs: what it keeps of freed memory would be counted."""
        return 0 if self.reports.kind else self.resident_kib()

    def resident_kib(self):
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))


def run(*arguments, seconds=20, env=None, cwd=None):
    """Runs the binary to its end."""
    reports = Reports(binary())
    done = subprocess.run([binary(), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=patience(seconds), env=reports.environment(env), cwd=cwd, check=False)
    reports.check()
    return done


def until(condition, seconds, what):
    """For state that announces itself to nobody: asks again as soon as it has an answer.

    The question is put to a server or is a run of a program, and that takes its time; there is no pause in between."""
    deadline = time.monotonic() + patience(seconds)
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
    return value
