"""Life as a service: what the service manager hears, and the sockets that it hands over."""

import os
import re
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from harness.load import Load
from harness.processes import wait_gone
from harness.raw import TEXT, RawClient, request, upgrade_fields
from harness.sanitizer import binary, patience, sanitizer_of
from harness.server import until
from harness.service import ActivatedServer, NotifySocket, environment_with, listening
from harness.tracing import stopped

ECHO = '[[route]]\necho = true\n'
LISTEN = 'listen = "127.0.0.1:0"\n'


@pytest.fixture
def notify(request, tmp_path):
    """A manager that listens at a path, or where `abstract` is asked for at a name without a file."""
    is_abstract = getattr(request, "param", "path") == "abstract"
    manager = NotifySocket(f"@wsbridge-test-{os.getpid()}" if is_abstract else str(tmp_path / "notify"))
    yield manager
    manager.close()


@pytest.fixture
def activated():
    """`activated(sockets, names, *options)`: a server with sockets from outside."""
    started = []

    def start(sockets, names, *options, **settings):
        started.append(ActivatedServer(sockets, names, *options, **settings))
        return started[-1]
    yield start
    for instance in started:
        instance.stop()


def echoes(client):
    client.send_frame(TEXT, b"hello")
    return client.read_frame().payload == b"hello"


def has(key, value=None):
    return lambda message: key in message and (value is None or value in message[key])


@pytest.mark.parametrize("notify", ["path", "abstract"], indirect=True)
def test_a_life_is_told(configured, notify):
    instance = configured(LISTEN + ECHO, env=environment_with(**notify.environment, WATCHDOG_USEC="600000"))
    ready = notify.wait(has("READY", "1"))
    assert ready["STATUS"].startswith("Serving: 0 sessions")
    assert ready["pid"] == instance.pid
    with RawClient(instance.port) as client:
        client.upgrade()
        notify.wait(has("STATUS", "Serving: 1 sessions, 0 programs, 1 connections"))
        notify.wait(has("WATCHDOG", "1"), count=3)
        instance.rewrite(LISTEN + '[[route]]\npath = "/new"\necho = true\n')
        instance.signal(signal.SIGHUP)
        reloading = notify.wait(has("RELOADING", "1"))
        assert int(reloading["MONOTONIC_USEC"]) > 0
        again = notify.wait(has("READY", "1"), count=2)
        assert notify.news.index(reloading) < notify.news.index(again)
        instance.rewrite("[[route]]\nhallo = 1\n")
        instance.signal(signal.SIGHUP)
        notify.wait(has("STATUS", "Not reloaded: "))
        trouble = notify.wait(has("READY", "1"), count=3)
        assert "wsbridge.toml:2:1: hallo" in trouble["STATUS"] and "Serving: " in trouble["STATUS"]
        assert echoes(client)
        instance.signal()
        notify.wait(has("STOPPING", "1"))
        assert client.read_close().code == 1001


def test_a_stuck_worker_starves_the_watchdog(configured, notify):
    """One worker of two that stands still is enough, and the status says which."""
    instance = configured(
        LISTEN + "workers = 2\n" + ECHO, env=environment_with(**notify.environment, WATCHDOG_USEC="600000"))
    notify.wait(has("WATCHDOG"))
    workers = [int(task.name) for task in Path(f"/proc/{instance.pid}/task").iterdir()
               if (task / "comm").read_text().startswith("wsb-worker")]
    assert len(workers) == 2
    with stopped(workers[0]):
        notify.wait(has("STATUS", "no answer from worker"), seconds=20)
        assert "WATCHDOG" not in notify.wait(has("STATUS", "no answer from worker"))


def test_without_a_manager_nothing_is_said(server):
    instance = server("--echo", env=environment_with(NOTIFY_SOCKET="nonsense", WATCHDOG_USEC="-1", LISTEN_FDS="x"))
    with RawClient(instance.port) as client:
        client.upgrade()
        assert echoes(client)


def test_sockets_are_matched_by_name_and_by_address(activated, tmp_path):
    """A name goes before the address that the file has; what has no listener is said."""
    named, plain, strange = listening(), listening(), listening()
    unix = listening(str(tmp_path / "app.sock"), socket.AF_UNIX)
    file = tmp_path / "wsbridge.toml"
    file.write_text(
        f'listen = ["127.0.0.1:{plain.getsockname()[1]}", "unix:{tmp_path}/app.sock"]\n'
        f'[[listener]]\naddress = "127.0.0.1:9"\nname = "web"\n' + ECHO)
    instance = activated(
        [named, plain, strange, unix], ["web", "wsbridge.socket", "wsbridge.socket", "x"], "--config", str(file))
    instance.wait_ready()
    for listener in (named, plain):
        with RawClient(listener.getsockname()[1]) as client:
            client.upgrade()
            assert echoes(client)
    line = instance.wait_log("a socket was handed over that no listener has")
    assert str(strange.getsockname()[1]) in line
    assert not any("127.0.0.1:9/" in line for line in instance.lines)
    instance.stop()
    assert (tmp_path / "app.sock").exists(), "the file is the manager's"


