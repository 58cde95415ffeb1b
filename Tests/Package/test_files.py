"""The package as files: what is in it, and what it leaves."""

import re
import subprocess

import pytest

from machine import ENVIRONMENT, ROOT, WORK, Tree, package

SIZE_MAX = 8 << 20
EXPOSURE_MAX = 1.6


@pytest.fixture
def tree():
    made = Tree("files")
    yield made
    made.remove()


def contents(deb):
    done = subprocess.run(["dpkg-deb", "--contents", str(deb)], capture_output=True, text=True, check=True)
    return {line.split()[5].removeprefix("."): line.split()[0] for line in done.stdout.splitlines()}


def test_lintian_has_nothing_to_say():
    changes = list((WORK / "older").glob("*.changes"))
    assert len(changes) == 1
    done = subprocess.run(["lintian", "--pedantic", "--fail-on", "error,warning,pedantic", str(changes[0])],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout == "", done.stdout + done.stderr


def test_what_is_in_it():
    deb = package("older")
    assert deb.stat().st_size < SIZE_MAX
    assert list((WORK / "older").glob("wsbridge-dbgsym_*.deb"))
    files = contents(deb)
    for path in ("/usr/bin/wsbridge", "/etc/wsbridge/wsbridge.toml", "/lib/systemd/system/wsbridge.service",
                 "/lib/systemd/system/wsbridge.socket", "/usr/share/man/man1/wsbridge.1.gz",
                 "/usr/share/man/man5/wsbridge.toml.5.gz", "/usr/share/bash-completion/completions/wsbridge",
                 "/usr/share/zsh/vendor-completions/_wsbridge", "/usr/share/fish/vendor_completions.d/wsbridge.fish",
                 "/usr/share/doc/wsbridge/README.Debian", "/usr/share/doc/wsbridge/copyright",
                 "/usr/share/doc/wsbridge/examples/route-users.conf"):
        assert path in files, path


def test_how_it_is_linked(tree):
    tree.run("dpkg", "--install", "/packages/older.deb")
    program = tree.path / "usr/bin/wsbridge"

    def read(*options):
        return subprocess.run(["readelf", "--wide", *options, program], capture_output=True, text=True, check=True).stdout
    dynamic = read("--dynamic")
    assert "RUNPATH" not in dynamic and "RPATH" not in dynamic
    assert "BIND_NOW" in dynamic and "PIE" in dynamic
    assert "GNU_RELRO" in read("--program-headers")
    assert ".debug_info" not in read("--sections") and "Build ID" in read("--notes")
    needed = set(re.findall(r"\[(lib.*?|ld-.*?)\.so", dynamic))
    assert needed <= {"libc", "libm", "libstdc++", "libgcc_s", "libssl", "libcrypto", "ld-linux-x86-64"}, needed


def test_the_sandbox():
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", str(ROOT / "packaging/debian/wsbridge.service")],
        capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert float(re.search(r"exposure level .*: ([0-9.]+)", done.stdout).group(1)) <= EXPOSURE_MAX, done.stdout


def test_install_upgrade_remove_purge(tree):
    """A changed conffile stays over an upgrade and a removal, and a purge leaves nothing."""
    before = tree.files()
    tree.run("dpkg", "--install", "/packages/older.deb")
    assert (tree.path / "etc/wsbridge/tls").stat().st_mode & 0o777 == 0o700, "keys are root's alone"
    assert tree.run("wsbridge", "check", "--config", "/etc/wsbridge/wsbridge.toml").lstrip().startswith("listen")
    file = tree.path / "etc/wsbridge/wsbridge.toml"
    changed = file.read_text() + "\n# mine\n"
    file.write_text(changed)
    tree.run("dpkg", "--install", "/packages/newer.deb")
    assert "+newer" in tree.run("dpkg-query", "--show", "wsbridge")
    assert file.read_text() == changed
    assert not list(file.parent.glob("*.dpkg-*")), "the package's own file had not changed: nobody is asked"
    tree.run("dpkg", "--remove", "wsbridge")
    assert file.read_text() == changed
    left = tree.files() - before
    kept = {name for name in left if not name.startswith(("/etc/wsbridge", "/var/lib/systemd/deb-systemd-helper-enabled"))}
    assert not kept, kept
    tree.run("dpkg", "--purge", "wsbridge")
    assert tree.files() == before, tree.files() ^ before


def test_not_enabled_by_itself(tree):
    tree.run("dpkg", "--install", "/packages/older.deb")
    for unit in ("wsbridge.service", "wsbridge.socket"):
        assert tree.run("systemctl", "is-enabled", unit, check=False).strip() == "disabled"


@pytest.mark.parametrize("shell, path", [
    ("bash", "bash-completion/completions/wsbridge"), ("zsh", "zsh/vendor-completions/_wsbridge"),
    ("fish", "fish/vendor_completions.d/wsbridge.fish")])
def test_completions_can_be_read(tree, shell, path):
    tree.run("dpkg", "--install", "/packages/older.deb")
    done = subprocess.run([shell, "-n", str(tree.path / "usr/share" / path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("page", ["wsbridge.1", "wsbridge.toml.5"])
def test_manual_pages_are_well_formed(tree, page):
    tree.run("dpkg", "--install", "/packages/older.deb")
    file = tree.path / "usr/share/man" / f"man{page[-1]}" / f"{page}.gz"
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(file)], capture_output=True,
                          text=True, env={**ENVIRONMENT, "MANWIDTH": "80"}, check=True)
    assert done.stderr == ""


def test_piuparts():
    """Installing, upgrading, removing, purging, each with a look at what is left."""
    done = subprocess.run(
        ["piuparts", f"--existing-chroot={WORK / 'bookworm'}", "--distribution=bookworm", "--no-eatmydata",
         "--scriptsdir=/etc/piuparts/scripts", "--ignore=/.made", str(package("older"))],
        capture_output=True, text=True, env=ENVIRONMENT, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "PASS: All tests." in done.stdout
