"""Django with Channels, served by daphne: all of a project in one file."""

import asyncio
import hashlib
import json
import os
import sys
from pathlib import Path

import django
from channels.exceptions import DenyConnection
from channels.generic.websocket import AsyncWebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from daphne.server import Server
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt

PAGE = (Path(__file__).parent / "page.html").read_text()
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="of a test",
                   DATA_UPLOAD_MAX_MEMORY_SIZE=None, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
django.setup()
closed = 0


def page(request):
    return HttpResponse(PAGE)


@csrf_exempt
def told(request, rest):
    return JsonResponse({"method": request.method, "target": request.get_full_path(), "host": request.get_host(),
                         "origin": request.headers.get("Origin"), "cookie": request.headers.get("Cookie"),
                         "forwarded": request.headers.get("X-Forwarded-For"), "scheme": request.scheme})


@csrf_exempt
def length(request):
    return JsonResponse({"bytes": len(request.body), "sha256": hashlib.sha256(request.body).hexdigest()})


async def events(request):
    async def numbers():
        for number in range(2):
            yield f"data: {number}\n\n"
            await asyncio.sleep(20)
    return StreamingHttpResponse(numbers(), content_type="text/event-stream")


def last_close(request):
    return HttpResponse(str(closed))


urlpatterns = [path("page", page), re_path(r"^told(.*)$", told), path("length", length), path("events", events),
               path("closed", last_close)]


class Talk(AsyncWebsocketConsumer):
    async def connect(self):
        await self.accept("v2" if "v2" in self.scope["subprotocols"] else None)

    async def receive(self, text_data=None, bytes_data=None):
        if text_data == "told":
            fields = {name.decode(): value.decode() for name, value in self.scope["headers"]}
            await self.send(json.dumps({"host": fields.get("host"), "origin": fields.get("origin"),
                                        "cookie": fields.get("cookie"), "forwarded": fields.get("x-forwarded-for")}))
        elif text_data is not None and text_data.startswith("close "):
            _, code, reason = text_data.split()
            await self.close(int(code), reason)
        else:
            await self.send(text_data, bytes_data)

    async def disconnect(self, code):
        global closed
        closed = code


class Refuse(AsyncWebsocketConsumer):
    async def connect(self):
        raise DenyConnection


application = ProtocolTypeRouter({
    "http": get_asgi_application(),
    "websocket": URLRouter([path("socket", Talk.as_asgi()), path("refused", Refuse.as_asgi())])})

if __name__ == "__main__":
    endpoint = f"tcp:{sys.argv[-1]}:interface=127.0.0.1"
    if "TLS_CERT" in os.environ:
        endpoint = (f"ssl:{sys.argv[-1]}:interface=127.0.0.1:privateKey={os.environ['TLS_KEY']}"
                    f":certKey={os.environ['TLS_CERT']}")
    Server(application, endpoints=[endpoint], signal_handlers=True).run()
