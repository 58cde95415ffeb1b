"""BEHAVIOUR section 5: memory is bounded whatever either side does; limits are kept."""

import os
import select
import socket

import pytest

from conftest import drain
from harness.processes import wait_gone
from harness.raw import BINARY, TEXT, RawClient, frame, request, upgrade_fields
from harness.server import until

GROWTH_KIB_MAX = 24 * 1024
IN_FLIGHT_BYTES_MAX = 24 << 20  # socket buffers, pipe, ours


def first_line(fifo):
    with open(fifo, "rb") as pipe:
        return int(pipe.readline())


@pytest.mark.slow
def test_flooding_program_and_a_client_that_reads_nothing(server, child, fifo):
    instance = server("--ping-interval", "unlimited", "--cmd", child("flood.py", fifo))
    before = instance.rss_kib()
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.upgrade()
        written = first_line(fifo)
        assert written < IN_FLIGHT_BYTES_MAX, "the program was stopped"
        assert instance.rss_kib() - before < GROWTH_KIB_MAX
        frames = [client.read_frame() for _ in range(20_000)]  # and goes on when the client reads
        assert all(received.payload == b"x" * 1023 for received in frames)


@pytest.mark.slow
def test_one_stuck_client_does_not_slow_others(server, connect, child, fifo):
    instance = server("--workers", "1", "--ping-interval", "unlimited", "--cmd", child("flood.py", fifo))
    with RawClient(instance.port, receive_buffer=4096) as stuck:
        stuck.upgrade()
        with open(fifo, "rb") as pipe:
            pipe.readline()
            other = connect(instance, close_timeout=1)  # it does not read the rest, so its Close is not answered
            for _ in range(5000):
                assert len(other.recv(timeout=5)) == 1023


def send_until_stuck(client, data, patience=1.0, must_stop=True):
    """Sends without waiting for answers until the socket takes nothing for so long, or until it is more than enough."""
    client.socket.setblocking(False)
    sent = offset = 0
    while select.select([], [client.socket], [], patience)[1]:
        count = client.socket.send(data[offset:])
        offset = (offset + count) % len(data)
        sent += count
        if sent > IN_FLIGHT_BYTES_MAX:
            assert not must_stop, "the client was never stopped"
            break
    client.socket.settimeout(20)


@pytest.mark.slow
@pytest.mark.parametrize("framing", ["lines", "raw", "typed"])
def test_program_that_never_reads(server, child, framing):
    instance = server("--ping-interval", "unlimited", "--framing", framing, "--cmd", "sleep 600")
    before = instance.rss_kib()
    with RawClient(instance.port) as client:
        client.upgrade()
        message = frame(TEXT, b"x" * 60_000)
        send_until_stuck(client, message)
        assert instance.rss_kib() - before < GROWTH_KIB_MAX


@pytest.mark.slow
def test_echo_to_a_client_that_never_reads(server):
    instance = server("--ping-interval", "unlimited", "--echo")
    before = instance.rss_kib()
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.upgrade()
        send_until_stuck(client, frame(BINARY, b"x" * 60_000))
        assert instance.rss_kib() - before < GROWTH_KIB_MAX


@pytest.mark.slow
def test_client_that_never_reads_pongs(server):
    instance = server("--ping-interval", "unlimited", "--echo")
    before = instance.rss_kib()
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.upgrade()
        # Only the latest ping needs an answer (RFC 6455 5.5.3), so the client need not be stopped.
        send_until_stuck(client, frame(9, b"x" * 100) * 100, must_stop=False)
        assert instance.rss_kib() - before < GROWTH_KIB_MAX


@pytest.mark.slow
@pytest.mark.parametrize("policy, code", [("close", 1011), ("split", 1000)])
def test_hundred_megabytes_without_a_newline(server, connect, child, policy, code):
    instance = server("--long-record", policy, "--cmd", child("long_record.py", 100))
    before = instance.rss_kib()
    client = connect(instance)
    messages, received, _ = drain(client, seconds=50)
    assert received == code
    assert instance.rss_kib() - before < GROWTH_KIB_MAX
    if policy == "split":
        assert sum(map(len, messages)) == 100 << 20
        assert max(map(len, messages)) <= 1 << 20


def test_announced_length_is_not_allocated(server):
    instance = server("--max-message-size", "512MiB", "--max-frame-size", "512MiB", "--echo")
    before = instance.rss_kib()
    clients = []
    for _ in range(20):
        client = RawClient(instance.port)
        client.upgrade()
        client.send_frame(BINARY, b"x" * 100, length=400 << 20)
        clients.append(client)
    with RawClient(instance.port) as probe:
        probe.upgrade()
        probe.send_frame(TEXT, b"alive")
        assert probe.read_frame().payload == b"alive"
    assert instance.rss_kib() - before < GROWTH_KIB_MAX
    for client in clients:
        client.socket.close()


