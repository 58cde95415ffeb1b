"""The file: routes, matching, what `check` says, and what is refused."""

import json
import os
import socket
import stat

import pytest

from conftest import drain
from harness.raw import RawClient, request, upgrade_fields
from harness.server import ROOT, run

LISTEN = 'listen = "127.0.0.1:0"\n'


def quoted(text):
    return json.dumps(text)


def status_of(instance, target, host=None, **changes):
    with RawClient(instance.port) as client:
        changes |= {"Host": host or f"127.0.0.1:{instance.port}"}
        client.send(request(upgrade_fields(instance.port, **changes), target=target))
        return client.response().status


@pytest.fixture
def check(tmp_path):
    def run_check(text, *options):
        path = tmp_path / "wsbridge.toml"
        path.write_text(text)
        return run("check", "--config", str(path), *options), path
    return run_check


def test_each_route_has_its_handler(configured, connect):
    instance = configured(LISTEN + """
[[route]]
path = "/echo"
echo = true

[[route]]
path = "/upper/*"
command = "tr a-z A-Z"
shell = false

[[route]]
path = "/words"
command = ["printf", "%s\\n", "a b", "$HOME"]
""")
    with connect(instance, "/echo") as client:
        client.send("hi")
        assert client.recv(timeout=5) == "hi"
    with connect(instance, "/upper/x/y") as client:
        client.send("hi")
        client.close()
    assert drain(connect(instance, "/words"))[0] == ["a b", "$HOME"]
    instance.wait_log("serving echo", f"http://127.0.0.1:{instance.port}/echo")
    instance.wait_log("serving tr", f"http://127.0.0.1:{instance.port}/upper/")


def test_no_route_is_404_for_everybody(configured):
    instance = configured(LISTEN + '[[route]]\npath = "/a"\necho = true\n')
    assert status_of(instance, "/a") == 101
    for target in ["/", "/b", "/a/", "/A", "/ab"]:
        assert status_of(instance, target) == 404, target
    # a plain request too, on the same connection, which stays
    with RawClient(instance.port) as client:
        for target, expected in [("/b", 404), ("/a", 200), ("/", 404)]:
            client.send(request([("Host", "localhost")], target=target))
            assert client.response().status == expected, target
    instance.wait_log("request refused", "404", "/b")


@pytest.mark.parametrize("target", ["//", "/a//b", "/a/../b", "/./a", "/%2e%2e/a", "/a%2Fb", "/a%00b", "/a%0ab", "/%zz"])
def test_a_path_that_could_mean_two_things_is_400(configured, target):
    instance = configured(LISTEN + "[[route]]\necho = true\n")
    assert status_of(instance, target) == 400


def test_captures_and_the_split_path_reach_the_program(configured, child):
    instance = configured(LISTEN + f"""
[defaults]
env = {{ ONE = "1", TWO = "2" }}

[[route]]
name = "rooms"
path = "/room/{{name}}/{{seat_2}}/*"
command = {quoted(child("environment.py"))}
env = {{ TWO = "zwei" }}
""")
    with RawClient(instance.port) as client:
        client.upgrade("/room/bl%C3%BCe%20one/a%3Db/c/d%20e?q=%2F")
        variables = json.loads(client.read_frame().payload)
    assert variables["WSBRIDGE_NAME"] == "blüe one"
    assert variables["WSBRIDGE_SEAT_2"] == "a=b"
    assert variables["SCRIPT_NAME"] == "/room/blüe one/a=b"
    assert variables["PATH_INFO"] == "/c/d e"
    assert variables["REQUEST_URI"] == "/room/bl%C3%BCe%20one/a%3Db/c/d%20e?q=%2F"
    assert (variables["ONE"], variables["TWO"]) == ("1", "zwei")
    assert "rooms" in instance.wait_log("session opened")


def test_hosts(configured, connect):
    """The most specific host wins; a name of a route is acceptable on a loopback listener, another is not."""
    instance = configured(LISTEN + 'host = "extra.example"\n' + "".join(f"""
[[route]]
name = "{name}"
{host}
path = "{path}"
command = ["echo", "{name}"]
""" for name, host, path in [
        ("any", "", "/*"),
        ("wild", 'host = "*.a.example"', "/*"),
        ("exact", 'host = ["x.a.example", "y.example"]', "/*"),
        ("deep", 'host = "x.a.example"', "/deep"),
    ]))
    for host, target, expected in [
            ("x.a.example", "/", "exact"), ("X.A.Example:80", "/", "exact"), ("x.a.example.", "/", "exact"),
            ("y.example", "/", "exact"), ("z.a.example", "/", "wild"), ("x.a.example", "/deep", "deep"),
            ("localhost", "/deep", "any"), ("extra.example", "/", "any")]:
        with RawClient(instance.port) as client:
            client.upgrade(target, Host=host)
            assert client.read_frame().payload.decode() == expected, host
    for host in ["a.example", "q.x.a.example", "evil.example"]:
        assert status_of(instance, "/", host=host) == 421, host


