"""The package as files: what is in it, and what it leaves."""

import re
import subprocess

import pytest

from machine import ENVIRONMENT, WORK, Tree, package, route_users

SIZE_MAX = 8 << 20


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


@pytest.mark.parametrize("part, most", [(None, 1.6), ("users", 2.2), ("everything", 2.6)])
def test_exposure(tree, part, most):
    """Of the unit as it is, and with the example for other users."""
    tree.run("dpkg", "--install", "/packages/older.deb")
    if part:
        tree.write("/etc/systemd/system/wsbridge.service.d/route-users.conf", route_users()[part])
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--no-pager", f"--root={tree.path}", "wsbridge.service"],
        capture_output=True, text=True, env=ENVIRONMENT, check=True)
    exposure = float(re.search(r"exposure level .*: ([0-9.]+)", done.stdout)[1])
    assert exposure <= most


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


def test_upgrade_where_both_have_changed_the_file(tree):
    """What the administrator wrote stays, and what the package wrote lies beside it until the purge."""
    before = tree.files()
    tree.run("dpkg", "--install", "/packages/older.deb")
    file = tree.path / "etc/wsbridge/wsbridge.toml"
    file.write_text(changed := file.read_text() + "\n# mine\n")
    tree.run("sh", "-ec", "cd /tmp; dpkg-deb --raw-extract /packages/newer.deb other; "
                          "echo '# theirs' >>other/etc/wsbridge/wsbridge.toml; "
                          "dpkg-deb --build --root-owner-group other /packages/other.deb >/dev/null; rm -r other")
    tree.run("dpkg", "--force-confdef", "--force-confold", "--install", "/packages/other.deb")
    assert file.read_text() == changed
    assert file.with_suffix(".toml.dpkg-dist").read_text().endswith("# theirs\n")
    tree.run("dpkg", "--purge", "wsbridge")
    assert tree.files() == before, tree.files() ^ before


def test_not_enabled_by_itself(tree):
    tree.run("dpkg", "--install", "/packages/older.deb")
    for unit in ("wsbridge.service", "wsbridge.socket"):
        assert tree.run("systemctl", "is-enabled", unit, check=False).strip() == "disabled"


COMPLETIONS = {
    "bash": """
        source "$1/bash-completion/completions/wsbridge"
        [ "$(complete -p wsbridge)" = "complete -o filenames -F _wsbridge wsbridge" ]
        complete_words() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
            _wsbridge wsbridge "${@: -1}" "${@: -2:1}"
            printf '%s\\n' "${COMPREPLY[@]}"
        }
        complete_words wsbridge --fram
        complete_words wsbridge --framing ra
        complete_words wsbridge che""",
    "fish": """
        source $argv[1]/fish/vendor_completions.d/wsbridge.fish
        for line in 'wsbridge --fram' 'wsbridge --framing ra' 'wsbridge che'
            complete --do-complete $line
        end""",
    # What is completed is on a terminal of its own.
    "zsh": """
        zmodload zsh/zpty
        zpty inner "TERM=dumb PS1= PATH=$PATH zsh -f -i"
        zpty -w inner "fpath=($1/zsh/vendor-completions \\$fpath); autoload -U compinit; compinit -u -D"
        for line in 'wsbridge --fram' 'wsbridge --framing ra' 'wsbridge che'; do
            zpty -w -n inner "$line"$'\\t\\x01echo \\n'
        done
        zpty -w inner 'echo the end of all'
        zpty -r -m inner shown '*the end of all*the end of all*'
        print -r -- $shown""",
}


@pytest.mark.parametrize("shell", COMPLETIONS)
def test_completions_complete(tree, shell):
    """An option, its value and a command, in the shell itself."""
    tree.run("dpkg", "--install", "/packages/older.deb")
    words = ["-c", COMPLETIONS[shell], *(["shell"] if shell != "fish" else []), str(tree.path / "usr/share")]
    path = f"{tree.path}/usr/bin:{ENVIRONMENT['PATH']}"
    done = subprocess.run([shell, *words], capture_output=True, text=True, check=False, timeout=30,
                          env={**ENVIRONMENT, "PATH": path, "HOME": str(tree.path)})
    assert done.returncode == 0, done.stderr
    for completed in ("--framing", "raw", "check"):
        assert re.search(rf"(^|\s){completed}(\s|$)", done.stdout), done.stdout


@pytest.mark.parametrize("page", ["wsbridge.1", "wsbridge.toml.5"])
def test_manual_pages_are_well_formed(tree, page):
    tree.run("dpkg", "--install", "/packages/older.deb")
    file = tree.path / "usr/share/man" / f"man{page[-1]}" / f"{page}.gz"
    done = subprocess.run(["man", "--warnings=w", "-E", "UTF-8", "-l", "-Tutf8", "-Z", str(file)], capture_output=True,
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
