"""A Debian of its own: a copy of the tree, as a folder to enter or booted by systemd-nspawn."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
WORK = ROOT / ".build/package"
FILE = "/etc/wsbridge/wsbridge.toml"
DROP_INS = "/etc/systemd/system/wsbridge.service.d"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive",
               "SYSTEMD_PAGER": "", "SYSTEMD_COLORS": "0"}


def package(which):
    """The .deb of the `older` or the `newer` version, without that of the debug symbols."""
    found = [path for path in (WORK / which).glob("wsbridge_*.deb")]
    assert len(found) == 1, found
    return found[0]


def until(condition, seconds, what):
    """The question is put to another process each time, and that takes its time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
    return value


class Tree:
    """A copy of the tree, with the packages in /packages."""

    def __init__(self, name):
        self.path = WORK / name
        shutil.rmtree(self.path, ignore_errors=True)
        subprocess.run(["cp", "-a", "--reflink=auto", str(WORK / "bookworm"), str(self.path)], check=True)
        (self.path / "packages").mkdir()
        for which in ("older", "newer"):
            shutil.copy(package(which), self.path / "packages" / f"{which}.deb")

    def enter(self, *words):
        # Its own /proc: without one a program of Swift has no arguments.
        script = f'mount -t proc proc "{self.path}/proc" && exec chroot "{self.path}" "$@"'
        return ["unshare", "--mount", "sh", "-c", script, "sh", *words]

    def run(self, *words, seconds=60, check=True, text=None):
        """Runs a program inside; gives what it wrote."""
        done = subprocess.run(self.enter(*words), capture_output=True, text=True, timeout=seconds, env=ENVIRONMENT,
                              input=text, check=False)
        assert not check or done.returncode == 0, f"{words}: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def write(self, path, text):
        file = self.path / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def files(self):
        """Every file that a package could have left, but for what package management keeps for itself."""
        passed = ("/var/lib/dpkg", "/var/cache", "/var/log", "/proc", "/sys", "/dev", "/run", "/tmp", "/packages",
                  "/var/tmp", "/root")
        found = set()
        for folder, folders, names in os.walk(self.path):
            inside = "/" + os.path.relpath(folder, self.path).removeprefix(".")
            if inside.startswith(passed):
                folders.clear()
                continue
            found |= {f"{inside.rstrip('/')}/{name}" for name in folders + names}
        return {name for name in found if not name.startswith(passed)}

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


class Machine(Tree):
    """The tree, booted: PID 1 is systemd, the network is its own."""

    def __init__(self, name):
        super().__init__(name)
        self.write("/etc/systemd/journald.conf.d/test.conf", "[Journal]\nRateLimitIntervalSec=0\nStorage=persistent\n")
        self.console = open(WORK / f"{name}.console", "wb")
        self.process = subprocess.Popen(
            ["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--private-network", "--boot",
             f"--directory={self.path}", f"--machine={name}"],
            stdin=subprocess.DEVNULL, stdout=self.console, stderr=subprocess.STDOUT, start_new_session=True)
        self.leader = until(self._find_leader, 30, "PID 1 of the container")
        until(lambda: self._is_up(), 60, "systemd inside has started")

    def _find_leader(self):
        assert self.process.poll() is None, "systemd-nspawn ended: " + (WORK / f"{self.path.name}.console").read_text()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                status = dict(line.split(":\t", 1) for line in (entry / "status").read_text().splitlines() if ":\t" in line)
            except (OSError, ValueError):
                continue
            if status.get("PPid") == str(self.process.pid) and status["NSpid"].split()[-1] == "1":
                return int(entry.name)
        return None

    def _is_up(self):
        return self.run("systemctl", "is-system-running", check=False).strip() in ("running", "degraded")

    def enter(self, *words):
        return ["nsenter", f"--target={self.leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "--cgroup", "--root",
                "--wdns=/", *words]

    # What systemd says.

    def systemctl(self, *words, **options):
        return self.run("systemctl", *words, **options)

    def show(self, key, unit="wsbridge.service"):
        return self.systemctl("show", "--value", f"--property={key}", unit).strip()

    def journal(self, *options):
        # With --grep, 1 is that nothing was found.
        text = self.run("journalctl", "--no-pager", "--output=json", *options, check=False)
        return [json.loads(line) for line in text.splitlines()]

    def drop_in(self, text):
        """Until the next test."""
        self.write(f"{DROP_INS}/test.conf", text)
        self.systemctl("daemon-reload")

    def remove_drop_ins(self):
        self.run("rm", "-rf", DROP_INS)
        self.systemctl("daemon-reload")

    def sleepers(self):
        """Programs `sleep 1000` and `sleep 2000`."""
        return self.run("sh", "-c", "grep -l -a -e '^sleep.[12]000' /proc/[0-9]*/cmdline 2>/dev/null || :").split()

    def _outside(self, pid):
        """The number that a process inside has out here."""
        space = os.readlink(f"/proc/{self.leader}/ns/pid")
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and os.readlink(entry / "ns/pid") == space:
                    status = (entry / "status").read_text()
                    if re.search(r"^NSpid:.*\t(\d+)$", status, re.M)[1] == str(pid):
                        return int(entry.name)
            except OSError:
                continue
        raise AssertionError(f"no process {pid} inside")

    def threads(self, pid, name):
        tasks = Path(f"/proc/{self._outside(pid)}/task")
        return [int(task.name) for task in tasks.iterdir() if (task / "comm").read_text().strip() == name]

    def python(self, text, *words):
        """A program of ours in the machine's network."""
        done = subprocess.run(["nsenter", f"--target={self.leader}", "--net", sys.executable, "-c", text, *words],
                              capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def fetch(self, path):
        """The size of what a browser would get."""
        text = "import sys, urllib.request; print(len(urllib.request.urlopen(sys.argv[1], timeout=20).read()))"
        return int(self.python(text, f"http://127.0.0.1:8080{path}"))

    def echo(self, text="hello", path="/echo"):
        """What a client hears."""
        return self.run("wsbridge", "connect", f"ws://127.0.0.1:8080{path}", text=text + "\n").strip()

    def load(self, path="/echo"):
        return LoadProcess(self.leader, path)

    def remove(self):
        if self.process.poll() is None:
            os.kill(self.leader, signal.SIGRTMIN + 4)  # systemd(1): power off
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.console.close()
        super().remove()


class LoadProcess:
    """Clients in the network of a machine."""

    def __init__(self, leader, path):
        self.process = subprocess.Popen(
            ["nsenter", f"--target={leader}", "--net", sys.executable, str(Path(__file__).parent / "load_process.py"),
             "8080", path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"

    def wait_served(self, more):
        self.process.stdin.write(f"more {more}\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "served\n"

    def stop(self):
        output, _ = self.process.communicate(timeout=60)
        return json.loads(output)


def main_pid(machine):
    return int(machine.show("MainPID"))


def route_users():
    """The example for other users, and the whole of it, as an administrator would have them."""
    text = (ROOT / "packaging/debian/conf/route-users.conf").read_text()
    lines = [line.removeprefix("# ") for line in re.findall(r"^# (?:\[Service\]|[A-Z]\w+=.*)$", text, re.M)]
    end = next(index for index, line in enumerate(lines) if line.startswith("MemoryDenyWriteExecute"))
    return {"users": "\n".join(lines[:end]) + "\n", "everything": "\n".join(lines) + "\n"}
