"""Flask on the server that it brings, with WebSockets by flask-sock, and Flask-SocketIO."""

import hashlib
import json
import os
import sys
import time
from pathlib import Path

from flask import Flask, Response, jsonify, request
from flask_sock import Sock
from flask_socketio import SocketIO
from simple_websocket import ConnectionClosed
from werkzeug.middleware.proxy_fix import ProxyFix

PAGE = (Path(__file__).parent / "page.html").read_text()
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
app = Flask(__name__)
app.wsgi_app = ProxyFix(app.wsgi_app)  # believes X-Forwarded-For and -Proto
app.config["SOCK_SERVER_OPTIONS"] = {"subprotocols": ["v2"]}
# The origin is compared with Host, which wsbridge leaves as it is: nothing to allow here.
socketio = SocketIO(app, async_mode="threading")
closed = 0


def seen():
    return {"method": request.method, "target": request.environ["RAW_URI"], "host": request.headers.get("Host"),
            "origin": request.headers.get("Origin"), "cookie": request.headers.get("Cookie"),
            "forwarded": request.headers.get("X-Forwarded-For"), "scheme": request.scheme}


@app.get("/page")
def page():
    return PAGE


@app.route("/told", methods=METHODS)
@app.route("/told/<path:rest>", methods=METHODS)
def told(rest=""):
    return jsonify(seen())


@app.post("/length")
def length():
    count, digest = 0, hashlib.sha256()
    while part := request.stream.read(65536):
        count += len(part)
        digest.update(part)
    return jsonify(bytes=count, sha256=digest.hexdigest())


@app.get("/events")
def events():
    def numbers():
        for number in range(2):
            yield f"data: {number}\n\n"
            time.sleep(20)
    return Response(numbers(), content_type="text/event-stream")


@app.get("/closed")
def last_close():
    return str(closed)


@app.get("/refused", websocket=True)
def refuse():
    return "no entry\n", 403, {"X-Reason": "interop"}


@Sock(app).route("/socket")
def talk(socket):
    global closed
    try:
        while True:
            message = socket.receive()
            if message == "told":
                socket.send(json.dumps(seen()))
            elif isinstance(message, str) and message.startswith("close "):
                _, code, reason = message.split()
                socket.close(int(code), reason)
            else:
                socket.send(message)
    except ConnectionClosed as error:
        closed = int(error.reason or 0)
        raise


@socketio.event
def say(text):
    socketio.emit("said", text)
    return {"text": text, "host": request.headers.get("Host"), "origin": request.headers.get("Origin")}


@socketio.event
def reverse(data):
    return data[::-1]

if __name__ == "__main__":
    tls = {}
    if "TLS_CERT" in os.environ:
        tls = {"ssl_context": (os.environ["TLS_CERT"], os.environ["TLS_KEY"])}
    socketio.run(app, host="127.0.0.1", port=int(sys.argv[-1]), allow_unsafe_werkzeug=True, **tls)
