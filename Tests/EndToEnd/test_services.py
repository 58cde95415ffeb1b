"""Services that people put WebSockets in front of, as they are."""

import contextlib
import os
import queue
import re
import struct
import subprocess
import sys
import threading
import urllib.request
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as connect_once

import conftest
from harness.raw import RawClient
from harness.server import ROOT, URL, binary, until
from harness.services import find, mosquitto, redis, vnc
from test_upstream import collect


def test_mqtt(server, tmp_path):
    """paho-mqtt over WebSocket against mosquitto."""
    with mosquitto(tmp_path) as port:
        instance = server("--tcp", f"127.0.0.1:{port}", "--subprotocol", "mqtt")
        events = queue.Queue()
        client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, transport="websockets")
        client.ws_set_options(path="/")
        client.on_connect = lambda *arguments: events.put(("connected", str(arguments[3])))
        client.on_subscribe = lambda *_: events.put("subscribed")
        client.on_message = lambda _, __, message: events.put((message.topic, message.payload))
        client.connect("127.0.0.1", instance.port)
        client.loop_start()
        try:
            assert events.get(timeout=10) == ("connected", "Success")
            client.subscribe("a/#", qos=1)
            assert events.get(timeout=10) == "subscribed"
            for payload in (b"small", b"x" * 300_000, b""):
                client.publish("a/b", payload, qos=1)
                assert events.get(timeout=10) == ("a/b", payload)
        finally:
            client.disconnect()
            client.loop_stop()
        instance.wait_log("session closed", f"127.0.0.1:{port}")


def test_redis_over_its_socket(server, connect, tmp_path):
    with redis(tmp_path) as path:
        client = connect(server("--unix", path))
        client.send(b"*1\r\n$4\r\nPING\r\n")
        assert collect(client, 7) == b"+PONG\r\n"
        value = b"x" * 500_000
        client.send(b"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$%d\r\n%s\r\n" % (len(value), value))
        assert collect(client, 5) == b"+OK\r\n"
        client.send(b"*2\r\n$3\r\nGET\r\n$1\r\nk\r\n")
        answer = b"$%d\r\n%s\r\n" % (len(value), value)
        assert collect(client, len(answer)) == answer


def test_redis_line_by_line(server, connect, tmp_path):
    with redis(tmp_path) as path:
        client = connect(server("--framing", "lines", "--unix", path))
        for command, answer in (("PING", "+PONG"), ("INCR n", ":1"), ("INCR n", ":2"), ("QUIT", "+OK")):
            client.send(command)
            assert client.recv(timeout=10) == answer


def test_vnc_handshake(server, connect):
    """RFC 6143 section 7.1 and 7.3."""
    with vnc() as port:
        client = connect(server("--tcp", f"127.0.0.1:{port}"), subprotocols=["binary"])
        assert client.subprotocol == "binary"
        assert collect(client, 12) == b"RFB 003.008\n"
        client.send(b"RFB 003.008\n")
        assert collect(client, 2) == b"\x01\x01"
        client.send(b"\x01")
        assert collect(client, 4) == bytes(4)
        client.send(b"\x01")
        head = collect(client, 24)
        assert (head[:4], head[24:]) == (b"\x01\x40\x00\xf0", b"under test")


# ---- examples/services

EXAMPLES = ROOT / "examples/services"


