"""What the unit allows, and what it does not: routes of every kind, other users, certificates."""

import pytest

from harness.certificates import Authority
from machine import FILE, main_pid, route_users, until

pytestmark = pytest.mark.usefixtures("fresh")


def reload(machine):
    def count():
        entries = machine.journal("--unit=wsbridge", "--grep=reloaded")
        return sum('"reloaded"' in str(entry["MESSAGE"]) for entry in entries)
    before = count()
    machine.systemctl("reload", "wsbridge")
    until(lambda: count() > before, 10, "the reload is over")


def heard(machine, path):
    return machine.run("wsbridge", "connect", f"ws://127.0.0.1:8080{path}", text="hello\n").splitlines()


def test_routes_of_every_kind(machine):
    """Files by sendfile(2), a proxy, a server at a unix socket of ours, a terminal, a program, TLS."""
    machine.run("sh", "-c", "mkdir -p /srv/www && head -c 3000000 /dev/zero >/srv/www/big")
    machine.write(FILE, 'listen = ["127.0.0.1:8080", "unix:/run/wsbridge/app.sock"]\n' + """
[[listener]]
address = "127.0.0.1:8443"
tls = "self-signed"
[[route]]
path = "/echo"
echo = true
[[route]]
path = "/files/*"
static = "/srv/www"
[[route]]
path = "/proxied/*"
proxy = "http://127.0.0.1:8080"
strip_prefix = "/proxied"
[[route]]
path = "/line"
framing = "lines"
command = "head -n 1"
[[route]]
path = "/terminal"
command = "tty"
pty = true
message_type = "text"
[[route]]
path = "/server"
unix = "/run/wsbridge/app.sock"
""")
    reload(machine)
    assert machine.fetch("/files/big") == 3_000_000
    assert machine.fetch("/proxied/files/big") == 3_000_000
    for path in ("/echo", "/proxied/echo", "/line", "/proxied/line"):
        assert heard(machine, path) == ["hello"], path
    # What the client typed is shown too.
    assert any(line.startswith("/dev/pts/") for line in heard(machine, "/terminal"))
    assert machine.run("wsbridge", "connect", "--insecure", "wss://127.0.0.1:8443/echo", text="hello\n") == "hello\n"


OTHERS = """
[[route]]
path = "/mail"
user = "mail"
group = "mail"
command = ["/bin/sh", "-c", "id -u; id -g; grep -E '^Cap(Prm|Eff|Amb)' /proc/self/status"]
[[route]]
path = "/own"
command = ["/bin/sh", "-c", "id -u; id -g; grep -E '^Cap(Prm|Eff|Amb)' /proc/self/status"]
[[route]]
path = "/stubborn"
user = "mail"
command = ["/bin/sh", "-c", "trap '' TERM HUP; setsid sleep 1000 & sleep 2000 & echo ready; wait; wait"]
"""


OWNED = """
[[listener]]
address = "unix:/run/wsbridge/owned.sock"
owner = "www-data:mail"
mode = "0660"
"""


@pytest.mark.parametrize("part", ["users", "everything"])
def test_programs_of_other_users(machine, part):
    """They are who the route says, have no capability, and end like the others."""
    nothing = [f"Cap{name}:\t" + "0" * 16 for name in ("Prm", "Eff", "Amb")]
    machine.drop_in(route_users()[part])
    machine.write(FILE, machine.standard + OTHERS + (OWNED if part == "everything" else ""))
    machine.systemctl("restart", "wsbridge")
    assert heard(machine, "/mail") == ["8", "8", *nothing]
    own = heard(machine, "/own")
    assert int(own[0]) >= 61184 and own[2:] == nothing, own
    client = "timeout 2 sh -c '{ echo x; sleep 100; } | wsbridge connect ws://127.0.0.1:8080/stubborn'"
    assert "ready" in machine.run("sh", "-c", client, check=False)
    until(lambda: not machine.sleepers(), 20, "what the program left has ended, be it in a session of its own")
    assert machine.echo() == "hello"
    if part == "everything":
        assert machine.run("stat", "-c", "%U:%G %a", "/run/wsbridge/owned.sock").strip() == "www-data:mail 660"