def test_each_route_has_its_own_limits_and_rules(configured):
    instance = configured(LISTEN + """
[defaults]
max_connections = 1

[[route]]
path = "/one"
echo = true

[[route]]
path = "/two"
echo = true
max_connections = 2
origin = "https://app.example"
""")
    with RawClient(instance.port) as one, RawClient(instance.port) as two, RawClient(instance.port) as three:
        one.upgrade("/one")
        two.upgrade("/two")
        assert status_of(instance, "/one") == 503
        three.upgrade("/two", Origin="https://app.example")
        assert status_of(instance, "/two") == 503
    own = f"http://127.0.0.1:{instance.port}"
    assert status_of(instance, "/two", Origin=own) == 403
    assert "/two" in instance.wait_log("origin refused")


def test_console_per_listener(configured, tmp_path):
    instance = configured(f"""
console = "off"
[[listener]]
address = "127.0.0.1:0"
[[listener]]
address = {quoted(f"unix:{tmp_path}/socket")}
console = "on"
mode = "0640"
[[route]]
echo = true
""")
    with RawClient(instance.port) as client:
        client.send(request([("Host", "localhost")]))
        assert client.response().status == 426
    path = tmp_path / "socket"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(path))
        client.sendall(request([("Host", "localhost")]))
        assert client.recv(64).startswith(b"HTTP/1.1 200 ")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_owner_of_a_unix_socket(configured, tmp_path):
    configured(LISTEN + f"""
[[listener]]
address = {quoted(f"unix:{tmp_path}/socket")}
owner = "nobody:1"
[[route]]
echo = true
""")
    status = (tmp_path / "socket").stat()
    assert (status.st_uid, status.st_gid) == (65534, 1)


def test_check_prints_the_plan_and_serves_nothing(check):
    result, _ = check("""
port = 1
[defaults]
idle_timeout = "5m"
[[route]]
name = "first"
path = "/a/{x}"
command = "cat"
[[route]]
host = "*.example.org"
echo = true
""")
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    for part in ["127.0.0.1:1", "route first", "/a/{x}", '"cat"', "route *.example.org/*", "5m", "memory",
                 "a session of first: 2MiB"]:
        assert part in result.stdout, part


def test_check_of_the_command_line_has_the_memory_too():
    assert "memory" in run("check", "--echo").stdout


def test_every_error_is_told_with_its_place(check):
    result, path = check("""prot = 9000

[[route]]
path = "/a"
command = "no-such-program --flag"
idle_timeout = "30"
cwd = "/no/such/directory"
user = "no-such-user"

[[route]]
path = "/a"
echo = true
""")
    assert result.returncode == 2
    assert result.stdout == ""
    places = [line.split(": ")[0].removeprefix(f"{path}:") for line in result.stderr.splitlines() if "error: " in line]
    assert places == ["1:1", "6:16", "7:7", "8:8", "11:8"]
    assert "did you mean port?" in result.stderr
    assert '    6 | idle_timeout = "30"\n      |                ^\n' in result.stderr


def test_a_program_that_cannot_be_started_is_an_error_of_the_file(check):
    result, path = check('[[route]]\ncommand = ["./no-such-program"]\n')
    assert result.returncode == 2
    assert f"{path}:2:11: error: " in result.stderr and "no-such-program" in result.stderr


def test_a_broken_file_does_not_serve(tmp_path):
    path = tmp_path / "wsbridge.toml"
    path.write_text("[[route\n")
    result = run("--config", str(path))
    assert result.returncode == 2
    assert f"{path}:1:" in result.stderr


@pytest.mark.parametrize("name", ["", "no-such-file", "directory"])
def test_a_file_that_cannot_be_read(tmp_path, name):
    (tmp_path / "directory").mkdir()
    result = run("--config", str(tmp_path / name))
    assert result.returncode == 2
    assert "cannot read" in result.stderr