@contextlib.contextmanager
def example(name):
    """A script of the folder on free ports; gives what it printed until it served, and ends all of it."""
    with subprocess.Popen([EXAMPLES / name, "0"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, env=os.environ | {"WSBRIDGE": binary()}) as process:
        lines = []
        try:
            for line in process.stdout:
                lines.append(line)
                if "serving" in line:
                    break
            assert lines and "serving" in lines[-1], "".join(lines)
            # The log must not fill its pipe.
            threading.Thread(target=lambda: lines.extend(process.stdout), daemon=True).start()
            yield lines
        finally:
            process.terminate()
            assert process.wait(20) == 0


def address(lines):
    return URL.search(next(line for line in lines if "serving" in line)).group(0).replace("http", "ws", 1)


def once(url, send=None, **options):
    """The first message, as soon as the service is there."""
    return until(lambda: answer(url, send, **options), 20, f"{url} answers")


RFB = b"RFB 003.008\n"
MQTT_HELLO, MQTT_WELCOME = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a", b" \x02\0\0"


def test_the_example_of_redis():
    with example("redis.sh") as lines:
        assert once(address(lines), "PING") == "+PONG"


def test_the_example_of_mqtt():
    with example("mqtt.sh") as lines:
        assert once(address(lines), MQTT_HELLO, subprotocols=["mqtt"]) == MQTT_WELCOME


def test_the_example_of_a_desktop():
    find("Xtigervnc", "tigervnc-standalone-server")
    with example("vnc.sh") as lines:
        page = re.search(r"open (http://[^?]*)", "".join(lines)).group(1)
        assert b"noVNC" in urllib.request.urlopen(page, timeout=10).read()
        origin = page.rsplit("/", 1)[0]
        assert once(address(lines), origin=origin) == RFB


def test_the_example_of_postgresql():
    """psql itself, through the relay of the example; then its bytes by hand."""
    psql = find("psql", "postgresql-client")
    with example("postgresql.sh") as lines:
        url = address(lines)
        until(lambda: startup(url), 20, "PostgreSQL answers")
        with subprocess.Popen([sys.executable, EXAMPLES / "relay.py", "0", url], stdout=subprocess.PIPE,
                              text=True) as relay:
            try:
                port = relay.stdout.readline().rsplit(":", 1)[1].strip()
                done = subprocess.run(
                    [psql, "-X", "-A", "-t", "-h", "127.0.0.1", "-p", port, "-U", "postgres", "-c",
                     "SELECT sum(n), repeat('x', 100000) FROM generate_series(1, 1000) AS n"],
                    capture_output=True, text=True, timeout=30, check=True)
            finally:
                relay.kill()
        assert done.stdout == "500500|" + "x" * 100_000 + "\n"
        with connect_once(url, proxy=None, compression=None) as client:
            client.send(STARTUP)
            read_until_ready(client)
            query = b"SELECT 6 * 7\0"
            client.send(b"Q" + struct.pack("!I", len(query) + 4) + query)
            assert b"D" + struct.pack("!IHI", 12, 1, 2) + b"42" in read_until_ready(client)
            client.send(b"X" + struct.pack("!I", 4))
            assert conftest.drain(client)[1] == 1000


# PostgreSQL's protocol 3.0, section 55.7: a length, the version, parameters.
STARTUP = (lambda body: struct.pack("!I", len(body) + 4) + body)(
    struct.pack("!I", 196608) + b"user\0postgres\0database\0postgres\0\0")


def read_until_ready(client):
    data = b""
    while not data.endswith(b"Z\0\0\0\x05I"):
        data += client.recv(timeout=20)
    return data


def startup(url):
    """Whether it lets somebody in; while it starts it says that it does not."""
    try:
        with connect_once(url, proxy=None, compression=None, open_timeout=10) as client:
            client.send(STARTUP)
            return client.recv(timeout=10).startswith(b"R")
    except InvalidStatus:
        return None


def test_the_example_of_all_services():
    """One file: four services by path on one port with TLS, and a plain one that leads there; none is left behind."""
    find("psql", "postgresql-client")
    with example("run.sh") as lines:
        base = address(lines).removesuffix("/vnc")
        secure = {"ssl": conftest.trusting(urlsplit(base).port)}
        assert once(f"{base}/redis", "PING", **secure) == "+PONG"
        assert once(f"{base}/vnc", **secure) == RFB
        assert once(f"{base}/mqtt", MQTT_HELLO, subprotocols=["mqtt"], **secure) == MQTT_WELCOME
        assert once(f"{base}/postgresql", STARTUP, **secure).startswith((b"R", b"E"))
        plain = URL.search(until(lambda: next((line for line in lines if "redirecting" in line), None), 10,
                                 "it tells of the redirect")).group(0)
        with RawClient(urlsplit(plain).port) as client:
            client.send(b"GET /redis HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.response().field("Location") == f"https://localhost:{urlsplit(base).port}/redis"


def answer(url, send=None, **options):
    """The first message; nothing while the service is not there yet."""
    try:
        with connect_once(url, proxy=None, compression=None, open_timeout=10, **options) as client:
            if send is not None:
                client.send(send)
            return client.recv(timeout=10)
    except InvalidStatus:
        return None
