"""Servers of others, each started once, and wsbridge in front of them."""

import contextlib
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

# What starts wsbridge, the browser and the certificates is that of the end-to-end tests.
sys.path.append(str(Path(__file__).parents[1] / "EndToEnd"))

from harness.browser import Browser, find_browser  # noqa: E402
from harness.certificates import Authority  # noqa: E402
from harness.server import Server, until  # noqa: E402
from harness.upstream import free_port  # noqa: E402
from table import ROWS_BY_NAME, missing  # noqa: E402


@dataclass
class Address:
    """Where clients go: the server itself, or wsbridge in front of it."""
    port: int
    tls: bool
    row: object
    instance: Server | None = None

    @property
    def host(self):
        return f"localhost:{self.port}"

    @property
    def url(self):
        return f"http{'s' if self.tls else ''}://{self.host}/"

    @property
    def ws_url(self):
        return f"ws{'s' if self.tls else ''}://{self.host}/"


class Neighbourhood:
    """All that runs, started when it is asked for first."""

    def __init__(self, folder, authority):
        self.folder, self.authority = folder, authority
        self.running = contextlib.ExitStack()
        self.ports, self.doors, self.broken, self.instances = {}, {}, {}, []
        self.processes = []

    def start(self, name, tls=False):
        """The port of the server of this row."""
        if (name, tls) in self.broken:
            pytest.fail(self.broken[name, tls])
        if (name, tls) not in self.ports:
            row = ROWS_BY_NAME[name]
            if package := missing(row):
                pytest.skip(f"{package} is not installed")
            self.ports[name, tls] = self._launch(row, tls)
        return self.ports[name, tls]

    def _launch(self, row, tls):
        folder = self.folder / f"{row.name}{'-tls' if tls else ''}"
        folder.mkdir()
        port, pair, environment = free_port(), None, os.environ | row.environment
        if tls:
            pair = self.authority.issue(folder.name, "localhost", folder=folder)
            environment |= {"TLS_CERT": str(pair.certificate), "TLS_KEY": str(pair.key)}
        more = {"behind": self.start(row.behind)} if row.behind else {}
        if row.behind:
            pages(folder / "files")
        words = row.words(folder, port, pair, **more)
        try:
            self.launch(row.name, words, folder, lambda: is_listening(port), environment)
        except AssertionError as failure:
            self.broken[row.name, tls] = str(failure)
            raise
        return port

    def launch(self, name, words, folder, listens, environment=None):
        """A process that ends with all the others, once it listens; what it says is in a file `log` of the folder."""
        with open(folder / "log", "wb") as log:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment,
                                       cwd=folder, start_new_session=True)
        self.running.callback(end, process)
        self.processes.append((name, process, folder / "log"))
        until(lambda: listens() or process.poll() is not None, 60, f"{name} listens")
        assert process.poll() is None, f"{name} did not start:\n{(folder / 'log').read_text()[-3000:]}"

    def door(self, name, way):
        """The address of a row's server by one way: `direct`, `plain`, `front` with TLS to the client alone, or
        `secure` with TLS on both sides."""
        row = ROWS_BY_NAME[name]
        if way == "direct":
            return Address(self.start(name), False, row)
        if (name, way) not in self.doors:
            options = ["--proxy", f"http://localhost:{self.start(name)}"]
            if way == "secure":
                options = ["--proxy", f"https://localhost:{self.start(name, True)}",
                           "--upstream-tls-ca", self.authority.bundle]
            if way != "plain":
                options += self.authority.issue(f"{way}-{name}", "localhost").options
            instance = self.wsbridge(*options)
            self.doors[name, way] = Address(instance.port, way != "plain", row, instance)
        return self.doors[name, way]

    def wsbridge(self, *options, port=("--port", "0")):
        """A wsbridge that is stopped with all the others."""
        instance = Server(*port, "--log-format", "json", *options)
        self.running.callback(instance.stop)
        self.instances.append(instance)
        return instance.wait_ready()


def pages(folder):
    folder.mkdir()
    (folder / "index.html").write_text("<!doctype html><title>files</title>")
    (folder / "style.css").write_text("p { color: black }\n" * 100)
    (folder / "large.bin").write_bytes(bytes(range(256)) * 8192)
    (folder / "below").mkdir()
    (folder / "below/index.html").write_text("<!doctype html><title>below</title>")


def is_listening(port):
    """Whether somebody listens there, by the kernel's word: thousands of connections that say nothing are no greeting."""
    def listens(line):
        words = line.split()
        return words[3] == "0A" and int(words[1].rpartition(":")[2], 16) == port
    return any(listens(line) for line in Path("/proc/net/tcp").read_text().splitlines()[1:])


def end(process):
    """The whole of it, as PHP's server has workers, and at once: others wait for streams that nobody reads."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(5)


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def neighbourhood(tmp_path_factory, authority):
    instance = Neighbourhood(tmp_path_factory.mktemp("servers"), authority)
    with instance.running:
        yield instance


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """What the servers in between said until a test failed."""
    report = (yield).get_result()
    if report.failed and "neighbourhood" in item.funcargs:
        for instance in item.funcargs["neighbourhood"].instances:
            report.sections.append((f"wsbridge {instance.pid}", "\n".join(instance.lines[-30:])))
        for name, process, log in item.funcargs["neighbourhood"].processes:
            if process.poll() is not None:
                report.sections.append((f"{name} ended with {process.poll()}", log.read_text()[-3000:]))


@pytest.fixture(scope="session")
def browser():
    if find_browser() is None:
        pytest.skip("Debian's chromium is not installed")
    with contextlib.closing(Browser()) as instance:
        yield instance
