"""BEHAVIOUR section 1: options, start-up, exit codes, signals."""

import json
import os
import pty
import signal
import socket
import subprocess
import time

import pytest

from harness.raw import RawClient
from harness.sanitizer import binary, sanitizer_of
from harness.server import Server, run

USAGE_ERRORS = [
    ("nothing to serve", []),
    ("misspelt option", ["--cmdd", "cat"]),
    ("misspelt option before --", ["--prot", "0", "--", "cat"]),
    ("misspelt option behind a right one", ["--cmd", "cat", "--idle-timeot", "5s"]),
    ("value missing", ["--cmd"]),
    ("port too large", ["--port", "65536", "--cmd", "cat"]),
    ("port not a number", ["--port", "http", "--cmd", "cat"]),
    ("time without unit", ["--cmd", "cat", "--ping-interval", "30"]),
    ("zero is not unlimited", ["--cmd", "cat", "--idle-timeout", "0s"]),
    ("zero is not unlimited, in bytes", ["--cmd", "cat", "--max-message-size", "0"]),
    ("zero is not unlimited, in number", ["--cmd", "cat", "--max-connections", "0"]),
    ("unknown unit", ["--cmd", "cat", "--max-message-size", "1MBit"]),
    ("unknown framing", ["--cmd", "cat", "--framing", "line"]),
    ("unknown log level", ["--cmd", "cat", "--log-level", "loud"]),
    ("two handlers", ["--echo", "--cmd", "cat"]),
    ("program twice", ["--cmd", "cat", "--", "cat"]),
    ("unbalanced quote", ["--cmd", "cat 'a"]),
    ("empty program", ["--cmd", ""]),
    ("env without =", ["--cmd", "cat", "--env", "NAME"]),
    ("origin with wildcard", ["--cmd", "cat", "--origin", "*.example"]),
    ("origin null", ["--cmd", "cat", "--origin", "null"]),
    ("close code base out of range", ["--cmd", "cat", "--close-code-base", "1000"]),
    ("listen address without port", ["--listen", "127.0.0.1", "--cmd", "cat"]),
]


@pytest.mark.parametrize("arguments", [pytest.param(a, id=name) for name, a in USAGE_ERRORS])
def test_usage_error_exits_2(arguments):
    result = run(*arguments)
    assert result.returncode == 2, result.stderr
    assert result.stderr.strip() and not result.stdout


def test_misspelt_option_is_named():
    assert "idle-timeot" in run("--cmd", "cat", "--idle-timeot", "5s").stderr


def test_help_names_every_option():
    result = run("--help")
    assert result.returncode == 0
    for option in ["--cmd", "--port", "--listen", "--framing", "--origin", "--max-message-size", "--ping-interval",
                   "--log-format", "--console", "--workers", "--drain-timeout"]:
        assert option in result.stdout


def test_version():
    result = run("--version")
    assert result.returncode == 0 and result.stdout.strip()


def test_clean_stop_exits_0(server):
    instance = server("--cmd", "cat")
    assert instance.stop() == 0


def test_sigint_stops_too(server):
    instance = server("--cmd", "cat")
    instance.signal(signal.SIGINT)
    assert instance.wait() == 0


def test_port_in_use_exits_1():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("--port", str(taken.getsockname()[1]), "--cmd", "cat")
    assert result.returncode == 1
    assert "already" in result.stderr or "in use" in result.stderr


def test_words_behind_dashes_are_taken_as_they_are(server, connect):
    instance = server("--", "printf", r"%s\n", "a b", "--port", "$HOME", "'q'")
    client = connect(instance)
    assert [client.recv(timeout=5) for _ in range(4)] == ["a b", "--port", "$HOME", "'q'"]


def test_words_without_dashes(server, connect):
    instance = server("printf", "one two")
    assert connect(instance).recv(timeout=5) == "one two"


