"""SIGHUP: a whole new plan or no change, and nobody who is there is disturbed."""

import json
import os
import signal
import socket
import ssl
import threading

import pytest

from harness.metrics import Metrics
from harness.raw import TEXT, RawClient, request, upgrade_fields
from harness.server import URL

LISTEN = 'listen = "127.0.0.1:0"\n'


def route(path, handler="echo = true", *lines):
    return "\n".join(["[[route]]", f'path = "{path}"', handler, *lines, ""])


def reload(instance, text, *, count=1):
    """Puts the text in place and waits until every worker serves by it; gives the line that says what changed."""
    instance.rewrite(text)
    instance.signal(signal.SIGHUP)
    instance.wait_log('"reloaded"', count=count)
    return [line for line in instance.lines if '"reloaded"' in line][count - 1]


def status_of(port, target, **changes):
    with RawClient(port) as client:
        client.send(request(upgrade_fields(port, **changes), target=target))
        return client.response().status


def echoes(client, text=b"still here"):
    client.send_frame(TEXT, text)
    return client.read_frame().payload == text


def ports(instance):
    return [int(found.group(0).rsplit(":", 1)[1].split("/")[0])
            for line in instance.lines if '"serving' in line and (found := URL.search(line))]


def test_one_line_has_nothing_to_reload(server):
    instance = server("--echo")
    instance.signal(signal.SIGHUP)
    instance.wait_log("nothing to reload")
    with RawClient(instance.port) as client:
        client.upgrade()


def test_routes_come_change_and_go_while_sessions_live(configured):
    """Sessions keep their route and its limits; what is new is for those who come later."""
    instance = configured(LISTEN + route("/a", "echo = true", 'max_message_size = "10"') + route("/b"))
    with RawClient(instance.port) as a, RawClient(instance.port) as b:
        a.upgrade("/a")
        b.upgrade("/b")
        changes = reload(instance, LISTEN + route("/a", "echo = true", 'max_message_size = "20"') + route("/c"))
        for part in ["routes added: /c", "routes removed: /b", "routes changed: /a"]:
            assert part in changes, changes
        assert echoes(a) and echoes(b)
        assert [status_of(instance.port, target) for target in ["/a", "/b", "/c"]] == [101, 404, 101]
        with RawClient(instance.port) as later:
            later.upgrade("/a")
            assert echoes(later, b"x" * 20)
            later.send_frame(TEXT, b"x" * 21)
            assert later.read_close().code == 1009
        a.send_frame(TEXT, b"x" * 11)
        assert a.read_close().code == 1009
        assert echoes(b)


def test_a_changed_program_is_for_newcomers(configured, connect):
    instance = configured(LISTEN + route("/", 'command = ["sh", "-c", "echo one; cat"]'))
    old = connect(instance)
    assert old.recv(timeout=5) == "one"
    assert "routes changed: /" in reload(instance, LISTEN + route("/", 'command = ["sh", "-c", "echo two; cat"]'))
    assert connect(instance).recv(timeout=5) == "two"
    old.send("x")
    assert old.recv(timeout=5) == "x"


@pytest.mark.parametrize("text, parts", [
    ("[[route\n", [":1:"]),
    (LISTEN + route("/a", "echo = true", 'idle_timeout = "30"') + route("/a"), ["has no unit", "cannot be reached"]),
    (LISTEN + route("/a", 'command = "no-such-program"'), ["no-such-program"]),
    ("", ["there is nothing to serve"]),
])
def test_a_broken_file_changes_nothing(configured, text, parts):
    good = LISTEN + route("/a")
    instance = configured(good)
    with RawClient(instance.port) as client:
        client.upgrade("/a")
        instance.rewrite(text)
        instance.signal(signal.SIGHUP)
        for part in [*parts, "not reloaded"]:
            instance.wait_log("error", part)
        assert echoes(client)
        assert status_of(instance.port, "/a") == 101
        assert "nothing" in reload(instance, good)


def test_a_file_that_is_gone_changes_nothing(configured):
    instance = configured(LISTEN + route("/a"))
    instance.file.unlink()
    instance.signal(signal.SIGHUP)
    instance.wait_log("cannot read")
    instance.wait_log("not reloaded")
    assert status_of(instance.port, "/a") == 101


