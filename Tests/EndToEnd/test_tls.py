"""BEHAVIOUR section 7: TLS."""

import hashlib
import json
import re
import select
import socket
import ssl
import subprocess
import time

import pytest

from conftest import drain
from harness.raw import RawClient, request, upgrade_fields
from harness.server import run, until

OLD = {"maximum_version": ssl.TLSVersion.TLSv1_2}
NEW = {"minimum_version": ssl.TLSVersion.TLSv1_3}


@pytest.fixture(scope="session")
def site(authority):
    return authority.issue("site", "localhost", "IP:127.0.0.1")


class TLSClient(RawClient):
    """Bare bytes over TLS; an end without close_notify is an error (ssl.SSLEOFError)."""

    def __init__(self, port, context, name="localhost", **options):
        super().__init__(port, **options)
        self.socket = context.wrap_socket(self.socket, server_hostname=name, suppress_ragged_eofs=False)


def s_client(port, *options, data=b""):
    """What openssl(1) says of a connection."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *options], input=data,
                          capture_output=True, timeout=20, check=False)
    return (done.stdout + done.stderr).decode("utf-8", "replace")


def shown(port, context=None, name="localhost"):
    """SHA-256 of the certificate that a new connection is shown."""
    if context is None:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with TLSClient(port, context, name) as client:
        digest = hashlib.sha256(client.socket.getpeercert(binary_form=True)).hexdigest().upper()
        return ":".join(re.findall("..", digest))


# ---- certificates

@pytest.mark.parametrize("versions", [OLD, NEW], ids=["1.2", "1.3"])
def test_echo_over_wss(server, connect, authority, site, versions):
    instance = server(*site.options, "--echo")
    client = connect(instance, ssl=authority.context(**versions))
    for size in (0, 1, 125, 126, 16_384, 16_385, 65_536, 1_000_000):
        client.send(b"x" * size)
        assert client.recv(timeout=10) == b"x" * size
    client.close(1000)
    instance.wait_log("session closed", '"close":1000')


def test_the_program_hears_of_it(server, connect, child, authority, site):
    instance = server(*site.options, "--cmd", child("environment.py"))
    variables = json.loads(connect(instance, ssl=authority.context()).recv(timeout=5))
    assert variables["HTTPS"] == "on"
    assert not [name for name in variables if name.startswith("SSL_")]


def test_an_origin_of_https_is_the_same(server, authority, site):
    instance = server(*site.options, "--echo")
    for scheme, status in (("https", 101), ("http", 403)):
        with TLSClient(instance.port, authority.context()) as client:
            client.send(request(upgrade_fields(instance.port, Origin=f"{scheme}://127.0.0.1:{instance.port}")))
            assert client.response().status == status


def test_self_signed(server, connect):
    instance = server("--tls", "self-signed", "--host", "box.example", "--echo")
    fingerprint = re.search(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", instance.wait_log("TLS certificate")).group(0)
    assert shown(instance.port) == fingerprint
    pem = ssl.get_server_certificate(("127.0.0.1", instance.port))
    context = ssl.create_default_context(cadata=pem)
    for name in ("localhost", "127.0.0.1", "::1", "box.example"):
        assert shown(instance.port, context, name) == fingerprint
    with pytest.raises(ssl.SSLCertVerificationError):
        shown(instance.port, context, "else.example")
    client = connect(instance)
    client.send("hello")
    assert client.recv(timeout=5) == "hello"


def test_the_name_chooses_the_certificate(server, authority, site):
    other = authority.issue("other", "other.example", "*.wild.example")
    rsa = authority.issue("rsa", "rsa.example", rsa=True)
    instance = server(*site.options, *other.options, *rsa.options, "--echo")
    expected = {"localhost": site, "unknown.example": site, "other.example": other, "a.wild.example": other,
                "OTHER.example": other, "wild.example": site, "a.b.wild.example": site, "rsa.example": rsa}
    for name, pair in expected.items():
        assert shown(instance.port, name=name) == pair.fingerprint, name


def test_the_client_gets_the_kind_of_key_that_it_knows(server, authority, site):
    """One name, an EC and an RSA key: a client that verifies only one of them is served too, with its name or without.
    Another certificate of a kind that the name has already is not used, and one name of two has the EC key alone."""
    both = authority.issue("both", "localhost", "both.example", rsa=True)
    late = authority.issue("late", "localhost", "late.example", rsa=True)
    instance = server(*site.options, *both.options, *late.options, "--echo")

    def subject(name, *options):
        asked = ("-servername", name) if name else ("-noservername",)
        text = s_client(instance.port, *asked, *options)
        return next((line.split("CN = ")[1] for line in text.splitlines() if line.startswith("subject=")), None)
    assert shown(instance.port) == site.fingerprint
    for kind, name in (("ECDSA+SHA256", "site"), ("RSA-PSS+SHA256", "both")):
        assert subject("localhost", "-sigalgs", kind) == subject(None, "-sigalgs", kind) == name
    for kind, name in (("ECDSA", "site"), ("RSA", "both")):
        assert subject("localhost", "-tls1_2", "-cipher", f"ECDHE-{kind}-AES128-GCM-SHA256") == name
    assert subject("both.example") == "both" and subject("late.example") == "late"
    assert subject("both.example", "-sigalgs", "ECDSA+SHA256") is None


# ---- versions, ciphers, ALPN

def test_the_lowest_version(server, authority, site):
    instance = server(*site.options, "--tls-min-version", "1.3", "--echo")
    with pytest.raises(ssl.SSLError):
        shown(instance.port, authority.context(**OLD))
    instance.wait_log("TLS handshake failed", "unsupported protocol")
    assert shown(instance.port, authority.context(**NEW))


def test_versions_below_are_not_spoken(server, site):
    instance = server(*site.options, "--echo")
    for version in ("-tls1", "-tls1_1"):
        text = s_client(instance.port, version, "-cipher", "ALL:@SECLEVEL=0")
        assert "Cipher is (NONE)" in text, text
    assert "TLSv1.2, Cipher is ECDHE-ECDSA" in s_client(instance.port, "-tls1_2")
    assert "TLSv1.3, Cipher is TLS_" in s_client(instance.port, "-tls1_3")
    assert "Cipher is (NONE)" in s_client(instance.port, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA256")


def test_ciphers_are_chosen(server, site):
    instance = server(
        *site.options, "--tls-ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305:TLS_CHACHA20_POLY1305_SHA256", "--echo")
    assert "Cipher is ECDHE-ECDSA-CHACHA20-POLY1305" in s_client(instance.port, "-tls1_2")
    assert "Cipher is TLS_CHACHA20_POLY1305_SHA256" in s_client(instance.port, "-tls1_3")


def test_the_order_is_the_servers_but_for_chacha(server, site):
    """A client without instructions for AES begins with ChaCha20, and gets it."""
    instance = server(*site.options, "--echo")
    aes, more_aes, chacha = "AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"
    for offered, chosen in (((more_aes, aes, chacha), aes), ((chacha, more_aes, aes), chacha)):
        old = s_client(instance.port, "-tls1_2", "-cipher", ":".join(f"ECDHE-ECDSA-{name}" for name in offered))
        assert f"Cipher is ECDHE-ECDSA-{chosen}" in old
        suites = {aes: "TLS_AES_128_GCM_SHA256", more_aes: "TLS_AES_256_GCM_SHA384", chacha: "TLS_CHACHA20_POLY1305_SHA256"}
        new = s_client(instance.port, "-tls1_3", "-ciphersuites", ":".join(suites[name] for name in offered))
        assert f"Cipher is {suites[chosen]}" in new


def test_alpn(server, site):
    instance = server(*site.options, "--echo")
    assert "ALPN protocol: http/1.1" in s_client(instance.port, "-alpn", "h2,http/1.1")
    assert "No ALPN negotiated" in s_client(instance.port)
    assert "no application protocol" in s_client(instance.port, "-alpn", "h2")


def test_no_renegotiation(server, site):
    instance = server(*site.options, "--echo")
    client = subprocess.Popen(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{instance.port}", "-tls1_2"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    client.stdin.write(b"R\n")
    client.stdin.flush()
    text = client.communicate(timeout=20)[0].decode()
    assert "no renegotiation" in text or "NO_RENEGOTIATION" in text, text


# ---- resumption

@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_a_session_goes_on_with_any_worker(server, site, tmp_path, version):
    instance = server(*site.options, "--workers", "3", "--echo")
    session = tmp_path / "session"
    head = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    first = s_client(instance.port, version, "-ign_eof", "-sess_out", str(session), data=head)
    assert "New, TLSv1" in first
    for _ in range(8):
        again = s_client(instance.port, version, "-ign_eof", "-sess_in", str(session), data=head)
        assert "Reused, TLSv1" in again, again


# ---- certificates of clients

@pytest.fixture(scope="session")
def ada(authority):
    return authority.issue("ada", subject="/O=Example, Inc./CN=Ada Löve", usage="clientAuth")


def test_clients_must_show_a_certificate(server, connect, child, authority, site, ada):
    instance = server(*site.options, "--tls-client-ca", authority.bundle, "--cmd", child("environment.py"))
    variables = json.loads(connect(instance, ssl=authority.context(ada)).recv(timeout=5))
    assert variables["SSL_CLIENT_VERIFY"] == "SUCCESS"
    assert variables["SSL_CLIENT_S_DN"] == r"CN=Ada L\C3\B6ve,O=Example\, Inc."
    with TLSClient(instance.port, authority.context()) as client, pytest.raises(ssl.SSLError):
        client.at_end()
    instance.wait_log("TLS handshake failed", "peer did not return a certificate")


def test_clients_may_show_a_certificate(server, connect, child, authority, site, ada):
    instance = server(*site.options, "--tls-client-ca", authority.bundle, "--tls-client-auth", "optional",
                      "--cmd", child("environment.py"))
    for pair, result in ((ada, "SUCCESS"), (None, "NONE")):
        variables = json.loads(connect(instance, ssl=authority.context(pair)).recv(timeout=5))
        assert variables["SSL_CLIENT_VERIFY"] == result
        assert ("SSL_CLIENT_S_DN" in variables) == (pair is not None)


def test_a_certificate_for_something_else_is_refused(server, authority, site):
    instance = server(*site.options, "--tls-client-ca", authority.bundle, "--tls-client-auth", "optional", "--echo")
    with TLSClient(instance.port, authority.context(site)) as client, pytest.raises(ssl.SSLError):
        client.at_end()
    instance.wait_log("TLS handshake failed", "certificate verify failed")


def test_a_resumed_client_is_still_known(server, child, authority, site, ada):
    instance = server(*site.options, "--tls-client-ca", authority.bundle, "--cmd", child("environment.py"))
    context = authority.context(ada, **OLD)
    session = None
    for is_resumed in (False, True):
        sock = context.wrap_socket(
            socket.create_connection(("127.0.0.1", instance.port)), server_hostname="localhost", session=session)
        client = RawClient.__new__(RawClient)
        client.socket, client.port, client.buffer = sock, instance.port, b""
        with client:
            client.upgrade()
            assert json.loads(client.read_frame().payload)["SSL_CLIENT_S_DN"].startswith("CN=Ada")
            assert sock.session_reused == is_resumed
            session = sock.session


# ---- bad input

def test_plain_http_is_told(server, site):
    instance = server(*site.options, "--echo")
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port)))
        response = client.response()
        assert response.status == 400
        assert b"wss://" in response.body
        assert client.at_end()
    instance.wait_log("TLS handshake failed", "plain HTTP")


@pytest.mark.parametrize("data", [b"\0" * 100, b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\xff\xff" + b"x" * 70_000,
                                  b"\x80\x2e\x01\x03\x01" + b"\0" * 60], ids=["zeros", "hello", "long", "version 2"])
def test_rubbish_ends_with_one_line(server, connect, authority, site, data):
    instance = server(*site.options, "--handshake-timeout", "2s", "--echo")
    with RawClient(instance.port) as client:
        client.send(data)
        client.drain_to_end()
    instance.wait_log("TLS handshake failed")
    assert sum("TLS handshake failed" in line for line in instance.lines) == 1
    client = connect(instance, ssl=authority.context())
    client.send("still there")
    assert client.recv(timeout=5) == "still there"


def test_half_a_handshake_has_the_deadline_of_the_head(server, authority, site):
    instance = server(*site.options, "--handshake-timeout", "1s", "--echo")
    begin = time.monotonic()
    with RawClient(instance.port) as nothing, RawClient(instance.port) as half:
        half.send(b"\x16\x03\x01\x02\x00\x01")
        assert nothing.at_end()
        assert half.at_end()
    # Time that TLS took is taken from the head.
    with RawClient(instance.port) as slow:
        assert select.select([slow.socket], [], [], 0.5)[0] == [], "the server waits for its client"
        slow.socket = authority.context().wrap_socket(slow.socket, server_hostname="localhost")
        assert slow.response().status == 408
    assert time.monotonic() - begin < 8
    instance.wait_log("TLS handshake failed", "not complete in time", count=2)


def test_ends_are_told_by_close_notify(server, authority, site):
    instance = server(*site.options, "--echo")
    with TLSClient(instance.port, authority.context()) as client:
        client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        client.response()
        assert client.at_end()
    with TLSClient(instance.port, authority.context()) as client:
        client.upgrade()
        client.send_close(1000)
        assert client.read_frame().code == 1000
        assert client.at_end()


def test_output_reaches_a_client_that_has_said_goodbye(server, child, authority, site):
    """close_notify is half of the end, as a FIN is."""
    instance = server(*site.options, "--cmd", child("count_bytes.py"))
    with TLSClient(instance.port, authority.context()) as client:
        client.upgrade()
        client.send_frame(1, b"x" * 1000)
        client.send_close(1000)
        received = client.read_close(answer=False)
        assert received.code == 1000


# ---- changes while it runs

def test_certificates_change_under_live_connections(server, connect, authority, tmp_path):
    pair = authority.issue("live", "localhost", "IP:127.0.0.1", folder=tmp_path)
    first = pair.fingerprint
    instance = server(*pair.options, "--workers", "2", "--echo")
    client = connect(instance, ssl=authority.context())
    for count, cause in enumerate(("signal", "file"), 1):
        fresh = authority.issue(f"fresh-{cause}", "localhost", "IP:127.0.0.1", folder=tmp_path)
        pair.replace_by(fresh)
        if cause == "signal":
            instance.signal(1)
        instance.wait_log("certificates reloaded", fresh.fingerprint, seconds=15)
        until(lambda: shown(instance.port) == fresh.fingerprint, 5, "new connections get the new certificate")
        assert fresh.fingerprint != first
        client.send(f"still {count}")
        assert client.recv(timeout=5) == f"still {count}"


def test_a_broken_certificate_leaves_the_old_in_place(server, authority, tmp_path):
    pair = authority.issue("kept", "localhost", folder=tmp_path)
    fingerprint = pair.fingerprint
    instance = server(*pair.options, "--echo")
    pair.certificate.write_text("rubbish")
    instance.signal(1)
    instance.wait_log("certificates not reloaded", str(pair.certificate))
    assert shown(instance.port) == fingerprint
    other = authority.issue("stranger", "localhost", folder=tmp_path)
    pair.certificate.write_bytes(other.certificate.read_bytes())
    instance.wait_log("certificates not reloaded", "does not belong", seconds=15)
    assert shown(instance.port) == fingerprint


# ---- what is asked for

def test_what_is_wrong_is_told_at_start(authority, site, tmp_path):
    missing = str(tmp_path / "missing.pem")
    ca = authority.bundle
    rows = [
        ((), ("--tls-cert", ca), "certificates and keys come in pairs"),
        ((), ("--tls-key", ca), "certificates and keys come in pairs"),
        (site.options, ("--tls", "self-signed"), "a certificate is given too"),
        ((), ("--tls-ciphers", "x"), "has no effect without TLS"),
        (site.options, ("--tls-client-auth", "required"), "nothing says whom"),
        (site.options, ("--tls-min-version", "1.1"), "it is one of 1.2, 1.3"),
        ((), ("--tls-cert", missing, "--tls-key", str(site.key)), f"{missing}: cannot be read"),
        ((), ("--tls-cert", str(site.certificate), "--tls-key", str(authority.own.key)), "does not belong"),
        ((), ("--tls-cert", str(site.key), "--tls-key", str(site.key)), "holds no certificate"),
        (site.options, ("--tls-ciphers", "NO-SUCH-CIPHER"), "the ciphers are not known"),
        (site.options, ("--tls-client-ca", str(site.key)), "holds no certificates"),
    ]
    for options, more, expected in rows:
        done = run("--port", "0", "--echo", *options, *more)
        assert done.returncode == 2, (more, done)
        assert expected in done.stderr, (more, done.stderr)
        assert done.stdout == ""


def test_doubtful_certificates_are_warned_about(server, authority, tmp_path):
    pair = authority.issue("open", folder=tmp_path)
    pair.key.chmod(0o644)
    instance = server(*pair.options, "--echo")
    instance.wait_log("warning", "can be read by other users")
    instance.wait_log("warning", "names no host")


def test_a_certificate_that_another_one_hides(authority, site, tmp_path):
    """Within a listener, at its place; where it is the only one it is not."""
    late = authority.issue("newer", "localhost", "other.example", folder=tmp_path)
    path = tmp_path / "wsbridge.toml"
    path.write_text(f"""tls_cert = ["{site.certificate}", "{late.certificate}"]
