"""docs/migrating.md: each right side of its tables is accepted as it stands there."""

import re
import shlex

import pytest

from harness.server import ROOT, run

TEXT = (ROOT / "docs/migrating.md").read_text()
SECTIONS = dict(re.findall(r"^# From (\w+)\n(.*?)(?=^# |\Z)", TEXT, re.S | re.M))
# What a setting may need beside it to mean anything.
HANDLERS = ([], ["--", "cat"], ["--tcp", "localhost:5900"], ["--proxy", "http://127.0.0.1:3000"])
PLACES = (
    "{0}\n[[route]]\necho = true\n",
    '[[listener]]\naddress = "127.0.0.1:8080"\n{0}\n[[route]]\necho = true\n',
    '[[listener]]\n{0}\n[[route]]\necho = true\n',
    *(f"[[route]]\n{handler}\n{{0}}\n" for handler in (
        "", 'command = "cat"', 'tcp = ["a:1", "b:1"]', 'proxy = ["http://127.0.0.1:3000", "http://127.0.0.1:3001"]')),
)


def test_all_are_there():
    assert list(SECTIONS) == ["websocketd", "websockify", "websocat", "ttyd", "nginx", "Caddy"]


def rows(section):
    """The code of the second column, for each row of a table whose second column is ours."""
    ours = False
    for line in section.splitlines():
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) >= 2 and cells[1] in ("wsbridge", "wsbridge.toml") and cells[0]:
            ours = True
        elif not cells:
            # A blank line in a table does not end what it is about; any other line does.
            ours = ours and not line
        elif ours and len(cells) >= 2:
            yield line, re.findall(r"`([^`]+)`", cells[1].replace("\\|", "|"))


@pytest.fixture
def folder(tmp_path, authority):
    """What the right sides name."""
    pair = authority.issue("a", "localhost", folder=tmp_path)
    pair.certificate.rename(tmp_path / "a.pem") if pair.certificate.name != "a.pem" else None
    (tmp_path / "ca.pem").write_text(authority.own.certificate.read_text())
    (tmp_path / "FILE").write_text("token: 127.0.0.1:5900\n")
    (tmp_path / "DIR").mkdir()
    (tmp_path / "script.sh").write_text("#!/bin/sh\n")
    (tmp_path / "script.sh").chmod(0o755)
    return tmp_path


def accepts(folder, *words):
    return run("check", *words, cwd=folder).returncode == 0


def file_accepts(folder, *lines):
    path = folder / "test.toml"

    def one(place):
        path.write_text(place.format("\n".join(lines)).replace('"/srv/www"', f'"{folder}/DIR"').replace(
            '"a.', f'"{folder}/a.').replace('"ca.pem"', f'"{folder}/ca.pem"'))
        return accepts(folder, "--config", str(path))
    return any(one(place) for place in PLACES)


def is_right(folder, known, code):
    """True for what is no setting, like the name of a signal."""
    if code.startswith("wsbridge connect"):
        return run(*shlex.split(code)[1:-1], "ws://127.0.0.1:1/").returncode == 1
    if code.startswith("wsbridge check"):
        (folder / "FILE.toml").write_text("[[route]]\necho = true\n")
        return accepts(folder, *shlex.split(code.replace("FILE", "FILE.toml"))[2:])
    if re.fullmatch(r"--[a-z-]+|[a-z]+_[a-z_]+", code):
        return f"`{code}`" in known
    if code.startswith("--") and code != "--":
        words = shlex.split(code)
        if any(accepts(folder, *words, *handler) for handler in HANDLERS):
            return True
        # Of the client: it gets as far as that nobody answers.
        return run("connect", *words, "ws://127.0.0.1:1/").returncode == 1
    if re.match(r"[a-z_]+ = ", code):
        return file_accepts(folder, code)
    return True


@pytest.mark.parametrize("name", SECTIONS)
def test_right_sides(folder, name):
    known = run("option-reference").stdout
    wrong = []
    count = 0
    for line, codes in rows(SECTIONS[name]):
        settings = [code for code in codes if re.match(r"[a-z_]+ = ", code)]
        together = len(settings) > 1 and file_accepts(folder, *settings)
        count += len(codes)
        wrong += [(code, line) for code in codes
                  if not (together and code in settings) and not is_right(folder, known, code)]
    assert not wrong and count > 10, wrong


def test_first_lines(folder):
    """The two lines with which each part for a command line begins."""
    lines = re.findall(r"^    wsbridge +(.*)$", TEXT, re.M)
    assert len(lines) == 4
    assert not [line for line in lines if not accepts(folder, *shlex.split(line))]
