"""BEHAVIOUR section 2: the opening handshake, with bare sockets."""

import socket

import pytest

from harness.raw import RawClient, request, upgrade_fields


@pytest.fixture
def echo(server):
    return server("--echo", "--console", "off")


def ask(instance, data, ends=False, with_body=True):
    """The response; with `ends` the server must close after it, since what follows cannot be trusted."""
    with RawClient(instance.port) as client:
        client.send(data)
        response = client.response(with_body)
        if ends:
            assert client.at_end()
        return response


def upgrade(instance, method="GET", target="/", version="HTTP/1.1", ends=False, **changes):
    data = request(upgrade_fields(instance.port, **changes), method, target, version)
    return ask(instance, data, ends, with_body=method != "HEAD")


REFUSED = [
    ("POST", 400, {"method": "POST"}),
    ("HEAD", 400, {"method": "HEAD"}),
    ("HTTP/1.0", 400, {"version": "HTTP/1.0"}),
    ("Upgrade is another protocol", 400, {"Upgrade": "h2c"}),
    ("Upgrade has a prefix", 400, {"Upgrade": "xwebsocket"}),
    ("Upgrade has a version", 400, {"Upgrade": "websocket/13"}),
    ("Upgrade lists another too", 400, {"Upgrade": "h2c, websocket"}),
    ("Upgrade missing", 400, {"Upgrade": None}),
    ("Connection without upgrade", 400, {"Connection": "keep-alive"}),
    ("Connection missing", 400, {"Connection": None}),
    ("Connection upgraded", 400, {"Connection": "upgraded"}),
    ("key missing", 400, {"Sec_WebSocket_Key": None}),
    ("key twice", 400, {"Sec_WebSocket_Key": ["dGhlIHNhbXBsZSBub25jZQ=="] * 2}),
    ("key too short", 400, {"Sec_WebSocket_Key": "dGhlIHNhbXBsZQ=="}),
    ("key too long", 400, {"Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZXh4eA=="}),
    ("key not base64", 400, {"Sec_WebSocket_Key": "!!!lIHNhbXBsZSBub25jZQ=="}),
    ("version missing", 426, {"Sec_WebSocket_Version": None}),
    ("version 8", 426, {"Sec_WebSocket_Version": "8"}),
    ("version 14", 426, {"Sec_WebSocket_Version": "14"}),
    ("version 013", 426, {"Sec_WebSocket_Version": "013"}),
    ("body by length", 400, {"Content_Length": "5"}),
    ("body by chunks", 400, {"Transfer_Encoding": "chunked"}),
    ("origin elsewhere", 403, {"Origin": "https://evil.example"}),
    ("origin null", 403, {"Origin": "null"}),
    ("origin of another port", 403, {"Origin": "http://127.0.0.1:1"}),
    ("origin twice", (400, 403), {"Origin": ["http://127.0.0.1", "https://evil.example"]}),
    ("host of a stranger", 421, {"Host": "evil.example"}),
    ("host that resolves to us", 421, {"Host": "127.0.0.1.evil.example"}),
    ("host missing", 400, {"Host": None}),
    ("host twice", 400, {"Host": ["127.0.0.1", "127.0.0.1"]}),
]


@pytest.mark.parametrize("status, changes", [pytest.param(s, c, id=name) for name, s, c in REFUSED])
def test_refused(echo, status, changes):
    response = upgrade(echo, ends="Content_Length" in changes or "Transfer_Encoding" in changes, **changes)
    assert response.status in (status if isinstance(status, tuple) else (status,)), response
    if changes.get("method") != "HEAD" and response.status == 400:
        assert len(response.body.decode().strip().splitlines()) == 1, "a one-line reason"
    if response.status == 426:
        assert response.field("Sec-WebSocket-Version") == "13"


ACCEPTED = [
    ("plain", {}),
    ("case of the tokens", {"Upgrade": "WebSocket", "Connection": "keep-alive, UPGRADE"}),
    ("Connection twice", {"Connection": ["keep-alive", "Upgrade"]}),
    ("Content-Length 0", {"Content_Length": "0"}),
    ("extensions offered", {"Sec_WebSocket_Extensions": "permessage-deflate; client_max_window_bits"}),
    ("localhost", {"Host": "localhost"}),
    ("another loopback address", {"Host": "127.8.9.10:99"}),
    ("IPv6 loopback", {"Host": "[::1]:8080"}),
]


@pytest.mark.parametrize("changes", [pytest.param(c, id=name) for name, c in ACCEPTED])
def test_accepted(echo, changes):
    with RawClient(echo.port) as client:
        response = client.upgrade(**changes)
        assert response.field("Upgrade").lower() == "websocket"
        assert response.field("Connection").lower() == "upgrade"
        assert response.field("Sec-WebSocket-Extensions") is None
        assert response.field("Sec-WebSocket-Protocol") is None
        client.send_frame(1, b"hello")
        assert client.read_frame().payload == b"hello"


