"""BEHAVIOUR sections 2, 4 and 6 for HTTP servers behind a route: raw servers that may break every rule, and real ones."""

import asyncio
import contextlib
import hashlib
import http.client
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading

import pytest

from conftest import drain, trusting
from harness.raw import ACCEPT, CLOSE, PING, TEXT, RawClient, frame, request, upgrade_fields
from harness.server import ROOT, Server, until
from harness.upstream import Upstream, free_port

SWITCH = (f"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          f"Sec-WebSocket-Accept: {ACCEPT}\r\nX-Extra: yes\r\n\r\n").encode()


def read_head(connection):
    """A whole head and what came behind it; nothing at the end of the connection."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(1 << 16)
        if not part:
            return b"", b""
        data += part
    head, rest = data.split(b"\r\n\r\n", 1)
    return head + b"\r\n", rest


def answering(*answers):
    """A server that keeps the heads that it gets and gives these answers, the last one again and again."""
    heads = []

    def behave(connection):
        while head := read_head(connection)[0]:
            heads.append(head.decode())
            connection.sendall(answers[min(len(heads), len(answers)) - 1])
    behave.heads = heads
    return behave


def ok(body=b"", fields=""):
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n{fields}\r\n".encode() + body


def get(port, target="/", fields="", method="GET"):
    return f"{method} {target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{fields}\r\n".encode()


class Pair:
    """One wsbridge in front of one server whose behaviour each test sets; no connection outlives its request."""

    def __init__(self):
        self.behind = Upstream(lambda connection: None)
        self.instance = Server("--port", "0", "--proxy", f"http://127.0.0.1:{self.behind.port}", "--idle-upstreams", "0",
                               "--log-format", "json").wait_ready()

    def __call__(self, behave):
        self.behind.behave = behave
        return self.instance

    def close(self):
        self.behind.close()
        self.instance.stop()


@pytest.fixture(scope="module")
def shared():
    """`shared(behave)`: the same as `proxied`, by a wsbridge that these tests share."""
    with contextlib.closing(Pair()) as pair:
        yield pair


@pytest.fixture
def proxied(server, upstream):
    """`proxied(behave, *options)`: wsbridge in front of a server of the test's own."""
    def start(behave, *options, **settings):
        behind = upstream(behave)
        instance = server("--proxy", f"http://127.0.0.1:{behind.port}", *options, **settings)
        instance.behind = behind
        return instance
    return start


# Requests


def test_what_the_server_is_told(proxied):
    behave = answering(ok(b"hello"))
    instance = proxied(behave, "--request-header", "X-Set: 1", "--request-header", "-X-Secret",
                       "--response-header", "+X-Via: wsbridge")
    with RawClient(instance.port) as client:
        client.send(get(instance.port, "/a%20b/%C3%A9?x=%2F&y", "Cookie: a=b\r\nOrigin: https://o\r\nX-Secret: s\r\n"
                        "Connection: x-hop\r\nX-Hop: 1\r\nX-Forwarded-For: 6.6.6.6\r\nHTTP2-Settings: x\r\n"))
        answer = client.response()
    assert (answer.status, answer.body, answer.field("X-Via")) == (200, b"hello", "wsbridge")
    assert behave.heads[0].split("\r\n")[:-1] == [
        "GET /a%20b/%C3%A9?x=%2F&y HTTP/1.1", f"Host: 127.0.0.1:{instance.port}", "Cookie: a=b", "Origin: https://o",
        "X-Forwarded-For: 127.0.0.1", "X-Forwarded-Proto: http", f"X-Forwarded-Host: 127.0.0.1:{instance.port}",
        f"Forwarded: for=127.0.0.1;host=\"127.0.0.1:{instance.port}\";proto=http", "X-Set: 1"]


def test_trusted_proxies_and_paths(proxied):
    behave = answering(ok())
    instance = proxied(behave, "--trusted-proxies", "127.0.0.0/8", "--strip-prefix", "/api", "--rewrite", "/v1=/v2",
                       "--upstream-host", "server")
    with RawClient(instance.port) as client:
        client.send(get(instance.port, "/api/v1/x?q", "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\n"))
        client.response()
    lines = behave.heads[0].split("\r\n")
    assert lines[0] == "GET /v2/x?q HTTP/1.1"
    assert {f"Host: 127.0.0.1:{instance.behind.port}", "X-Forwarded-For: 6.6.6.6, 127.0.0.1",
            "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /api"} <= set(lines)


def test_pipelined_requests_share_a_connection(proxied):
    instance = proxied(answering(ok(b"1"), ok(b"2"), ok(b"3")))
    with RawClient(instance.port) as client:
        client.send(get(instance.port, "/1") + get(instance.port, "/2") + get(instance.port, "/3"))
        assert [client.response().body for _ in range(3)] == [b"1", b"2", b"3"]
    assert instance.behind.count == 1


def test_other_upgrades_are_stripped(shared):
    """Java's client asks every server for h2c in this way, with a body if need be."""
    bodies = []

    def behave(connection):
        head, rest = read_head(connection)
        while len(rest) < 5:
            rest += connection.recv(100)
        bodies.append((head.decode(), rest))
        connection.sendall(ok())
    instance = shared(behave)
    with RawClient(instance.port) as client:
        client.send(get(instance.port, "/", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
                        "HTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA\r\nContent-Length: 5\r\n", "POST") + b"hello")
        assert client.response().status == 200
    head, body = bodies[0]
    assert "pgrade" not in head and "HTTP2" not in head and body == b"hello"


@pytest.mark.parametrize("extra", [
    b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 5\r\nContent-Length: 5\r\n",
    b"Transfer-Encoding: xchunked\r\n", b"Transfer-Encoding: chunked, identity\r\n", b"Content-Length: +5\r\n",
    b"Transfer-Encoding : chunked\r\n", b" folded: 1\r\n", b"X: a\nContent-Length: 5\r\n", b"Host: other\r\n"])
def test_nothing_that_could_be_read_in_two_ways_goes_on(shared, extra):
    behave = answering(ok())
    instance = shared(behave)
    with RawClient(instance.port) as client:
        client.send(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{instance.port}\r\n".encode() + extra + b"\r\nhello")
        assert client.response().status in (400, 501)
        assert client.at_end()
    assert behave.heads == []


# Answers before the request is complete


def early(connection, answer=b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 7\r\n\r\ntoo big"):
    """Answers at once, and leaves with the body unread: its kernel sends a reset behind the answer."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    read_head(connection)
    connection.sendall(answer)


@pytest.mark.parametrize("framing", ["length", "chunked"])
def test_an_early_answer_is_the_answer(shared, framing):
    """A server that refuses a body does not read it; the reset that follows must not become a 502."""
    instance = shared(early)
    piece = b"x" * 65536
    fields = f"Content-Length: {64 * len(piece)}\r\n" if framing == "length" else "Transfer-Encoding: chunked\r\n"
    part = piece if framing == "length" else b"10000\r\n" + piece + b"\r\n"
    for _ in range(25):
        with RawClient(instance.port) as client:
            client.send(get(instance.port, "/upload", fields, "POST"))
            with contextlib.suppress(OSError):
                for _ in range(64):
                    client.send(part)
            answer = client.response()
            assert (answer.status, answer.body) == (413, b"too big")


# Files in front


def test_files_go_first_and_the_server_gets_the_rest(proxied, tmp_path):
    """As `try_files $uri $uri/index.html @server` in nginx: nothing that is no file is answered by us."""
    (tmp_path / "app.js").write_text("file")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.html").write_text("docs")
    (tmp_path / "bare").mkdir()
    (tmp_path / ".env").write_text("secret")
    told = []

    def behave(connection):
        while head := read_head(connection)[0].decode():
            told.append(head.split(" HTTP")[0])
            connection.sendall(ok(b"server") if "HEAD" not in head else ok())
    instance = proxied(behave, "--static", str(tmp_path))
    rows = [
        ("GET", "/app.js", 200, b"file"), ("GET", "/docs/", 200, b"docs"), ("GET", "/docs", 301, None),
        ("GET", "/", 200, b"server"), ("GET", "/bare", 200, b"server"), ("GET", "/bare/", 200, b"server"),
        ("GET", "/none?x=1", 200, b"server"), ("GET", "/.env", 200, b"server"), ("POST", "/app.js", 200, b"server"),
        ("DELETE", "/none", 200, b"server"), ("OPTIONS", "/app.js", 200, b"server"), ("GET", "/app.js", 200, b"file")]
    with RawClient(instance.port) as client:
        for method, target, status, body in rows:
            client.send(get(instance.port, target, method=method))
            answer = client.response()
            assert (answer.status, body or answer.body) == (status, answer.body), target
        client.send(get(instance.port, "/none", "Content-Length: 4\r\n", "PUT") + b"body")
        assert client.response().body == b"server"
    assert told[:3] == ["GET /", "GET /bare", "GET /bare/"] and len(told) == 9


# Checks


def test_checks_ask_by_http(server, upstream):
    """Checks alone decide who gets requests, and one line tells each change."""
    states = {"one": 200, "two": 503}
    asked = []

    def behave(name):
        def serve(connection):
            head = read_head(connection)[0].decode()
            if head.startswith("GET /healthz?full "):
                asked.append(head)
                connection.sendall(f"HTTP/1.1 {states[name]} X\r\nContent-Length: 0\r\n\r\n".encode())
            elif head:
                connection.sendall(ok(name.encode(), "Connection: close\r\n"))
        return serve
    one, two = upstream(behave("one")), upstream(behave("two"))
    instance = server(
        "--proxy", f"http://127.0.0.1:{one.port}", "--proxy", f"http://127.0.0.1:{two.port}",
        "--check-path", "/healthz?full", "--check-host", "app.example",
        "--check-interval", "50ms", "--check-fall", "1", "--check-rise", "1")
    instance.wait_log("upstream is down", str(two.port), "/healthz?full: it answered 503")
    assert {fetched(instance) for _ in range(6)} == {b"one"}
    states.update(one=500, two=204)
    instance.wait_log("upstream is up", str(two.port))
    instance.wait_log("upstream is down", str(one.port))
    assert {fetched(instance) for _ in range(6)} == {b"two"}
    assert sum("upstream is " in line for line in instance.lines) == 3
    assert asked[0].split("\r\n")[1:3] == ["Host: app.example", "User-Agent: wsbridge/0.1.0"]


def fetched(instance):
    with RawClient(instance.port) as client:
        client.send(get(instance.port))
        return client.response().body


# Answers


@pytest.mark.parametrize("answer", [
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 0\r\n\r\nhello",
    b"HTTP/1.1 200 OK\nContent-Length: 0\n\n", b"HTTP/1.1 200 OK\r\nX : y\r\n\r\n", b"SSH-2.0-x\r\n", b""])
def test_bad_answers_are_502(shared, answer):
    def behave(connection):
        read_head(connection)
        connection.sendall(answer)
    instance = shared(behave)
    with RawClient(instance.port) as client:
        client.send(get(instance.port))
        assert client.response().status == 502
    instance.wait_log("bad answer of the upstream")


def test_what_a_server_sends_unasked_reaches_nobody(proxied):
    """Response queue poisoning: a second answer behind the first must not become that of the next request."""
    instance = proxied(answering(ok(b"mine") + ok(b"poison"), ok(b"second")))
    with RawClient(instance.port) as client:
        for expected in (b"mine", b"second"):
            client.send(get(instance.port))
            assert client.response().body == expected
    assert instance.behind.count == 2


def test_events_come_at_once_and_the_server_hears_of_the_end(shared):
    ended = threading.Event()

    def behave(connection):
        read_head(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
        for number in range(3):
            connection.sendall(b"data: %d\n\n" % number)
            asked.wait(10)
            asked.clear()
        if connection.recv(1) == b"":
            ended.set()
    asked = threading.Event()
    instance = shared(behave)
    client = RawClient(instance.port)
    with client:
        client.send(get(instance.port))
        assert client.response(with_body=False).field("Transfer-Encoding") == "chunked"
        for number in range(3):
            event = b"data: %d\n\n" % number
            assert client._exactly(len(event) + 5) == b"9\r\n" + event + b"\r\n"
            asked.set()
    assert ended.wait(10)


# WebSockets


def tunnel(behave, switch=SWITCH):
    def serve(connection):
        head, rest = read_head(connection)
        serve.heads.append(head.decode())
        connection.sendall(switch)
        behave(connection, rest)
    serve.heads = []
    return serve


def echo_frames(connection, rest):
    while rest or (rest := connection.recv(1 << 16)):
        connection.sendall(b"\x81\x02ok" if rest else b"")
        rest = b""


def test_a_tunnel_and_what_both_sides_are_told(shared):
    behave = tunnel(echo_frames)
    instance = shared(behave)
    with RawClient(instance.port) as client:
        answer = client.upgrade("/chat?room=1", Origin="https://elsewhere", Sec_WebSocket_Protocol="a, b",
                                Sec_WebSocket_Extensions="permessage-deflate", Connection="keep-alive, Upgrade")
        assert answer.field("X-Extra") == "yes"
        client.send_frame(TEXT, b"hello")
        assert client.read_frame().payload == b"ok"
    lines = behave.heads[0].split("\r\n")
    assert lines[0] == "GET /chat?room=1 HTTP/1.1"
    assert {"Connection: Upgrade", "Upgrade: websocket", "Origin: https://elsewhere", "Sec-WebSocket-Protocol: a, b",
            "Sec-WebSocket-Extensions: permessage-deflate", f"Host: 127.0.0.1:{instance.port}"} <= set(lines)


@pytest.mark.parametrize("old, new", [
    (ACCEPT, ACCEPT.swapcase()), ("Upgrade: websocket", "Upgrade: h2c"), ("Connection: Upgrade", "Connection: close"),
    ("Upgrade: websocket\r\n", ""), (f"Sec-WebSocket-Accept: {ACCEPT}\r\n", "")])
def test_a_wrong_101_opens_nothing(shared, old, new):
    """nginx, HAProxy and Caddy open a tunnel on some of these."""
    instance = shared(tunnel(echo_frames, SWITCH.replace(old.encode(), new.encode())))
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port)))
        assert client.response().status == 502


def test_a_refusal_is_relayed_and_what_follows_is_a_request(shared):
    behave = answering(b"HTTP/1.1 401 No\r\nWWW-Authenticate: Basic\r\nContent-Length: 4\r\n\r\nnope", ok(b"next"))
    instance = shared(behave)
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port)) + get(instance.port, "/next"))
        refusal = client.response()
        assert (refusal.status, refusal.body, refusal.field("WWW-Authenticate")) == (401, b"nope", "Basic")
        assert client.response().body == b"next"
    assert behave.heads[1].startswith("GET /next ")


def test_a_drain_closes_between_frames(proxied):
    """The Close waits for the end of a frame that is under way; both sides get one, and both answers end it."""
    half = threading.Event()
    got = []

    def behave(connection, rest):
        connection.sendall(b"\x81\x7e\x01\x00" + b"a" * 100)
        half.wait(20)
        connection.sendall(b"a" * 156)
        while len(rest) < 6 + 2:
            rest += connection.recv(1 << 16)
        got.append(rest)
        connection.sendall(b"\x88\x02\x03\xe9")
    instance = proxied(tunnel(behave))
    with RawClient(instance.port) as client:
        client.upgrade()
        start = client._exactly(104)
        instance.signal(signal.SIGTERM)
        instance.wait_log("draining")
        half.set()
        assert start + client._exactly(156) == b"\x81\x7e\x01\x00" + b"a" * 256
        close = client.read_close()
        assert close.code == 1001
        assert client.at_end()
    assert instance.wait() == 0
    key, payload = got[0][2:6], got[0][6:8]
    assert got[0][0] == 0x88 and bytes(a ^ b for a, b in zip(payload, key)) == struct.pack("!H", 1001)
    assert "1001" in instance.wait_log("session closed")


def test_messages_are_counted_and_bounded_where_somebody_says_so(proxied):
    instance = proxied(tunnel(echo_frames), "--max-message-size", "10", "--metrics-listen", "127.0.0.1:0")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send_frame(TEXT, b"hello", fin=False)
        client.send_frame(PING, b"!")
        client.send_frame(0, b"hello")
        assert client.read_frame().payload == b"ok"
        client.send_frame(TEXT, b"hello hello")
        assert client.read_close().code == 1009
    line = instance.wait_log("session closed")
    assert '"messages_received":1' in line and '"bytes_received":10' in line and '"close":1009' in line


def test_a_server_that_is_not_there_is_502(server):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        instance = server("--proxy", f"http://127.0.0.1:{probe.getsockname()[1]}")
        with RawClient(instance.port) as client:
            client.send(get(instance.port))
            assert client.response().status == 502
            client.send(request(upgrade_fields(instance.port)))
            assert client.response().status == 502


# Servers and clients of others


@contextlib.contextmanager
def example(*words, port):
    """An example that listens, once it does."""
    process = subprocess.Popen([sys.executable, *words, str(port)], cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        until(lambda: process.poll() is None and is_open(port), 20, f"{words} listens")
        yield
    finally:
        process.kill()
        process.wait(10)


def is_open(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_aiohttp(server, connect):
    """examples/web/app.py: page, events and WebSocket from one port, by a path of their own; a body of 5 MB."""
    pytest.importorskip("aiohttp")
    port = free_port()
    with example("examples/web/app.py", port=port):
        instance = server("--proxy", f"http://127.0.0.1:{port}", "--strip-prefix", "/app", "--tls", "self-signed")
        one, two = connect(instance, "/app/socket"), connect(instance, "/app/socket")
        one.send("hello")
        assert [one.recv(timeout=10), two.recv(timeout=10)] == ["hello", "hello"]
        context = trusting(instance.port)
        with contextlib.closing(http.client.HTTPSConnection("127.0.0.1", instance.port, context=context)) as client:
            client.request("GET", "/app/")
            assert b"EventSource" in client.getresponse().read()
            for body in (b"x" * 5_000_000, iter([b"a" * 70_000, b"b", b"c" * 999])):
                client.request("POST", "/app/length", body)
                told = json.loads(client.getresponse().read())
                assert told["bytes"] in (5_000_000, 71_000) and told["from"] == "127.0.0.1"
            client.request("GET", "/app/events")
            assert client.getresponse().fp.readline() != b""
        one.close(4001, "bye")
        two.close()
    assert "4001" in instance.wait_log("session closed", "4001")


def test_socketio_on_two_servers(server):
    """Long polls find their way back by the cookie, then the WebSocket does."""
    socketio = pytest.importorskip("socketio")
    ports = [free_port(), free_port()]
    with example("examples/web/socketio_app.py", port=ports[0]), example("examples/web/socketio_app.py", port=ports[1]):
        instance = server(*(word for port in ports for word in ("--proxy", f"http://127.0.0.1:{port}")),
                          "--sticky-cookie", "node")

        async def talk(transports):
            async with socketio.AsyncSimpleClient() as client:
                await client.connect(f"http://localhost:{instance.port}", transports=transports)
                return [await client.call("say", word, timeout=10) for word in ("a", "b", "c")], client.transport
        for transports in (["polling", "websocket"], ["websocket"]):
            answers, transport = asyncio.run(talk(transports))
            assert transport == transports[-1]
            assert len({answer.split(":")[0] for answer in answers}) == 1
            assert [answer[-1] for answer in answers] == ["a", "b", "c"]


def test_two_wsbridges_in_a_row(server, connect):
    """Large messages, and the close code of the one behind, pass the one in front."""
    inner = server("--echo")
    outer = server("--proxy", f"http://127.0.0.1:{inner.port}")
    client = connect(outer)
    payload = os.urandom(900_000)
    client.send(payload)
    data = client.recv(timeout=20)
    assert hashlib.sha256(data).digest() == hashlib.sha256(payload).digest()
    inner.signal(signal.SIGTERM)
    assert drain(client)[1] == 1001
