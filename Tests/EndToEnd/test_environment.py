"""BEHAVIOUR section 3: the program's environment, and what else it inherits."""

import json
import os
import re

import pytest

from conftest import drain
from harness.processes import processes_with
from harness.raw import RawClient, request, upgrade_fields


@pytest.fixture
def environment(server, child):
    """`environment(options, target, fields)` is what the program sees."""
    def ask(options=(), target="/", env=None, **fields):
        instance = server(*options, "--cmd", child("environment.py"), env=env)
        with RawClient(instance.port) as client:
            client.upgrade(target, **fields)
            variables = json.loads(client.read_frame().payload)
            address = client.socket.getsockname()
        return variables, instance, address
    return ask


def test_cgi_variables(environment):
    variables, instance, (host, port) = environment(target="/a/b%20c?x=1&y=%2F", User_Agent="test/1")
    assert variables["SERVER_SOFTWARE"].startswith("wsbridge/")
    assert variables["GATEWAY_INTERFACE"] == "CGI/1.1"
    assert variables["SERVER_PROTOCOL"] == "HTTP/1.1"
    assert variables["SERVER_NAME"] == "127.0.0.1"
    assert variables["SERVER_PORT"] == str(instance.port)
    assert variables["REQUEST_METHOD"] == "GET"
    assert variables["REQUEST_URI"] == "/a/b%20c?x=1&y=%2F"
    assert variables["SCRIPT_NAME"] + variables["PATH_INFO"] == "/a/b c"
    assert variables["QUERY_STRING"] == "x=1&y=%2F"
    assert (variables["REMOTE_ADDR"], variables["REMOTE_PORT"]) == (host, str(port))
    assert variables["REMOTE_HOST"] == host
    assert variables["HTTP_USER_AGENT"] == "test/1"
    assert variables["HTTP_HOST"] == f"127.0.0.1:{instance.port}"
    assert "HTTPS" not in variables


def test_query_string_is_there_when_empty(environment):
    assert environment()[0]["QUERY_STRING"] == ""


def test_unique_id_is_128_bits_and_the_one_of_the_log(environment):
    variables, instance, _ = environment()
    assert re.fullmatch(r"[0-9a-f]{32}", variables["UNIQUE_ID"])
    instance.wait_log(variables["UNIQUE_ID"])


def test_unique_ids_differ(server, connect, child):
    instance = server("--cmd", child("environment.py"))
    assert len({json.loads(connect(instance).recv(timeout=5))["UNIQUE_ID"] for _ in range(5)}) == 5


def test_variables_of_the_server_stay_with_it(environment):
    variables, _, _ = environment(env=os.environ | {"SECRET_TOKEN": "s3cret", "HOME": "/root", "LD_LIBRARY_PATH": ""})
    assert variables["PATH"] == os.environ["PATH"]
    assert not {"SECRET_TOKEN", "HOME", "LD_LIBRARY_PATH", "USER", "PWD"} & variables.keys()


def test_pass_env_and_env(environment):
    options = ["--pass-env", "GIVEN", "--env", "SET=a=b c", "--env", "EMPTY="]
    variables, _, _ = environment(options, env=os.environ | {"GIVEN": "1"})
    assert (variables["GIVEN"], variables["SET"], variables["EMPTY"]) == ("1", "a=b c", "")


def test_no_httpoxy(environment):
    variables, _, _ = environment(Proxy="http://evil.example")
    assert "HTTP_PROXY" not in variables


def test_no_authorization(environment):
    variables, _, _ = environment(Authorization="Bearer secret", Proxy_Authorization="Basic c2VjcmV0")
    assert not {"HTTP_AUTHORIZATION", "HTTP_PROXY_AUTHORIZATION"} & variables.keys()
    assert "secret" not in json.dumps(variables)


def test_cookie_only_when_allowed(environment):
    assert "HTTP_COOKIE" not in environment(Cookie="a=1")[0]
    assert environment(["--pass-cookie"], Cookie="a=1")[0]["HTTP_COOKIE"] == "a=1"


def test_names_with_underscore_are_dropped(environment):
    """X_Real_IP must not pass for X-Real-IP."""
    variables, instance, _ = environment(X_Real_IP="10.0.0.1")
    assert variables["HTTP_X_REAL_IP"] == "10.0.0.1"
    with RawClient(instance.port) as client:
        fields = upgrade_fields(instance.port) + [("X_Real_IP", "6.6.6.6"), ("X-Dot.Name", "1"), ("X~Tilde", "1")]
        client.send(request(fields))
        assert client.response().status == 101
        variables = json.loads(client.read_frame().payload)
    assert not [name for name in variables if "REAL_IP" in name or "DOT" in name or "TILDE" in name]


def test_repeated_fields_are_joined(environment):
    assert environment(X_Multi=["1", "2"])[0]["HTTP_X_MULTI"] == "1, 2"


