"""BEHAVIOUR section 4: what happens at the end of a session, and what the wire says."""

import json
import os
import re
import select
import signal
import struct
import time

import pytest
from websockets.sync.client import connect as websocket_connect

from conftest import drain
from harness.processes import processes_with, wait_gone
from harness.raw import BINARY, CLOSE, PING, PONG, TEXT, RawClient
from harness.sanitizer import binary

ENDINGS = [
    ("exit 0", [], "exit 0", 1000, ""),
    ("exit 1", [], "exit 1", 1011, "exit status 1"),
    ("exit 255", [], "exit 255", 1011, "exit status 255"),
    ("SIGKILL", [], f"signal {int(signal.SIGKILL)}", 1011, "killed by SIGKILL"),
    ("SIGSEGV", [], f"signal {int(signal.SIGSEGV)}", 1011, "killed by SIGSEGV"),
    ("SIGTERM", [], f"signal {int(signal.SIGTERM)}", 1011, "killed by SIGTERM"),
    ("close code base, exit 3", ["--close-code-base", "4000"], "exit 3", 4003, None),
    ("close code base, exit 0", ["--close-code-base", "4000"], "exit 0", 1000, None),
]


@pytest.mark.parametrize("options, order, code, reason", [pytest.param(*rest, id=name) for name, *rest in ENDINGS])
def test_program_ends(server, connect, child, options, order, code, reason):
    client = connect(server(*options, "--cmd", child("die.py")))
    client.send(order)
    messages, received_code, received_reason = drain(client)
    assert (messages, received_code) == ([], code)
    if reason is not None:
        assert received_reason == reason


def test_everything_written_is_delivered_before_the_close(server, connect, child):
    output = b"".join(b"line %d\n" % number for number in range(3000))
    messages, code, _ = drain(connect(server("--cmd", child("emit.py", output.hex(), 7))))
    assert (len(messages), messages[-1], code) == (3000, "line 2999", 1011)


def test_program_that_gives_up_its_stdout_still_reads(server, connect, fifo):
    """The end of its output is not the end of the program: dd puts its file where its stdout was."""
    client = connect(server("--cmd", f"dd of={fifo} status=none"))
    with open(fifo, "rb") as pipe:
        for word in ("one", "two"):
            client.send(word)
        client.close()
        assert pipe.read() == b"one\ntwo\n"


def test_grandchild_that_keeps_stdout_open_does_not_keep_the_session(server, connect):
    instance = server("--shell", "--cmd", "sleep 600 & echo started")
    messages, code, _ = drain(connect(instance))
    assert (messages, code) == (["started"], 1000)


def test_pending_messages_reach_the_program_when_the_client_closes(server, connect, fifo, sink):
    instance = server(*sink)
    client = connect(instance)
    with open(fifo, "rb") as pipe:
        for number in range(2000):
            client.send(str(number))
        client.close(4321, "bye")
        assert pipe.read() == b"".join(b"%d\n" % number for number in range(2000))


def test_slow_program_gets_everything_after_the_client_has_closed(server, connect, fifo, child):
    instance = server("--teardown-close-wait", "20s", "--cmd", child("count_bytes.py", fifo))
    client = connect(instance)
    for _ in range(20):
        client.send("x" * 99_999)
    client.close()
    with open(fifo) as pipe:
        assert pipe.read() == "2000000"


CLIENT_CLOSES = [
    ("1000", struct.pack("!H", 1000), 1000),
    ("with a reason", struct.pack("!H", 1001) + b"going away", 1001),
    ("4999", struct.pack("!H", 4999), 4999),
    ("3000", struct.pack("!H", 3000), 3000),
    ("without a code", b"", None),
    ("1005 is not for the wire", struct.pack("!H", 1005), 1002),
    ("1006 is not for the wire", struct.pack("!H", 1006), 1002),
    ("1015 is not for the wire", struct.pack("!H", 1015), 1002),
    ("999", struct.pack("!H", 999), 1002),
    ("5000", struct.pack("!H", 5000), 1002),
    ("half a code", b"\x03", 1002),
    ("reason is not UTF-8", struct.pack("!H", 1000) + b"\xff", 1007),
]


@pytest.mark.parametrize("payload, code", [pytest.param(*rest, id=name) for name, *rest in CLIENT_CLOSES])
def test_client_closes(server, payload, code):
    instance = server("--cmd", "cat")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send_frame(CLOSE, payload)
        received = client.read_frame()
        assert (received.opcode, received.code) == (CLOSE, code)
        assert client.at_end(), "the server closes TCP first"


