"""Files of other servers through wsbridge, and wsbridge's own files beside servers of others."""

import contextlib
import gzip
import http.client
import json

import pytest
from websockets.sync.client import connect

from harness.server import ROOT
from table import ROWS_BY_NAME
from test_servers import SECONDS, fetch

FILES = [("nginx", "plain"), ("nginx", "secure"), ("caddy", "plain"), ("caddy", "secure")]


@pytest.fixture(params=FILES, ids="-".join)
def files(request, neighbourhood, authority):
    address = neighbourhood.door(*request.param)
    kind, settings = http.client.HTTPConnection, {}
    if address.tls:
        kind, settings = http.client.HTTPSConnection, {"context": authority.context()}
    with contextlib.closing(kind("localhost", address.port, timeout=SECONDS, **settings)) as client:
        client.address = address
        yield client


def test_conditions_and_ranges(files):
    """On one connection: an answer without a body, or with a part of one, leaves the next request in step."""
    response, body = fetch(files, "GET", "/files/large.bin")
    assert (response.status, len(body)) == (200, 2 << 20)
    tag = response.getheader("ETag")
    response, part = fetch(files, "GET", "/files/large.bin", fields={"If-None-Match": tag})
    assert (response.status, part) == (304, b"")
    response, part = fetch(files, "GET", "/files/large.bin", fields={"Range": "bytes=1000-300999"})
    assert (response.status, part) == (206, body[1000:301_000])
    response, part = fetch(files, "GET", "/files/large.bin", fields={"Range": "bytes=0-1,-2"})
    assert response.status == 206 and response.getheader("Content-Type").startswith("multipart/byteranges")
    response, _ = fetch(files, "GET", "/files/large.bin", fields={"Range": "bytes=9999999-"})
    assert response.status == 416
    response, part = fetch(files, "HEAD", "/files/large.bin")
    assert (response.status, part, response.getheader("Content-Length")) == (200, b"", str(2 << 20))
    assert fetch(files, "GET", "/files/nothing")[0].status == 404


def test_compressed_on_the_way(files):
    plain = b"p { color: black }\n" * 100
    response, body = fetch(files, "GET", "/files/style.css", fields={"Accept-Encoding": "gzip"})
    assert response.getheader("Content-Encoding") == "gzip" and gzip.decompress(body) == plain
    assert fetch(files, "GET", "/files/style.css")[1] == plain


def test_a_redirect_leads_back_to_where_the_client_came_from(files):
    response, _ = fetch(files, "GET", "/files/below")
    assert response.status in (301, 308)
    location = response.getheader("Location")
    assert location in ("below/", "/files/below/", f"{files.address.url}files/below/")


MIXED = """
listen = "127.0.0.1:0"
console = "off"

[[route]]
path = "/*"
static = "examples/site"
command = "python3 examples/greeter/greeter.py"

[[route]]
path = "/app/*"
proxy = "http://localhost:{plain}"
strip_prefix = "/app"

[[route]]
path = "/safe/*"
proxy = "https://localhost:{secure}"
strip_prefix = "/safe"
upstream_tls_ca = "{authority}"

[[route]]
path = "/both/*"
static = "examples"
proxy = "http://localhost:{plain}"
rewrite = "/both=/socket"

[[route]]
path = "/echo"
echo = true
origin = "any"
"""


@pytest.fixture(scope="module")
def mixed(neighbourhood, tmp_path_factory, authority):
    path = tmp_path_factory.mktemp("mixed") / "wsbridge.toml"
    path.write_text(MIXED.format(plain=neighbourhood.start("node-ws"), secure=neighbourhood.start("node-ws", True),
                                 authority=authority.bundle))
    return neighbourhood.wsbridge("--config", str(path), port=())


def test_files_programs_and_servers_on_one_port(mixed):
    def socket(path):
        return connect(f"{mixed.ws_url}{path}", open_timeout=SECONDS, proxy=None)
    with contextlib.closing(http.client.HTTPConnection("localhost", mixed.port, timeout=SECONDS)) as client:
        for target, expected in [
                ("/", (ROOT / "examples/site/index.html").read_bytes()),
                ("/chat.css", (ROOT / "examples/site/chat.css").read_bytes()),
                ("/both/site/chat.js", (ROOT / "examples/site/chat.js").read_bytes())]:
            assert fetch(client, "GET", target)[1] == expected
        for prefix in ("/app", "/safe"):
            assert b"new WebSocket" in fetch(client, "GET", f"{prefix}/page")[1]
            assert b'"target":"/told?a=b"' in fetch(client, "GET", f"{prefix}/told?a=b")[1]
        assert fetch(client, "POST", "/chat.css", b"x")[0].status == 405
        assert fetch(client, "GET", "/echo")[0].status == 426
    with socket("") as client:
        assert client.recv(timeout=SECONDS).startswith("Welcome!")
    for path in ("app/socket", "safe/socket", "both", "echo"):
        with socket(path) as client:
            client.send("hello")
            assert client.recv(timeout=SECONDS) == "hello", path


def test_a_page_below_a_prefix_in_a_browser(mixed, browser):
    for prefix in ("app", "safe"):
        page = browser.open(f"{mixed.url}{prefix}/page?events&socket")
        page.wait_for("document.title === 'well' || document.title === 'failed'", SECONDS)
        assert page.evaluate("document.getElementById('found').textContent").endswith("closed:4001:enough:true")


def test_files_of_ours_for_the_application_of_another(mixed, browser):
    """The chat page comes from a folder, its socket from a program, by the same path."""
    page = browser.open(mixed.url)
    page.wait_for("document.getElementById('log').innerText.includes('Welcome!')")


def test_a_server_on_a_unix_socket(neighbourhood, tmp_path):
    path = tmp_path / "app.sock"
    words = ROWS_BY_NAME["uvicorn"].words(tmp_path, path, None)
    neighbourhood.launch("uvicorn", words, tmp_path, path.exists)
    instance = neighbourhood.wsbridge("--proxy", f"unix:{path}")
    with connect(f"{instance.ws_url}socket", open_timeout=SECONDS, proxy=None) as client:
        client.send("told")
        assert json.loads(client.recv(timeout=SECONDS))["host"] == f"127.0.0.1:{instance.port}"


def test_a_certificate_of_somebody_else_is_502(neighbourhood):
    """Without the authority that signed it, and nothing is sent there."""
    instance = neighbourhood.wsbridge("--proxy", f"https://localhost:{neighbourhood.start('node-ws', True)}")
    with contextlib.closing(http.client.HTTPConnection("localhost", instance.port, timeout=SECONDS)) as client:
        assert fetch(client, "GET", "/page")[0].status == 502
    instance.wait_log("certificate")