def test_a_port_that_is_taken_changes_nothing(configured):
    instance = configured(LISTEN + route("/a"))
    reload(instance, LISTEN + route("/a"))  # so that all workers have begun
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        instance.rewrite(f'listen = ["127.0.0.1:0", "[::1]:0", "127.0.0.1:{port}"]\n' + route("/b"))
        before = len(os.listdir(f"/proc/{instance.pid}/fd"))
        instance.signal(signal.SIGHUP)
        instance.wait_log("not reloaded", str(port))
        assert len(os.listdir(f"/proc/{instance.pid}/fd")) == before
    assert [status_of(instance.port, target) for target in ["/a", "/b"]] == [101, 404]


def test_listeners_come_and_go(configured, tmp_path):
    """One that stays is never closed; one that goes leaves its connections."""
    path = tmp_path / "socket"
    instance = configured(LISTEN + f'[[listener]]\naddress = "unix:{path}"\n' + route("/"))
    with socket.socket(socket.AF_UNIX) as unix, RawClient(instance.port) as tcp:
        unix.connect(str(path))
        unix.sendall(request(upgrade_fields(80)))
        assert unix.recv(4096).startswith(b"HTTP/1.1 101")
        tcp.upgrade()
        changes = reload(instance, 'listen = ["127.0.0.1:0", "[::1]:0"]\n' + route("/"))
        assert "listeners added: [::1]:0" in changes and f"listeners removed: unix:{path}" in changes
        assert not path.exists()
        new = ports(instance)[-1]
        with socket.create_connection(("::1", new)) as client:
            client.sendall(request(upgrade_fields(new)))
            assert client.recv(4096).startswith(b"HTTP/1.1 101")
        assert echoes(tcp)
        assert status_of(instance.port, "/") == 101
        unix.sendall(b"\x81\x82\0\0\0\0hi")
        assert unix.recv(16) == b"\x81\x02hi"
        reload(instance, LISTEN + f'[[listener]]\naddress = "unix:{path}"\nmode = "0600"\n' + route("/"), count=2)
        with pytest.raises(OSError):
            socket.create_connection(("::1", new), timeout=5).close()
        with socket.socket(socket.AF_UNIX) as again:
            again.connect(str(path))
        changes = reload(
            instance, LISTEN + f'[[listener]]\naddress = "unix:{path}"\nmode = "0640"\n' + route("/"), count=3)
        assert f"listeners changed: unix:{path}" in changes
        assert path.stat().st_mode & 0o777 == 0o640
    assert instance.stop() == 0
    assert not path.exists()


