"""The table of expectations: which servers there are, how each is started, and what of its own it does differently.

Every field that is not the default says what the server itself does, whoever asks; `test_servers.py` asks it directly
too.
"""

import getpass
import importlib.util
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

SERVERS = Path(__file__).parent / "servers"
CLIENTS = Path(__file__).parent / "clients"
NODE_MODULES = "/usr/share/nodejs"
GO_SOURCES = "/usr/share/gocode"
GORILLA = f"{GO_SOURCES}/src/github.com/gorilla/websocket"
BUILT = Path(__file__).parents[2] / ".build-interop"


@dataclass(frozen=True)
class Row:
    name: str
    # The words that start it; the port is added. `folder` is one of its own.
    words: callable
    # What must be there, and the package that brings it: a program, a file, or a module of Python.
    needs: tuple
    environment: dict = field(default_factory=dict)
    # Another row's server that stands behind it.
    behind: str | None = None
    # Not so: PHP's and faye-websocket on Puma cannot, and a WebSocket of Flask has two threads in one TLS connection,
    # of which Python 3.11 dies by SIGABRT now and then.
    tls: bool = True
    websockets: bool = True
    chunked_requests: bool = True
    # Whether the framework says which scheme the client used, by X-Forwarded-Proto.
    scheme: bool = False
    says_continue: bool = True
    # What a refusal of a WebSocket looks like.
    refusal: tuple = (403, b"no entry\n", "interop")
    # Whether it can be made to ping.
    pings: bool = False
    # Whether it takes part in permessage-deflate.
    deflate: bool = False
    # Whether the client is told the reason of a close.
    close_reason: bool = True
    # With what a Close 4002 of the client is answered; None: the connection just ends.
    close_answers: tuple = (4002,)
    # Whether an empty message is echoed, and the longest that is.
    empty_messages: bool = True
    message_max: int = 4_000_000
    # Whether `make test` asks it.
    quick: bool = False


def python(*words):
    return lambda folder, port, tls: [sys.executable, *(str(SERVERS / word) if word.endswith(".py") else word
                                                        for word in words), str(port)]


def gorilla(folder, port, tls):
    return [go_program(SERVERS / "gorilla_server.go"), str(SERVERS / "page.html"), str(port)]


def go_program(source):
    """Built once; from the compiler's cache it takes a second."""
    program = BUILT / source.stem
    if not program.exists() or program.stat().st_mtime < source.stat().st_mtime:
        BUILT.mkdir(exist_ok=True)
        environment = os.environ | {"GO111MODULE": "off", "GOPATH": GO_SOURCES, "GOFLAGS": "", "GOPROXY": "off",
                                    "GOCACHE": str(BUILT / "go-cache"), "CGO_ENABLED": "0"}
        fresh = program.with_suffix(f".{os.getpid()}")  # others may be about the same
        subprocess.run(["go", "build", "-o", str(fresh), str(source)], env=environment, check=True, timeout=300)
        fresh.rename(program)
    return str(program)


def deno_program():
    """From PyPI, beside Python."""
    return str(Path(sys.executable).parent / "deno")


def deno(folder, port, tls):
    return [deno_program(), "run", "--no-remote", "--allow-net=127.0.0.1", "--allow-env",
            "--allow-read", str(SERVERS / "deno_server.ts"), str(port)]


def filled(name, folder, port, behind, **values):
    text = (SERVERS / name).read_text()
    for key, value in {"FOLDER": folder, "PORT": port, "BEHIND": behind, **values}.items():
        text = text.replace(f"@{key}@", str(value))
    path = folder / name
    path.write_text(text)
    return str(path)


def nginx(folder, port, tls, behind):
    certificate = f"ssl_certificate {tls.certificate}; ssl_certificate_key {tls.key};" if tls else ""
    configuration = filled("nginx.conf", folder, port, behind, USER=getpass.getuser(), TLS="ssl" if tls else "",
                           CERTIFICATE=certificate)
    return [shutil.which("nginx", path=PATH), "-e", f"{folder}/error.log", "-c", configuration]


def caddy(folder, port, tls, behind):
    certificate = f"tls {tls.certificate} {tls.key}" if tls else ""
    return ["caddy", "run", "--adapter", "caddyfile", "--config",
            filled("Caddyfile", folder, port, behind, SCHEME="https" if tls else "http", CERTIFICATE=certificate)]


PATH = os.environ.get("PATH", "") + ":/usr/sbin"

ROWS = [
    Row("aiohttp", python("aiohttp_server.py"), ("aiohttp",), pings=True, deflate=True, close_answers=(1000,),
        quick=True),
    Row("uvicorn", python("uvicorn_server.py", "websockets"), ("uvicorn",), scheme=True, deflate=True, quick=True),
    Row("uvicorn-wsproto", python("uvicorn_server.py", "wsproto"), ("uvicorn", "wsproto"), deflate=True),
    Row("channels", python("channels_server.py"), ("channels", "daphne"), scheme=True,
        refusal=(403, b"", None), close_reason=False, close_answers=(1000,), empty_messages=False, message_max=900_000),
    Row("flask", python("flask_server.py"), ("flask_socketio", "flask_sock"), scheme=True, tls=False,
        close_answers=(4002, None)),
    Row("node-ws", lambda folder, port, tls: ["node", str(SERVERS / "node_server.js"), str(port)],
        (("node", "nodejs"), (f"{NODE_MODULES}/ws", "node-ws")), {"NODE_PATH": NODE_MODULES}, pings=True,
        deflate=True, quick=True),
    Row("gorilla", gorilla, (("go", "golang-go"),
                             (GORILLA, "golang-github-gorilla-websocket-dev")), pings=True, deflate=True),
    Row("deno", deno, ("deno",)),
    Row("faye", lambda folder, port, tls: ["ruby", str(SERVERS / "faye_server.rb"), str(port)],
        (("ruby", "ruby"), ("puma", "puma"), ("/usr/lib/ruby/vendor_ruby/faye/websocket.rb", "ruby-faye-websocket")),
        tls=False, pings=True),
    Row("php", lambda folder, port, tls: ["php", "-d", "output_buffering=0", "-S", f"127.0.0.1:{port}",
                                          str(SERVERS / "php_server.php")],
        (("php", "php-cli"),), {"PHP_CLI_SERVER_WORKERS": "4"}, websockets=False, tls=False, chunked_requests=False,
        says_continue=False),
    Row("nginx", nginx, (("nginx", "nginx-light"),), behind="node-ws", pings=True, deflate=True),
    Row("caddy", caddy, (("caddy", "caddy"),), behind="node-ws", pings=True, deflate=True),
]
ROWS_BY_NAME = {row.name: row for row in ROWS}


def missing(row):
    """The package that is not there, or nothing."""
    for need in row.needs:
        if isinstance(need, str):
            if importlib.util.find_spec(need) is None:
                return f"{need} of Tests/Interop/requirements.txt"
        elif not (os.path.exists(need[0]) if need[0].startswith("/") else shutil.which(need[0], path=PATH)):
            return f"Debian's {need[1]}"
    return None
