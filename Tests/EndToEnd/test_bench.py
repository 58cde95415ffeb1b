"""`wsbridge bench`: what it counts is what happened, errors have names, and it ends."""

import json
import re
import signal
import socket
import subprocess
import time

from harness.metrics import Metrics
from harness.server import binary, run


def bench(url, *options, seconds=60):
    """The numbers of a run, and its exit code."""
    done = run("bench", "--json", *options, url, seconds=seconds)
    assert done.stderr == "", done.stderr
    return json.loads(done.stdout), done.returncode


def test_closed_loop_counts_what_the_server_counts(server):
    instance = server("--metrics-listen", "127.0.0.1:0", "--echo")
    told, code = bench(instance.ws_url, "--connections", "7", "--pipeline", "3", "--messages", "1000", "--size", "1KiB")
    assert (code, told["errors"], told["connections"], told["connections_opened"]) == (0, {}, 7, 7)
    assert told["messages_sent"] == told["messages_received"] == 1000
    assert told["payload_bytes_received"] == 1000 * 1024 and told["pipeline"] == 3
    latency = told["latency_seconds"]
    assert 0 < latency["p50"] <= latency["p90"] <= latency["p99"] <= latency["p99.9"] <= latency["max"]
    assert told["messages_per_second"] > 0 and 0 < told["connect_seconds"]["max"] < 10
    instance.wait_log("session closed", '"close":1000', count=7)
    values = Metrics(instance).scrape()
    assert values["wsbridge_messages_received_total", "/"] == 1000
    assert values["wsbridge_payload_received_bytes_total", "/"] == 1000 * 1024


def test_closed_loop_ends_in_time(server):
    instance = server("--cmd", "cat")
    begin = time.monotonic()
    told, code = bench(instance.ws_url, "--duration", "300ms")
    assert code == 0 and told["messages_received"] == told["messages_sent"] > 0
    assert time.monotonic() - begin < 10


def test_rate_is_kept(server):
    told, code = bench(server("--echo").ws_url, "--rate", "500/s", "--duration", "1s", "--binary")
    assert (code, told["messages_sent"], told["messages_received"], told["rate"]) == (0, 500, 500, 500)


def test_a_stall_shows_whole(server):
    """The program stands still for half a second: all that was due meanwhile has waited."""
    stall = 'i=0; while read line; do i=$((i+1)); if [ $i = 20 ]; then sleep 0.5; fi; echo $line; done'
    instance = server("--shell", "--cmd", stall)
    told, code = bench(instance.ws_url, "--connections", "1", "--rate", "100/s", "--duration", "1s")
    assert (code, told["messages_received"]) == (0, 100)
    assert told["latency_seconds"]["max"] >= 0.45 and told["latency_seconds"]["p90"] >= 0.2


def test_a_server_that_speaks_unasked(server):
    """Its greetings pass for answers: to messages that were not sent yet when they came, too."""
    instance = server("--shell", "--cmd", "for i in 1 2 3 4 5 6 7 8; do echo $i; done; exec cat")
    told, _ = bench(instance.ws_url, "--connections", "4", "--messages", "400")
    assert told["latency_seconds"]["max"] < 60


def test_text_for_people(server):
    done = run("bench", "--messages", "10", server("--echo").ws_url)
    assert done.returncode == 0
    assert re.search(r"connections +10 of 10 +p50 \d+\.\d{3} ms ", done.stdout)
    assert re.search(r"messages +10 sent, 10 received, 64 bytes each", done.stdout)
    assert re.search(r"latency +p50 .* ms  p90 .* ms  p99 .* ms  p99\.9 .* ms  max .* ms", done.stdout)
    assert re.search(r"errors +none", done.stdout)


def test_tls(server, authority):
    pair = authority.issue("bench", "localhost", "IP:127.0.0.1")
    instance = server(*pair.options, "--echo")
    assert bench(instance.ws_url, "--ca", authority.bundle, "--messages", "100", "--size", "100KiB")[1] == 0
    told, code = bench(instance.ws_url, "--connections", "3")
    assert (code, told["errors"], told["connections_opened"]) == (1, {"TLS": 3}, 0)


# ---- errors have names

def test_refusals(server):
    instance = server("--max-connections", "3", "--echo")
    told, code = bench(instance.ws_url, "--connections", "5", "--messages", "30")
    assert (code, told["connections_opened"], told["errors"]) == (1, 3, {"handshake: 503": 2})
    assert told["messages_received"] == 30


def test_nobody_listens():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        told, code = bench(f"ws://127.0.0.1:{unused.getsockname()[1]}/", "--connections", "4")
    assert (code, told["errors"], told["messages_sent"]) == (1, {"connect: Connection refused": 4}, 0)


def test_silence_is_bounded():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        told, code = bench(f"ws://127.0.0.1:{silent.getsockname()[1]}/", "--connections", "2", "--connect-timeout", "300ms")
    assert (code, told["errors"]) == (1, {"connect: timeout": 2})


def test_messages_without_answer(server):
    told, code = bench(server("--shell", "--cmd", "cat >/dev/null").ws_url, "--connections", "2", "--duration", "100ms")
    assert (code, told["errors"], told["messages_received"]) == (1, {"unanswered message": 2}, 0)


def test_sessions_that_end_early(server):
    told, code = bench(server("--shell", "--cmd", "read a; echo $a; exit 3").ws_url, "--connections", "2")
    assert code == 1 and told["errors"].pop("closed: 1011") == 2
    assert set(told["errors"]) <= {"unanswered message"}


def test_server_that_dies(server):
    instance = server("--echo")
    client = subprocess.Popen([binary(), "bench", "--json", "--duration", "60s", instance.ws_url], stdout=subprocess.PIPE)
    instance.wait_log("session opened", count=10)
    instance.signal(signal.SIGKILL)
    instance.wait()
    out, _ = client.communicate(timeout=20)
    assert client.returncode == 1 and json.loads(out)["errors"]


def test_usage_errors_exit_2():
    assert run("bench").returncode == 2
    assert run("bench", "ws://127.0.0.1/", "--rate", "1/s", "--pipeline", "2").returncode == 2
