"""The PROXY protocol of a load balancer in front, versions 1 and 2."""

import json
import socket
import struct

import pytest

from harness.raw import RawClient

SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def version2(command=1, family=0x11, body=b""):
    return SIGNATURE + bytes([0x20 | command, family]) + struct.pack("!H", len(body)) + body


FOUR = socket.inet_aton("192.0.2.7") + socket.inet_aton("198.51.100.1") + struct.pack("!HH", 5555, 443)
SIX = socket.inet_pton(socket.AF_INET6, "2001:db8::7") + bytes(16) + struct.pack("!HH", 6666, 443)
HEADERS = [
    (b"PROXY TCP4 192.0.2.7 198.51.100.1 5555 443\r\n", "192.0.2.7", "5555"),
    (b"PROXY TCP6 2001:db8::7 ::1 6666 443\r\n", "2001:db8::7", "6666"),
    (version2(body=FOUR), "192.0.2.7", "5555"),
    (version2(family=0x21, body=SIX + b"\x04\0\x02ab"), "2001:db8::7", "6666"),
]


def ask(instance, header):
    with RawClient(instance.port) as client:
        client.send(header)
        client.upgrade()
        variables = json.loads(client.read_frame().payload)
        return variables["REMOTE_ADDR"], variables["REMOTE_PORT"], str(client.socket.getsockname()[1])


@pytest.mark.parametrize("header, address, port", HEADERS)
def test_the_header_names_the_client(server, child, header, address, port):
    instance = server("--proxy-protocol", "required", "--cmd", child("environment.py"))
    assert ask(instance, header)[:2] == (address, port)
    instance.wait_log("session opened", address)


@pytest.mark.parametrize("header", [b"PROXY UNKNOWN\r\n", version2(command=0, family=0)])
def test_a_proxy_that_speaks_for_itself(server, child, header):
    instance = server("--proxy-protocol", "required", "--cmd", child("environment.py"))
    address, port, own = ask(instance, header)
    assert (address, port) == ("127.0.0.1", own)


@pytest.mark.parametrize("data, reason", [
    (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "no PROXY header"),
    (b"PROXY TCP4 1.2.3.4\r\n", "malformed"),
    (b"PROXY UNKNOWN " + b"x" * 200, "longer than 107"),
    (version2(body=FOUR + b"\x03\0\x04\0\0\0\0"), "wrong checksum"),
])
def test_anything_else_is_closed_with_one_line(server, data, reason):
    instance = server("--proxy-protocol", "required", "--echo")
    with RawClient(instance.port) as client:
        client.send(data)
        assert client.at_end()
    instance.wait_log("connection refused", reason)
    assert sum("connection refused" in line for line in instance.lines) == 1


def test_a_header_that_does_not_come(server):
    instance = server("--proxy-protocol", "required", "--handshake-timeout", "1s", "--echo")
    with RawClient(instance.port) as client:
        client.send(b"PROXY ")
        assert client.at_end()
    instance.wait_log("connection refused", "not complete in time")


def test_without_the_option_a_header_is_no_http(server):
    instance = server("--echo")
    with RawClient(instance.port) as client:
        client.send(HEADERS[0][0])
        assert client.response().status == 400


def test_in_front_of_tls(server, child, authority):
    pair = authority.issue("behind", "localhost", "IP:127.0.0.1")
    instance = server(*pair.options, "--proxy-protocol", "required", "--cmd", child("environment.py"))
    with RawClient(instance.port) as client:
        client.send(HEADERS[2][0])
        client.socket = authority.context().wrap_socket(client.socket, server_hostname="localhost")
        client.upgrade()
        variables = json.loads(client.read_frame().payload)
        assert (variables["REMOTE_ADDR"], variables["HTTPS"]) == ("192.0.2.7", "on")
