"""TLS to the servers behind a route, and what they are told about the client's."""

import os
import socket
import ssl
import struct

import pytest

from harness.raw import RawClient
from harness.server import run
from harness.upstream import echo, read_all
from test_proxy_protocol import SIGNATURE
from test_upstream import collect, drain, refused


@pytest.fixture
def tls_server(upstream, authority):
    """`tls_server(behave, *hosts)`: speaks TLS by a certificate for these hosts."""
    def listen(behave, *hosts, **settings):
        pair = authority.issue(f"upstream-{len(os.listdir(authority.folder))}", *(hosts or ["localhost"]))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.certificate, pair.key)
        for name, value in settings.items():
            setattr(context, name, value)
        if context.verify_mode == ssl.CERT_REQUIRED:
            context.load_verify_locations(authority.bundle)

        def serve(connection):
            with context.wrap_socket(connection, server_side=True) as secured:
                behave(secured)
        return upstream(serve)
    return listen


def options(behind, authority, host="localhost"):
    return ("--upstream-tls", "--upstream-tls-ca", authority.bundle, "--tcp", f"{host}:{behind.port}")


def test_bytes_go_both_ways(server, connect, tls_server, authority):
    client = connect(server(*options(tls_server(echo), authority)))
    payload = os.urandom(700_000)
    client.send(payload)
    assert collect(client, len(payload)) == payload


def test_tls_on_both_sides(server, connect, tls_server, authority):
    """Both streams of a session share the worker's windows."""
    instance = server("--workers", "1", "--tls", "self-signed", *options(tls_server(echo), authority))
    clients = [connect(instance) for _ in range(3)]
    payloads = [os.urandom(500_000) for _ in clients]
    for client, payload in zip(clients, payloads):
        client.send(payload)
    for client, payload in zip(clients, payloads):
        assert collect(client, len(payload)) == payload


def test_the_end_of_the_server(server, connect, tls_server, authority):
    behind = tls_server(lambda connection: (connection.sendall(b"x" * 300_000), connection.unwrap()))
    messages, code, _ = drain(connect(server(*options(behind, authority))))
    assert (sum(map(len, messages)), code) == (300_000, 1000)


def test_an_end_without_goodbye_is_a_break(server, connect, tls_server, authority):
    def cut(connection):
        connection.sendall(b"half")
        socket.socket(fileno=os.dup(connection.fileno())).shutdown(socket.SHUT_RDWR)

    instance = server(*options(tls_server(cut), authority))
    messages, code, _ = drain(connect(instance))
    assert (b"".join(messages), code) == (b"half", 1011)
    instance.wait_log("the upstream's connection broke", "goodbye")


def test_another_authority_is_refused(server, tls_server, authority, tmp_path):
    instance = server("--upstream-tls", "--tcp", f"localhost:{tls_server(echo).port}")
    assert refused(instance).status == 502
    instance.wait_log("no connection to the upstream", "certificate")


def test_another_name_is_refused(server, connect, tls_server, authority):
    behind = tls_server(echo, "db.example")
    instance = server(*options(behind, authority))
    assert refused(instance).status == 502
    instance.wait_log("no connection to the upstream", "certificate")
    client = connect(server("--upstream-tls-name", "db.example", *options(behind, authority, "127.0.0.1")))
    client.send(b"named")
    assert client.recv(timeout=10) == b"named"


def test_a_server_without_tls_is_502(server, upstream, authority):
    behind = upstream(lambda connection: connection.sendall(b"220 plain text here\r\n"))
    instance = server(*options(behind, authority))
    assert refused(instance).status == 502


def test_a_handshake_that_hangs_is_504(server, upstream, authority):
    instance = server("--connect-timeout", "300ms", *options(upstream(read_all), authority))
    assert refused(instance).status == 504


def test_our_certificate_is_shown(server, connect, tls_server, authority):
    def subject(connection):
        connection.sendall(str(connection.getpeercert()["subject"]).encode())
        read_all(connection)

    behind = tls_server(subject, verify_mode=ssl.CERT_REQUIRED)
    own = authority.issue("bridge", usage="clientAuth")
    shown = ("--upstream-tls-cert", str(own.certificate), "--upstream-tls-key", str(own.key))
    client = connect(server(*shown, *options(behind, authority)))
    assert b"'bridge'" in client.recv(timeout=10)


def test_missing_files_are_told_at_start(tmp_path):
    for command in ([], ["check"]):
        done = run(*command, "--tcp", "a:1", "--upstream-tls", "--upstream-tls-ca", str(tmp_path / "nobody.pem"))
        assert done.returncode == 2 and "nobody.pem" in done.stderr


def test_the_subject_of_the_client_is_told(server, connect, upstream, authority):
    """PROXY protocol version 2, section 2.2.5: PP2_TYPE_SSL with version and common name."""
    heads = []

    def header(connection):
        head = connection.recv(16, socket.MSG_WAITALL)
        heads.append(head + connection.recv(struct.unpack("!H", head[14:])[0], socket.MSG_WAITALL))
        connection.sendall(b"ok")
        read_all(connection)

    own = authority.issue("wsbridge", "localhost", "IP:127.0.0.1")
    client_pair = authority.issue("ada", usage="clientAuth", subject="/O=Engines/CN=Ada")
    instance = server(*own.options, "--tls-client-ca", authority.bundle, "--proxy-protocol-out", "v2",
                      *upstream(header).option)
    client = connect(instance, ssl=authority.context(client_pair))
    assert client.recv(timeout=10) == b"ok"
    assert heads[0].startswith(SIGNATURE + b"\x21\x11") and b"TLSv1.3" in heads[0] and b"Ada" in heads[0]


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_server_that_wants_another_certificate(server, tls_server, authority, version):
    """TLS 1.2 tells it before 101; with 1.3 the server looks when we are through (RFC 8446 section 4.4.2.4)."""
    versions = {"maximum_version": ssl.TLSVersion.TLSv1_2} if version == "1.2" else {
        "minimum_version": ssl.TLSVersion.TLSv1_3}
    behind = tls_server(echo, verify_mode=ssl.CERT_REQUIRED, **versions)
    instance = server(*options(behind, authority))
    if version == "1.2":
        assert refused(instance).status == 502
        instance.wait_log("upstream", "handshake failure")
        return
    with RawClient(instance.port) as client:
        client.upgrade()
        assert client.read_close().code == 1011
    instance.wait_log("certificate required")