def test_sockets_for_somebody_else_are_left_alone(server):
    """LISTEN_PID of another process: we were started by who was activated."""
    instance = server("--echo", env=environment_with(LISTEN_PID="1", LISTEN_FDS="1"))
    with RawClient(instance.port) as client:
        client.upgrade()


def test_priorities_are_for_the_journal_alone(server, tmp_path):
    """JOURNAL_STREAM that names another stream is somebody else's."""
    instance = server("--echo", env=environment_with(JOURNAL_STREAM="1:2"))
    assert not any(line.startswith("<") for line in instance.lines)
    with open(tmp_path / "journal", "wb") as journal:
        status = os.fstat(journal.fileno())
        done = subprocess.run(
            [binary(), "--port", "70000", "--echo"], stderr=journal, check=False, timeout=patience(20),
            env=environment_with(JOURNAL_STREAM=f"{status.st_dev}:{status.st_ino}"))
    assert done.returncode == 2
    assert all(re.match(r"<4>", line) for line in (tmp_path / "journal").read_text().splitlines())


# Reload, restart and upgrade under load: nobody is refused, and nobody is cut off.

@pytest.fixture
def upgraded(configured, notify):
    """`upgraded(instance)` has SIGUSR2 replace it, and gives the successor's pid; it is stopped after the test."""
    successors = []

    def start(text, **settings):
        return configured(text, env=environment_with(**notify.environment), **settings)

    def upgrade(instance, seconds=20):
        instance.signal(signal.SIGUSR2)
        pid = int(notify.wait(has("MAINPID"), count=len(successors) + 1, seconds=seconds)["MAINPID"])
        successors.append(pid)
        return pid
    yield start, upgrade
    for pid in successors:
        end(pid)


