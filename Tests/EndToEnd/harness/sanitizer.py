"""Makes what a sanitizer finds in the server fail the test that ran it."""

import functools
import mmap
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
EXIT_CODE = 66
# What is asked of a deadline is that it ends a test which hangs. A sanitizer costs a factor of two to ten, and two of
# them may run at once.
PATIENCE_FACTOR = 4
# What the compiler calls in a binary of one kind, and what no binary of another kind names.
MARKS = {"thread": b"__tsan_func_entry", "address": b"__asan_report_load1"}


def binary():
    path = Path(os.environ.get("WSBRIDGE", ROOT / ".build/debug/wsbridge"))
    assert path.exists(), f"no binary at {path}: build first, or set WSBRIDGE"
    return str(path.resolve())


def patience(seconds):
    """How long to wait for what takes so long at most in a server without a sanitizer; None: for ever."""
    return seconds if seconds is None or sanitizer_of(binary()) is None else seconds * PATIENCE_FACTOR


@functools.cache
def sanitizer_of(binary):
    """"thread", "address", or None for a binary built without one."""
    with open(binary, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return next((name for name, mark in MARKS.items() if content.find(mark) >= 0), None)


@functools.cache
def can_look_for_leaks(binary):
    """The search for leaks stops the process by ptrace(2), which some containers forbid."""
    environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=1"}
    output = subprocess.run([binary, "--help"], env=environment, capture_output=True, check=False, timeout=60).stderr
    return b"LeakSanitizer has encountered a fatal error" not in output


class Reports:
    """Where one process leaves its reports; `leaks` is false for a server that is cut off with sessions open."""

    def __init__(self, binary, leaks=True):
        self.kind = sanitizer_of(binary)
        self.folder = Path(tempfile.mkdtemp(prefix="wsbridge-reports-")) if self.kind else None
        self.leaks = leaks and self.kind == "address" and can_look_for_leaks(binary)

    def environment(self, env):
        """The environment for the process: `env`, or ours, and where to report."""
        if not self.kind:
            return env
        options = f"log_path={self.folder}/report:exitcode={EXIT_CODE}"
        added = {"TSAN_OPTIONS": options, "ASAN_OPTIONS": f"{options}:detect_leaks={int(self.leaks)}"}
        return (os.environ if env is None else env) | added

    def check(self):
        """To be called when the process has ended."""
        if not self.folder:
            return
        texts = [path.read_text(errors="replace") for path in self.folder.iterdir()]
        shutil.rmtree(self.folder)
        self.folder = None
        assert not texts, f"the {self.kind} sanitizer reports:\n" + "\n".join(texts)[:20_000]
