"""BEHAVIOUR sections 2, 4 and 5 for TCP and unix servers behind a route."""

import os
import signal
import socket
import threading

import pytest

from conftest import drain
from harness.raw import BINARY, CLOSE, TEXT, RawClient, frame, request, upgrade_fields
from harness.sanitizer import patience
from harness.server import run, until
from harness.upstream import echo, free_port, read_all, reset
from test_backpressure import GROWTH_KIB_MAX, IN_FLIGHT_BYTES_MAX, send_until_stuck


@pytest.fixture(params=["tcp", "unix"])
def either(request, upstream, tmp_path):
    """A server on TCP, then one at a path."""
    return lambda behave: upstream(behave, path=tmp_path / "server.sock" if request.param == "unix" else None)


def refused(instance, target="/", **fields):
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port, **fields), target=target))
        return client.response()


# Bytes both ways


def collect(client, count):
    data = b""
    while len(data) < count:
        message = client.recv(timeout=20)
        data += message if isinstance(message, bytes) else message.encode()
    return data


def test_bytes_go_both_ways(server, connect, either):
    client = connect(server(*either(echo).option))
    payload = os.urandom(300_000)
    client.send(payload)
    client.send("text is bytes too")
    assert collect(client, 300_017) == payload + b"text is bytes too"


def test_a_name_is_resolved(server, connect, upstream):
    client = connect(server("--tcp", f"localhost:{upstream(echo).port}"))
    client.send(b"hello")
    assert client.recv(timeout=10) == b"hello"


def test_large_frames_are_cut_through(server, upstream):
    """The server has the first part of a frame before the client has sent the last."""
    behind = upstream(lambda connection: threading.Event().wait(30))
    instance = server(*behind.option)
    with RawClient(instance.port) as client:
        client.upgrade()
        whole = frame(BINARY, b"x" * 900_000)
        client.send(whole[:400_000])
        connection = behind.wait_connection()
        assert sum(len(connection.recv(1 << 16)) for _ in range(4)) > 0
        client.send(whole[400_000:])


def trickle(connection):
    for byte in b"slowly":
        connection.sendall(bytes([byte]))
        assert connection.recv(1) == b"k"


def test_a_trickle_arrives_byte_by_byte(server, connect, upstream):
    client = connect(server(*upstream(trickle).option))
    got = b""
    for _ in range(6):
        got += client.recv(timeout=10)
        client.send("k")
    assert got == b"slowly"


def test_lines_over_tcp(server, connect, upstream):
    def greet(connection):
        connection.sendall(b"220 ready\r\n")
        command = connection.makefile("rb").readline()
        connection.sendall(b"250 " + command + b"no newline")

    client = connect(server("--framing", "lines", *upstream(greet).option))
    assert client.recv(timeout=10) == "220 ready"
    client.send("HELO me")
    assert drain(client)[:2] == (["250 HELO me", "no newline"], 1000)


def test_lengths_over_unix(server, connect, upstream, tmp_path):
    behind = upstream(echo, path=tmp_path / "server.sock")
    client = connect(server("--framing", "length-prefixed", "--message-type", "text", *behind.option))
    for message in ("one", "", "x" * 100_000):
        client.send(message)
        assert client.recv(timeout=10) == message


def test_an_overlong_line_of_the_server_closes(server, connect, upstream):
    behind = upstream(lambda connection: connection.sendall(b"x" * 3000))
    instance = server("--framing", "lines", "--max-record-size", "2000", *behind.option)
    assert drain(connect(instance))[1] == 1011
    instance.wait_log("cannot be framed")


# Ends


def test_server_ends(server, connect, either):
    client = connect(server(*either(lambda connection: connection.sendall(b"x" * 500_000)).option))
    messages, code, reason = drain(client)
    assert (sum(map(len, messages)), code, reason) == (500_000, 1000, "")


def test_server_resets(server, connect, upstream):
    instance = server(*upstream(lambda connection: (connection.recv(1), reset(connection))).option)
    client = connect(instance)
    client.send("x")
    assert drain(client) == ([], 1011, "the upstream's connection broke")
    instance.wait_log("the upstream's connection broke", "reset by peer")


def test_client_closes(server, connect, either):
    received, done = [], threading.Event()

    def listen(connection):
        received.append(read_all(connection))
        done.set()

    client = connect(server(*either(listen).option))
    for number in range(2000):
        client.send(b"%d " % number)
    client.close(4321, "bye")
    assert client.close_code == 4321
    assert done.wait(10)
    assert received[0] == b"".join(b"%d " % number for number in range(2000))