def test_endless_empty_fragments_are_counted_or_cost_nothing(server):
    instance = server("--echo")
    before = instance.rss_kib()
    with RawClient(instance.port) as client:
        client.upgrade()
        client.send_frame(TEXT, b"", fin=False)
        try:
            for _ in range(50):
                client.send(frame(0, b"", fin=False) * 2000)
            client.send_frame(0, b"end")
            received = client.read_frame()
            assert received.opcode == 8 or received.payload == b"end"
        except OSError:
            pass  # refused
        assert instance.rss_kib() - before < GROWTH_KIB_MAX


def ask(instance, **changes):
    client = RawClient(instance.port)
    client.send(request(upgrade_fields(instance.port, **changes)))
    return client, client.response()


@pytest.mark.parametrize("options, status", [(["--max-connections", "2"], 503), (["--max-connections-per-ip", "2"], 429)],
                         ids=["all together", "one address"])
def test_connection_limits(server, options, status):
    instance = server(*options, "--workers", "2", "--cmd", "cat")
    first, second = ask(instance), ask(instance)
    assert (first[1].status, second[1].status) == (101, 101)
    client, response = ask(instance)
    assert response.status == status
    instance.wait_log("warning" if status == 503 else "info", "handshake refused", f'"status":{status}', "sessions")
    if status == 503:
        assert int(response.field("Retry-After")) > 0
    client.socket.close()
    first[0].send_close(1000)
    assert first[0].read_close(answer=False).code == 1000
    first[0].drain_to_end()
    first[0].socket.close()

    def admitted():
        client, response = ask(instance)
        if response.status != 101:
            client.socket.close()
        return response.status == 101
    until(admitted, 10, "a place that became free is given away")


def test_idle_timeout_ends_a_quiet_session(server, connect):
    _, code, _ = drain(connect(server("--idle-timeout", "300ms", "--cmd", "cat")))
    assert code in (1000, 1001, 1008)


def test_idle_timeout_spares_a_busy_session(server, connect):
    client = connect(server("--idle-timeout", "1s", "--shell", "--cmd", "for i in 1 2 3 4 5 6; do sleep 0.4; echo $i; done"))
    assert drain(client)[:2] == (list("123456"), 1000)


def test_max_lifetime_ends_a_busy_session(server, connect):
    messages, code, _ = drain(connect(server("--max-lifetime", "1s", "--shell", "--cmd",
                                             "while sleep 0.1; do echo tick; done")))
    assert messages and code in (1000, 1001, 1008)


def test_message_rate(server, connect):
    client = connect(server("--message-rate", "5/s", "--echo"))
    for number in range(50):
        try:
            client.send(str(number))
        except Exception:  # closed while sending
            break
    messages, code, _ = drain(client)
    assert code == 1008 and len(messages) < 50


def test_connect_rate(server):
    instance = server("--connect-rate", "3/h", "--echo")
    statuses = []
    for _ in range(6):
        client, response = ask(instance)
        statuses.append(response.status)
        client.socket.close()
    assert statuses[:3] == [101] * 3 and set(statuses[3:]) == {429}


def test_vanished_client_is_found_by_ping(server, child):
    instance = server("--ping-interval", "200ms", "--ping-timeout", "200ms", "--cmd", child("family.py", "plain"))
    with RawClient(instance.port) as client:
        client.upgrade()
        pids = [int(word) for word in client.read_frame().payload.split()]
        assert client.read_frame().opcode == 9
        client.drain_to_end()  # nothing is answered
        wait_gone(pids)


def test_client_that_answers_pings_stays(server):
    instance = server("--ping-interval", "100ms", "--ping-timeout", "500ms", "--echo")
    with RawClient(instance.port) as client:
        client.upgrade()
        for _ in range(10):
            ping = client.read_frame()
            assert ping.opcode == 9
            client.send_frame(10, ping.payload)
        client.send_frame(TEXT, b"alive")
        while (received := client.read_frame()).opcode != TEXT:
            client.send_frame(10, received.payload)
        assert received.payload == b"alive"


def test_client_that_resets_the_connection(server, child):
    instance = server("--cmd", child("family.py", "plain"))
    client = RawClient(instance.port)
    client.upgrade()
    pids = [int(word) for word in client.read_frame().payload.split()]
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.socket.close()
    wait_gone(pids)
    with RawClient(instance.port) as other:
        other.upgrade()
    assert os.path.exists(f"/proc/{instance.pid}")


def test_requests_without_end_and_a_client_that_reads_nothing(server):
    """Each request of forty bytes is worth a page of twenty thousand: only what is read is answered."""
    instance = server("--cmd", "cat")
    before = instance.rss_kib()
    with RawClient(instance.port, receive_buffer=4096) as client:
        client.socket.setblocking(False)
        while select.select([], [client.socket], [], 1)[1]:
            client.socket.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 1000)
            assert instance.rss_kib() - before < 8000
        with RawClient(instance.port) as other:
            other.upgrade()
