"""BEHAVIOUR section 8: metrics, health and readiness, and `wsbridge status`, which asks for them."""

import contextlib
import json
import os
import re
import socket
import subprocess
import time

import pytest

from harness.metrics import Metrics, threads
from harness.raw import RawClient, request, upgrade_fields
from harness.server import ROOT, binary, run, until
from harness.tracing import stopped
from harness.upstream import echo

LISTEN = ["--metrics-listen", "127.0.0.1:0"]


@pytest.fixture
def observed(server):
    """`observed(*options)`: a server and its metrics."""
    def start(*options, **settings):
        instance = server(*LISTEN, *options, **settings)
        return instance, Metrics(instance)
    return start


def handshake(client, **changes):
    client.send(request(upgrade_fields(client.port, **changes)))
    return client.response()


def test_numbers_move_while_a_session_runs(observed, connect):
    instance, metrics = observed("--cmd", "cat")
    before = metrics.scrape()
    assert before["wsbridge_sessions_open", "/"] == before["wsbridge_messages_received_total", "/"] == 0
    client = connect(instance)
    for text in ["one", "three", "grüße"]:
        client.send(text)
        assert client.recv(timeout=5) == text
    during = metrics.scrape()
    assert during["wsbridge_sessions_open", "/"] == during["wsbridge_sessions_started_total", "/"] == 1
    assert during["wsbridge_children_running", "/"] == during["wsbridge_children_started_total", "/"] == 1
    assert during["wsbridge_messages_received_total", "/"] == during["wsbridge_messages_sent_total", "/"] == 3
    assert during["wsbridge_payload_received_bytes_total", "/"] == 15
    assert during["wsbridge_payload_sent_bytes_total", "/"] == 15
    assert metrics.sum("wsbridge_connections_open", during) == 1
    assert metrics.sum("wsbridge_sessions_ended_total", during) == 0
    client.send("more")
    client.recv(timeout=5)
    assert metrics.scrape()["wsbridge_messages_received_total", "/"] == 4
    client.close(code=4321)
    instance.wait_log("session closed")
    after = metrics.scrape()
    assert after["wsbridge_sessions_open", "/"] == after["wsbridge_children_running", "/"] == 0
    assert after["wsbridge_sessions_ended_total", "/", "4xxx"] == 1
    assert after["wsbridge_children_ended_total", "/", "exit_zero"] == 1
    assert after["wsbridge_messages_received_total", "/"] == 4
    assert all(after[key] >= value for key, value in during.items() if key[0].endswith("_total"))


def test_bytes_of_a_long_message_move_before_it_ends(observed):
    """A proxy that only knows what ended cannot see a stuck stream."""
    instance, metrics = observed("--echo", "--workers", "1")
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send(b"\x82\xff" + (1 << 20).to_bytes(8, "big") + b"\0\0\0\0" + bytes(500_000))
        until(lambda: metrics.scrape()["wsbridge_payload_received_bytes_total", "/"] == 500_000, 10, "half a message")
        assert metrics.scrape()["wsbridge_messages_received_total", "/"] == 0


@pytest.mark.parametrize("line, outcome, code", [
    ("exit 0", "exit_zero", "1000"), ("exit 3", "exit_nonzero", "1011"), ("signal 9", "signal", "1011")])
def test_ends_of_programs(observed, connect, child, line, outcome, code):
    instance, metrics = observed("--cmd", child("die.py"))
    connect(instance).send(line)
    instance.wait_log("session closed")
    values = metrics.scrape()
    assert values["wsbridge_children_ended_total", "/", outcome] == 1
    assert metrics.sum("wsbridge_children_ended_total", values) == 1
    assert values["wsbridge_sessions_ended_total", "/", code] == 1


def test_program_that_we_had_to_end_is_no_failure(observed, child):
    instance, metrics = observed("--teardown-close-wait", "1ms", "--cmd", child("deaf.py"))
    with RawClient(instance.port) as client:
        client.upgrade()
        client.read_frame()
    instance.wait_log("session closed")
    values = metrics.scrape()
    assert values["wsbridge_children_ended_total", "/", "teardown"] == 1
    assert values["wsbridge_sessions_ended_total", "/", "1006"] == 1


