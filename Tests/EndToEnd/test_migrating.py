"""docs/migrating.md: each right side of its tables is accepted as it stands there.

Most are in the blocks below the tables, which test_readme.py runs. Of the rest as many as go together are put into one
command line or file; what is refused so is tried alone."""

import re
import shlex

import pytest

from harness.server import ROOT, run
from test_readme import BLOCK

TEXT = (ROOT / "docs/migrating.md").read_text()
SECTIONS = dict(re.findall(r"^# From (\w+)\n(.*?)(?=^# |\Z)", TEXT, re.S | re.M))
HANDLERS = {"--cmd", "--tcp", "--unix", "--proxy", "--static", "--echo", "--token-map", "--"}
SETTING = re.compile(r"([a-z_]+) = ")
# Where a setting of a file may stand, and what it may need beside it; {1} is another number each time.
TOP = ['tls = "self-signed"', "{0}", "[[route]]", "echo = true"]
PLACES = [
    *([["[[route]]", 'path = "/{1}"', "host = \"h{1}.example\"", handler, "{0}"] for handler in (
        'command = "cat"', 'tcp = ["a:1", "b:1"]', 'proxy = ["http://127.0.0.1:1", "http://127.0.0.1:2"]')]),
    # What is a handler itself.
    ["[[route]]", 'path = "/{1}"', "{0}"],
    ["[[listener]]", 'address = "127.0.0.1:{1}"', "{0}"],
]


def test_all_are_there():
    assert list(SECTIONS) == ["websocketd", "websockify", "websocat", "ttyd", "nginx", "Caddy"]


def is_run(name, code):
    """Whether a block of that section has it, as words or as a quoted line."""
    blocks = "\n".join(text for kind, text in BLOCK.findall(SECTIONS[name]) if kind == "run")
    return re.search(rf"(?<= ){re.escape(code)}(?=\s)" if code.startswith("-") else re.escape(f"'{code}'"), blocks)


def right_sides(section):
    """Code in the second column of each table that has us there."""
    is_ours = False
    for line in section.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) < 2:
            # A blank line does not end what a table is about; any other line does.
            is_ours = is_ours and not line
        elif cells[1] in ("wsbridge", "wsbridge.toml"):
            is_ours = bool(cells[0])
        elif is_ours:
            yield from re.findall(r"`([^`]+)`", cells[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory, authority):
    """What the right sides name."""
    folder = tmp_path_factory.mktemp("migrating")
    authority.issue("a", "localhost", folder=folder)
    (folder / "ca.pem").write_text(authority.own.certificate.read_text())
    (folder / "FILE").write_text("token: 127.0.0.1:5900\n")
    (folder / "DIR").mkdir()
    (folder / "script.sh").write_text("#!/bin/sh\n")
    (folder / "script.sh").chmod(0o755)
    return folder


def accepts(folder, words):
    return run("check", *words, cwd=folder).returncode == 0


# Command lines.

def completed(words):
    """With something to serve, if there is nothing."""
    if any(word.startswith("--tls-") for word in words) and "--tls-cert" not in words:
        words = ["--tls-cert", "a.pem", "--tls-key", "a.key", *words]
    if HANDLERS.intersection(words) or "./script.sh" in words:
        return words
    return [*words, "--tcp", "localhost:5900"] if "--upstream-tls" in words else [*words, "--", "cat"]


def wrong_lines(folder, lines):
    """Those of the lists of words that are refused."""
    groups = []
    for words in sorted(lines, key=lambda words: bool(HANDLERS.intersection(words))):
        names = {word for word in words if word.startswith("--")}
        names |= HANDLERS if HANDLERS & names or "--upstream-tls" in names else set()
        names |= {"--port", "--listen"} if {"--port", "--listen", "--tls-redirect"} & names else set()
        names |= {"--framing", "--pty"} if {"--framing", "--pty"} & names else set()
        group = next((group for group in groups if not group[0] & names), None)
        if group is None:
            groups.append(group := [set(), [], []])
        group[0] |= names
        # What has the program's words is the last in its line: sorted so.
        group[1] += words
        group[2].append(words)
    return [words for _, together, alone in groups if not accepts(folder, completed(together))
            for words in alone if not accepts(folder, completed(words))]


def is_of_client(words):
    """It gets as far as that nobody answers."""
    return run("connect", *words, "ws://127.0.0.1:1/").returncode == 1


# Files.

def refused_places(folder, places):
    """`places`: parts of a file. Numbers of those in which something is wrong."""
    text, ends = "", []
    for part in places:
        text += part
        ends.append(text.count("\n"))
    for name in ("a.pem", "a.key", "ca.pem"):
        text = text.replace(f'"{name}"', f'"{folder / name}"')
    path = folder / "test.toml"
    path.write_text(text.replace('"/srv/www"', f'"{folder / "DIR"}"'))
    told = run("check", "--config", str(path)).stderr
    if "the rest was not looked at" in told:
        return set(range(len(places)))
    lines = [int(line) for line in re.findall(r"test\.toml:(\d+):\d+: error", told)]
    return {next((number for number, end in enumerate(ends) if line <= end), len(ends) - 1) for line in lines}


def placed(place, code, number):
    """`code` goes before a line with the same key."""
    keys = {line.split(" = ")[0] for line in code.splitlines()}
    return "".join(line.format(code, number) + "\n" for line in place if line.split(" = ")[0] not in keys)


def wrong_settings(folder, settings):
    """Those that are right nowhere: not in a listener, not in a route, not at the top."""
    for place in PLACES:
        parts = [placed(place, code, 1000 + number) for number, code in enumerate(settings)]
        wrong = refused_places(folder, parts) if parts else set()
        settings = [code for number, code in enumerate(settings) if number in wrong]
    # At the top of one file, but for what is there twice or minds the others.
    together = [code for code in settings if not code.startswith(("listen", "tls_"))]
    if together and not refused_places(folder, [placed(TOP, "\n".join(together), 0)]):
        settings = [code for code in settings if code not in together]
    return [code for code in settings if refused_places(folder, [placed(TOP, code, 0)])]


def test_right_sides(folder):
    codes = list(dict.fromkeys(code for name, section in SECTIONS.items() for code in right_sides(section)
                               if not is_run(name, code)))
    known = run("option-reference").stdout
    names = [code for code in codes if re.fullmatch(r"--[a-z-]+|[a-z]+_[a-z_]+", code) and code != "--insecure"]
    assert not [code for code in names if f"`{code}`" not in known]
    lines = [shlex.split(code) for code in codes if code.startswith("--") and " " in code]
    of_client = [words for words in lines if "--header" in words]
    assert not wrong_lines(folder, [words for words in lines if words not in of_client])
    assert all(is_of_client(words) for words in of_client)
    # Settings of one row belong together: certificate and key.
    pair = [code for code in codes if re.match(r"tls_(cert|key) = ", code)]
    settings = [code for code in codes if SETTING.match(code) and code not in pair] + ["\n".join(pair)]
    assert not wrong_settings(folder, settings)
    assert sum(1 for section in SECTIONS.values() for _ in right_sides(section)) > 120


def test_first_lines(folder):
    """The two lines with which each part for a command line begins."""
    lines = re.findall(r"^    wsbridge +(.*)$", TEXT, re.M)
    assert len(lines) == 4
    assert not [line for line in lines if not accepts(folder, shlex.split(line))]