def head(port, *lines, first="GET / HTTP/1.1", end=b"\r\n"):
    fields = [f"{name}: {value}" for name, value in upgrade_fields(port)]
    return end.join(line.encode("latin-1") if isinstance(line, str) else line
                    for line in [first, *fields, *lines, "", ""])


MALFORMED = [
    ("obs-fold", lambda port: head(port, "X-A: 1", " 2")),
    ("obs-fold of the first field", lambda port: b"GET / HTTP/1.1\r\n" + b" Host: a\r\n\r\n"),
    ("bare LF", lambda port: head(port, end=b"\n")),
    ("one bare LF", lambda port: head(port).replace(b"Upgrade: websocket\r\n", b"Upgrade: websocket\n")),
    ("bare CR in a value", lambda port: head(port, b"X-A: 1\r2")),
    ("space before the colon", lambda port: head(port, "X-A : 1")),
    ("NUL in a value", lambda port: head(port, b"X-A: a\0b")),
    ("NUL in the target", lambda port: head(port, first="GET /\0 HTTP/1.1")),
    ("no colon", lambda port: head(port, "nonsense")),
    ("empty name", lambda port: head(port, ": 1")),
    ("space in a name", lambda port: head(port, "X A: 1")),
    ("length and chunks", lambda port: head(port, "Content-Length: 0", "Transfer-Encoding: chunked")),
    ("two lengths", lambda port: head(port, "Content-Length: 0", "Content-Length: 1")),
    ("negative length", lambda port: head(port, "Content-Length: -1")),
    ("length with a plus", lambda port: head(port, "Content-Length: +0")),
    ("length beyond 64 bits", lambda port: head(port, "Content-Length: 99999999999999999999999")),
    ("two spaces in the request line", lambda port: head(port, first="GET  / HTTP/1.1")),
    ("no version", lambda port: head(port, first="GET /")),
    ("lower-case version", lambda port: head(port, first="GET / http/1.1")),
    ("no request at all", lambda port: b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"a" * 40 + b"\r\n\r\n"),
]


@pytest.mark.parametrize("make", [pytest.param(m, id=name) for name, m in MALFORMED])
def test_malformed_is_400_and_closed(echo, make):
    assert ask(echo, make(echo.port), ends=True).status == 400


@pytest.mark.parametrize("make", [pytest.param(m, id=name) for name, m in MALFORMED[:3]])
def test_malformed_byte_by_byte(echo, make):
    """How the bytes are cut into packets changes nothing."""
    with RawClient(echo.port) as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for byte in make(echo.port):
                client.send(bytes([byte]))
        except OSError:
            pass  # refused before the last byte
        assert client.response().status == 400


def test_upgrade_byte_by_byte(echo):
    with RawClient(echo.port) as client:
        client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in request(upgrade_fields(echo.port)):
            client.send(bytes([byte]))
        assert client.response().status == 101


TOO_LARGE = [
    ("one large field", 431, lambda port: head(port, "X-A: " + "a" * 40_000)),
    ("many fields", 431, lambda port: head(port, *[f"X-{n}: 1" for n in range(400)])),
    ("long request line", 414, lambda port: head(port, first="GET /" + "a" * 40_000 + " HTTP/1.1")),
]


@pytest.mark.parametrize("status, make", [pytest.param(s, m, id=name) for name, s, m in TOO_LARGE])
def test_too_large(echo, status, make):
    assert ask(echo, make(echo.port), ends=True).status == status


def test_field_without_end_is_refused_before_it_ends(echo):
    with RawClient(echo.port) as client:
        client.send(b"GET / HTTP/1.1\r\nX-A: ")
        try:
            while True:
                client.send(b"a" * 8192)
        except OSError:
            pass
        client.drain_to_end()


def test_frames_right_behind_the_request(echo):
    """A client need not wait for 101."""
    from harness.raw import frame
    with RawClient(echo.port) as client:
        client.send(request(upgrade_fields(echo.port)) + frame(1, b"early"))
        assert client.response().status == 101
        assert client.read_frame().payload == b"early"


def test_plain_request_is_told_to_upgrade(echo):
    response = ask(echo, request([("Host", f"127.0.0.1:{echo.port}"), ("Accept", "text/html")]))
    assert response.status == 426
    assert response.field("Upgrade") == "websocket"
    assert response.body.strip()


def test_console_has_a_strict_policy(server):
    instance = server("--echo")
    response = ask(instance, request([("Host", f"127.0.0.1:{instance.port}"), ("Accept", "text/html")]))
    assert response.status == 200
    assert response.field("Content-Type").lower().startswith("text/html")
    policy = response.field("Content-Security-Policy")
    assert "default-src 'none'" in policy and "unsafe" not in policy