def test_a_slow_server_gets_everything_after_the_client_has_closed(server, connect, upstream):
    received, go, done = [], threading.Event(), threading.Event()

    def listen(connection):
        go.wait(20)
        received.append(read_all(connection))
        done.set()

    instance = server("--close-timeout", "20s", "--max-backpressure", "16MiB", *upstream(listen, receive_buffer=4096).option)
    client = connect(instance)
    for _ in range(60):
        client.send(b"x" * 100_000)
    client.close()
    assert not received
    go.set()
    assert done.wait(20)
    assert len(received[0]) == 6_000_000


def test_the_end_of_the_server_does_not_cut_the_client_off(server, upstream):
    """TCP half-close: the server has ended its direction and reads on."""
    received, done = [], threading.Event()

    def half_close(connection):
        connection.sendall(b"bye")
        connection.shutdown(socket.SHUT_WR)
        received.append(read_all(connection))
        done.set()

    instance = server(*upstream(half_close).option)
    with RawClient(instance.port) as client:
        client.upgrade()
        assert client.read_frame().payload == b"bye"
        closing = client.read_frame()
        assert (closing.opcode, closing.code) == (CLOSE, 1000)
        client.send_frame(BINARY, b"late ")
        client.send_frame(TEXT, b"words")
        client.send_frame(CLOSE, closing.payload)
        assert done.wait(10)
        assert received == [b"late words"]
        assert client.at_end()


def test_a_server_that_does_not_end_is_left(server, connect, upstream):
    behind = upstream(lambda connection: threading.Event().wait(30))
    instance = server("--close-timeout", "300ms", *behind.option)
    connect(instance).close()
    assert read_all(behind.wait_connection()) == b""
    instance.wait_log("session closed", "1000")


def test_client_vanishes(server, upstream):
    done = threading.Event()
    behind = upstream(lambda connection: (read_all(connection), done.set()))
    instance = server(*behind.option)
    with RawClient(instance.port) as client:
        client.upgrade()
    assert done.wait(10)
    instance.wait_log("session closed", "1006", behind.address)


def test_a_drain_closes_with_1001(server, connect, upstream):
    instance = server(*upstream(echo).option)
    client = connect(instance)
    instance.signal()
    assert drain(client)[1] == 1001
    assert instance.wait() == 0


# Connections that do not come about


def test_refused_is_502(server, tmp_path):
    instance = server("--tcp", f"127.0.0.1:{free_port()}")
    assert refused(instance).status == 502
    instance.wait_log("no connection to the upstream", "127.0.0.1", "refused", "502")


def test_no_socket_file_is_502(server, tmp_path):
    instance = server("--unix", str(tmp_path / "nobody.sock"))
    assert refused(instance).status == 502
    instance.wait_log("no connection to the upstream", "nobody.sock", "502")


def test_no_name_is_502(server):
    instance = server("--tcp", "no-such-host.invalid:80")
    assert refused(instance).status in (502, 504)
    instance.wait_log("no connection to the upstream", "no-such-host.invalid")