def test_without_the_drop_in_there_are_no_other_users(machine):
    """The message names the way out."""
    machine.write(FILE, machine.standard + OTHERS)
    reload(machine)
    machine.run("wsbridge", "connect", "ws://127.0.0.1:8080/mail", text="", check=False)
    assert machine.echo() == "hello"
    texts = [str(entry["MESSAGE"]) for entry in machine.journal("--unit=wsbridge", "--lines=20")]
    assert any("cannot change user or group" in text and "CAP_SETUID" in text for text in texts), texts


WITH_TLS = """
[[listener]]
address = "127.0.0.1:8443"
tls_cert = "{0}.pem"
tls_key = "{0}.key"
"""


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    authority = Authority(tmp_path_factory.mktemp("certificates"))
    return [authority.issue(name, "localhost") for name in ("first", "second")]


def put(machine, pair, path, group="root"):
    """As a client of ACME does."""
    for suffix, file in (("pem", pair.certificate), ("key", pair.key)):
        machine.write(f"{path}.{suffix}.new", file.read_text())
        machine.run("sh", "-ec", f"chmod 640 {path}.{suffix}.new; chgrp {group} {path}.{suffix}.new; "
                                 f"mv {path}.{suffix}.new {path}.{suffix}")


def certificate(machine):
    text = ("import hashlib, ssl; pem = ssl.get_server_certificate(('127.0.0.1', 8443)); "
            "print(hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest())")
    return machine.python(text).strip().upper()


def fingerprint(pair):
    return pair.fingerprint.replace(":", "")


def test_keys_of_root_are_new_after_a_restart(machine, pairs):
    """systemd copies credentials at the start: a reload has the old ones. With the socket nobody is refused."""
    put(machine, pairs[0], "/etc/wsbridge/tls/site")
    machine.systemctl("stop", "wsbridge")
    machine.write(FILE, machine.standard + WITH_TLS.format("/run/credentials/wsbridge.service/tls_site"))
    machine.systemctl("start", "wsbridge.socket")
    machine.systemctl("start", "wsbridge")
    assert certificate(machine) == fingerprint(pairs[0])
    load = machine.load()
    put(machine, pairs[1], "/etc/wsbridge/tls/site")
    reload(machine)
    assert certificate(machine) == fingerprint(pairs[0])
    load.wait_served(20)
    machine.systemctl("restart", "wsbridge")
    load.wait_served(20)
    assert certificate(machine) == fingerprint(pairs[1])
    result = load.stop()
    assert (result["refused"], result["cut"]) == ([], [])
    uid = machine.run("stat", "-c", "%u", f"/proc/{main_pid(machine)}").strip()
    # Programs of routes are of that user.
    key = machine.run("setpriv", f"--reuid={uid}", "--clear-groups", "cat", "/etc/wsbridge/tls/site.key", check=False)
    assert key == ""


def test_keys_of_a_group_are_new_without_a_restart(machine, pairs):
    """README.Debian: SupplementaryGroups=ssl-cert. Sessions go on."""
    machine.run("sh", "-ec", "groupadd --system --force ssl-cert; install -d -m 710 -g ssl-cert /etc/ssl/private")
    put(machine, pairs[0], "/etc/ssl/private/site", "ssl-cert")
    machine.drop_in("[Service]\nSupplementaryGroups=ssl-cert\n")
    machine.write(FILE, machine.standard + WITH_TLS.format("/etc/ssl/private/site"))
    machine.systemctl("restart", "wsbridge")
    assert certificate(machine) == fingerprint(pairs[0])
    pid = main_pid(machine)
    load = machine.load()
    put(machine, pairs[1], "/etc/ssl/private/site", "ssl-cert")
    until(lambda: certificate(machine) == fingerprint(pairs[1]), 20, "the new certificate")
    load.wait_served(20)
    result = load.stop()
    assert (result["refused"], result["cut"], result["told"]) == ([], [], [])
    assert main_pid(machine) == pid
