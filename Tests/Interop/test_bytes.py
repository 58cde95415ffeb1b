"""What well-behaved applications rarely meet and networks bring: by raw bytes, over all rows."""

import hashlib
import json
import socket
import struct
import threading

import pytest

from harness.raw import RawClient
from test_servers import BODY, SECONDS, cells


def head(address, method, target, *fields, version="1.1"):
    return (f"{method} {target} HTTP/{version}\r\n" + "".join(f"{field}\r\n" for field in (
        f"Host: {address.host}", *fields)) + "\r\n").encode()


def whole(client, response):
    """The body of an answer, however its end is told."""
    if response.field("Content-Length") is not None:
        return response.body
    if (response.field("Transfer-Encoding") or "").lower() != "chunked":
        client.drain_to_end()
        body, client.buffer = client.buffer, b""
        return body
    body = b""
    while True:
        while b"\r\n" not in client.buffer:
            assert client._more()
        line, client.buffer = client.buffer.split(b"\r\n", 1)
        size = int(line.split(b";")[0], 16)
        body += client._exactly(size)
        client._exactly(2)
        if not size:
            return body


@pytest.fixture
def address(request, neighbourhood):
    return neighbourhood.door(*request.param)


@pytest.fixture
def client(address):
    with RawClient(address.port, seconds=SECONDS) as opened:
        yield opened


@cells(lambda row: row.says_continue, ["direct", "plain"])
def test_a_client_that_waits_for_100(address, client):
    """Two of them are passed on as two: some servers say it themselves, and then their framework does."""
    client.send(head(address, "POST", "/length", "Content-Length: 5", "Expect: 100-continue"))
    assert client.response(with_body=False).status == 100
    client.send(b"hello")
    while (response := client.response()).status == 100:
        pass
    assert json.loads(whole(client, response))["bytes"] == 5


@cells(ways=["plain"])
def test_pipelined_requests(address, client):
    """Also in front of those that take one request a connection."""
    client.send(head(address, "GET", "/told?1") + head(address, "GET", "/told?2", "Connection: close"))
    for number in "12":
        assert json.loads(whole(client, client.response()))["target"] == f"/told?{number}"
    assert client.at_end()


@cells(ways=["plain"])
def test_a_client_of_http_1_0(address, client):
    client.send(head(address, "GET", "/page", version="1.0"))
    response = client.response()
    assert response.status == 200 and response.field("Transfer-Encoding") is None
    assert b"new WebSocket" in whole(client, response)
    assert client.at_end()


@cells(ways=["plain"])
def test_a_client_that_leaves_in_the_middle_of_a_body(address, client):
    """Nothing of the next client's request is taken for the rest of it."""
    client.send(head(address, "POST", "/length", f"Content-Length: {len(BODY)}") + BODY[:100_000])
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.socket.close()
    with RawClient(address.port, seconds=SECONDS) as other:
        other.send(head(address, "POST", "/length", "Content-Length: 5") + b"hello")
        assert json.loads(whole(other, other.response()))["sha256"] == hashlib.sha256(b"hello").hexdigest()


@cells(ways=["plain"])
def test_many_requests_side_by_side(address):
    wrong = []

    def ask(number):
        with RawClient(address.port, seconds=SECONDS) as one:
            for turn in range(10):
                mark = f"{number}-{turn}"
                body = (mark * 2000).encode()
                one.send(head(address, "POST", "/length", f"Content-Length: {len(body)}") + body)
                told = json.loads(whole(one, one.response()))
                if told["sha256"] != hashlib.sha256(body).hexdigest():
                    wrong.append(mark)
    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert wrong == [] and not any(thread.is_alive() for thread in threads)


@pytest.mark.parametrize("address", [("nginx", "direct"), ("nginx", "plain")], ids="-".join, indirect=True)
def test_a_body_that_is_refused_before_it_is_read(address, client):
    """nginx answers 413 to the head alone; the client must hear that, and not 502."""
    client.send(head(address, "POST", "/length", f"Content-Length: {100 << 20}") + BODY[:200_000])
    assert client.response().status == 413
