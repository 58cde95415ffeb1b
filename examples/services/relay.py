#!/usr/bin/env python3
"""Leads programs that know no WebSocket to one: each connection to PORT of 127.0.0.1 becomes a WebSocket to URL.

    python3 examples/services/relay.py 5432 ws://127.0.0.1:8080/ &
    psql -h 127.0.0.1 -U postgres

PORT 0 takes a free one, which is printed. Needed: the package websockets, 12 or newer (python3-websockets).
"""

import asyncio
import sys

import websockets


async def relay(reader, writer, url):
    async with websockets.connect(url, compression=None, max_size=None) as socket:
        async def up():
            while data := await reader.read(65536):
                await socket.send(data)
            await socket.close()

        async def down():
            async for message in socket:
                writer.write(message if isinstance(message, bytes) else message.encode())
                await writer.drain()
            writer.close()

        # A connection that is reset ends both.
        await asyncio.gather(up(), down(), return_exceptions=True)


async def main(port, url):
    server = await asyncio.start_server(lambda reader, writer: relay(reader, writer, url), "127.0.0.1", port)
    print(f"listening on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if len(sys.argv) != 3:
    sys.exit(__doc__)
try:
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
except KeyboardInterrupt:
    pass