def test_cmd_is_split_like_a_shell_and_not_expanded(server, connect):
    instance = server("--cmd", r"""printf %s\\n 'a b' "c  d" e\ f $HOME '*'""")
    client = connect(instance)
    assert [client.recv(timeout=5) for _ in range(5)] == ["a b", "c  d", "e f", "$HOME", "*"]


def test_start_up_line_has_a_url_that_answers(server):
    instance = server("--cmd", "cat")
    assert instance.url.startswith("http://127.0.0.1:")
    with RawClient(instance.port) as client:
        client.upgrade()


def test_ipv6_loopback(server):
    instance = server("--listen", "[::1]:0", "--cmd", "cat", port=False)
    with socket.create_connection(("::1", instance.port)):
        pass


def test_log_is_json_when_not_on_a_terminal(server, connect):
    instance = server("--cmd", "cat")
    connect(instance).close()
    instance.wait_log("session", count=2)
    instance.stop()
    for line in instance.lines:
        assert json.loads(line)["level"] in ("debug", "info", "warning", "error")


def test_log_as_text_without_colour_when_not_on_a_terminal(server):
    instance = server("--log-format", "text", "--cmd", "cat")
    instance.stop()
    assert not any("\x1b" in line for line in instance.lines)


@pytest.mark.parametrize("no_color", [False, True])
def test_colour_on_a_terminal(no_color):
    environment = {key: value for key, value in os.environ.items() if key != "NO_COLOR"} | {"TERM": "xterm-256color"}
    if no_color:
        environment["NO_COLOR"] = "1"
    pid, terminal = pty.fork()
    if pid == 0:
        from harness.server import binary
        os.execve(binary(), [binary(), "--port", "0", "--cmd", "cat"], environment)
    output = b""
    while b"http://" not in output:
        output += os.read(terminal, 4096)
    os.kill(pid, signal.SIGTERM)
    try:
        while data := os.read(terminal, 4096):
            output += data
    except OSError:
        pass  # the terminal is gone with its last process
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    assert (b"\x1b[" in output) != no_color


def test_wide_bind_warns(server):
    instance = server("--listen", "0.0.0.0:0", "--cmd", "cat", port=False)
    assert instance.wait_log("warn")


def test_origin_any_warns(server):
    instance = server("--origin", "any", "--cmd", "cat")
    assert instance.wait_log("warn", "origin")


def test_second_signal_stops_at_once(server, connect, child):
    instance = server("--drain-timeout", "60s", "--teardown-close-wait", "60s", "--teardown-term-wait", "60s",
                      "--cmd", child("deaf.py", "stubborn"), leaks=False)
    client = RawClient(instance.port)
    client.upgrade()
    assert client.read_frame().payload == b"ready"
    instance.signal()
    assert client.read_close(answer=False).code == 1001
    assert instance.process.poll() is None
    started = time.monotonic()
    instance.signal()
    instance.wait(seconds=5)
    assert time.monotonic() - started < 5


def test_no_new_connections_while_draining(server, child):
    instance = server("--drain-timeout", "60s", "--teardown-close-wait", "60s", "--cmd", child("deaf.py"), leaks=False)
    client = RawClient(instance.port)
    client.upgrade()
    client.read_frame()
    instance.signal()
    client.read_close(answer=False)
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", instance.port), timeout=5).close()
    instance.signal()


def test_two_listeners(server):
    instance = server("--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--cmd", "cat", port=False)
    instance.wait_log("http://[::1]")
    instance.wait_log("http://127.0.0.1")


def test_unix_socket_file_goes_with_the_server(server, tmp_path):
    path = tmp_path / "socket"
    options = ["--listen", f"unix:{path}", "--listen", "127.0.0.1:0", "--echo"]
    for _ in range(2):
        instance = server(*options, port=False)
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
        assert instance.stop() == 0
        assert not path.exists()