def test_silence_is_504(server):
    """A queue of accept(2) that is full drops what comes: nobody answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(8)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        instance = server("--connect-timeout", "300ms", "--tcp", f"127.0.0.1:{port}")
        assert refused(instance).status == 504
        instance.wait_log("no connection to the upstream", "504")
        for filler in fillers:
            filler.close()


def test_the_place_of_a_failed_session_is_free_again(server, upstream):
    instance = server("--max-connections", "1", "--tcp", f"127.0.0.1:{free_port()}")
    assert [refused(instance).status for _ in range(3)] == [502, 502, 502]


def test_a_server_that_says_nothing_disturbs_nobody(server, connect, upstream):
    silent = upstream(lambda connection: threading.Event().wait(30))
    instance = server(*silent.option)
    client = connect(instance)
    client.send("anybody?")
    assert client.ping().wait(10)


# Subprotocols


@pytest.mark.parametrize("offer, answer", [
    (["binary"], "binary"), (["base64", "binary"], "binary"), (["binary", "base64"], "binary"), (None, None),
])
def test_binary_is_answered_by_default(server, connect, upstream, offer, answer):
    assert connect(server(*upstream(echo).option), subprotocols=offer).subprotocol == answer


def test_other_subprotocols_are_named(server, connect, upstream):
    instance = server("--subprotocol", "mqtt", *upstream(echo).option)
    assert connect(instance, subprotocols=["mqttv3.1", "mqtt"]).subprotocol == "mqtt"


def test_what_is_not_named_is_logged(server, connect, upstream):
    instance = server(*upstream(echo).option)
    assert connect(instance, subprotocols=["mqtt"]).subprotocol is None
    instance.wait_log("--subprotocol", "mqtt")


# Backpressure


@pytest.mark.slow
def test_flooding_server_and_a_client_that_reads_nothing(server, upstream):
    sent = [0]
    stopped = threading.Event()

    def flood(connection):
        block = b"x" * 65536
        # A second in which the kernel takes nothing: nobody reads.
        connection.settimeout(1)
        while True:
            try:
                sent[0] += connection.send(block)
            except TimeoutError:
                stopped.set()

    instance = server("--ping-interval", "unlimited", *upstream(flood).option)
    before = instance.rss_kib()
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.upgrade()
        assert stopped.wait(patience(20)), "the server was not stopped"
        assert 0 < sent[0] < IN_FLIGHT_BYTES_MAX
        assert instance.rss_kib() - before < GROWTH_KIB_MAX
        until_then = sent[0]
        until(lambda: (client.read_frame(), sent[0] > until_then)[1], 20, "the server goes on when the client reads")


@pytest.mark.slow
def test_a_server_that_never_reads(server, upstream):
    behind = upstream(lambda connection: threading.Event().wait(60), receive_buffer=4096)
    instance = server("--ping-interval", "unlimited", "--close-timeout", "500ms", *behind.option)
    before = instance.rss_kib()
    with RawClient(instance.port) as client:
        client.upgrade()
        send_until_stuck(client, frame(BINARY, b"x" * 60_000))
        assert instance.rss_kib() - before < GROWTH_KIB_MAX


# Several servers


def named(name):
    def serve(connection):
        connection.sendall(name)
        read_all(connection)
    return serve


def greeting(connect, instance, path=""):
    client = connect(instance, path)
    return client.recv(timeout=10), client


def test_routes_lead_to_their_servers(configured, connect, upstream, tmp_path):
    one, two = upstream(named(b"one")), upstream(named(b"two"), path=tmp_path / "two.sock")
    instance = configured(f"""
        listen = "127.0.0.1:0"
        [[route]]
        path = "/one"
        tcp = "{one.address}"
        [[route]]
        path = "/two"
        unix = "{two.address}"
        [[route]]
        path = "/cat"
        command = "cat"
        """)
    assert greeting(connect, instance, "/one")[0] == b"one"
    assert greeting(connect, instance, "/two")[0] == b"two"
    client = connect(instance, "/cat")
    client.send("a program")
    assert client.recv(timeout=10) == "a program"


def test_round_robin(server, connect, upstream):
    servers = [upstream(named(name)) for name in (b"a", b"b", b"c")]
    instance = server(*[word for each in servers for word in each.option])
    assert [greeting(connect, instance)[0] for _ in range(6)] == [b"a", b"b", b"c"] * 2


def test_least_connections(server, connect, upstream):
    servers = [upstream(named(name)) for name in (b"a", b"b")]
    instance = server("--balance", "least-connections", *[word for each in servers for word in each.option])
    (first, client), (second, _) = greeting(connect, instance), greeting(connect, instance)
    assert {first, second} == {b"a", b"b"}
    client.close()
    instance.wait_log("session closed")
    assert [greeting(connect, instance)[0]] == [first]


def test_the_source_keeps_its_server(server, connect, upstream):
    servers = [upstream(named(name)) for name in (b"a", b"b", b"c")]
    instance = server("--balance", "source", *[word for each in servers for word in each.option])
    assert len({greeting(connect, instance)[0] for _ in range(5)}) == 1


def test_a_dead_server_is_passed_over_and_left_out(server, connect, upstream):
    alive = upstream(named(b"alive"))
    instance = server("--eject-after", "2", "--tcp", f"127.0.0.1:{free_port()}", *alive.option)
    assert [greeting(connect, instance)[0] for _ in range(6)] == [b"alive"] * 6
    instance.wait_log("upstream left out", "refused")


def test_full_servers_are_503(server, connect, upstream):
    instance = server("--max-server-connections", "1", *upstream(named(b"a")).option)
    _, client = greeting(connect, instance)
    response = refused(instance)
    assert (response.status, response.field("Retry-After")) == (503, "5")
    client.close()
    instance.wait_log("session closed")
    assert greeting(connect, instance)[0] == b"a"


# The client's address


def test_the_server_is_told_who_the_client_is(server, connect, upstream):
    heads = []

    def header(connection):
        heads.append(connection.makefile("rb").readline())
        connection.sendall(b"ok")
        read_all(connection)

    instance = server("--proxy-protocol-out", "v1", *upstream(header).option)
    client = connect(instance)
    port = client.local_address[1]
    assert client.recv(timeout=10) == b"ok"
    assert heads == [b"PROXY TCP4 127.0.0.1 127.0.0.1 %d %d\r\n" % (port, instance.port)]


def test_the_address_that_a_client_came_in_by_is_its_own(server, connect, upstream):
    heads = []

    def header(connection):
        heads.append(connection.makefile("rb").readline())
        connection.sendall(b"ok")
        read_all(connection)

    instance = server("--listen", "0.0.0.0:0", "--proxy-protocol-out", "v1", *upstream(header).option, port=False)
    assert connect(instance).recv(timeout=10) == b"ok"
    assert heads[0].startswith(b"PROXY TCP4 127.0.0.1 127.0.0.1 ")


# Token maps


def test_tokens_choose_the_server(server, connect, upstream, tmp_path):
    one, two = upstream(named(b"one")), upstream(named(b"two"), path=tmp_path / "two.sock")
    tokens = tmp_path / "tokens"
    tokens.write_text(f"# desks\na: {one.address}\nb: unix:{two.address}\n")
    instance = server("--token-map", str(tokens))
    assert greeting(connect, instance, "?token=a")[0] == b"one"
    assert greeting(connect, instance, "websockify?x=1&token=b")[0] == b"two"
    for target in ("/?token=c", "/", f"/?token={one.address}", "/?token=", "/?token=%zz"):
        assert refused(instance, target).status == 404, target
    tokens.write_text(f"c: {one.address}\n")
    instance.signal(signal.SIGHUP)
    instance.wait_log("token map read again", "1")
    assert greeting(connect, instance, "?token=c")[0] == b"one"
    assert refused(instance, "/?token=a").status == 404
    tokens.write_text("nonsense\n")
    instance.signal(signal.SIGHUP)
    instance.wait_log("the old one stays", "tokens:1:1")
    assert greeting(connect, instance, "?token=c")[0] == b"one"


def test_a_token_in_the_path(configured, connect, upstream, tmp_path):
    folder = tmp_path / "tokens.d"
    folder.mkdir()
    (folder / "a").write_text(f"a: {upstream(named(b'one')).address}\n")
    instance = configured(f"""
        listen = "127.0.0.1:0"
        [[route]]
        path = "/desk/{{token}}"
        token_map = "{folder}"
        """)
    assert greeting(connect, instance, "/desk/a")[0] == b"one"
    assert refused(instance, "/desk/b?token=a").status == 404


def test_a_wrong_token_map_is_told_at_start(tmp_path):
    tokens = tmp_path / "tokens"
    tokens.write_text("a: host\n")
    for command in ([], ["check"]):
        done = run(*command, "--token-map", str(tokens))
        assert done.returncode == 2
        assert f"{tokens}:1:4: no port" in done.stderr


# Checks and reload


def test_checks_find_servers_down_and_up(server, connect, upstream, tmp_path):
    path = tmp_path / "server.sock"
    behind = upstream(named(b"x"), path=path)
    instance = server(
        "--check-interval", "50ms", "--check-fall", "1", "--check-rise", "1", *behind.option)
    greeting(connect, instance)
    behind.close()
    path.unlink()
    instance.wait_log("upstream is down", "server.sock")
    assert refused(instance).status == 503
    upstream(named(b"y"), path=path)
    instance.wait_log("upstream is up", "server.sock")
    assert greeting(connect, instance)[0] == b"y"


def test_a_session_outlives_the_reload_that_changes_its_server(configured, connect, upstream):
    one, two = upstream(echo), upstream(named(b"two"))
    text = """
        listen = "127.0.0.1:0"
        [[route]]
        path = "/"
        tcp = "{}"
        """
    instance = configured(text.format(one.address))
    client = connect(instance)
    instance.rewrite(text.format(two.address))
    instance.signal(signal.SIGHUP)
    instance.wait_log("reloaded", "routes changed")
    client.send("still here")
    assert client.recv(timeout=10) == b"still here"
    assert greeting(connect, instance)[0] == b"two"