VIOLATIONS = [
    ("not masked", 1002, lambda c: c.send_frame(TEXT, b"x", masked=False)),
    ("reserved bit", 1002, lambda c: c.send_frame(TEXT, b"x", rsv=4)),
    ("unknown opcode", 1002, lambda c: c.send_frame(3, b"x")),
    ("unknown control opcode", 1002, lambda c: c.send_frame(11, b"")),
    ("continuation of nothing", 1002, lambda c: c.send_frame(0, b"x")),
    ("new message inside another", 1002, lambda c: (c.send_frame(TEXT, b"x", fin=False), c.send_frame(TEXT, b"x"))),
    ("fragmented ping", 1002, lambda c: c.send_frame(PING, b"x", fin=False)),
    ("long ping", 1002, lambda c: c.send_frame(PING, b"x" * 126)),
    ("length of 64 bits with the top bit", 1002, lambda c: c.send(b"\x82\xff" + b"\xff" * 8 + b"mask")),
    ("length longer than needed", 1002, lambda c: c.send(b"\x82\xfe\x00\x01maskx")),
    ("text is not UTF-8", 1007, lambda c: c.send_frame(TEXT, b"a\xff")),
    ("text ends inside a character", 1007, lambda c: c.send_frame(TEXT, b"a\xe2\x82")),
    ("surrogate", 1007, lambda c: c.send_frame(TEXT, b"\xed\xa0\x80")),
    ("overlong form", 1007, lambda c: c.send_frame(TEXT, b"\xc0\xaf")),
    ("wrong byte in an early fragment", 1007, lambda c: c.send_frame(TEXT, b"\xff", fin=False)),
    ("message too big", 1009, lambda c: c.send_frame(TEXT, b"x" * 2000)),
    ("message announced too big", 1009, lambda c: c.send_frame(BINARY, b"", length=1 << 62)),
    ("fragments too big together", 1009, lambda c: [c.send_frame(TEXT if n == 0 else 0, b"x" * 400, fin=False)
                                                    for n in range(4)]),
]


@pytest.mark.parametrize("code, act", [pytest.param(c, a, id=name) for name, c, a in VIOLATIONS])
def test_violation_of_the_client(server, code, act):
    instance = server("--max-message-size", "1000", "--echo")
    with RawClient(instance.port) as client:
        client.upgrade()
        act(client)
        received = client.read_close()
        assert received.code == code
        assert len(received.payload) <= 125
        client.drain_to_end()


def test_frame_size_limit_is_its_own(server):
    instance = server("--max-frame-size", "100", "--max-message-size", "1000", "--echo")
    with RawClient(instance.port) as client:
        client.upgrade()
        for number in range(5):
            client.send_frame(TEXT if number == 0 else 0, b"x" * 100, fin=number == 4)
        assert client.read_frame().payload == b"x" * 500
        client.send_frame(TEXT, b"x" * 101)
        assert client.read_close().code == 1009


def test_binary_where_only_text_is_spoken_is_1003(server):
    instance = server("--framing", "content-length", "--cmd", "cat")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send_frame(BINARY, b"\xff")
        assert client.read_close().code == 1003


def test_pings_are_answered_in_order_also_between_fragments(server):
    instance = server("--echo")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send_frame(TEXT, b"a", fin=False)
        for number in range(5):
            client.send_frame(PING, b"%d" % number)
        client.send_frame(0, b"b")
        frames = [client.read_frame() for _ in range(6)]
        assert [f.payload for f in frames if f.opcode == PONG] == [b"%d" % number for number in range(5)]
        assert [f.payload for f in frames if f.opcode == TEXT] == [b"ab"]


def test_nothing_is_sent_after_the_close(server):
    instance = server("--cmd", "yes")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.read_frame()
        client.send_close(1000)
        assert client.read_close(answer=False).code == 1000
        assert client.at_end()


def test_client_that_does_not_answer_our_close(server, child):
    instance = server("--close-timeout", "300ms", "--cmd", child("emit.py", "", 1))
    with RawClient(instance.port) as client:
        client.upgrade()
        assert client.read_close(answer=False).code == 1011
        assert client.at_end()


def test_a_client_that_keeps_its_side_open_does_not_hold_up_a_stop(server):
    instance = server("--echo", "--handshake-timeout", "200ms")
    with RawClient(instance.port) as answered, RawClient(instance.port) as refused:
        answered.upgrade()
        refused.send(b"GET / HTTP/1.1\r\nHo")
        assert refused.response().status == 408
        started = time.monotonic()
        instance.signal()
        assert answered.read_frame().code == 1001
        answered.send_close(1001)
        assert instance.wait() == 0
        assert time.monotonic() - started < 4  # the close timeout is 5 s


