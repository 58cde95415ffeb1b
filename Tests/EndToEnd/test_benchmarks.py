"""The scripts of Benchmarks run and print what they promise; how fast anything is does not matter here."""

import os
import re
import subprocess
import sys

import pytest

from harness.sanitizer import ROOT, binary, patience

CELL = r" +\| +"

# Asks as often as it says, one after the other; what http.py looks for is in its words.
WRK = f"""#!{sys.executable}
import re, socket, sys
host, port, path = re.match("http://(.*):([0-9]+)(/.*)", sys.argv[-1]).groups()
for _ in range(5):
    with socket.create_connection((host, int(port)), 10) as connection:
        connection.sendall(f"GET {{path}} HTTP/1.1\\r\\nHost: {{host}}\\r\\nConnection: close\\r\\n\\r\\n".encode())
        assert connection.recv(1 << 16).startswith(b"HTTP/1.1 200 ")
        while connection.recv(1 << 16):
            pass
print("  5 requests in 1.00s, 5KB read")
print("Requests/sec:    5.00")
"""


def measure(script, *options, path=""):
    environment = os.environ | {"PATH": f"{path}:{os.environ['PATH']}"}
    words = [sys.executable, ROOT / "Benchmarks" / script, "--wsbridge", binary(), *options]
    return subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment,
                          timeout=patience(60), check=False)


def table(done):
    """The rows under the head, by the name of the case."""
    assert done.returncode == 0, done.stderr
    rows = [re.split(CELL, line.strip("| \n")) for line in done.stdout.splitlines()]
    assert rows[0] == ["case", "wsbridge", "peer", "ratio"], done.stdout
    return {cells[0]: cells[1:] for cells in rows[2:]}


def test_start():
    ours, peer, ratio = table(measure("start.py", "--rounds", "1", "--against", binary()))["start to first byte"]
    assert re.fullmatch(r"[\d.]+ ms", ours) and re.fullmatch(r"wsbridge: [\d.]+ ms", peer) and 0 < float(ratio) < 100


def test_memory():
    counts = [word for kind in ("echo", "tcp", "proxy", "cmd") for word in (f"--{kind}", "3")]
    rows = table(measure("memory.py", *counts))
    assert list(rows) == ["after start, --echo", "--echo, 3", "--cmd cat, 3", "--tcp, 3", "--proxy, 3"]
    assert int(rows["after start, --echo"][0].removesuffix(" kB").replace(",", "")) > 1000
    alone, whole = re.fullmatch(r"([\d.-]+) kB, all ([\d.]+)", rows["--cmd cat, 3"][0]).groups()
    assert float(whole) > float(alone) + 100, "each cat is counted"


def test_http(tmp_path):
    load = tmp_path / "wrk"
    load.write_text(WRK)
    load.chmod(0o755)
    rows = table(measure("http.py", "--rounds", "1", "--only", "proxy", "--against", binary(), path=tmp_path))
    assert list(rows) == ["--proxy, 1 kB"]
    assert re.fullmatch(r"[\d.]+ µs \(user [\d.]+\), 5/s", rows["--proxy, 1 kB"][0])


@pytest.mark.parametrize("script, words, code, message", [
    ("start.py", ["--rounds", "0"], 2, "'0' is no number from 1 on"),
    ("memory.py", ["--echo", "many"], 2, "'many' is no number from 1 on"),
    ("http.py", ["--seconds"], 2, "expected one argument"),
    ("start.py", ["--against", "/nowhere"], 1, "no program at /nowhere"),
])
def test_wrong_usage(script, words, code, message):
    done = measure(script, *words)
    assert done.returncode == code and message in done.stderr and "Traceback" not in done.stderr
