#!/usr/bin/env python3
"""Measures how long a start takes: from the start of the process to the first byte of an answer to GET /."""

import time

from measuring import comparison
from measuring.programs import Program, cores, find


def start(words):
    """One start, in milliseconds: fork, execve, and the tries to connect on the other core are in it."""
    server = Program(words, cores()[0])
    try:
        with server.connect() as connection:
            connection.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
            if not connection.recv(1):
                raise SystemExit(f"{server.process.args[0]} does not answer")
            return ((time.monotonic() - server.begin) * 1000,)
    finally:
        server.stop()


def main():
    options = comparison.parser(__doc__, rounds=25, cases=False).parse_args()
    comparison.begin(options)

    def echo(program):
        return lambda port: [program, "--echo", "--port", port, "--log-level", "error"]
    peer = None
    if options.against:
        peer = options.against.name, lambda: start(echo(options.against))
    elif websocketd := find("websocketd"):
        peer = "websocketd", lambda: start(
            lambda port: [websocketd, "--loglevel=error", "--address=127.0.0.1", f"--port={port}", "cat"])
    comparison.heading()
    comparison.compare("start to first byte", options.rounds, lambda: start(echo(options.wsbridge)), peer,
                       lambda result: f"{result[0]:.1f} ms")


if __name__ == "__main__":
    main()