def end(pid):
    """Stops a successor, which is a child of ours, unless that was done."""
    try:
        os.kill(pid, signal.SIGTERM)
        _, status = os.waitpid(pid, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    except (ProcessLookupError, ChildProcessError):
        pass


def test_upgrade_under_load(upgraded, notify):
    """Newcomers are served throughout, residents stay where they are until they go, and then the old one ends."""
    start, upgrade = upgraded
    instance = start(LISTEN + 'drain_timeout = "1h"\nworkers = 2\n' + ECHO)
    load = Load(instance.port)
    load.wait_served(50)
    first = upgrade(instance)
    load.wait_served(50)
    notify.wait(lambda message: message["pid"] == first and "STATUS" in message and "READY" in message)
    assert instance.process.poll() is None, "the old one has its sessions"
    # And once more: a successor has a successor.
    os.kill(first, signal.SIGUSR2)
    second = int(notify.wait(has("MAINPID"), count=2)["MAINPID"])
    load.wait_served(50)
    load.stop()
    assert (load.refused, load.cut, load.told) == ([], [], [])
    wait_gone([first])
    assert os.waitpid(first, 0)[1] == 0
    assert instance.process.wait(patience(10)) == 0
    with RawClient(instance.port) as client:
        client.upgrade()
        assert echoes(client)
    end(second)


def test_upgrade_leaves_sessions_until_the_drain_ends(upgraded, notify):
    start, upgrade = upgraded
    instance = start(LISTEN + 'drain_timeout = "700ms"\n' + ECHO)
    with RawClient(instance.port) as client:
        client.upgrade()
        upgrade(instance)
        assert echoes(client)
        assert client.read_close().code == 1001
    assert instance.process.wait(patience(10)) == 0


def test_stop_after_an_upgrade_stops_both(upgraded, tmp_path):
    """The service is one: its sessions are told wherever they are, and the new one waits for the old one."""
    start, upgrade = upgraded
    path = tmp_path / "app.sock"
    instance = start(f'listen = ["127.0.0.1:0", "unix:{path}"]\nmetrics_listen = "127.0.0.1:0"\ndrain_timeout = "1h"\n'
                     + ECHO)
    metrics = re.search(r"http://\S*?:(\d+)/metrics", "\n".join(instance.lines))[1]
    with RawClient(instance.port) as client:
        client.upgrade()
        successor = upgrade(instance)
        with socket.socket(socket.AF_UNIX) as other:
            other.settimeout(patience(10))
            other.connect(str(path))
            other.sendall(request(upgrade_fields(80)))
            assert other.recv(1000).startswith(b"HTTP/1.1 101")
        with RawClient(int(metrics)) as scraper:
            scraper.send(request([("Host", "localhost")], target="/readyz"))
            assert scraper.response().status == 200
        os.kill(successor, signal.SIGTERM)
        assert client.read_frame().code == 1001
        assert os.waitid(os.P_PID, successor, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None, "it waits"
        client.send_close(1001)
    assert instance.process.wait(patience(10)) == 0
    end(successor)
    assert not path.exists()


def test_upgrade_to_a_broken_file_changes_nothing(upgraded, notify):
    start, _ = upgraded
    instance = start(LISTEN + ECHO)
    instance.rewrite("[[route]]\nhallo = 1\n")
    with RawClient(instance.port) as client:
        client.upgrade()
        instance.signal(signal.SIGUSR2)
        instance.wait_log("wsbridge.toml:2:1")
        instance.wait_log("not upgraded; the server goes on as before")
        assert "the new program ended" in notify.wait(has("STATUS", "Not upgraded"))["STATUS"]
        assert echoes(client)
    with RawClient(instance.port) as client:
        client.upgrade()
    os.waitpid(-1, os.WNOHANG)


PROGRAMS = {
    "/wsbridge: No such file": None,
    "/wsbridge: Permission denied": (0o644, "#!/bin/sh\n"),
    "/wsbridge: Exec format error": (0o755, "neither a script nor a program\n"),
    "the new program ended": (0o755, "#!/bin/sh\nkill -SEGV $$\n"),
}


def test_upgrade_to_a_broken_program_changes_nothing(upgraded, notify, tmp_path):
    """Each is told, none is felt, and a good one is taken afterwards."""
    start, upgrade = upgraded
    program = tmp_path / "wsbridge"
    program.symlink_to(binary())
    instance = start(LISTEN + ECHO, before=["sh", "-c", 'shift; exec "$0" "$@"', str(program)])
    with RawClient(instance.port) as resident:
        resident.upgrade()
        for reason, file in PROGRAMS.items():
            program.unlink()
            if file:
                mode, text = file
                program.write_text(text)
                program.chmod(mode)
            instance.signal(signal.SIGUSR2)
            notify.wait(lambda message: re.match(rf"Not upgraded: .*{reason}.*Serving: ", message.get("STATUS", "")))
            instance.wait_log('"error"', "not upgraded", reason)
            assert echoes(resident)
            with RawClient(instance.port) as newcomer:
                newcomer.upgrade()
                assert echoes(newcomer)
            program.touch()
        program.unlink()
        program.symlink_to(binary())
        upgrade(instance)
        assert echoes(resident)
    assert instance.process.wait(patience(10)) == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_the_first_process_of_a_container_is_not_upgraded(server):
    """Its end would be the container's."""
    instance = server("--echo", before=["unshare", "--pid", "--fork", "--kill-child", "--mount-proc"])
    inside = int(Path(f"/proc/{instance.pid}/task/{instance.pid}/children").read_text())
    os.kill(inside, signal.SIGUSR2)
    instance.wait_log("not upgraded", "first process of its container")
    with RawClient(instance.port) as client:
        client.upgrade()
        assert echoes(client)
    os.kill(inside, signal.SIGTERM)
    assert instance.wait() == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
def test_without_proc_it_says_so():
    if sanitizer_of(binary()):
        pytest.skip("a sanitizer needs /proc itself")
    done = subprocess.run(["unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /proc && exec "$0" --echo', binary()],
                          capture_output=True, text=True, timeout=patience(20), check=False)
    assert done.returncode == 1 and "mount /proc" in done.stderr, done.stderr


def test_upgrade_with_another_number_of_workers(upgraded, notify):
    """Fewer take all the sockets that there are, and more share them."""
    start, upgrade = upgraded
    instance = start(LISTEN + "workers = 3\n" + ECHO)
    load = Load(instance.port)
    load.wait_served(30)
    instance.rewrite(f'listen = "127.0.0.1:{instance.port}"\nworkers = 1\n' + ECHO)
    first = upgrade(instance)
    load.wait_served(60)
    instance.rewrite(f'listen = "127.0.0.1:{instance.port}"\nworkers = 4\n' + ECHO)
    os.kill(first, signal.SIGUSR2)
    second = int(notify.wait(has("MAINPID"), count=2)["MAINPID"])
    load.wait_served(60)
    load.stop()
    assert (load.refused, load.cut, load.told) == ([], [], [])
    wait_gone([first])
    os.waitpid(first, 0)
    assert instance.process.wait(patience(10)) == 0
    end(second)


def test_answers_under_way_go_on_over_an_upgrade(upgraded, tmp_path):
    """A download ends where it began, and so does the next request of its connection."""
    start, upgrade = upgraded
    content = os.urandom(4 << 20)
    (tmp_path / "big").write_bytes(content)
    instance = start(LISTEN + f'[[route]]\nstatic = "{tmp_path}"\n')
    with RawClient(instance.port, receive_buffer=65536) as client:
        client.send(request([("Host", "localhost")], target="/big"))
        upgrade(instance)
        assert client.response().body == content
        client.send(request([("Host", "localhost")], target="/big"))
        assert client.response().body == content
    with RawClient(instance.port) as client:
        client.send(request([("Host", "localhost")], target="/big"))
        assert client.response().body == content
    assert instance.process.wait(patience(15)) == 0


def test_reload_that_moves_the_loaded_listener(configured):
    """From one address to all of them and back: other sockets on the same port, which take over under load."""
    instance = configured(LISTEN + "workers = 2\n" + ECHO)
    load = Load(instance.port)
    for count, address in enumerate(["0.0.0.0", "127.0.0.1", "0.0.0.0"], 1):
        load.wait_served(30)
        instance.rewrite(f'listen = "{address}:{instance.port}"\nworkers = 2\n' + ECHO + 'origin = "any"\n')
        instance.signal(signal.SIGHUP)
        instance.wait_log('"reloaded"', count=count)
    load.wait_served(30)
    load.stop()
    assert (load.refused, load.cut, load.told) == ([], [], [])


def test_restart_of_an_activated_server_under_load(activated, notify, tmp_path):
    """The socket is the manager's: who comes between two servers waits for the second."""
    listener = listening()
    file = tmp_path / "wsbridge.toml"
    file.write_text(f'listen = "127.0.0.1:{listener.getsockname()[1]}"\nworkers = 2\n' + ECHO)
    env = environment_with(**notify.environment)
    instance = activated([listener], ["web"], "--config", str(file), env=env)
    notify.wait(has("READY"))
    load = Load(listener.getsockname()[1])
    for count in (2, 3):
        load.wait_served(30)
        instance.stop()
        instance = activated([listener], ["web"], "--config", str(file), env=env)
        notify.wait(has("READY"), count=count)
    load.wait_served(30)
    load.stop()
    assert (load.refused, load.cut) == ([], [])
    assert set(load.told) == {1001}


def test_reload_of_listeners_under_load(configured):
    """Listeners come and go beside the one that has the load."""
    instance = configured(LISTEN + "workers = 2\n" + ECHO)
    load = Load(instance.port)
    for count, (listen, origin) in enumerate(
            [('["127.0.0.1:0", "127.0.0.2:0"]', "same"), ('"127.0.0.1:0"', "any"), ('"127.0.0.1:0"', "same")], 1):
        load.wait_served(30)
        instance.rewrite(f"listen = {listen}\nworkers = 2\n" + ECHO + f'origin = "{origin}"\n')
        instance.signal(signal.SIGHUP)
        instance.wait_log('"reloaded"', count=count)
    load.wait_served(30)
    load.stop()
    assert (load.refused, load.cut, load.told) == ([], [], [])


def test_stop_while_the_successor_starts(upgraded):
    """Whoever was not heard serving yet is called off: nobody serves on behind the operator's back."""
    start, _ = upgraded
    instance = start(LISTEN + ECHO)
    # A file that can be opened by nobody until somebody writes: the successor waits.
    instance.file.unlink()
    os.mkfifo(instance.file)
    instance.signal(signal.SIGUSR2)
    successor = int(re.search(r'"pid":(\d+)', instance.wait_log('"upgrading"'))[1])
    instance.signal()
    assert instance.process.wait(patience(10)) == 0
    os.waitpid(successor, 0)


def listens(port):
    """Without connecting: who tried in between would wait for a second."""
    return f":{port:04X} 00000000:0000 0A" in Path("/proc/net/tcp").read_text()


def test_whoever_was_let_in_is_answered_before_a_drain(server):
    """Its request was on its way when the stop came: it gets its session, and is told like the others."""
    instance = server("--echo", "--workers", "1")
    with RawClient(instance.port) as late, RawClient(instance.port) as early:
        early.upgrade()  # so the one that came before it has been accepted
        instance.signal()
        # The listener has closed, and then some: a server that told its sessions now would have told them.
        for _ in range(3):
            until(lambda: not listens(instance.port), 5, "the listener has closed")
        late.upgrade()
        assert late.read_close().code == 1001
        assert early.read_close().code == 1001
