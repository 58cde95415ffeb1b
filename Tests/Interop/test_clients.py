"""Clients of others through wsbridge, with and without TLS: each does what page.html does and says what it found."""

import os
import subprocess

import pytest

from harness.sanitizer import patience
from table import CLIENTS, NODE_MODULES, ROWS_BY_NAME, deno_program, go_program, missing

EXPECTED = "host body:100000 event subprotocol:v2 grüße 1000000 closed:4001:enough"
# The row whose packages it needs, and how it is started for a URL and an authority.
STARTED = {
    "node-ws": lambda url, authority: ["node", str(CLIENTS / "client.mjs"), url],
    "deno": lambda url, authority: [deno_program(), "run", "--no-remote", "--allow-net", str(CLIENTS / "client.mjs"),
                                    url],
    "gorilla": lambda url, authority: [go_program(CLIENTS / "gorilla_client.go"), url, authority],
    "faye": lambda url, authority: ["ruby", str(CLIENTS / "faye_client.rb"), url, authority],
}


@pytest.mark.parametrize("way", ["direct", "plain", "front", "secure"])
@pytest.mark.parametrize("client", STARTED)
def test_a_client(neighbourhood, authority, client, way):
    if package := missing(ROWS_BY_NAME[client]):
        pytest.skip(f"{package} is not installed")
    address = neighbourhood.door("node-ws", way)
    environment = os.environ | {"NODE_PATH": NODE_MODULES, "NODE_EXTRA_CA_CERTS": authority.bundle,
                                "DENO_CERT": authority.bundle}
    words = STARTED[client](address.url, authority.bundle)
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=patience(60))
    assert done.stdout.strip() == EXPECTED, done.stderr[-2000:]
