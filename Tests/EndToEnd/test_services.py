"""Services that people put WebSockets in front of, as they are."""

import os
import queue
import subprocess
from urllib.parse import urlsplit

import paho.mqtt.client as mqtt
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect as connect_once

from harness.server import ROOT, URL, binary, until
from harness.services import mosquitto, redis, vnc
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


def test_the_example_of_services():
    """examples/services/run.sh: three services behind one port, and none left behind."""
    with subprocess.Popen([ROOT / "examples/services/run.sh", "0"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, env=os.environ | {"WSBRIDGE": binary()}) as example:
        try:
            url = next(found.group(0) for line in example.stderr if (found := URL.search(line)))
            base = f"ws://127.0.0.1:{urlsplit(url).port}"
            assert until(lambda: answer(f"{base}/redis", send="PING"), 20, "Redis answers") == "+PONG"
            assert until(lambda: answer(f"{base}/vnc"), 20, "VNC answers") == b"RFB 003.008\n"
            hello = b"\x10\x0d\x00\x04MQTT\x04\x02\x00\x3c\x00\x01a"
            assert until(lambda: answer(f"{base}/mqtt", hello, subprotocols=["mqtt"]), 20, "MQTT answers") == b" \x02\0\0"
        finally:
            example.terminate()
            example.stderr.read()
            assert example.wait(20) == 0


def answer(url, send=None, **options):
    """The first message; nothing while the service is not there yet."""
    try:
        with connect_once(url, proxy=None, compression=None, open_timeout=10, **options) as client:
            if send is not None:
                client.send(send)
            return client.recv(timeout=10)
    except InvalidStatus:
        return None
