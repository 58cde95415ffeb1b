"""BEHAVIOUR section 3: six framings, in both directions."""

import struct

import pytest

from conftest import drain
from harness.raw import RawClient


def prefixed(payload):
    return struct.pack("!I", len(payload)) + payload


def typed(kind, payload):
    return bytes([kind]) + prefixed(payload)


def counted(payload):
    return b"Content-Length: %d\r\n\r\n" % len(payload) + payload


# name, options, what the program writes, the messages (str is TEXT, bytes is BINARY)
OUTPUT = [
    ("lines", [], b"a\nb c\n", ["a", "b c"]),
    ("lines, CRLF", [], b"a\r\nb\r\n", ["a", "b"]),
    ("lines, CR inside", [], b"a\rb\n", ["a\rb"]),
    ("lines, empty", [], b"\n\r\n\n", ["", "", ""]),
    ("lines, last without end", [], b"a\nlast", ["a", "last"]),
    ("lines, last is a CR", [], b"a\nb\r", ["a", "b\r"]),
    ("lines, nothing", [], b"", []),
    ("lines, UTF-8", [], "grüße 👋\n".encode(), ["grüße 👋"]),
    ("lines, NUL inside", [], b"a\0b\n", ["a\0b"]),
    ("lines, invalid UTF-8 is replaced", [], b"a\xffb\n", ["a\ufffdb"]),
    ("lines, truncated UTF-8 is replaced", [], b"a\xe2\x82\n", ["a\ufffd"]),
    ("lines, surrogates are replaced", [], b"\xed\xa0\x80\n", ["\ufffd\ufffd\ufffd"]),
    ("lines, invalid UTF-8 as binary", ["--invalid-text", "binary"], b"ok\na\xffb\n", ["ok", b"a\xffb"]),
    ("null", ["--framing", "null"], b"a\nb\0\0c\0", ["a\nb", "", "c"]),
    ("null, last without end", ["--framing", "null"], b"a\0last", ["a", "last"]),
    ("null, binary", ["--framing", "null", "--message-type", "binary"], b"\xff\0\xfe\0", [b"\xff", b"\xfe"]),
    ("length-prefixed", ["--framing", "length-prefixed"], prefixed(b"\0\n") + prefixed(b"") + prefixed(b"x" * 300),
     [b"\0\n", b"", b"x" * 300]),
    ("length-prefixed, text", ["--framing", "length-prefixed", "--message-type", "text"], prefixed("ü\n".encode()),
     ["ü\n"]),
    ("typed", ["--framing", "typed"], typed(1, b"text\n") + typed(2, b"\xff\0") + typed(1, b""), ["text\n", b"\xff\0", ""]),
    ("content-length", ["--framing", "content-length"], counted(b'{"a":\n1}') + counted(b""), ['{"a":\n1}', ""]),
    ("content-length, more fields", ["--framing", "content-length"],
     b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:2\r\n\r\nok", ["ok"]),
]


@pytest.mark.parametrize("options, output, expected", [pytest.param(*rest, id=name) for name, *rest in OUTPUT])
def test_output(server, connect, child, options, output, expected):
    instance = server(*options, "--cmd", child("emit.py", output.hex()))
    messages, code, _ = drain(connect(instance))
    assert messages == expected
    assert code == 1000


def test_raw_output_is_binary_and_complete(server, connect, child):
    data = bytes(range(256)) * 64
    instance = server("--framing", "raw", "--cmd", child("emit.py", data.hex()))
    messages, code, _ = drain(connect(instance))
    assert all(isinstance(message, bytes) and message for message in messages)
    assert b"".join(messages) == data
    assert code == 1000


def test_raw_text_is_cut_between_characters(server, connect, child):
    text = "aä€👋" * 3000
    instance = server("--framing", "raw", "--message-type", "text", "--cmd", child("emit.py", text.encode().hex()))
    messages, code, _ = drain(connect(instance))
    assert all(isinstance(message, str) for message in messages)
    assert "".join(messages) == text
    assert code == 1000


VIOLATIONS = [
    ("lines over the limit", ["--max-record-size", "100"], b"ok\n" + b"x" * 101 + b"\n", ["ok"]),
    ("lines over the limit, without end", ["--max-record-size", "100"], b"ok\n" + b"x" * 101, ["ok"]),
    ("null over the limit", ["--framing", "null", "--max-record-size", "100"], b"x" * 101 + b"\0", []),
    ("length-prefixed over the limit", ["--framing", "length-prefixed"], b"\xff\xff\xff\xffx", []),
    ("length-prefixed ends early", ["--framing", "length-prefixed"], prefixed(b"ok") + b"\0\0\0\5abc", [b"ok"]),
    ("typed with an unknown type", ["--framing", "typed"], typed(1, b"ok") + typed(3, b"no"), ["ok"]),
    ("content-length without length", ["--framing", "content-length"], b"X: 1\r\n\r\n{}", []),
    ("content-length not a number", ["--framing", "content-length"], b"Content-Length: abc\r\n\r\n{}", []),
    ("content-length over the limit", ["--framing", "content-length"], b"Content-Length: 99999999999999999999\r\n\r\n", []),
    ("content-length from a program that speaks lines", ["--framing", "content-length"], b"hello\nworld\n" * 500, []),
    ("invalid UTF-8 with close", ["--invalid-text", "close"], b"ok\na\xffb\n", ["ok"]),
]


@pytest.mark.parametrize("options, output, expected", [pytest.param(*rest, id=name) for name, *rest in VIOLATIONS])
def test_violation_of_the_program_closes_1011_with_a_reason(server, connect, child, options, output, expected):
    instance = server(*options, "--cmd", child("emit.py", output.hex()))
    messages, code, reason = drain(connect(instance))
    assert messages == expected
    assert code == 1011 and reason
    assert len(reason.encode()) <= 123


def test_record_of_exactly_the_limit(server, connect, child):
    instance = server("--max-record-size", "100", "--cmd", child("emit.py", (b"x" * 100 + b"\r\ny\n").hex()))
    assert drain(connect(instance))[0] == ["x" * 100, "y"]


def test_long_record_is_split(server, connect, child):
    instance = server("--max-record-size", "100", "--long-record", "split",
                      "--cmd", child("emit.py", (("ä" * 120).encode() + b"\nb\n").hex()))
    messages, code, _ = drain(connect(instance))
    assert messages[-1] == "b" and "".join(messages[:-1]) == "ä" * 120
    assert len(messages) == 4 and code == 1000


# name, options, messages, what the program reads
INPUT = [
    ("lines", [], ["a", "b c"], b"a\nb c\n"),
    ("lines, empty", [], ["", "x"], b"\nx\n"),
    ("lines, newline not doubled", [], ["a\n", "b\r\n"], None),
    ("lines, UTF-8", [], ["grüße 👋"], "grüße 👋\n".encode()),
    ("lines, inner newline passes", ["--inner-newline", "pass"], ["a\nb"], b"a\nb\n"),
    ("lines, inner newline becomes a space", ["--inner-newline", "space"], ["a\nb"], b"a b\n"),
    ("null", ["--framing", "null"], ["a\nb", ""], b"a\nb\0\0"),
    ("raw", ["--framing", "raw"], [b"\0\xff\n", b"", b"x"], b"\0\xff\nx"),
    ("raw, text", ["--framing", "raw"], ["a\n", "b"], b"a\nb"),
    ("length-prefixed", ["--framing", "length-prefixed"], [b"\0\n", b""], prefixed(b"\0\n") + prefixed(b"")),
    ("typed", ["--framing", "typed"], ["ü", b"\xff", ""], typed(1, "ü".encode()) + typed(2, b"\xff") + typed(1, b"")),
    ("content-length", ["--framing", "content-length"], ["{}", "ü"], counted(b"{}") + counted("ü".encode())),
    ("lines, 64 KiB and one", [], ["x" * 65537], b"x" * 65537 + b"\n"),
    ("lines, as large as allowed", [], ["x" * (1 << 20)], b"x" * (1 << 20) + b"\n"),
]


@pytest.mark.parametrize("options, messages, expected", [pytest.param(*rest, id=name) for name, *rest in INPUT])
def test_input(server, connect, fifo, options, messages, expected, sink):
    instance = server(*options, *sink)
    client = connect(instance)
    with open(fifo, "rb") as pipe:
        for message in messages:
            client.send(message)
        client.close()
        received = pipe.read()
    if expected is None:  # one line each, whichever end of line it keeps
        assert received in (b"a\nb\n", b"a\nb\r\n")
    else:
        assert received == expected


@pytest.mark.parametrize("message", ["a\nb", "\na", "a\n\nb\n"])
def test_inner_newline_is_refused(server, connect, fifo, message, sink):
    instance = server(*sink)
    client = connect(instance)
    with open(fifo, "rb") as pipe:
        client.send("before")
        client.send(message)
        _, code, reason = drain(client)
        assert code == 1008 and "newline" in reason.lower()
        assert pipe.read() == b"before\n", "nothing of the refused message reaches the program"


def test_many_messages_keep_their_order(server, connect):
    instance = server("--cmd", "cat")
    client = connect(instance)
    for start in range(0, 5000, 100):
        for number in range(start, start + 100):
            client.send(f"message {number}")
        for number in range(start, start + 100):
            assert client.recv(timeout=10) == f"message {number}"


def test_fragments_make_one_record(server):
    instance = server("--cmd", "cat")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send_frame(1, b"one ", fin=False)
        client.send_frame(9, b"ping between")
        client.send_frame(0, b"message ", fin=False)
        client.send_frame(0, b"", fin=False)
        client.send_frame(0, b"here")
        frames = [client.read_frame(), client.read_frame()]
        assert {(frame.opcode, frame.payload) for frame in frames} == {(10, b"ping between"), (1, b"one message here")}


def test_large_output_is_complete(server, connect):
    # All of it soon waits in the client's kernel, and a busy machine takes long to read it from there: longer than a
    # server usually waits for the answer to its Close, and than this client waits for an answer to its Ping.
    instance = server("--close-timeout", "60s", "--cmd", "seq 1 60000")
    messages, code, _ = drain(connect(instance, ping_interval=None))
    assert messages == [str(number) for number in range(1, 60001)]
    assert code == 1000
