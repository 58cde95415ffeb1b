#!/usr/bin/env python3
"""A small web application: its page, events and a WebSocket come from one port. Needs python3-aiohttp.

    python3 examples/web/app.py 3000 &
    wsbridge --proxy http://127.0.0.1:3000

The page shows the time as the server tells it (server-sent events) and what others write (WebSocket).
"""

import asyncio
import sys
import time

from aiohttp import WSMsgType, web

PAGE = """<!doctype html><meta charset="utf-8"><title>web</title>
<p>The server's time: <b id="time"></b></p><form><input autofocus> <button>say</button></form><ul id="said"></ul>
<script>
const base = location.pathname.replace(/[^/]*$/, ""), at = (id) => document.getElementById(id);
new EventSource(base + "events").onmessage = ({ data }) => at("time").textContent = data;
const socket = new WebSocket(location.origin.replace(/^http/, "ws") + base + "socket");
socket.onmessage = ({ data }) => at("said").append(Object.assign(document.createElement("li"), { textContent: data }));
document.forms[0].onsubmit = (event) => {
  event.preventDefault();
  socket.send(document.forms[0][0].value);
  document.forms[0].reset();
};
</script>"""

listeners = set()


async def page(request):
    return web.Response(text=PAGE, content_type="text/html")


async def events(request):
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    try:
        while True:
            await response.write(f"data: {time.strftime('%H:%M:%S')}\n\n".encode())
            await asyncio.sleep(1)
    except (ConnectionError, asyncio.CancelledError):
        return response


async def talk(request):
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    listeners.add(socket)
    async for message in socket:
        if message.type == WSMsgType.TEXT:
            for listener in list(listeners):
                await listener.send_str(message.data)
    listeners.discard(socket)
    return socket


async def length(request):
    count = 0
    async for part in request.content.iter_any():
        count += len(part)
    return web.json_response({"bytes": count, "from": request.headers.get("X-Forwarded-For")})

if __name__ == "__main__":
    app = web.Application(client_max_size=1 << 30)
    app.add_routes([web.get("/", page), web.get("/events", events), web.get("/socket{slash:/?}", talk),
                    web.post("/length", length)])
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 3000)
