"""`wsbridge connect`, the client for people and for pipes, against the server and against one of other people's."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import threading

import pytest
from websockets.asyncio.server import serve

from harness.sanitizer import Reports
from harness.server import binary, run


def connect(url, *options, typed=b"", seconds=20):
    """Runs the client in a pipe; what it was typed is all it gets."""
    reports = Reports(binary())
    done = subprocess.run([binary(), "connect", *options, url], input=typed, capture_output=True, timeout=seconds,
                          env=reports.environment(None), check=False)
    reports.check()
    return done


@contextlib.contextmanager
def other_server(handler, **options):
    """A server of the websockets library, on a thread of its own; gives its port."""
    ready, stop, ports = threading.Event(), [], []

    async def main():
        stopped = asyncio.get_running_loop().create_future()
        stop.append((asyncio.get_running_loop(), stopped))
        async with serve(handler, "127.0.0.1", 0, **options) as server:
            ports.append(server.sockets[0].getsockname()[1])
            ready.set()
            await stopped
    thread = threading.Thread(target=lambda: asyncio.run(main()))
    thread.start()
    assert ready.wait(10)
    try:
        yield ports[0]
    finally:
        loop, stopped = stop[0]
        loop.call_soon_threadsafe(stopped.set_result, None)
        thread.join(10)


@contextlib.contextmanager
def one_answer(answer):
    """A server that says the same to everybody, whatever they say, and goes."""
    listener = socket.create_server(("127.0.0.1", 0))

    def talk():
        with contextlib.suppress(OSError):
            client, _ = listener.accept()
            client.recv(4096)
            client.sendall(answer)
            client.shutdown(socket.SHUT_WR)
            client.recv(4096)
            client.close()
    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()


# ---- in pipes

@pytest.mark.parametrize("options", [["--echo"], ["--cmd", "cat"]])
def test_lines_in_lines_out(server, options):
    instance = server(*options)
    done = connect(instance.ws_url, typed="a\nb\r\n\ngrüße".encode())
    assert done.stdout.decode() == "a\nb\n\ngrüße\n"
    assert (done.returncode, done.stderr.decode()) == (0, "closed by us: 1000\n")
    assert '"close":1000' in instance.wait_log("session closed")


def test_much_of_it(server):
    instance = server("--cmd", "cat")
    typed = b"".join(b"%d %s\n" % (number, b"x" * (number % 300)) for number in range(50_000))
    done = connect(instance.ws_url, typed=typed, seconds=60)
    assert done.stdout == typed and done.returncode == 0


def test_binary(server):
    instance = server("--echo")
    typed = bytes(range(10)) + b"\n" + bytes(range(11, 256))
    assert connect(instance.ws_url, "--binary", typed=typed).stdout == typed.replace(b"\n", b"")
    refused = connect(instance.ws_url, typed=b"good\n\xff\nmore\n")
    assert refused.returncode == 1 and b"not UTF-8; --binary" in refused.stderr and b"more" not in refused.stdout


def test_our_close(server):
    instance = server("--echo")
    done = connect(instance.ws_url, "--close-code", "4321", "--close-reason", "enough")
    assert (done.returncode, done.stderr) == (0, b"closed by us: 4321\n")
    instance.wait_log("session closed", '"close":4321')


@pytest.mark.parametrize("status, code, text", [(0, 0, b"1000"), (3, 1, b"1011 exit status 3")])
def test_close_of_the_server(server, status, code, text):
    instance = server("--shell", "--cmd", f"read line; echo got $line; exit {status}")
    done = connect(instance.ws_url, "--linger", "20s", typed=b"it\n")
    assert (done.stdout, done.returncode) == (b"got it\n", code)
    assert done.stderr == b"closed by the server: " + text + b"\n"


def test_late_answers_are_waited_for(server):
    instance = server("--shell", "--cmd", "while read line; do sleep 0.3; echo late $line; done")
    done = connect(instance.ws_url, "--linger", "10s", "--subprotocol", "x", typed=b"a\nb\n", seconds=60)
    assert done.stdout == b"late a\nlate b\n"


def test_nobody_reads_the_output(server):
    """`wsbridge connect … | head -1`"""
    instance = server("--cmd", "yes")
    client = subprocess.Popen([binary(), "connect", instance.ws_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    assert client.stdout.readline() == b"y\n"
    client.stdout.close()
    assert client.wait(10) == 0
    client.stdin.close()
    assert client.stderr.read() == b"closed by us: 1000\n"
    client.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes(server, number):
    instance = server("--shell", "--cmd", "echo ready; cat")
    client = subprocess.Popen([binary(), "connect", instance.ws_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE)
    assert client.stdout.readline() == b"ready\n"
    client.send_signal(number)
    out, err = client.communicate(timeout=10)
    assert (client.returncode, out, err) == (0, b"", b"closed by us: 1000\n")
    instance.wait_log("session closed", '"close":1000')


# ---- what the server gets

def test_fields_of_the_request():
    async def tell(connection):
        fields = connection.request.headers
        await connection.send("|".join([connection.request.path, fields["Origin"], fields["X-Token"], connection.subprotocol]))
    with other_server(tell, subprotocols=["b"]) as port:
        done = connect(f"ws://127.0.0.1:{port}/x?y", "--origin", "https://a.example", "--header", "X-Token: 1",
                       "--subprotocol", "a, b")
    assert (done.stdout, done.returncode) == (b"/x?y|https://a.example|1|b\n", 0)


def test_pings_are_answered_and_fragments_joined():
    async def talk(connection):
        await (await connection.ping(b"are you there?"))
        await connection.send(["one ", "message"])
        await connection.close(4000, "until then")
    with other_server(talk) as port:
        done = connect(f"ws://127.0.0.1:{port}/", "--linger", "20s")
    assert (done.stdout, done.returncode) == (b"one message\n", 1)
    assert done.stderr == b"closed by the server: 4000 until then\n"


# ---- TLS

def test_certificates_are_checked(server, authority):
    pair = authority.issue("connect", "localhost", "IP:127.0.0.1")
    instance = server(*pair.options, "--echo")
    refused = connect(instance.ws_url, typed=b"secret\n")
    assert refused.returncode == 1 and b"not trusted" in refused.stderr and b"--ca FILE" in refused.stderr
    for options in (["--ca", authority.bundle], ["--insecure"]):
        done = connect(instance.ws_url, *options, typed=b"hello\n" * 1000)
        assert (done.stdout, done.returncode) == (b"hello\n" * 1000, 0), done.stderr


def test_certificates_for_other_names_are_not_good(server, authority):
    pair = authority.issue("elsewhere", "elsewhere.example")
    instance = server(*pair.options, "--echo")
    refused = connect(instance.ws_url, "--ca", authority.bundle, typed=b"secret\n")
    assert refused.returncode == 1 and b"not trusted" in refused.stderr
    assert connect(instance.ws_url, "--insecure", typed=b"so be it\n").stdout == b"so be it\n"


def test_authorities_that_are_not_there():
    done = run("connect", "wss://127.0.0.1:1/", "--ca", "/nowhere")
    assert done.returncode == 1 and "/nowhere cannot be read" in done.stderr


# ---- what goes wrong

def test_nobody_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        done = connect(f"ws://127.0.0.1:{unused.getsockname()[1]}/")
    assert done.returncode == 1 and b"cannot connect to 127.0.0.1:" in done.stderr


def test_unknown_host():
    done = connect("ws://no-such-host.invalid/")
    assert done.returncode == 1 and b"cannot find no-such-host.invalid" in done.stderr


def test_silence_is_bounded():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = connect(f"ws://127.0.0.1:{silent.getsockname()[1]}/", "--connect-timeout", "200ms")
    assert done.returncode == 1 and b"takes too long; --connect-timeout" in done.stderr


def test_refusal_says_why(server):
    instance = server("--cmd", "cat")
    done = connect(instance.ws_url, "--origin", "http://evil.example")
    assert done.returncode == 1 and b"the server answers 403 Forbidden: " in done.stderr


GOOD = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n")


@pytest.mark.parametrize("answer, text", [
    (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", b"speaks no HTTP"), (b"", b"ended without a Close"),
    (b"HTTP/1.1 404 Not Found\r\n\r\n\x1b[2Jno such \x07 thing\r\n", b"404 Not Found: \\u{1B}[2Jno such \\u{7} thing"),
    (GOOD, b"does not fit"),
])
def test_answers_that_open_nothing(answer, text):
    with one_answer(answer) as port:
        done = connect(f"ws://127.0.0.1:{port}/")
    assert done.returncode == 1 and text in done.stderr


def test_a_server_that_breaks_the_protocol():
    async def talk(connection):
        connection.transport.write(b"\x83\x00")
        await connection.wait_closed()
    with other_server(talk) as port:
        done = connect(f"ws://127.0.0.1:{port}/", "--linger", "20s")
    assert done.returncode == 1 and b"broke the protocol: a frame has the unknown opcode 3" in done.stderr


def test_a_message_over_the_limit(server):
    instance = server("--shell", "--cmd", "head -c 5000 /dev/zero | tr '\\0' x; echo; cat")
    done = connect(instance.ws_url, "--max-message-size", "4KiB", "--linger", "20s")
    assert done.returncode == 1 and b"--max-message-size allows more" in done.stderr
    assert connect(instance.ws_url).stdout == b"x" * 5000 + b"\n"


def test_usage_errors_exit_2():
    assert run("connect").returncode == 2
    assert run("connect", "127.0.0.1").returncode == 2


# ---- on a terminal

def test_on_a_terminal(server):
    """Hexadecimal for binary, no escape sequences, Ctrl-D closes at once."""
    instance = server("--framing", "typed", "--shell", "--cmd",
                      r"printf '\001\000\000\000\004\033[2J\002\000\000\000\002\000\377'; cat")
    master, slave = os.openpty()
    client = subprocess.Popen([binary(), "connect", instance.ws_url], stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    shown = b""
    try:
        while b"00 ff" not in shown:
            shown += os.read(master, 1000)
        assert b"connected to ws://" in shown and b"\\u{1B}[2J" in shown and b"\x1b" not in shown
        os.write(master, b"\x04")
        while b"closed by us: 1000" not in shown:
            shown += os.read(master, 1000)
        assert client.wait(10) == 0
    finally:
        os.close(master)
        client.kill()
        client.wait()
