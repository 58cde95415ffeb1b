"""The web applications of examples/, in Chromium, started as their headers say."""

import asyncio
import contextlib
import http.client
import signal
import subprocess
import sys

import pytest

from conftest import end, is_listening
from harness.server import ROOT, until
from harness.upstream import free_port
from table import ROWS_BY_NAME, deno_program, missing

SECONDS = 15


@pytest.fixture
def started():
    """`started(words…)` is a process that listens on the port which is its last word."""
    with contextlib.ExitStack() as running:
        def start(*words):
            process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       start_new_session=True)
            running.callback(end, process)
            until(lambda: is_listening(int(words[-1])) or process.poll() is not None, 30, f"{words} listens")
            assert process.poll() is None, f"{words} ended"
            return process
        yield start


@pytest.fixture
def proxied(neighbourhood, started):
    def start(*words):
        port = free_port()
        instance = neighbourhood.wsbridge("--proxy", f"http://127.0.0.1:{port}")
        instance.restart = lambda: started(*words, str(port))
        instance.behind = instance.restart()
        return instance
    return start


def example(name):
    return (sys.executable, f"examples/{name}")


STATE = "document.getElementById('state').innerText"


@pytest.mark.quick
def test_live(proxied, browser):
    """A click goes up, a piece of the page comes down; when the server is gone and back, the page has what it had."""
    instance = proxied(*example("live/live.py"))
    page = browser.open(instance.url)
    page.wait_for(f"{STATE} === 'live'")
    page.evaluate("document.querySelector('[name=add]').focus()")
    page.type("<b>water</b> the plants")
    page.press("Enter")
    page.wait_for("document.getElementById('list').innerText.includes('<b>water</b> the plants')")
    page.evaluate("document.querySelector('[name=turn]').click()")
    page.wait_for("document.getElementById('count').innerText === '1 of 1 done'")
    end(instance.behind)
    page.wait_for(f"{STATE}.startsWith('closed with')")
    instance.restart()
    page.wait_for(f"{STATE} === 'live' && document.getElementById('count').innerText === '1 of 1 done'")
    page.evaluate("document.querySelector('[name=turn]').click()")
    page.wait_for("document.getElementById('count').innerText === '0 of 1 done'")
    instance.signal(signal.SIGTERM)
    page.wait_for(f"{STATE} === 'closed with 1001'")


@pytest.mark.quick
def test_live_without_a_socket(proxied):
    instance = proxied(*example("live/live.py"))
    with contextlib.closing(http.client.HTTPConnection("localhost", instance.port, timeout=SECONDS)) as client:
        client.request("POST", "/", "kept=%5B%5D&add=water", {"Content-Type": "application/x-www-form-urlencoded"})
        assert b"0 of 1 done" in client.getresponse().read()


def test_web(proxied, browser):
    """Server-sent events and a WebSocket of one page; what one says, another reads."""
    instance = proxied(*example("web/app.py"))
    pages = [browser.open(instance.url) for _ in range(2)]
    for page in pages:
        page.wait_for("/^\\d\\d:\\d\\d:\\d\\d$/.test(document.getElementById('time').innerText)")
        page.wait_for("socket.readyState === 1")
    pages[0].evaluate("(() => { const form = document.forms[0]; form[0].value = 'grüße'; form.requestSubmit(); })()")
    for page in pages:
        page.wait_for("document.getElementById('said').innerText === 'grüße'")


def test_board(proxied, browser):
    """Deno: the page and the socket have one address; a newcomer sees what is drawn."""
    if package := missing(ROWS_BY_NAME["deno"]):
        pytest.skip(f"{package} is not installed")
    instance = proxied(deno_program(), "run", "--no-remote", "--allow-net", "examples/deno/board.ts")
    first, second = (browser.open(instance.url) for _ in range(2))
    for page in (first, second):
        page.wait_for(f"{STATE} === '2 here'")
    first.evaluate("""document.getElementById('board').dispatchEvent(
        new PointerEvent('pointermove', { buttons: 1, clientX: 100, clientY: 100 }))""")
    late = browser.open(instance.url)
    for page in (first, second, late):
        page.wait_for("document.getElementById('board').dataset.points === '1'")
    assert late.evaluate("socket.protocol") == "board.v1"
    late.evaluate("socket.send('no point')")
    late.wait_for(f"{STATE} === 'closed with 1003 points of four bytes'")


def test_everything_behind_one_port(neighbourhood, started, browser, tmp_path):
    socketio = pytest.importorskip("socketio")
    text = (ROOT / "examples/web/web.toml").read_text().replace(":8080", ":0")
    for number, name in ((3000, "web/app.py"), (3001, "web/socketio_app.py"), (3002, "web/socketio_app.py")):
        port = free_port()
        started(*example(name), str(port))
        text = text.replace(f":{number}", f":{port}")
    path = tmp_path / "web.toml"
    path.write_text(text)
    instance = neighbourhood.wsbridge("--config", str(path), port=())
    chat, talk, app = (browser.open(f"{instance.url}{name}") for name in ("", "talk/", "app/"))
    chat.wait_for("document.getElementById('log').innerText.includes('What is your name?')")
    app.wait_for("document.getElementById('time').innerText && socket.readyState === 1")
    talk.wait_for("document.getElementById('log').innerText.includes('connected')")
    app.evaluate("socket.send('from the application')")
    talk.wait_for("document.getElementById('log').innerText.includes('from the application')")

    async def talk_to_one():
        async with socketio.AsyncSimpleClient() as client:
            await client.connect(f"http://localhost:{instance.port}")
            return [await client.call("say", word, timeout=SECONDS) for word in ("a", "b")], client.transport
    answers, transport = asyncio.run(talk_to_one())
    assert transport == "websocket" and len({answer.split(":")[0] for answer in answers}) == 1