def test_no_connection_is_refused_during_reloads(configured):
    """Clients come all the time while the other listener and the routes change twenty times."""
    texts = [LISTEN + route("/a"), 'listen = ["127.0.0.1:0", "[::1]:0"]\n' + route("/a") + route("/b")]
    instance = configured(texts[0])
    failures, done = [], threading.Event()
    served = [0] * 4

    def come_and_go(number):
        while not done.is_set():
            try:
                with RawClient(instance.port) as client:
                    client.upgrade("/a")
                    assert echoes(client)
                served[number] += 1
            except Exception as error:
                failures.append(repr(error))
                return
    threads = [threading.Thread(target=come_and_go, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for count in range(1, 21):
        reload(instance, texts[count % 2], count=count)
    done.set()
    for thread in threads:
        thread.join(30)
    assert not failures and all(served)


def test_the_next_request_of_a_connection_is_served_by_the_new_plan(configured):
    instance = configured(LISTEN + route("/a"))
    with RawClient(instance.port) as client:
        for targets, text in [(("/a", "/b"), LISTEN + route("/b")), (("/b", "/a"), None)]:
            for target, expected in zip(targets, (200, 404)):
                client.send(request([("Host", "localhost")], target=target))
                assert client.response().status == expected
            if text:
                reload(instance, text)


@pytest.mark.parametrize("handler", ["echo", "program"])
def test_sessions_of_a_removed_route_end_with_1012_when_asked(configured, child, handler):
    handler = "echo = true" if handler == "echo" else f"command = {json.dumps(child('deaf.py'))}"
    instance = configured(LISTEN + route("/a", handler) + route("/b"))
    with RawClient(instance.port) as a, RawClient(instance.port) as b:
        a.upgrade("/a")
        if "command" in handler:
            a.read_frame()
        b.upgrade("/b")
        reload(instance, 'removed_route_timeout = "200ms"\n' + LISTEN + route("/b"))
        assert a.read_close().code == 1012
        assert echoes(b)


def test_sessions_from_before_a_change_go_with_their_route_too(configured):
    instance = configured(LISTEN + route("/a") + route("/b"))
    with RawClient(instance.port) as client:
        client.upgrade("/a")
        reload(instance, LISTEN + route("/a", "echo = true", 'idle_timeout = "1h"') + route("/b"))
        reload(instance, 'removed_route_timeout = "0s"\n' + LISTEN + route("/b"), count=2)
        assert client.read_close().code == 1012


def test_limits_count_sessions_from_before(configured):
    text = LISTEN + route("/a", "echo = true", "max_connections = 2")
    instance = configured(text)
    with RawClient(instance.port) as one, RawClient(instance.port) as two:
        one.upgrade("/a")
        two.upgrade("/a")
        reload(instance, text + route("/b"))
        assert status_of(instance.port, "/a") == 503
        reload(instance, LISTEN + route("/a", "echo = true", "max_connections = 3"), count=2)
        assert status_of(instance.port, "/a") == 101


def test_a_larger_message_fits_after_a_reload(configured):
    """The buffers were made for the plan of the start."""
    small = 'max_message_size = "1KiB"\nmax_connections = 1\nmax_backpressure = "4KiB"\n'
    instance = configured("workers = 1\n" + LISTEN + route("/a", f"echo = true\n{small}"))
    command = json.dumps(["sh", "-c", f"head -c {(16 << 20) + 1} | wc -c"])
    reload(instance, "workers = 1\n" + LISTEN + route("/a", f'command = {command}\nmax_message_size = "32MiB"'))
    with RawClient(instance.port) as client:
        client.upgrade("/a")
        half = b"x" * (8 << 20)
        client.send_frame(TEXT, half, fin=False)
        client.send_frame(0, half)
        assert client.read_frame().payload == b"%d" % ((16 << 20) + 1)


def test_log_and_workers(configured):
    instance = configured(f"log_level = \"warning\"\nworkers = 1\n{LISTEN}" + route("/a"))
    instance.rewrite(f"log_level = \"debug\"\nlog_format = \"text\"\nworkers = 2\n{LISTEN}" + route("/a"))
    instance.signal(signal.SIGHUP)
    instance.wait_log("number of workers stays")
    assert instance.wait_log("reloaded", "settings changed: log").split()[1] == "info"
    with RawClient(instance.port) as client:
        client.upgrade("/a")
    instance.wait_log("session opened")


def test_many_signals_at_once_are_one_after_the_other(configured):
    instance = configured(LISTEN + route("/a"))
    instance.rewrite(LISTEN + route("/b"))
    for _ in range(50):
        instance.signal(signal.SIGHUP)
    # One worker may serve by the new plan while another still has the old one: the line comes when all have it.
    instance.wait_log('"reloaded"')
    with RawClient(instance.port) as client:
        client.upgrade("/b")
        instance.signal()
        assert client.read_close().code == 1001
    assert instance.wait() == 0


def test_a_stop_drains_sessions_of_removed_routes_too(configured):
    instance = configured(LISTEN + route("/a") + route("/b"))
    with RawClient(instance.port) as client:
        client.upgrade("/a")
        reload(instance, LISTEN + route("/b"))
        instance.signal()
        assert client.read_close().code == 1001
    assert instance.wait() == 0


def test_nothing_is_left_of_earlier_plans(configured):
    """Descriptors stay the same over many reloads in which everything comes and goes."""
    texts = [LISTEN + route("/a"), 'listen = ["[::1]:0", "127.0.0.1:0"]\n' + route("/b", 'command = "cat"')]
    instance = configured(texts[0])
    reload(instance, texts[0])  # so that all workers have begun

    def descriptors():
        return len(os.listdir(f"/proc/{instance.pid}/fd"))
    before = descriptors()
    for count in range(1, 41):
        reload(instance, texts[count % 2], count=count + 1)
    assert descriptors() == before


def test_numbers_never_fall(configured):
    """A route's counts go on over reloads, with its sessions from before and after, and come back with its name."""
    head = 'metrics_listen = "127.0.0.1:0"\n' + LISTEN
    instance = configured(head + route("/a") + route("/b"))
    metrics = Metrics(instance)
    with RawClient(instance.port) as client:
        client.upgrade("/a")
        assert echoes(client)
        assert status_of(instance.port, "/none") == 404
        for count in range(1, 4):
            reload(instance, head + route("/a", "echo = true", f'idle_timeout = "{count}h"') + route("/b"), count=count)
            assert echoes(client)
            with RawClient(instance.port) as another:
                another.upgrade("/a")
                assert echoes(another)
            instance.wait_log("session closed", count=count)
            numbers = metrics.scrape()
            assert numbers["wsbridge_sessions_started_total", "/a"] == count + 1
            assert numbers["wsbridge_sessions_open", "/a"] == 1
            assert numbers["wsbridge_messages_received_total", "/a"] == 2 * count + 1
        assert metrics.sum("wsbridge_requests_refused_total", numbers) == 1
        reload(instance, head + route("/b"), count=4)
        assert metrics.scrape()["wsbridge_sessions_open", "/a"] == 1
    instance.wait_log("session closed", count=4)
    reload(instance, head + route("/c"), count=5)
    assert not any("/a" in key for key in metrics.scrape())
    reload(instance, head + route("/a"), count=6)
    assert metrics.scrape()["wsbridge_sessions_started_total", "/a"] == 4


def test_the_metrics_listener_may_move(configured):
    instance = configured(LISTEN + route("/a"))
    reload(instance, 'metrics_listen = "127.0.0.1:0"\n' + LISTEN + route("/a"))
    metrics = Metrics(instance)
    assert metrics.ask("/readyz")[0] == 200
    reload(instance, 'metrics_listen = "127.0.0.1:0"\n' + LISTEN + route("/b"), count=2)
    assert metrics.ask("/readyz")[0] == 200
    reload(instance, LISTEN + route("/b"), count=3)
    with pytest.raises(OSError):
        metrics.ask("/readyz")
    assert status_of(instance.port, "/b") == 101


@pytest.fixture(scope="session")
def pairs(authority):
    """Two certificates for localhost, as keys of the file, and as a client sees them."""
    def keys(pair):
        return f'tls_cert = "{pair.certificate}"\ntls_key = "{pair.key}"\n'
    issued = [authority.issue(name, "localhost", "IP:127.0.0.1") for name in ("first", "second")]
    return [(keys(pair), ssl.PEM_cert_to_DER_cert(pair.certificate.read_text())) for pair in issued]


def shown(port, authority):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as plain:
        with authority.context().wrap_socket(plain, server_hostname="localhost") as client:
            return client.getpeercert(binary_form=True)


def test_tls_comes_changes_and_goes(configured, authority, pairs):
    """Connections keep what they have; those that come get the new; a certificate that cannot be read changes nothing."""
    (first, first_der), (second, second_der) = pairs
    instance = configured(LISTEN + route("/a"))
    with RawClient(instance.port) as plain:
        plain.upgrade("/a")
        assert "listeners changed: 127.0.0.1:0" in reload(instance, LISTEN + first + route("/a"))
        assert echoes(plain)
        assert shown(instance.port, authority) == first_der
        reload(instance, LISTEN + second + route("/a"), count=2)
        assert shown(instance.port, authority) == second_der
        instance.rewrite(LISTEN + 'tls_cert = "/no/such/file"\ntls_key = "/no/such/file"\n' + route("/b"))
        instance.signal(signal.SIGHUP)
        instance.wait_log("wsbridge.toml:2:12: tls_cert /no/such/file: cannot be read")
        instance.wait_log("not reloaded")
        assert shown(instance.port, authority) == second_der
        reload(instance, LISTEN + route("/a"), count=3)
        assert status_of(instance.port, "/a") == 101
        assert echoes(plain)


def test_a_renewed_certificate_comes_with_a_reload(configured, authority, tmp_path):
    pair = authority.issue("renewed", "localhost", folder=tmp_path)
    text = LISTEN + f'tls_cert = "{pair.certificate}"\ntls_key = "{pair.key}"\n' + route("/a")
    instance = configured(text)
    before = shown(instance.port, authority)
    authority.issue("renewed", "localhost", folder=tmp_path)
    assert '"nothing"' in reload(instance, text)
    assert shown(instance.port, authority) != before