def test_refusals_by_status(observed, tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\ncat\n")
    program.chmod(0o755)
    instance, metrics = observed("--subprotocol", "a", "--require-subprotocol", "--cmd", str(program))
    program.unlink()
    for status, changes in [(403, {"Origin": "http://evil.example"}), (400, {}), (503, {"Sec_WebSocket_Protocol": "a"}),
                            (426, {"Sec_WebSocket_Version": "12"}), (421, {"Host": "evil.example"})]:
        with RawClient(instance.port) as client:
            assert handshake(client, **changes).status == status
    values = metrics.scrape()
    refused = {key[2]: value for key, value in values.items() if key[0] == "wsbridge_handshakes_refused_total"}
    assert refused == {"400": 1, "403": 1, "404": 0, "429": 0, "502": 0, "503": 1, "504": 0}
    early = {key[1]: value for key, value in values.items() if key[0] == "wsbridge_requests_refused_total"}
    assert early == {"400": 0, "408": 0, "414": 0, "421": 1, "426": 1, "431": 0}
    assert values["wsbridge_children_start_failures_total", "/"] == 1
    assert values["wsbridge_sessions_started_total", "/"] == 0
    # None without a line that says why.
    for said in ("origin refused", "handshake refused", "program not started", "only version 13", "Host refused"):
        instance.wait_log(said)


def test_answers_to_plain_requests_are_counted(observed, tmp_path):
    """Of files, from prepared heads and others, and of a server beside them that cannot be reached."""
    (tmp_path / "a.txt").write_text("hello")
    os.utime(tmp_path / "a.txt", (1, 1))
    instance, metrics = observed("--static", str(tmp_path), "--proxy", "http://127.0.0.1:1")
    for target, more, status in [("/a.txt", {}, 200), ("/a.txt", {}, 200), ("/a.txt", {"Range": "bytes=0-1"}, 206),
                                 ("/a.txt", {"If-Modified-Since": "Thu, 01 Jan 2026 00:00:00 GMT"}, 304),
                                 ("/b", {}, 502)]:
        with RawClient(instance.port) as client:
            client.send(request([("Host", "localhost"), *more.items()], target=target))
            assert client.response().status == status
    values = metrics.scrape()
    told = {key[2]: value for key, value in values.items() if key[0] == "wsbridge_requests_answered_total"}
    assert told == {"2xx": 3, "3xx": 1, "4xx": 0, "5xx": 1}
    assert values["wsbridge_upstream_connect_failures_total", "/", "unreachable"] == 1


def test_backpressure_shows(observed):
    instance, metrics = observed("--cmd", "yes")
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.upgrade()
        until(lambda: metrics.scrape()["wsbridge_backpressure_pauses_total", "/", "sent"] >= 1, 20, "a pause")
        assert metrics.sum("wsbridge_pool_used_bytes") > 0


def test_process_is_described_as_the_kernel_does(observed):
    instance, metrics = observed("--echo", "--workers", "2")
    held = [socket.create_connection(("127.0.0.1", instance.port)) for _ in range(20)]
    until(lambda: metrics.sum("wsbridge_connections_open") == 20, 10, "20 connections")
    values = metrics.scrape()
    assert values["process_open_fds",] == pytest.approx(len(os.listdir(f"/proc/{instance.pid}/fd")), abs=2)
    assert values["process_resident_memory_bytes",] == pytest.approx(instance.resident_kib() * 1024, rel=0.2)
    assert values["process_start_time_seconds",] == pytest.approx(time.time(), abs=60)
    assert values["process_max_fds",] >= values["process_open_fds",]
    assert metrics.sum("wsbridge_connections_accepted_total", values) >= 20
    assert values["wsbridge_worker_up", "0"] == values["wsbridge_worker_up", "1"] == values["wsbridge_ready",] == 1
    assert ("wsbridge_build_info", run("--version").stdout.split()[1]) in values
    for connection in held:
        connection.close()


def test_documentation_names_every_metric(observed):
    """docs/metrics.md has a row for each, with its type, its labels and its help."""
    _, metrics = observed("--echo")
    text = metrics.ask("/metrics")[2]
    rows = []
    for line in text.splitlines():
        if line.startswith("# HELP "):
            _, _, name, explanation = line.split(" ", 3)
        elif line.startswith("# TYPE "):
            kind = line.split(" ")[3]
            sample = next(part for part in text.splitlines() if part.startswith((name + " ", name + "{")))
            labels = ", ".join(f"`{label.split('=')[0]}`" for label in sample[len(name):].split(" ")[0][1:-1].split(",")
                               if label)
            rows.append(f"| `{name}` | {kind} | {labels} | {explanation} |")
    document = (ROOT / "docs/metrics.md").read_text().splitlines()
    assert [row for row in document if row.startswith(("| `wsbridge_", "| `process_"))] == rows


@pytest.mark.parametrize("method, target, status", [
    ("GET", "/metrics", 200), ("HEAD", "/metrics", 200), ("GET", "/healthz", 200), ("HEAD", "/readyz", 200),
    ("GET", "/", 404), ("GET", "/metrics/", 404), ("GET", "/../metrics", 404), ("POST", "/metrics", 405),
    ("DELETE", "/readyz", 405), ("TRACE", "/healthz", 405)])
def test_paths_and_methods(observed, method, target, status):
    _, metrics = observed("--echo")
    answered, fields, body = metrics.ask(target, method)
    assert answered == status
    assert fields["cache-control"] == "no-store"
    assert (body == "") == (method == "HEAD")
    assert (fields.get("allow") == "GET, HEAD") == (status == 405)


def test_other_names_of_this_machine_are_refused(observed):
    """DNS rebinding: a page must not read what loopback tells."""
    _, metrics = observed("--host", "metrics.example", "--echo")
    assert metrics.ask("/metrics", Host="evil.example")[0] == 421
    assert metrics.ask("/metrics", Host=f"localhost:{metrics.port}")[0] == 200
    assert metrics.ask("/metrics", Host="metrics.example")[0] == 200


def test_no_session_begins_there(observed):
    _, metrics = observed("--echo")
    with RawClient(metrics.port) as client:
        assert handshake(client).status == 404


@pytest.mark.parametrize("data, status", [
    (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400), (b"GET /metrics\r\n\r\n", 400),
    (b"GET /metrics HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400), (b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", 414),
    (b"GET /metrics HTTP/1.1\r\nA: " + b"b" * 20000 + b"\r\n\r\n", 431)])
def test_garbage(observed, data, status):
    _, metrics = observed("--echo")
    with RawClient(metrics.port) as client:
        client.send(data)
        assert client.response().status == status
    assert metrics.ask("/healthz")[0] == 200


def test_several_requests_over_one_connection(observed):
    _, metrics = observed("--echo")
    with RawClient(metrics.port) as client:
        client.send(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 50 + b"GET /metr")
        assert {client.response().body for _ in range(50)} == {b"healthy\n"}
        client.send(b"ics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"wsbridge_ready 1\n" in client.response().body


def test_those_who_do_not_read_do_not_keep_others_out(observed):
    """Requests by the thousand, and no answer is read: the answers wait within bounds, then the connection goes."""
    instance, metrics = observed("--echo")
    before = instance.rss_kib()
    idlers = [RawClient(metrics.port, receive_buffer=4096) for _ in range(20)]
    for idler in idlers:
        with contextlib.suppress(OSError):
            idler.socket.setblocking(False)
            while True:
                idler.socket.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100)
    assert metrics.ask("/healthz")[0] == 200
    assert instance.rss_kib() - before < 40_000
    for idler in idlers:
        idler.socket.close()


def test_many_connections_are_bounded(observed):
    instance, metrics = observed("--echo")
    held = [socket.create_connection(("127.0.0.1", metrics.port)) for _ in range(80)]
    instance.wait_log("too many connections for metrics")
    for connection in held:
        connection.close()

    def is_served():
        with contextlib.suppress(OSError):
            return metrics.ask("/healthz")[0] == 200
    until(is_served, 10, "room again")


def test_readiness_ends_with_the_drain_and_health_does_not(observed, child):
    instance, metrics = observed(
        "--drain-timeout", "60s", "--teardown-close-wait", "60s", "--cmd", child("deaf.py"), leaks=False)
    assert metrics.ask("/readyz")[::2] == (200, "ready\n")
    client = RawClient(instance.port)
    client.upgrade()
    client.read_frame()
    instance.signal()
    until(lambda: metrics.ask("/readyz")[0] == 503, 10, "the end of readiness")
    client.read_close(answer=False)
    assert metrics.ask("/readyz")[::2] == (503, "draining: no new sessions\n")
    assert metrics.ask("/healthz")[0] == 200
    values = metrics.scrape()
    assert values["wsbridge_ready",] == 0 and values["wsbridge_children_running", "/"] == 1
    assert "draining" in run("status", metrics.address).stdout
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", instance.port), timeout=5).close()
    instance.signal()
    assert instance.wait() == 0


def test_a_busy_worker_gives_newcomers_away(observed):
    """Whoever lands on the second worker leaves at once: the first has 17 more, and from then on takes nobody."""
    instance, metrics = observed("--echo", "--workers", "2")
    kept = []
    for _ in range(80):
        newcomer = socket.create_connection(("127.0.0.1", instance.port))
        until(lambda: metrics.sum("wsbridge_connections_open") == len(kept) + 1, 10, "one more connection")
        if metrics.scrape()["wsbridge_connections_open", "1"] == 0:
            kept.append(newcomer)
        else:
            newcomer.close()
            until(lambda: metrics.sum("wsbridge_connections_open") == len(kept), 10, "one connection less")
    assert 16 <= len(kept) <= 18
    for connection in kept:
        connection.close()


def test_stuck_worker_is_named(observed, connect):
    instance, metrics = observed("--echo", "--workers", "2")
    client = connect(instance)
    client.send("x")
    client.recv(timeout=5)
    assert metrics.scrape()["wsbridge_messages_received_total", "/"] == 1
    first, second = threads(instance.pid, "wsb-worker")
    try:
        with stopped(first):
            status, _, text = metrics.ask("/healthz")
            assert status == 503 and "of 2: no answer in time" in text
            stuck = text.split()[1]
            values = metrics.scrape()
            assert values["wsbridge_worker_up", stuck] == 0
            assert metrics.sum("wsbridge_worker_up", values) == 1
            assert values["wsbridge_messages_received_total", "/"] == 1
            assert metrics.ask("/readyz")[0] == 200
            assert f"worker {stuck} does not answer" in run("status", metrics.address).stdout
            with stopped(second):
                assert metrics.ask("/healthz")[2].startswith("workers 0, 1 of 2:")
    except PermissionError:
        pytest.skip("nobody may trace here")
    until(lambda: metrics.ask("/healthz")[0] == 200, 10, "health again")
    assert metrics.sum("wsbridge_worker_up") == 2


def test_unix_socket(server, tmp_path):
    path = tmp_path / "metrics.sock"
    instance = server("--metrics-listen", f"unix:{path}", "--echo")
    metrics = Metrics(instance, path)
    assert metrics.scrape()["wsbridge_ready",] == 1
    assert run("status", f"unix:{path}").returncode == 0
    assert instance.stop() == 0
    assert not path.exists()


def test_nothing_is_told_unless_asked(server):
    instance = server("--echo")
    assert not any("metrics" in line for line in instance.lines)
    with RawClient(instance.port) as client:
        client.send(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"wsbridge_ready" not in client.response().body


def test_address_in_use_exits_1():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = run("--port", "0", "--metrics-listen", f"127.0.0.1:{taken.getsockname()[1]}", "--echo")
    assert result.returncode == 1 and "--metrics-listen" in result.stderr


def test_wide_bind_warns_and_answers_to_any_name(server):
    instance = server("--metrics-listen", "0.0.0.0:0", "--echo")
    assert instance.wait_log("warn", "other machines can read the metrics")
    metrics = Metrics(instance)
    assert metrics.ask("/metrics", Host="scraped.example")[0] == 200


def test_check_shows_the_address():
    result = run("check", "--metrics-listen", "127.0.0.1:8081", "--echo")
    assert result.returncode == 0 and "metrics-listen          127.0.0.1:8081" in result.stdout


def test_status_shows_what_runs(observed, connect):
    instance, metrics = observed("--max-connections", "7", "--cmd", "cat")
    client = connect(instance)
    client.send("hello")
    client.recv(timeout=5)
    result = run("status", metrics.address)
    assert result.returncode == 0 and result.stderr == ""
    lines = [line.split() for line in result.stdout.splitlines()]
    assert result.stdout.startswith("wsbridge ") and ": ready, up " in result.stdout
    assert ["/", "1", "7", "1", "1", "1", "1", "5", "B", "5", "B"] in lines
    told = json.loads(run("status", "--json", f"http://{metrics.address}/metrics").stdout)
    route = told["routes"][0]
    assert told["ready"] and route["sessions_open"] == 1 and route["sessions_limit"] == 7
    assert route["messages_received"] == route["children_running"] == 1
    assert [worker["up"] for worker in told["workers"]] == [True] * len(told["workers"])


def test_status_of_nobody_exits_1():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        result = run("status", f"127.0.0.1:{free.getsockname()[1]}")
    assert result.returncode == 1 and result.stdout == ""
    assert "nobody answers" in result.stderr and "--metrics-listen" in result.stderr


def test_status_of_somebody_else_exits_1(server):
    instance = server("--echo")
    result = run("status", f"127.0.0.1:{instance.port}")
    assert result.returncode == 1 and "no metrics of wsbridge" in result.stderr


def test_status_of_a_listener_that_says_nothing_exits_1():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        result = run("status", f"127.0.0.1:{silent.getsockname()[1]}")
    assert result.returncode == 1 and "in time" in result.stderr


@pytest.mark.parametrize("arguments", [["1.2.3.4"], ["https://127.0.0.1:1"], ["--jsn"], ["a", "b"], ["127.0.0.1:0"]])
def test_status_usage_errors_exit_2(arguments):
    result = run("status", *arguments)
    assert result.returncode == 2 and result.stderr.strip() and not result.stdout


def test_log_lines_that_nobody_read_are_counted():
    """Standard error is a pipe that is full: the server goes on, and says how many lines are lost."""
    reader, writer = os.pipe()
    process = subprocess.Popen(
        [binary(), "--port", "0", *LISTEN, "--shell", "--cmd", "yes | head -20000 >&2; echo done; cat"],
        stdin=subprocess.DEVNULL, stderr=writer)
    os.close(writer)
    try:
        said = b""
        while b"/metrics" not in said:
            said += os.read(reader, 4096)
        port, metrics_port = (int(found) for found in re.findall(rb"http://127.0.0.1:([0-9]+)/", said))
        with RawClient(port) as client:
            client.upgrade()
            assert client.read_frame().payload == b"done"
            text = f"http://127.0.0.1:{metrics_port}/metrics"

            def dropped():
                told = run("status", "--json", text)
                return json.loads(told.stdout)["log_lines_dropped"]
            until(lambda: dropped() > 0, 10, "lost lines")
    finally:
        process.kill()
        process.wait()
        os.close(reader)


def test_connections_to_servers_are_counted(observed, connect, upstream):
    instance, metrics = observed("--max-server-connections", "1", *upstream(echo).option)
    connect(instance)
    with RawClient(instance.port) as client:
        assert handshake(client).status == 503
    values = metrics.scrape()
    assert values["wsbridge_upstream_connections_total", "/"] == values["wsbridge_sessions_open", "/"] == 1
    assert 0 < values["wsbridge_upstream_connect_seconds_total", "/"] < 5
    assert values["wsbridge_upstream_connect_failures_total", "/", "unavailable"] == 1
    assert metrics.sum("wsbridge_upstream_connect_failures_total", values) == 1
    assert metrics.sum("wsbridge_connections_open", values) == 1, "those of clients"
