#!/usr/bin/env python3
"""A JSON-RPC server that frames its messages with Content-Length, as language servers do.

Run:        wsbridge --framing content-length --cmd 'python3 examples/jsonrpc/jsonrpc.py'
            A real one: wsbridge --framing content-length --cmd 'clangd'
Send:       {"jsonrpc": "2.0", "id": 1, "method": "add", "params": [1, 2]}
Buffering:  flush after each message.
"""

import json
import sys

METHODS = {
    "add": lambda *numbers: sum(numbers),
    "echo": lambda *values: list(values),
    "reverse": lambda text: text[::-1],
}
PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602


def read_message(stream):
    """Returns one payload, or None when the client has closed."""
    length = None
    while True:
        line = stream.readline()
        if not line:
            return None
        name, _, value = line.decode("ascii").partition(":")
        if not line.strip():
            return stream.read(length or 0)
        if name.strip().lower() == "content-length":
            length = int(value)


def write_message(message):
    payload = json.dumps(message, ensure_ascii=False).encode("utf-8")
    sys.stdout.buffer.write(b"Content-Length: %d\r\n\r\n" % len(payload) + payload)
    sys.stdout.buffer.flush()


def respond(payload):
    """Returns the answer, or None for a notification."""
    try:
        request = json.loads(payload)
    except ValueError:
        return {"jsonrpc": "2.0", "id": None, "error": {"code": PARSE_ERROR, "message": "not JSON"}}
    if not isinstance(request, dict) or not isinstance(request.get("method"), str):
        return {"jsonrpc": "2.0", "id": None, "error": {"code": INVALID_REQUEST, "message": "not a request"}}
    if "id" not in request:
        return None
    answer = {"jsonrpc": "2.0", "id": request["id"]}
    method = METHODS.get(request["method"])
    if method is None:
        return answer | {"error": {"code": METHOD_NOT_FOUND, "message": f"no method {request['method']}"}}
    try:
        return answer | {"result": method(*request.get("params", []))}
    except (TypeError, ValueError) as error:
        return answer | {"error": {"code": INVALID_PARAMS, "message": str(error)}}


while (payload := read_message(sys.stdin.buffer)) is not None:
    answer = respond(payload)
    if answer is not None:
        write_message(answer)
