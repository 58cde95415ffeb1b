"""The commands of README.md do what they promise.

A block ```sh is tested when the line above it is one of these comments:

    <!-- test: run -->     the block runs to its end without an error, `wsbridge` being the binary under test
    <!-- test: serve -->   each command of the block that starts with `wsbridge` serves: a client can connect
"""

import os
import re
import shlex
import subprocess

import pytest

from harness.server import ROOT, binary

BLOCK = re.compile(r"<!-- test: (run|serve) -->\s*\n```sh\n(.*?)```", re.S)
FILES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def blocks(kind):
    found = [(path, block) for path in FILES if path.exists()
             for marked, block in BLOCK.findall(path.read_text()) if marked == kind]
    return [pytest.param(block, id=f"{path.name}-{number}") for number, (path, block) in enumerate(found, 1)]


def commands(block):
    """Continued lines joined, comments and prompts taken off."""
    joined = block.replace("\\\n", " ")
    return [line.strip().removeprefix("$ ") for line in joined.splitlines() if line.strip() and not line.startswith("#")]


@pytest.mark.parametrize("block", blocks("run"))
def test_run(block, tmp_path):
    (tmp_path / "wsbridge").symlink_to(binary())
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(["bash", "-euo", "pipefail", "-c", "\n".join(commands(block))], cwd=ROOT, env=environment,
                            capture_output=True, text=True, timeout=50, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize("block", blocks("serve"))
def test_serve(server, connect, block):
    served = 0
    for command in commands(block):
        words = shlex.split(command, comments=True)
        if words[0].rsplit("/", 1)[-1] != "wsbridge":
            continue
        connect(server(*without_address(words[1:]))).close()
        served += 1
    assert served, "no command of wsbridge in the block"


def without_address(words):
    """A port of the document may be taken on this machine: the test has its own."""
    kept, skip = [], False
    for index, word in enumerate(words):
        if word == "--":
            return kept + words[index:]
        if not skip and word not in ("--port", "--listen"):
            kept.append(word)
        skip = not skip and word in ("--port", "--listen")
    return kept