def test_forwarded_fields_do_not_change_the_address(environment):
    variables, _, _ = environment(X_Forwarded_For="6.6.6.6", Forwarded="for=6.6.6.6")
    assert variables["REMOTE_ADDR"] == "127.0.0.1"


def test_client_data_is_never_in_the_arguments(server, connect, child):
    instance = server("--cmd", child("environment.py"))
    client = connect(instance, "/?-c+evil")
    assert json.loads(client.recv(timeout=5))["QUERY_STRING"] == "-c+evil"
    assert not processes_with("-c+evil")


def test_cwd(server, connect, tmp_path):
    instance = server("--cwd", str(tmp_path), "--cmd", "pwd")
    assert connect(instance).recv(timeout=5) == str(tmp_path)


def test_nothing_of_ours_leaks(server, connect, child):
    instance = server("--cmd", child("descriptors.py"))
    others = [connect(instance) for _ in range(3)]
    lines = dict(line.split(" ", 1) for line in drain(connect(instance))[0])
    assert lines["descriptors"] == "0 1 2"
    assert int(lines["blocked"], 16) == 0
    # Python itself ignores SIGPIPE (13) and SIGXFSZ (25).
    assert int(lines["ignored"], 16) & ~(1 << 12 | 1 << 24) == 0
    assert lines["leader"] == "True"
    del others


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_capabilities_of_the_server_stay_with_it(server, connect):
    """AmbientCapabilities= of a service would pass through execve, and through a change of user too."""
    given = ["setpriv", "--inh-caps=+setuid,+net_bind_service", "--ambient-caps=+setuid,+net_bind_service"]
    look = ("--shell", "--cmd", "grep -E '^Cap(Amb|Eff)' /proc/self/status")
    options = ["--user", "65534", "--group", "65534"]
    for arguments, effective in ((options, r"0{16}"), ([], r"[0-9a-f]{16}")):
        instance = server(*arguments, *look, before=given)
        assert "CapAmb:\t0000000000000480" in open(f"/proc/{instance.pid}/status").read()
        lines, _, _ = drain(connect(instance))
        assert re.fullmatch(rf"CapEff:\t{effective}", lines[0]) and lines[1] == "CapAmb:\t" + "0" * 16, lines


def test_shell_only_when_asked(server, connect):
    assert connect(server("--cmd", "echo a;echo b")).recv(timeout=5) == "a;echo b"
    assert connect(server("--shell", "--cmd", "echo a;echo b")).recv(timeout=5) == "a"


def test_stderr_is_logged_line_by_line(server, connect, child):
    instance = server("--cmd", child("complain.py", "first trouble", "second trouble"))
    assert connect(instance).recv(timeout=5) == "complained"
    instance.wait_log("first trouble", "pid")
    line = instance.wait_log("second trouble", "pid")
    assert "first trouble" not in line


def test_stderr_cannot_forge_log_lines(server, connect, child):
    instance = server("--log-format", "text", "--cmd", child("complain.py", "red \x1b[31m alert\rforged"))
    connect(instance).recv(timeout=5)
    line = instance.wait_log("alert", "pid")
    assert "\x1b" not in line and "\r" not in line


def test_much_stderr_does_not_block_the_program(server, connect):
    instance = server("--log-level", "error", "--shell", "--cmd", "seq 1 200000 >&2; echo done")
    assert connect(instance).recv(timeout=30) == "done"


def test_long_stderr_line_is_bounded(server, connect):
    instance = server("--shell", "--cmd", "head -c 20000000 /dev/zero | tr '\\0' x >&2; echo done; cat")
    client = connect(instance)
    assert client.recv(timeout=30) == "done"
    assert max(map(len, instance.lines)) < 1 << 20
    assert instance.rss_kib() < 200_000


def test_stderr_to_the_client(server, connect, child):
    instance = server("--stderr", "client", "--cmd", child("complain.py", "trouble"))
    client = connect(instance)
    assert {client.recv(timeout=5), client.recv(timeout=5)} == {"trouble", "complained"}


def test_stderr_discarded(server, connect, child):
    instance = server("--stderr", "discard", "--cmd", child("complain.py", "trouble"))
    client = connect(instance)
    assert client.recv(timeout=5) == "complained"
    client.close()
    instance.wait_log("session", count=2)
    assert not any("trouble" in line for line in instance.lines if "complain.py" not in line)


def test_many_and_large_fields_never_break_the_start(server, child):
    """E2BIG cannot happen: what is too much is refused or left out."""
    instance = server("--cmd", child("environment.py"))
    with RawClient(instance.port) as client:
        fields = upgrade_fields(instance.port) + [(f"X-{n}", "v" * 150) for n in range(90)]
        client.send(request(fields, target="/?" + "q" * 7000))
        assert client.response().status == 101
        assert json.loads(client.read_frame().payload)["QUERY_STRING"] == "q" * 7000


def test_nice(server, connect):
    assert connect(server("--nice", "5", "--cmd", "nice")).recv(timeout=5) == "5"
