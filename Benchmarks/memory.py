#!/usr/bin/env python3
"""Measures resident memory: after the start, and of each idle connection of several kinds."""

import socket
import threading

from measuring import comparison, websocket
from measuring.nginx import nginx_words
from measuring.programs import Program, cores, find

# One client may have so many connections, and nothing is said of them.
COMMON = ("--workers", "1", "--log-level", "error", "--drain-timeout", "1s")


def serving(program, *options, connections=100):
    """The command line of a wsbridge that takes so many connections of one client."""
    return lambda port: [program, "--port", port, *COMMON, "--max-connections", connections + 100,
                         "--max-connections-per-ip", "unlimited", *options]


def after_start(words):
    with Program(words, cores()[0]) as server:
        return (server.resident_kib(),)


def per_connection(words, count):
    """What each of `count` connections adds, in kB: to the server alone, and with its children.

    All of them have passed one message when it is measured; the code that the first touches is shared out among them.
    """
    with Program(words, cores()[0]) as server:
        alone, family = server.resident_kib(), server.family_kib()
        opened = websocket.open_many(server.port, count)
        try:
            for connection in opened:
                websocket.echo(connection)
            return (server.resident_kib() - alone) / count, (server.family_kib() - family) / count
        finally:
            for connection in opened:
                connection.close()


class EchoOverTCP:
    """A server behind `--tcp`: sends back what it gets, connection by connection."""

    def __enter__(self):
        self.server = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.close()

    def _accept(self):
        while True:
            try:
                connection = self.server.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._echo, args=(connection,), daemon=True).start()

    @staticmethod
    def _echo(connection):
        with connection:
            try:
                while received := connection.recv(4096):
                    connection.sendall(received)
            except OSError:
                return


def in_kib(result):
    return f"{result[0]:,.0f} kB"


def alone_and_family(result):
    return f"{result[0]:.2f} kB, all {result[1]:.2f}" if result[1] - result[0] >= 0.01 else f"{result[0]:.2f} kB"


def main():
    parser = comparison.parser(__doc__, rounds=1)
    for kind, standard in (("echo", 9500), ("cmd", 500), ("tcp", 500), ("proxy", 1000)):
        parser.add_argument(f"--{kind}", metavar="N", type=comparison.at_least(1), default=standard,
                            help=f"idle connections with --{kind} (default: %(default)s)")
    options = parser.parse_args()
    comparison.begin(options)
    websocket.raise_descriptor_limit()
    comparison.heading()
    for name, measure, other, form in cases(options):
        if options.only in name:
            peer = (options.against.name, lambda: measure(options.against)) if options.against else other()
            comparison.compare(name, options.rounds, lambda: measure(options.wsbridge), peer, form)


def cases(options):
    """Of each case its name, what measures a wsbridge, what finds another server to compare, and the form of numbers.
    """
    def start(program):
        return after_start(serving(program, "--echo"))

    def echo(program):
        return per_connection(serving(program, "--echo", connections=options.echo), options.echo)

    def cmd(program):
        return per_connection(serving(program, "--cmd", "cat", connections=options.cmd), options.cmd)

    def websocketd():
        words = (path := find("websocketd")) and (
            lambda port: [path, "--loglevel=error", "--address=127.0.0.1", f"--port={port}", "cat"])
        return words and ("websocketd", lambda: per_connection(words, options.cmd))

    def tcp(program):
        with EchoOverTCP() as behind:
            words = serving(program, "--tcp", f"127.0.0.1:{behind.port}", connections=options.tcp)
            return per_connection(words, options.tcp)

    def tunnels(proxy):
        """`proxy` gives the command line of a proxy in front of a port."""
        with Program(serving(options.wsbridge, "--echo", connections=options.proxy), cores()[1]) as behind:
            return per_connection(proxy(behind.port), options.proxy)

    def proxy(program):
        return tunnels(lambda behind: serving(
            program, "--proxy", f"http://127.0.0.1:{behind}", connections=options.proxy))

    def nginx():
        path = find("nginx")
        return path and ("nginx", lambda: tunnels(lambda behind: nginx_words(path, proxied=behind)))

    def nobody():
        return None

    yield "after start, --echo", start, nobody, in_kib
    yield f"--echo, {options.echo}", echo, nobody, alone_and_family
    yield f"--cmd cat, {options.cmd}", cmd, websocketd, alone_and_family
    yield f"--tcp, {options.tcp}", tcp, nobody, alone_and_family
    yield f"--proxy, {options.proxy}", proxy, nginx, alone_and_family


if __name__ == "__main__":
    main()