def test_console_is_not_served_beyond_loopback(server):
    instance = server("--listen", "0.0.0.0:0", "--echo", port=False)
    response = ask(instance, request([("Host", f"127.0.0.1:{instance.port}"), ("Accept", "text/html")]))
    assert response.status == 426


def test_host_option_allows_a_name(server):
    instance = server("--host", "app.example", "--echo")
    assert upgrade(instance, Host="other.example").status == 421
    with RawClient(instance.port) as client:
        client.upgrade(Host="app.example")


ORIGINS = [
    ("same as Host", [], "http://127.0.0.1:{port}", 101),
    ("none", [], None, 101),
    ("listed with scheme", ["--origin", "https://a.example"], "https://a.example", 101),
    ("listed, wrong scheme", ["--origin", "https://a.example"], "http://a.example", 403),
    ("listed without scheme", ["--origin", "a.example"], "http://a.example", 101),
    ("listed without port", ["--origin", "a.example"], "http://a.example:8000", 101),
    ("listed with port, wrong port", ["--origin", "a.example:1"], "http://a.example:2", 403),
    ("longer than a listed one", ["--origin", "a.example"], "http://a.example.evil.example", 403),
    ("ends like a listed one", ["--origin", "a.example"], "http://evil-a.example", 403),
    ("second of a list", ["--origin", "a.example,b.example"], "https://b.example", 101),
    ("upper case", ["--origin", "a.example"], "https://A.EXAMPLE", 101),
    ("any", ["--origin", "any"], "https://evil.example", 101),
    ("any, null", ["--origin", "any"], "null", 101),
]


@pytest.mark.parametrize("options, origin, status", [pytest.param(o, g, s, id=name) for name, o, g, s in ORIGINS])
def test_origin(server, options, origin, status):
    instance = server(*options, "--echo")
    origin = origin and origin.format(port=instance.port)
    assert ask_status(instance, Origin=origin) == status


def ask_status(instance, **changes):
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port, **changes)))
        return client.response(with_body=False).status


def test_refused_origin_is_logged_with_the_option_that_allows_it(echo):
    upgrade(echo, Origin="https://evil.example")
    echo.wait_log("https://evil.example", "--origin")


SUBPROTOCOLS = [
    ("first of ours", ["--subprotocol", "chat,superchat"], "superchat, chat", 101, "chat"),
    ("optional white space", ["--subprotocol", "chat"], "foo ,\tchat ", 101, "chat"),
    ("two fields", ["--subprotocol", "chat"], ["foo", "chat"], 101, "chat"),
    ("names are case-sensitive", ["--subprotocol", "chat"], "Chat", 101, None),
    ("part of a name", ["--subprotocol", "chat"], "chatty", 101, None),
    ("none of ours", ["--subprotocol", "chat"], "foo", 101, None),
    ("none of ours, required", ["--subprotocol", "chat", "--require-subprotocol"], "foo", 400, None),
    ("none offered, required", ["--subprotocol", "chat", "--require-subprotocol"], None, 400, None),
    ("we name none", [], "chat", 101, None),
]


@pytest.mark.parametrize("options, offer, status, chosen",
                         [pytest.param(*rest, id=name) for name, *rest in SUBPROTOCOLS])
def test_subprotocol(server, options, offer, status, chosen):
    instance = server(*options, "--echo")
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port, Sec_WebSocket_Protocol=offer)))
        response = client.response()
        assert response.status == status
        assert response.field("Sec-WebSocket-Protocol") == chosen


def test_unanswered_subprotocol_is_logged_with_the_option(echo):
    with RawClient(echo.port) as client:
        client.upgrade(Sec_WebSocket_Protocol="mqtt")
    echo.wait_log("--subprotocol")


def test_spawn_failure_is_503_for_that_connection_only(server, tmp_path, connect):
    program = tmp_path / "program"

    def install():
        program.write_text("#!/bin/sh\nexec cat\n")
        program.chmod(0o755)
    install()
    instance = server("--cmd", str(program))
    before = connect(instance)
    before.send("before")
    assert before.recv(timeout=5) == "before"
    program.unlink()
    response = upgrade(instance)
    assert response.status == 503
    before.send("still here")
    assert before.recv(timeout=5) == "still here"
    install()
    after = connect(instance)
    after.send("after")
    assert after.recv(timeout=5) == "after"


def test_program_that_is_not_executable_is_503_or_a_usage_error(server, tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/nonexistent/interpreter\n")
    program.chmod(0o755)
    instance = server("--cmd", str(program))
    assert upgrade(instance).status == 503


def test_keep_alive_after_a_refusal(echo):
    with RawClient(echo.port) as client:
        client.send(request(upgrade_fields(echo.port, Sec_WebSocket_Version="8")))
        response = client.response()
        if response.field("Connection") == "close":
            assert client.at_end()
        else:
            client.upgrade()
