"""One application on the servers of others: what it sees and says is the same through wsbridge as without it."""

import contextlib
import hashlib
import http.client
import json
import os

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.frames import Close
from websockets.sync.client import connect

from harness.server import until
from harness.turnwise import TurnwiseSocket
from table import ROWS

SECONDS = 15
# `direct` asks the server itself, whether the table is right about it.
WAYS = ["direct", "plain", "secure"]


def cells(holds=lambda row: True, ways=WAYS):
    """The rows for which this holds, by each way that there is."""
    def marks(row, way):
        # With several workers all that one server is asked comes from one of them.
        return [pytest.mark.xdist_group(row.name)] + [pytest.mark.quick] * (row.quick and way == "plain")
    return pytest.mark.parametrize("address", [
        pytest.param((row.name, way), id=f"{row.name}-{way}", marks=marks(row, way))
        for row in ROWS if holds(row) for way in ways if row.tls or way != "secure"], indirect=True)


@pytest.fixture
def address(request, neighbourhood):
    return neighbourhood.door(*request.param)


@pytest.fixture
def http_client(address, authority):
    """One connection for all requests of a test: what a request leaves behind would spoil the next one."""
    if address.tls:
        client = http.client.HTTPSConnection("localhost", address.port, timeout=SECONDS, context=authority.context())
    else:
        client = http.client.HTTPConnection("localhost", address.port, timeout=SECONDS)
    with contextlib.closing(client):
        yield client


@pytest.fixture
def websocket(address, authority):
    with contextlib.ExitStack() as opened:
        def open_client(path="socket", **options):
            settings = {"compression": None, "open_timeout": SECONDS, "close_timeout": 2, "max_size": None,
                        "proxy": None, "ping_interval": None} | options
            if address.tls:
                settings["ssl"] = authority.context()
                settings["ssl"].sslsocket_class = TurnwiseSocket
            return opened.enter_context(connect(address.ws_url + path, **settings))
        yield open_client


def fetch(client, method, target, body=None, fields=None):
    client.request(method, target, body, fields or {})
    response = client.getresponse()
    return response, response.read()


# Requests


@cells()
def test_a_page(address, http_client):
    response, body = fetch(http_client, "GET", "/page")
    assert response.status == 200 and b"new WebSocket" in body
    assert response.getheader("Content-Type").startswith("text/html")


@cells()
def test_what_the_application_is_told(address, http_client):
    fields = {"Origin": "https://elsewhere.example", "Cookie": "a=b; c=d"}
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        response, body = fetch(http_client, method, "/told/a%20b?x=%2F&y=1", fields=fields)
        assert response.status == 200, (method, response.status)
        told = json.loads(body)
        forwarded = told.pop("forwarded")
        assert told.pop("scheme", address.url.split(":")[0]) == address.url.split(":")[0]
        assert told == {"method": method, "target": "/told/a%20b?x=%2F&y=1", "host": address.host,
                        "origin": fields["Origin"], "cookie": fields["Cookie"]}
        assert forwarded is None or forwarded.startswith("127.0.0.1")
        assert forwarded is not None or address.instance is None


@cells(lambda row: row.scheme, ways=["front"])
def test_the_scheme_of_the_client(address, http_client):
    """TLS ends at wsbridge, and links and cookies of the framework are still those of https."""
    told = json.loads(fetch(http_client, "GET", "/told")[1])
    assert told["scheme"] == "https"


@cells()
def test_head(address, http_client):
    response, body = fetch(http_client, "HEAD", "/page")
    assert (response.status, body) == (200, b"")
    assert b"new WebSocket" in fetch(http_client, "GET", "/page")[1]


BODY = os.urandom(3_000_000)


@cells()
@pytest.mark.parametrize("size", [0, 5, len(BODY)])
def test_a_body_by_its_length(address, http_client, size):
    counted(http_client, BODY[:size], BODY[:size])


@cells(lambda row: row.chunked_requests)
def test_a_body_in_chunks(address, http_client):
    counted(http_client, iter([BODY[:70_000], BODY[70_000:70_001], BODY[70_001:]]), BODY)


