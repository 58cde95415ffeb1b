"""uvicorn as it comes (it believes what 127.0.0.1 forwards), with one of its two WebSocket libraries.

    uvicorn_server.py websockets|wsproto PORT|PATH
"""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

import uvicorn

PAGE = (Path(__file__).parent / "page.html").read_bytes()
closed = 0


def seen(scope):
    fields = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
    query = scope["query_string"].decode()
    return {"method": scope.get("method"), "target": scope["raw_path"].decode() + (f"?{query}" if query else ""),
            "host": fields.get("host"), "origin": fields.get("origin"), "cookie": fields.get("cookie"),
            "forwarded": fields.get("x-forwarded-for"), "scheme": scope["scheme"]}


async def app(scope, receive, send):
    if scope["type"] == "websocket":
        await talk(scope, receive, send)
    elif scope["type"] == "http":
        await serve(scope, receive, send)


async def answer(send, body, kind="text/plain"):
    await send({"type": "http.response.start", "status": 200, "headers": [
        (b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]})
    await send({"type": "http.response.body", "body": body})


async def serve(scope, receive, send):
    path = scope["path"]
    if path == "/page":
        await answer(send, PAGE, "text/html")
    elif path.startswith("/told"):
        await answer(send, json.dumps(seen(scope)).encode(), "application/json")
    elif path == "/length":
        count, digest, more = 0, hashlib.sha256(), True
        while more:
            part = await receive()
            count += len(part.get("body", b""))
            digest.update(part.get("body", b""))
            more = part.get("more_body", False)
        await answer(send, json.dumps({"bytes": count, "sha256": digest.hexdigest()}).encode(), "application/json")
    elif path == "/events":
        await send({"type": "http.response.start", "status": 200,
                    "headers": [(b"content-type", b"text/event-stream")]})
        for number in range(2):
            await send({"type": "http.response.body", "body": b"data: %d\n\n" % number, "more_body": True})
            await asyncio.sleep(20)
    elif path == "/closed":
        await answer(send, str(closed).encode())


async def talk(scope, receive, send):
    global closed
    await receive()
    if scope["path"] == "/refused":
        await send({"type": "websocket.http.response.start", "status": 403, "headers": [(b"x-reason", b"interop")]})
        await send({"type": "websocket.http.response.body", "body": b"no entry\n"})
        return
    await send({"type": "websocket.accept", "subprotocol": "v2" if "v2" in scope["subprotocols"] else None})
    while (message := await receive())["type"] == "websocket.receive":
        text = message.get("text")
        if text == "told":
            await send({"type": "websocket.send", "text": json.dumps(seen(scope))})
        elif text is not None and text.startswith("close "):
            _, code, reason = text.split()
            await send({"type": "websocket.close", "code": int(code), "reason": reason})
        elif text is not None:
            await send({"type": "websocket.send", "text": text})
        else:
            await send({"type": "websocket.send", "bytes": message["bytes"]})
    closed = message["code"]

if __name__ == "__main__":
    place = {"uds": sys.argv[-1]} if "/" in sys.argv[-1] else {"host": "127.0.0.1", "port": int(sys.argv[-1])}
    uvicorn.run(app, **place, ws=sys.argv[1], ws_max_size=1 << 26,
                ssl_certfile=os.environ.get("TLS_CERT"), ssl_keyfile=os.environ.get("TLS_KEY"), log_level="warning")