tls_key = ["{site.key}", "{late.key}"]
[[listener]]
address = "127.0.0.1:0"
[[listener]]
address = "[::1]:0"
tls_cert = "{late.certificate}"
tls_key = "{late.key}"
[[route]]
echo = true
""")
    done = run("check", "--config", str(path))
    assert done.returncode == 0
    column = 17 + len(str(site.certificate))
    assert done.stderr.startswith(
        f"{path}:1:{column}: warning: tls_cert {late.certificate}: not shown to who asks for localhost: "
        f"{site.certificate}, which stands before it, has a certificate"), done.stderr
    assert done.stderr.count("warning") == 1
    done = run("check", *site.options, *late.options, "--echo")
    assert done.stderr.startswith(f"warning: --tls-cert {late.certificate}: not shown to"), done.stderr


def test_check_prints_it_and_looks_at_the_files(authority, site):
    done = run("check", *site.options, "--echo")
    assert done.returncode == 0
    assert str(site.certificate) in done.stdout
    assert "tls-min-version" in done.stdout
    done = run("check", *site.options[:3], str(authority.own.key), "--echo")
    assert done.returncode == 2
    assert "does not belong" in done.stderr


def test_sessions_are_drained(server, connect, authority, site):
    instance = server(*site.options, "--echo")
    client = connect(instance, ssl=authority.context())
    with RawClient(instance.port) as half:
        half.send(b"\x16\x03\x01")
        client.send("x")
        client.recv(timeout=5)
        instance.signal()
        assert drain(client)[1] == 1001
        assert half.at_end()
    assert instance.wait() == 0