def test_a_file_that_is_too_large(tmp_path):
    path = tmp_path / "wsbridge.toml"
    path.write_text("#" * (1 << 20) + "\n")
    assert "larger than 1MiB" in run("check", "--config", str(path)).stderr


def test_deep_keys_do_not_end_the_program(check):
    for text in ["a" + ".a" * 100_000 + " = 1\n", "[" + "a." * 100_000 + "a]\n", "a = " + "[" * 100_000]:
        assert check(text)[0].returncode == 2


def test_a_port_in_use_is_an_error_at_start(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        path = tmp_path / "wsbridge.toml"
        path.write_text(f"port = {taken.getsockname()[1]}\n[[route]]\necho = true\n")
        assert run("--config", str(path)).returncode == 1


def test_options_beside_the_file(configured, check):
    instance = configured(LISTEN + 'log_level = "error"\nworkers = 1\n[[route]]\necho = true\n', "--log-level", "debug")
    with RawClient(instance.port) as client:
        client.upgrade()
    instance.wait_log("session opened")
    result, _ = check("[[route]]\necho = true\n", "--idle-timeout", "5m")
    assert result.returncode == 2
    assert "write idle_timeout into the file" in result.stderr


def test_the_example_file_is_in_order():
    result = run("check", "--config", "examples/wsbridge.toml", cwd=ROOT)
    assert result.returncode == 0, result.stderr


def test_the_example_file_serves(server, connect, tmp_path):
    text = (ROOT / "examples/wsbridge.toml").read_text()
    path = tmp_path / "wsbridge.toml"
    path.write_text(text.replace('"127.0.0.1:8080"', '"127.0.0.1:0"'))
    instance = server("--config", str(path), port=False)
    assert drain(connect(instance, "/count/3"))[0] == ["1", "2", "3"]
    with connect(instance, "/echo/a") as client:
        client.send("x" * (1 << 20))
        assert len(client.recv(timeout=10)) == 1 << 20
    with RawClient(instance.port) as client:
        client.upgrade("/typed", Host="a.ws.example.org")
    assert status_of(instance, "/typed") == 404


def test_a_certificate_that_cannot_be_read_is_an_error_of_check(check):
    result, _ = check('tls_cert = "/no/such/file"\ntls_key = "/no/such/key"\n[[route]]\necho = true\n')
    assert result.returncode == 2
    for line, column in ((1, 12), (2, 11)):
        assert f":{line}:{column}: error: tls_" in result.stderr
    assert '    1 | tls_cert = "/no/such/file"\n      |            ^\n' in result.stderr


def test_what_is_wrong_with_certificates_has_its_place(check, authority, tmp_path):
    """The second of two keys is another's, one is for all to read, an upstream's authorities are no certificates."""
    pairs = [authority.issue(name, "localhost", folder=tmp_path) for name in ("one", "two")]
    pairs[0].key.chmod(0o644)
    result, _ = check(
        f'tls_cert = ["{pairs[0].certificate}", "{pairs[1].certificate}"]\n'
        f'tls_key = ["{pairs[0].key}",\n  "{authority.own.key}"]\n'
        '[[route]]\ntcp = "127.0.0.1:1"\nupstream_tls = true\n'
        f'upstream_tls_ca = "{pairs[1].key}"\nupstream_tls_cert = "{pairs[0].certificate}"\n'
        f'upstream_tls_key = "{pairs[0].key}"\n')
    assert result.returncode == 2
    assert f":3:3: error: tls_key {authority.own.key}: does not belong to the certificate in" in result.stderr
    assert f":2:12: warning: tls_key {pairs[0].key}: the key can be read by other users" in result.stderr
    assert f":7:19: error: upstream_tls_ca {pairs[1].key}: holds no certificates" in result.stderr


def test_a_port_in_use_has_its_place(configured):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        for text, place, name in ((f'[[listener]]\naddress = "127.0.0.1:{port}"\n', "2:11", "address"),
                                  (f'port = 0\nmetrics_listen = "127.0.0.1:{port}"\n', "2:18", "metrics_listen")):
            instance = configured(text + "[[route]]\necho = true\n", ready=False)
            assert instance.wait() == 1
            reason = f"wsbridge.toml:{place}: error: {name} 127.0.0.1:{port}: another program listens there already"
            assert reason in instance.lines[0]
            assert instance.lines[2].endswith("^")