def test_where_something_else_lies_no_socket_is_made(server, tmp_path):
    path = tmp_path / "socket"
    path.write_text("kept")
    done = run("--listen", f"unix:{path}", "--echo")
    assert done.returncode == 1
    assert f"unix:{path}: something that is no socket lies there; choose another path" in done.stderr
    assert path.read_text() == "kept"
    path.unlink()
    instance = server("--listen", f"unix:{path}", "--listen", "127.0.0.1:0", "--echo", port=False)
    instance.wait_log("unix:")
    done = run("--listen", f"unix:{path}", "--echo")
    assert done.returncode == 1
    assert "another program does already; stop it or choose another path" in done.stderr


@pytest.mark.parametrize("word, remedy", [
    ("http://localhost:3000", "write --proxy http://localhost:3000 to forward to it"),
    ("ws://127.0.0.1:80", "wsbridge connect ws://127.0.0.1:80 talks to it"), ("8080", "write --port 8080"),
    ("localhost:5900", "write --tcp localhost:5900 to connect to it"), ("here.sh", "write ./here.sh for the file here"),
    ("folder", "write --static folder for a folder")])
def test_what_is_no_program_was_meant_as_something(tmp_path, word, remedy):
    (tmp_path / "here.sh").write_text("#!/bin/sh\n")
    (tmp_path / "folder").mkdir()
    done = run("check", word, cwd=tmp_path)
    assert done.returncode == 2 and done.stderr.endswith("\n") and done.stderr.count("\n") == 1
    assert remedy in done.stderr


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_what_a_server_may_not_do_is_told_at_start(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    command = ["setpriv", "--bounding-set=-setuid,-setgid,-dac_override,-dac_read_search", binary()]
    done = subprocess.run([*command, "--listen", f"unix:{closed}/s", "--user", "nobody", "--", "cat"],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 1
    assert "warning: --user nobody: who runs this now may not start programs as somebody else" in done.stderr
    assert f"cannot listen on unix:{closed}/s: this user may not make a file in that directory" in done.stderr
    done = run("--listen", "192.0.2.1:1", "--origin", "same", "--echo")
    assert done.returncode == 1
    assert "cannot listen on 192.0.2.1:1: this machine does not have that address" in done.stderr


def test_unix_socket_file_of_a_successor_stays(server, tmp_path):
    options = ["--listen", f"unix:{tmp_path / 'socket'}", "--listen", "127.0.0.1:0", "--echo"]
    first = server(*options, port=False)
    with RawClient(first.port) as client:
        client.upgrade()
        first.signal()
        client.read_frame()  # the Close, which is not answered
        server(*options, port=False)
        first.signal()
        assert first.wait() == 0
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / "socket"))


@pytest.mark.skipif(sanitizer_of(binary()) is not None, reason="a sanitizer opens files of its own")
@pytest.mark.parametrize("files", range(8, 18))
def test_too_few_descriptors_to_start_with_exit_1(files):
    """Whatever it is that cannot be opened any more. 8 is what the dynamic linker and a pipe leave room for."""
    limit = ["prlimit", f"--nofile={files}"]
    command = [*limit, binary(), "--port", "0", "--workers", "2", "--cmd", "cat"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        first = process.stderr.readline()
        if '"serving cat"' in first:
            process.terminate()
        lines = [first, *process.stderr]
        code = process.wait(timeout=20)
    failed = [line for line in lines if "cannot" in line or "worker not started" in line]
    assert code == (1 if failed else 0), lines
    assert all("Too many open files" in line and "ulimit -n" in line for line in failed)


def test_descriptor_exhaustion_does_not_end_the_server(tmp_path):
    """With few descriptors left, connections wait or are refused, and later ones are served."""
    import resource
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        instance = Server("--port", "0", "--workers", "1", "--echo")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    try:
        instance.wait_ready()
        waiting = []
        for _ in range(100):
            connection = socket.create_connection(("127.0.0.1", instance.port), timeout=5)
            waiting.append(connection)
        for connection in waiting:
            connection.close()
        with RawClient(instance.port) as client:
            client.upgrade()
    finally:
        instance.stop()
