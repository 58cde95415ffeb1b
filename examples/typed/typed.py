#!/usr/bin/env python3
"""Text and binary messages in one program: answers text in upper case and binary reversed.

Run:        wsbridge --framing typed --cmd 'python3 examples/typed/typed.py'
Buffering:  flush after each record.

A record in both directions:   | type: 1 byte, 1 text, 2 binary | length: 4 bytes, big-endian | payload |
"""

import struct
import sys

TEXT, BINARY = 1, 2
HEADER = struct.Struct(">BI")


def records(stream):
    """Yields (type, payload) until the client has closed."""
    while True:
        header = stream.read(HEADER.size)
        if len(header) < HEADER.size:
            return
        kind, length = HEADER.unpack(header)
        payload = stream.read(length)
        if len(payload) < length:
            return
        yield kind, payload


def send(kind, payload):
    sys.stdout.buffer.write(HEADER.pack(kind, len(payload)) + payload)
    sys.stdout.buffer.flush()


for kind, payload in records(sys.stdin.buffer):
    if kind == TEXT:
        send(TEXT, payload.decode("utf-8").upper().encode("utf-8"))
    else:
        send(BINARY, payload[::-1])
