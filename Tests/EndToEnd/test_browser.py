"""A real browser: the console page, and the page of the tutorials."""

import base64
import contextlib
import functools
import hashlib
import http.server
import re
import threading
import urllib.request
from pathlib import Path

import pytest

from harness.browser import Browser, find_browser
from harness.server import ROOT
from harness.services import vnc

pytestmark = pytest.mark.browser
LOG = "document.getElementById('log').innerText"


@pytest.fixture(scope="module")
def browser():
    if find_browser() is None:
        pytest.skip("no chromium")
    instance = Browser()
    yield instance
    instance.close()


@pytest.fixture
def console(server, browser):
    def open_console(*options):
        instance = server(*options)
        page = browser.open(instance.url)
        page.wait_for("document.getElementById('state')?.dataset.state === 'open'")
        return page, instance
    return open_console


@pytest.mark.timeout(120)
def test_console_over_a_self_signed_certificate(console):
    page, instance = console("--tls", "self-signed", "--cmd", "cat")
    assert instance.url.startswith("https://")
    page.type("over TLS")
    page.press("Enter")
    page.wait_for(f"{LOG}.split('over TLS').length === 3")


@pytest.mark.timeout(120)
def test_console_sends_and_shows_by_keyboard_alone(console, browser):
    page, _ = console("--cmd", "cat")
    page.type("first line")
    page.press("Enter")
    page.wait_for(f"{LOG}.split('first line').length === 3")  # what was sent, and its echo
    page.press("ArrowUp")
    assert page.evaluate("document.getElementById('text').value") == "first line"
    page.press("Enter")
    page.wait_for(f"{LOG}.split('first line').length === 5")
    assert not [line for line in browser.log if "policy" in line.lower()], browser.log


def test_console_sends_binary_as_hex_and_shows_it(console):
    page, _ = console("--echo")
    page.evaluate("""(() => { document.getElementById('kind').value = 'hex';
        document.getElementById('text').value = '00 ff 41'; document.getElementById('sender').requestSubmit(); })()""")
    page.wait_for(f"{LOG}.split('00 ff 41').length === 3 && {LOG}.includes('binary 3 B')")


def test_console_explains_the_close_code(console, child):
    page, _ = console("--cmd", child("die.py"))
    page.type("exit 3")
    page.press("Enter")
    page.wait_for(f"{LOG}.includes('closed with 1011') && {LOG}.includes('exit status 3')")


def test_console_reconnects_when_told(console, child):
    page, _ = console("--cmd", child("die.py"))
    page.evaluate("document.getElementById('again').click()")
    page.evaluate("document.getElementById('text').focus()")
    page.type("exit 1")
    page.press("Enter")
    page.wait_for(f"{LOG}.includes('closed with 1011') && {LOG}.split('connected to').length === 3")


def test_console_closes_with_a_code_and_keeps_what_was_typed(console):
    page, instance = console("--echo")
    page.type("one\ntwo")
    page.press("Enter")
    page.wait_for(f"{LOG}.split('one\\ntwo').length === 3 && /text 7 B · \\+[0-9.]+ ms/.test({LOG})")
    page.evaluate("""(() => { document.getElementById('more').open = true; document.getElementById('code').value = '4001';
        document.getElementById('reason').value = 'enough'; document.getElementById('closer').requestSubmit(); })()""")
    page.wait_for(f"{LOG}.includes('closed with 4001, a code of the application')")
    page.browser.call("Page.reload", page.session)
    page.wait_for("document.getElementById('state')?.dataset.state === 'open'")
    page.press("ArrowUp")
    assert page.evaluate("document.getElementById('text').value") == "one\ntwo"
    assert page.evaluate("document.getElementById('command').textContent").endswith(instance.ws_url)


