"""`--pty`: a program on a terminal of its own."""

import os

import pytest

from conftest import drain


def read_until(client, end):
    """What the terminal shows up to a text; its echo included."""
    shown = ""
    while end not in shown:
        shown += client.recv(timeout=10)
    return shown


def terminal_options(script):
    """For a shell script on a terminal, which speaks text."""
    return ["--pty", "--message-type", "text", "--shell", "--cmd", script]


@pytest.fixture
def terminal(server, connect):
    """`terminal(script)`: a client of a shell script on a terminal."""
    return lambda script: connect(server(*terminal_options(script)))


def test_all_three_streams_are_a_terminal(terminal):
    messages, code, _ = drain(terminal("test -t 0 && test -t 1 && test -t 2 && echo terminal; stty size; echo err >&2"))
    assert "".join(messages) == "terminal\r\n24 80\r\nerr\r\n"
    assert code == 1000


def test_the_client_resizes(terminal):
    client = terminal("trap 'stty size; exit 3' WINCH; echo ready; while :; do read line; done")
    read_until(client, "ready")
    client.send("\x1b[8;50;132t")
    messages, code, _ = drain(client)
    assert "".join(messages).replace("\r\n", "\n").strip() == "50 132"
    assert code == 1011


def test_what_is_typed_reaches_the_program_and_the_screen(terminal):
    client = terminal("read line; echo \"got $line\"; read line; echo \"and $line\"")
    client.send("on")
    client.send("e\r\x1b[8;1;2ttwo\n")
    shown = read_until(client, "and ")
    assert "got one\r\n" in shown


def test_binary_unless_asked(server, connect):
    messages, code, _ = drain(connect(server("--pty", "--cmd", "echo hello")))
    assert (b"".join(messages), code) == (b"hello\r\n", 1000)


@pytest.mark.parametrize("typed", ["", "a whole line\n", "half a line"])
def test_the_end_of_the_client_is_the_end_of_input(server, connect, tmp_path, typed):
    result = tmp_path / "result"
    instance = server(*terminal_options(f"echo ready; cat >{result}"))
    client = connect(instance)
    read_until(client, "ready")
    client.send(typed)
    client.close()
    instance.wait_log("session closed", "exit status 0")
    assert result.read_text() == typed


def test_a_program_that_does_not_read_is_ended(server, connect):
    instance = server("--teardown-close-wait", "100ms", "--teardown-term-wait", "100ms",
                      *terminal_options("trap '' TERM HUP; echo ready; while :; do sleep 1; done"))
    client = connect(instance)
    read_until(client, "ready")
    client.close()
    instance.wait_log("session closed", "SIGKILL")


@pytest.mark.parametrize("options, server_term, seen", [
    ([], "vt52", "xterm-256color"),
    (["--env", "TERM=vt100"], "vt52", "vt100"),
    (["--env", "TERM="], "vt52", ""),
    (["--pass-env", "TERM"], "vt52", "vt52"),
    (["--pass-env", "TERM"], None, "xterm-256color"),
    (["--pass-env", "TERM", "--env", "TERM=vt100"], "vt52", "vt100"),
])
def test_term_describes_the_terminal_of_the_client(server, connect, options, server_term, seen):
    env = {name: value for name, value in os.environ.items() if name != "TERM"}
    if server_term:
        env["TERM"] = server_term
    instance = server(*options, *terminal_options("printenv | grep ^TERM="), env=env)
    assert drain(connect(instance))[0] == [f"TERM={seen}\r\n"]


def test_no_term_without_a_terminal(server, connect):
    instance = server("--shell", "--cmd", "printenv | grep ^TERM= || echo none", env=os.environ | {"TERM": "vt52"})
    assert drain(connect(instance))[0] == ["none"]
