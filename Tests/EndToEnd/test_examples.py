"""Each program of examples/ does what its header says, started as its header says."""

import json
import re
import shlex
import shutil
import threading

import pytest

from conftest import drain
from harness.server import ROOT

INTERPRETERS = {"sh": "bash", "py": "python3", "pl": "perl", "js": "node"}
LANGUAGES = ["sh", "py", "pl", "js", "c"]


@pytest.fixture
def example(compiled):
    """The command of `count` or `echo` in one language."""
    def command(name, language):
        source = f"examples/{name}/{name}.{language}"
        if language == "c":
            return compiled(source)
        if shutil.which(INTERPRETERS[language]) is None:
            pytest.skip(f"no {INTERPRETERS[language]}")
        return f"{INTERPRETERS[language]} {source}"
    return command


@pytest.mark.parametrize("language", LANGUAGES)
def test_count(server, connect, example, language):
    client = connect(server("--cmd", example("count", language) + " 5 0.1"))
    first = client.recv(timeout=5)  # arrives although the program still runs
    messages, code, _ = drain(client)
    assert ([first, *messages], code) == (list("12345"), 1000)


@pytest.mark.parametrize("language", LANGUAGES)
def test_echo(server, connect, example, language):
    client = connect(server("--cmd", example("echo", language)))
    for text in ["hello", "", "  two  blanks \\n ", "grüße 👋"]:
        client.send(text)
        assert client.recv(timeout=5) == text


def test_greeter(server, connect):
    client = connect(server("--cmd", "python3 examples/greeter/greeter.py"))
    assert client.recv(timeout=5).startswith("Welcome!")
    for line, answer in [("Ada", "Hello, Ada!"), ("reverse one two", "owt eno"), ("", "You sent an empty line"),
                         ("whoami", "You come from 127.0.0.1:"), ("roll 0", "Hello, roll 0!"), ("bye", "Goodbye.")]:
        client.send(line)
        assert client.recv(timeout=5).startswith(answer)
    assert drain(client)[1] == 1000


@pytest.fixture
def chat(server, tmp_path):
    return server("--env", f"CHAT_FILE={tmp_path}/room", "--cmd", "python3 examples/chat/chat.py")


def enter(connect, instance, name):
    client = connect(instance)
    assert client.recv(timeout=5) == "Welcome to the room. What is your name?"
    client.send(name)
    assert client.recv(timeout=5) == f"* {name} came in"
    return client


def test_chat_survives_clients_that_leave(connect, chat):
    ada, bob, eve = (enter(connect, chat, name) for name in ("Ada", "Bob", "Eve"))
    assert [ada.recv(timeout=5) for _ in range(2)] == ["* Bob came in", "* Eve came in"]
    ada.send("hello")
    assert bob.recv(timeout=5) == "* Eve came in"
    assert {client.recv(timeout=5) for client in (ada, bob, eve)} == {"Ada: hello"}
    eve.close()
    assert {client.recv(timeout=5) for client in (ada, bob)} == {"* Eve left"}
    bob.socket.close()  # without a word
    assert ada.recv(timeout=15) == "* Bob left"
    ada.send("anybody?")
    assert ada.recv(timeout=5) == "Ada: anybody?"


def test_chat_room_is_bounded(connect, chat, tmp_path):
    ada = enter(connect, chat, "Ada")
    bob = enter(connect, chat, "Bob")
    assert ada.recv(timeout=5) == "* Bob came in"
    finished = threading.Thread(target=drain_until, args=(bob, "Ada: last"))
    finished.start()
    for _ in range(400):
        ada.send("x" * 1500)
    ada.send("last")
    drain_until(ada, "Ada: last")
    finished.join(30)
    assert not finished.is_alive()
    assert (tmp_path / "room").stat().st_size <= 256 * 1024


def drain_until(client, last):
    while client.recv(timeout=20) != last:
        pass


def test_typed(server, connect):
    client = connect(server("--framing", "typed", "--cmd", "python3 examples/typed/typed.py"))
    client.send("grüße\n")
    assert client.recv(timeout=5) == "GRÜSSE\n"
    client.send(b"\0\1\xff")
    assert client.recv(timeout=5) == b"\xff\1\0"


def test_jsonrpc(server, connect):
    client = connect(server("--framing", "content-length", "--cmd", "python3 examples/jsonrpc/jsonrpc.py"))

    def call(**request):
        client.send(json.dumps({"jsonrpc": "2.0", "id": 1} | request, indent=1))
        return json.loads(client.recv(timeout=5))
    assert call(method="add", params=[1, 2])["result"] == 3
    assert call(method="reverse", params=["grüße"])["result"] == "eßürg"
    assert call(method="nothing")["error"]["code"] == -32601
    client.send("no json")
    assert json.loads(client.recv(timeout=5))["error"]["code"] == -32700


def commands_of_the_table():
    text = (ROOT / "examples/README.md").read_text()
    return re.findall(r"`wsbridge (--[^`]*)`", text)


@pytest.mark.parametrize("command", commands_of_the_table())
def test_command_of_the_table_serves(server, connect, command):
    client = connect(server(*shlex.split(command)))
    client.close()
