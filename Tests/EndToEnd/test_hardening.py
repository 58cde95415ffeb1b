"""Attacks on the time and patience of the server, and many clients at once."""

import random
import select
import socket
import threading

import pytest

from harness.raw import RawClient, request, upgrade_fields


def test_half_a_request_is_408_and_closed(server):
    instance = server("--handshake-timeout", "300ms", "--echo")
    with RawClient(instance.port) as client:
        client.send(request(upgrade_fields(instance.port))[:-2])
        assert client.response().status == 408
        assert client.at_end()


def test_dripping_bytes_do_not_extend_the_deadline(server):
    instance = server("--handshake-timeout", "500ms", "--echo")
    with RawClient(instance.port) as client:
        client.send(b"GET / HTTP/1.1\r\nX-Slow: ")
        dripped = 0
        while not select.select([client.socket], [], [], 0.05)[0]:
            client.send(b"a")
            dripped += 1
            assert dripped < 100, "the deadline moved"
        assert client.response().status == 408
        assert client.at_end()


def test_silence_is_closed(server):
    instance = server("--handshake-timeout", "300ms", "--echo")
    with RawClient(instance.port) as client:
        client.drain_to_end()


def test_many_half_requests_do_not_keep_others_out(server, connect):
    instance = server("--echo")
    slow = [socket.create_connection(("127.0.0.1", instance.port)) for _ in range(200)]
    for connection in slow:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: ")
    client = connect(instance)
    client.send("through")
    assert client.recv(timeout=5) == "through"
    for connection in slow:
        connection.close()


def test_too_few_descriptors_are_told_once_and_pass(server):
    """Not ten times a second and worker, for as long as it lasts; and whoever waited is let in afterwards."""
    instance = server("--workers", "1", "--echo", before=("prlimit", "--nofile=40:40"))
    waiting = [RawClient(instance.port) for _ in range(40)]
    instance.wait_log("cannot accept connections for now")
    last = waiting[-1]
    last.send(request(upgrade_fields(instance.port)))
    # Accepting is tried again and again meanwhile.
    assert not select.select([last.socket], [], [], 0.5)[0]
    for client in waiting[:-1]:
        client.socket.close()
    assert last.response().status == 101
    assert sum("cannot accept" in line for line in instance.lines) == 1
    last.socket.close()


def test_slow_frames_do_not_stop_others(server, connect):
    """A frame that never ends is one client's own business."""
    instance = server("--workers", "1", "--echo")
    with RawClient(instance.port) as slow:
        slow.upgrade()
        slow.send_frame(1, b"only the start", length=100_000)
        client = connect(instance)
        client.send("through")
        assert client.recv(timeout=5) == "through"


@pytest.mark.slow
@pytest.mark.parametrize("clients, messages", [(200, 20)])
def test_many_clients_at_once(server, connect, clients, messages):
    instance = server("--cmd", "cat")
    opened = [connect(instance) for _ in range(clients)]
    for number in range(messages):
        for index, client in enumerate(opened):
            client.send(f"{index}-{number}")
    for index, client in enumerate(opened):
        assert [client.recv(timeout=20) for _ in range(messages)] == [f"{index}-{n}" for n in range(messages)]
    for client in opened:
        client.close()


def test_sessions_do_not_see_each_other(server, connect):
    """Concurrent sessions with different sizes of messages get their own bytes back."""
    instance = server("--echo")
    failures = []

    def converse(seed):
        client = connect(instance)
        for length in range(seed, 40_000, 997):
            message = chr(97 + seed % 26) * length
            client.send(message)
            if client.recv(timeout=20) != message:
                failures.append(seed)
                return
    threads = [threading.Thread(target=converse, args=(seed,)) for seed in range(1, 17)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_garbage_never_ends_the_server(server, connect):
    instance = server("--echo")
    random_bytes = random.Random(7)
    for _ in range(300):
        with RawClient(instance.port) as client:
            try:
                if random_bytes.random() < 0.5:
                    client.upgrade()
                client.send(random_bytes.randbytes(random_bytes.randrange(1, 600)))
                client.socket.shutdown(socket.SHUT_WR)
                client.drain_to_end()
            except OSError:
                pass
    client = connect(instance)
    client.send("alive")
    assert client.recv(timeout=5) == "alive"


def test_half_close_of_the_client_ends_the_session(server, fifo, sink):
    instance = server(*sink)
    with RawClient(instance.port) as client:
        client.upgrade()
        with open(fifo, "rb") as pipe:
            client.send_frame(1, b"last words")
            client.socket.shutdown(socket.SHUT_WR)
            assert pipe.read() == b"last words\n"