def counted(client, sent, body):
    response, answer = fetch(client, "POST", "/length", sent, {"Content-Type": "application/octet-stream"})
    assert (response.status, json.loads(answer)) == (
        200, {"bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()})


@cells()
def test_events_come_at_once(address, http_client):
    http_client.request("GET", "/events", headers={"Accept": "text/event-stream"})
    response = http_client.getresponse()
    assert response.getheader("Content-Type").startswith("text/event-stream")
    lines = iter(response.readline, b"")
    assert next(line for line in lines if line.startswith(b"data:")).split(b":")[1].strip() == b"0"


# WebSockets

has_websockets = cells(lambda row: row.websockets)


@has_websockets
def test_messages(address, websocket):
    client = websocket()
    large = os.urandom(address.row.message_max)
    if not address.row.empty_messages:
        client.send("")  # is lost: the next answer is that of the next message
    empty = ["", b""] if address.row.empty_messages else []
    for message in ["hello", "grüße 👋", b"\0\xff", *empty, "x" * 200_000, large]:
        client.send(message)
        assert client.recv(timeout=SECONDS) == message
    client.send(["one ", "message ", "in ", "fragments"])
    assert client.recv(timeout=SECONDS) == "one message in fragments"
    client.send([large[:1000], large[1000:500_000], b"", large[500_000:]])
    assert client.recv(timeout=SECONDS) == large


@has_websockets
def test_many_at_once(address, websocket):
    clients = [websocket() for _ in range(5)]
    for number in range(50):
        for index, client in enumerate(clients):
            client.send(f"{index}:{number}")
    for number in range(50):
        for index, client in enumerate(clients):
            assert client.recv(timeout=SECONDS) == f"{index}:{number}"


@has_websockets
def test_ping_and_pong(address, websocket):
    client = websocket()
    assert client.ping("are you there").wait(SECONDS)
    if address.row.pings:
        client.send("ping")
        assert client.recv(timeout=SECONDS) == "pong"


@has_websockets
def test_what_the_application_is_told_by_the_handshake(address, websocket):
    client = websocket(origin=address.url.rstrip("/"), additional_headers={"Cookie": "a=b"})
    client.send("told")
    told = json.loads(client.recv(timeout=SECONDS))
    assert (told["host"], told["origin"], told["cookie"]) == (address.host, address.url.rstrip("/"), "a=b")


@has_websockets
def test_the_server_chooses_the_subprotocol(address, websocket):
    assert websocket(subprotocols=["v1", "v2"]).subprotocol == "v2"
    assert websocket().subprotocol is None


@has_websockets
def test_close_codes_go_both_ways(address, websocket, http_client):
    client = websocket()
    client.send("close 4001 enough")
    until(lambda: close_of(client), SECONDS, "the Close of the server")
    assert client.protocol.close_rcvd == Close(4001, "enough" if address.row.close_reason else "")
    client = websocket()
    client.close(4002, "bye")
    answer = client.protocol.close_rcvd
    assert (answer and answer.code) in address.row.close_answers
    until(lambda: fetch(http_client, "GET", "/closed")[1] == b"4002", SECONDS, "the application hears of the close")


def close_of(client):
    """The Close that the server has sent: some let the connection stand for long after it."""
    with contextlib.suppress(ConnectionClosed, TimeoutError):
        client.recv(timeout=0.2)
    return client.protocol.close_rcvd


@cells(lambda row: row.websockets)
def test_a_refusal_reaches_the_client(address, websocket):
    with pytest.raises(InvalidStatus) as refused:
        websocket("refused")
    response = refused.value.response
    status, body, reason = address.row.refusal
    assert (response.status_code, bytes(response.body), response.headers.get("X-Reason")) == (status, body, reason)


@cells(lambda row: row.deflate)
def test_compression_is_between_client_and_server(address, websocket):
    client = websocket(compression="deflate")
    assert [extension.name for extension in client.protocol.extensions] == ["permessage-deflate"]
    for message in ("compress me " * 10_000, b"\0" * 300_000, "short"):
        client.send(message)
        assert client.recv(timeout=SECONDS) == message


# Browsers


@cells(ways=["plain", "secure"])
def test_a_browser(address, browser):
    """Chromium plays page.html: request, body, events, subprotocol, messages, origin, close."""
    row = address.row
    page = browser.open(f"{address.url}page?events{'&socket' if row.websockets else ''}")
    page.wait_for("document.title === 'well' || document.title === 'failed'", SECONDS)
    expected = ["host", "body", "event:0"]
    if row.websockets:
        expected += ["subprotocol:v2", "grüße", "👋", "0,255,10", "origin",
                     f"closed:4001:{'enough' if row.close_reason else ''}:true"]
    assert page.evaluate("document.getElementById('found').textContent").split(" ") == expected