def test_server_stop_is_1001_and_waits_for_nobody_idle(server, connect):
    instance = server("--cmd", "cat")
    clients = [connect(instance) for _ in range(5)]
    instance.signal()
    assert [drain(client)[1] for client in clients] == [1001] * 5
    assert instance.wait() == 0


FAMILIES = [("plain",), ("session",), ("daemon",), ("stubborn",), ("shed",),
            ("plain", "session", "daemon", "stubborn", "shed")]


@pytest.mark.slow
@pytest.mark.parametrize("kinds", FAMILIES, ids="+".join)
@pytest.mark.parametrize("end", ["client closes", "client vanishes", "SIGTERM to the server", "SIGKILL to the server"])
def test_no_descendant_is_left(server, connect, child, kinds, end):
    instance = server("--teardown-close-wait", "200ms", "--teardown-term-wait", "200ms",
                      "--cmd", child("family.py", *kinds))
    client = connect(instance)
    pids = [int(word) for word in client.recv(timeout=10).split()]
    assert len(pids) == len(kinds) + 1
    try:
        if end == "client closes":
            client.close()
        elif end == "client vanishes":
            client.socket.close()
        elif end == "SIGTERM to the server":
            instance.signal()
        else:
            instance.signal(signal.SIGKILL)
            instance.wait()
        wait_gone(pids)
    finally:
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def test_sigkill_of_a_server_ends_the_sessions_of_a_server_below_it(server, connect, child):
    """The one below marks its children otherwise: its own guardian ends them."""
    inner = f"{binary()} --port 0 --cmd '{child('family.py', 'shed')}'"
    outer = server("--stderr", "client", "--", "sh", "-c", f"{inner} & wait")
    with connect(outer) as client:
        port = int(re.search(r"http://127.0.0.1:(\d+)", client.recv(timeout=10))[1])
        with websocket_connect(f"ws://127.0.0.1:{port}/", proxy=None) as nested:
            pids = [int(word) for word in nested.recv(timeout=10).split()]
            outer.signal(signal.SIGKILL)
            outer.wait()
            wait_gone(pids)


def test_program_that_ignores_the_end_of_input_and_sigterm_is_killed(server, connect, child):
    instance = server("--teardown-close-wait", "100ms", "--teardown-term-wait", "100ms",
                      "--cmd", child("family.py", "stubborn"))
    client = connect(instance)
    pids = [int(word) for word in client.recv(timeout=10).split()]
    client.close()
    wait_gone(pids)


def test_sigkill_of_the_server_leaves_no_guard_behind(server, connect, tmp_path):
    """Whatever helps the server to clean up is gone with it."""
    token = f"token-{tmp_path.name}"
    instance = server("--cmd", f"tail -f /dev/null {tmp_path}/{token}")
    connect(instance)
    pids = processes_with(token)
    instance.signal(signal.SIGKILL)
    instance.wait()
    wait_gone(pids)
    assert not processes_with(token)


@pytest.mark.parametrize("prefix", ["", "setsid "], ids=["same session", "session of its own"])
def test_children_from_before_the_start_are_left_alone(server, connect, child, prefix):
    """A shell that starts others and then becomes the server: they are none of the server's sessions'."""
    script = f"{prefix}sleep 600 <&- >&- 2>&- & echo $! >&2; exec \"$0\" \"$@\""
    instance = server("--cmd", child("die.py"), before=["/bin/sh", "-c", script])
    companion = int(instance.lines[0])
    companion_end = os.pidfd_open(companion)
    try:
        client = connect(instance)
        client.send("exit 0")
        drain(client)
        instance.wait_log("session closed")
        begin = time.monotonic()
        instance.signal()
        assert instance.wait() == 0
        assert time.monotonic() - begin < 1.5, "nobody is waited for"
        assert not select.select([companion_end], [], [], 0)[0], "it still runs"
    finally:
        os.kill(companion, signal.SIGKILL)
        os.close(companion_end)


def test_session_lines_of_the_log(server, connect, child):
    instance = server("--cmd", child("die.py"))
    client = connect(instance)
    client.send("exit 3")
    drain(client)
    instance.wait_log("1011")
    record = next(json.loads(line) for line in instance.lines if "1011" in line)
    assert 1011 in record.values() or "1011" in record.values()
    assert "3" in json.dumps(record)


def test_no_payloads_and_no_query_values_in_the_log(server, connect):
    instance = server("--log-level", "debug", "--cmd", "cat")
    client = connect(instance, "/path?token=qsecret")
    client.send("psecret")
    assert client.recv(timeout=5) == "psecret"
    client.close()
    instance.wait_log("session", count=2)
    instance.stop()
    assert not any("qsecret" in line or "psecret" in line for line in instance.lines)
