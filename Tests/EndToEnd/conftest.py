import contextlib
import os
import shlex
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection
from websockets.sync.client import connect as websocket_connect

from harness.certificates import Authority
from harness.sanitizer import binary, patience, sanitizer_of
from harness.server import ROOT, Server
from harness.turnwise import TurnwiseSocket
from harness.upstream import Upstream

CHILDREN = Path(__file__).parent / "children"


@pytest.fixture
def server(request):
    """`server(*options)` starts wsbridge on a free port; it is stopped, and its stdout checked, after the test."""
    started = []

    def start(*options, ready=True, port=True, **settings):
        arguments = ("--port", "0", *options) if port else options
        instance = Server(*arguments, **settings)
        started.append(instance)
        return instance.wait_ready() if ready else instance
    yield start
    for instance in started:
        if request.node.stash.get(FAILED, False):
            print("--- stderr of the server\n" + "\n".join(instance.lines))
        instance.stop()


@pytest.fixture
def configured(server, tmp_path):
    """`configured(text, *options)` starts wsbridge with that text as its file, which `instance.rewrite` changes."""
    def start(text, *options, **settings):
        path = tmp_path / "wsbridge.toml"
        path.write_text(text)
        instance = server("--config", str(path), *options, port=False, **settings)
        instance.file = path
        instance.rewrite = path.write_text
        return instance
    return start


FAILED = pytest.StashKey()


def pytest_configure():
    """A run that is to find something must not go on with a binary that cannot."""
    expected = os.environ.get("WSBRIDGE_SANITIZER")
    if expected and sanitizer_of(binary()) != expected:
        pytest.exit(f"{binary()} is not built with the {expected} sanitizer", returncode=2)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    if call.when == "call":
        item.stash[FAILED] = outcome.get_result().failed


@pytest.fixture
def child():
    """`child("emit.py", …)` is the value for --cmd that runs a program of children/ with Python."""
    def command(name, *arguments):
        return shlex.join([sys.executable, "-u", str(CHILDREN / name), *map(str, arguments)])
    return command


class PatientConnection(ClientConnection):
    def recv(self, timeout=None, decode=None):
        return super().recv(patience(timeout), decode)


@pytest.fixture
def connect():
    """`connect(server, …)`: a client that is closed after the test."""
    opened = contextlib.ExitStack()

    def open_client(server, path="", **options):
        options.setdefault("compression", None)
        options.setdefault("open_timeout", patience(10))
        options.setdefault("close_timeout", patience(10))
        options.setdefault("create_connection", PatientConnection)
        options.setdefault("max_size", None)
        options.setdefault("proxy", None)
        if server.ws_url.startswith("wss:") and "ssl" not in options:
            options["ssl"] = trusting(server.port)
        if "ssl" in options:
            options["ssl"].sslsocket_class = TurnwiseSocket
        return opened.enter_context(websocket_connect(server.ws_url + path.lstrip("/"), **options))
    with opened:
        yield open_client


def trusting(port):
    """A client that trusts the certificate which the server has made itself."""
    return ssl.create_default_context(cadata=ssl.get_server_certificate(("127.0.0.1", port)))


def drain(client, seconds=20):
    """Everything up to the close, then its code and reason."""
    messages = []
    try:
        while True:
            messages.append(client.recv(timeout=seconds))
    except ConnectionClosed:
        return messages, client.close_code, client.close_reason


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """Certificates by openssl(1), all of one authority."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def fifo(tmp_path):
    """A named pipe: reading it to the end waits for the program that writes it, without looking again and again."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    return path


@pytest.fixture
def sink(fifo):
    """Options for a program that hands its input to the named pipe; its own stdout stays open meanwhile."""
    return ["--shell", "--cmd", f"cat > {shlex.quote(str(fifo))}; :"]


@pytest.fixture
def upstream():
    """`upstream(behave)` is a server of the test's own; its `option` names it to wsbridge."""
    with contextlib.ExitStack() as opened:
        def listen(behave, **options):
            return opened.enter_context(contextlib.closing(Upstream(behave, **options)))
        yield listen


@pytest.fixture(scope="session")
def compiled(tmp_path_factory):
    """`compiled(source)` builds an example in C and returns the program's path."""
    directory = tmp_path_factory.mktemp("compiled")

    def build(source):
        program = directory / Path(source).stem
        subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-O1", "-o", str(program), str(ROOT / source)], check=True)
        return str(program)
    return build
