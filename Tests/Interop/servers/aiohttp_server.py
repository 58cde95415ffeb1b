"""aiohttp: the server, its WebSockets and its streams."""

import asyncio
import hashlib
import os
import ssl
import sys
from pathlib import Path

from aiohttp import WSMsgType, web

PAGE = (Path(__file__).parent / "page.html").read_text()
closed = 0


def seen(request):
    return {"method": request.method, "target": request.raw_path, "host": request.headers.get("Host"),
            "origin": request.headers.get("Origin"), "cookie": request.headers.get("Cookie"),
            "forwarded": request.headers.get("X-Forwarded-For")}


async def page(request):
    return web.Response(text=PAGE, content_type="text/html")


async def told(request):
    return web.json_response(seen(request))


async def length(request):
    count, digest = 0, hashlib.sha256()
    async for part in request.content.iter_any():
        count += len(part)
        digest.update(part)
    return web.json_response({"bytes": count, "sha256": digest.hexdigest()})


async def events(request):
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for number in range(2):
        await response.write(b"data: %d\n\n" % number)
        await asyncio.sleep(20)
    return response


async def last_close(request):
    return web.Response(text=str(closed))


async def refuse(request):
    return web.Response(status=403, text="no entry\n", headers={"X-Reason": "interop"})


async def talk(request):
    global closed
    socket = web.WebSocketResponse(protocols=["v2"], max_msg_size=1 << 26, autoping=False)
    await socket.prepare(request)
    async for message in socket:
        if message.type == WSMsgType.PING:
            await socket.pong(message.data)
        elif message.type == WSMsgType.PONG:
            await socket.send_str("pong")
        elif message.data == "ping":
            await socket.ping(b"!")
        elif message.data == "told":
            await socket.send_json(seen(request))
        elif message.type == WSMsgType.TEXT and message.data.startswith("close "):
            _, code, reason = message.data.split()
            await socket.close(code=int(code), message=reason.encode())
        elif message.type == WSMsgType.TEXT:
            await socket.send_str(message.data)
        elif message.type == WSMsgType.BINARY:
            await socket.send_bytes(message.data)
    closed = socket.close_code
    return socket

if __name__ == "__main__":
    context = None
    if "TLS_CERT" in os.environ:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.environ["TLS_CERT"], os.environ["TLS_KEY"])
    app = web.Application(client_max_size=1 << 30)
    app.add_routes([web.get("/page", page), web.route("*", "/told{rest:.*}", told), web.post("/length", length),
                    web.get("/events", events), web.get("/closed", last_close), web.get("/refused", refuse),
                    web.get("/socket", talk)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[-1]), ssl_context=context, print=None)
