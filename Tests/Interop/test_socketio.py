"""Socket.IO negotiates and polls by plain requests, then asks for a WebSocket, and looks at where the page came from."""

import asyncio

import pytest

socketio = pytest.importorskip("socketio")
SECONDS = 15
TRANSPORTS = [["polling", "websocket"], ["polling"], ["websocket"]]


@pytest.fixture(params=["direct", "plain", "front"])
def address(request, neighbourhood):
    return neighbourhood.door("flask", request.param)


async def connected(client, address, transports, origin):
    await client.connect(address.url, headers={"Origin": origin} if origin else {}, transports=transports,
                         wait_timeout=SECONDS)


@pytest.mark.parametrize("transports", TRANSPORTS, ids="+".join)
def test_events_answers_and_bytes(address, transports):
    """The page's own origin is let in: Host comes as the browser wrote it, X-Forwarded-Proto tells of TLS in front."""
    origin = address.url.rstrip("/")

    async def talk():
        async with socketio.AsyncSimpleClient(ssl_verify=False) as client:
            await connected(client, address, transports, origin)
            assert client.transport == transports[-1]
            answer = await client.call("say", "grüße 👋", timeout=SECONDS)
            assert answer == {"text": "grüße 👋", "host": address.host, "origin": origin}
            assert await client.receive(timeout=SECONDS) == ["said", "grüße 👋"]
            data = bytes(range(256)) * 2000
            assert await client.call("reverse", data, timeout=SECONDS) == data[::-1]
    asyncio.run(talk())


def test_pages_of_others_are_kept_out_by_the_application(address):
    async def talk():
        async with socketio.AsyncSimpleClient(ssl_verify=False) as client:
            with pytest.raises(socketio.exceptions.ConnectionError):
                await connected(client, address, ["websocket"], "https://elsewhere.example")
    asyncio.run(talk())


def test_many_clients_hear_each_other(address):
    async def talk():
        clients = [socketio.AsyncSimpleClient(ssl_verify=False) for _ in range(6)]
        for number, client in enumerate(clients):
            await connected(client, address, TRANSPORTS[number % 3], None)
        await clients[0].call("say", "to all", timeout=SECONDS)
        for client in clients:
            assert await client.receive(timeout=SECONDS) == ["said", "to all"]
            await client.disconnect()
    asyncio.run(talk())