@pytest.mark.parametrize("width", [400, 1400])
def test_console_fits_its_window(console, width):
    page, _ = console("--echo")
    page.browser.call("Emulation.setDeviceMetricsOverride", page.session, width=width, height=800, deviceScaleFactor=1,
                      mobile=False)
    page.evaluate("document.getElementById('more').open = true")
    page.type("x" * 500)
    page.press("Enter")
    page.wait_for(f"{LOG}.includes('text 500 B')")
    beyond = page.evaluate("""[...document.querySelectorAll('body *')].filter((one) => {
        const box = one.getBoundingClientRect(); return box.width && (box.left < 0 || box.right > innerWidth + 1);
    }).map((one) => one.outerHTML.slice(0, 80))""")
    assert beyond == [] and page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_console_shows_markup_as_text(console, child):
    evil = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    page, _ = console("--cmd", child("emit.py", (evil + "\n").encode().hex()))
    page.wait_for(f"{LOG}.includes('<img src=x')")
    assert page.evaluate("document.title") == "wsbridge console"
    assert page.evaluate("document.querySelectorAll('#log img, #log script').length") == 0


def test_console_keeps_a_bounded_log(console):
    page, _ = console("--cmd", "seq 1 2500")
    page.wait_for(f"{LOG}.includes('closed with 1000')", seconds=40)
    assert page.evaluate("document.getElementById('log').childElementCount") == 2000


def test_policy_of_the_console_names_what_it_contains(server):
    instance = server("--echo")
    request = urllib.request.Request(instance.url, headers={"Accept": "text/html"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
        policy, html = response.headers["Content-Security-Policy"], response.read().decode()
    for tag in ("style", "script"):
        text = re.search(f"<{tag}>(.*?)</{tag}>", html, re.S).group(1)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert len(html.encode()) < 20 * 1024


@pytest.fixture
def site():
    """The tutorial page, served by something else than wsbridge: another origin."""
    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(ROOT / "examples/browser"))

        def log_message(self, *_):
            pass
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_port}"
    web.shutdown()
    web.server_close()


def test_tutorial_page_of_a_listed_origin(server, browser, site):
    instance = server("--origin", site, "--cmd", "python3 examples/greeter/greeter.py")
    page = browser.open(f"{site}/?url={instance.ws_url}")
    page.wait_for("document.getElementById('state').textContent === 'open'")
    page.wait_for(f"{LOG}.includes('Welcome!')")
    page.type("Ada")
    page.press("Enter")
    page.wait_for(f"{LOG}.includes('Hello, Ada!')")
    page.wait_for(f"{LOG}.includes('< Hello, ping!')", seconds=10)  # the ping of every five seconds
    page.type("bye")
    page.press("Enter")
    page.wait_for(f"{LOG}.includes('closed with code 1000')")


def test_tutorial_page_of_another_origin_is_refused(server, browser, site):
    instance = server("--cmd", "cat")
    page = browser.open(f"{site}/?url={instance.ws_url}")
    page.wait_for("document.getElementById('state').textContent === 'closed'")
    assert "code 1006" in page.evaluate(LOG)
    instance.wait_log(site, "--origin")


def test_browser_keeps_a_connection_with_an_agreed_subprotocol(server, browser):
    instance = server("--subprotocol", "chat", "--echo")
    page = browser.open(instance.url)
    page.wait_for("document.getElementById('state')")
    page.evaluate("document.getElementById('protocols').value = 'other, chat'")
    page.evaluate("document.getElementById('connection').requestSubmit()")  # disconnects what connected on its own
    page.wait_for("document.getElementById('state').dataset.state === 'closed'")
    page.evaluate("document.getElementById('connection').requestSubmit()")
    page.wait_for("document.getElementById('state').textContent === 'open (chat)'")


NOVNC = Path("/usr/share/novnc")


@pytest.mark.timeout(120)
def test_novnc_shows_a_desktop(server, browser):
    """noVNC as Debian ships it, against a real VNC server; the page comes from elsewhere."""
    if not NOVNC.is_dir():
        pytest.skip("no noVNC: install novnc")
    with vnc() as port, folder(NOVNC) as pages:
        instance = server("--origin", pages, "--tcp", f"127.0.0.1:{port}")
        page = browser.open(f"{pages}/vnc_lite.html?host=127.0.0.1&port={instance.port}&path=websockify")
        page.wait_for("document.getElementById('status').textContent === 'Connected to under test'")
        page.wait_for("(({ width, height }) => width === 320 && height === 240)(document.querySelector('canvas'))")


@contextlib.contextmanager
def folder(path):
    """Serves the files of a folder; gives their origin."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}

        def log_message(self, *_):
            pass
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=path)) as pages:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{pages.server_address[1]}"
        pages.shutdown()
