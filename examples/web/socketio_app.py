#!/usr/bin/env python3
"""Socket.IO behind wsbridge: it negotiates and polls by plain requests, then upgrades. Needs python3-socketio, -aiohttp.

    python3 examples/web/socketio_app.py 3000 &
    python3 examples/web/socketio_app.py 3001 &
    wsbridge --proxy http://127.0.0.1:3000 --proxy http://127.0.0.1:3001 --sticky-cookie node

With several servers each client must come back to its own: a cookie, or --balance source.
"""

import sys

import socketio
from aiohttp import web

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
# The origin is that of the page's address, which a proxy leaves as it is.
server = socketio.AsyncServer(async_mode="aiohttp")


@server.event
async def say(sid, text):
    """Answers with who answered, and tells everybody on this server."""
    await server.emit("said", text)
    return f"{PORT}: {text}"

if __name__ == "__main__":
    app = web.Application()
    server.attach(app)
    web.run_app(app, host="127.0.0.1", port=PORT)
