"""The service on a machine that has booted: from its first start to the last journal entry."""

import contextlib
import os
import re
import time

import pytest

from harness.tracing import WALL, stopped
from machine import FILE, main_pid, until

WITH_PROGRAM = """
[[route]]
path = "/program"
command = ["/bin/sh", "-c", "setsid sleep 1000 & sleep 2000 & echo ready; read line"]
shell = false
"""
pytestmark = pytest.mark.usefixtures("fresh")


def test_what_the_readme_says(machine):
    """It was typed when the machine was made."""
    assert machine.first_echo == "hello"
    assert machine.systemctl("is-enabled", "wsbridge").strip() == "enabled"


def test_start_is_ready(machine):
    assert machine.show("ActiveState") == "active"
    assert machine.show("StatusText") == "Serving: 0 sessions, 0 programs, 0 connections"
    assert machine.echo() == "hello"
    assert machine.show("Result") == "success" and machine.show("NRestarts") == "0"


def test_it_is_nobody_and_may_nothing(machine):
    status = machine.run("cat", f"/proc/{main_pid(machine)}/status")
    field = {line.split(":")[0]: line.split(":")[1].split() for line in status.splitlines()}
    assert int(field["Uid"][0]) >= 61184, "a user of systemd's own range"
    assert int(field["CapBnd"][0], 16) == 1 << 10, "CAP_NET_BIND_SERVICE"
    assert field["NoNewPrivs"] == ["1"]


def test_reload(machine):
    pid = main_pid(machine)
    machine.write(FILE, machine.standard + '[[route]]\npath = "/new"\necho = true\n')
    machine.systemctl("reload", "wsbridge")
    until(lambda: machine.show("ActiveState") == "active", 10, "the reload is over")
    assert machine.echo(path="/new") == "hello"
    assert main_pid(machine) == pid


def test_a_broken_file_on_reload(machine):
    machine.write(FILE, machine.standard + "hallo = 1\n")
    machine.systemctl("reload", "wsbridge")
    text = until(lambda: re.search("Not reloaded: .*", machine.show("StatusText")), 10, "the status")[0]
    assert "hallo" in text and "Serving" in text
    assert "Not reloaded: " in machine.systemctl("status", "--full", "wsbridge")
    assert machine.echo() == "hello"
    worst = [entry["MESSAGE"] for entry in machine.journal("--unit=wsbridge", "--priority=err", "--lines=5")]
    assert any("hallo" in message for message in worst) and any("not reloaded" in message for message in worst)


def test_a_broken_file_on_upgrade(machine):
    pid = main_pid(machine)
    machine.write(FILE, machine.standard + "hallo = 1\n")
    machine.systemctl("start", "wsbridge-upgrade")
    until(lambda: "Not upgraded: " in machine.show("StatusText"), 20, "the status")
    assert machine.echo() == "hello"
    assert main_pid(machine) == pid
    assert any("not upgraded" in entry["MESSAGE"]
               for entry in machine.journal("--unit=wsbridge", "--priority=err", "--lines=5"))


def test_upgrade_of_the_package_under_load(machine):
    """Nobody is refused and nobody is cut off; the old process has gone when its sessions have."""
    machine.write(FILE, machine.standard.replace('drain_timeout = "10s"', 'drain_timeout = "1h"'))
    machine.systemctl("reload", "wsbridge")
    pid = main_pid(machine)
    load = machine.load()
    load.wait_served(50)
    machine.run("dpkg", "--force-confold", "--install", "/packages/newer.deb")
    until(lambda: main_pid(machine) != pid, 20, "another main process")
    load.wait_served(50)
    assert machine.run("sh", "-c", f"test -d /proc/{pid} && echo there"), "the old one has its sessions"
    result = load.stop()
    assert (result["refused"], result["cut"], result["told"]) == ([], [], [])
    until(lambda: not machine.run("sh", "-c", f"test -d /proc/{pid} && echo there", check=False), 20, "the old one ends")
    assert machine.show("ActiveState") == "active" and machine.show("NRestarts") == "0"
    assert machine.echo() == "hello"
    machine.systemctl("stop", "wsbridge")
    assert machine.show("Result") == "success"


def test_one_after_the_other_under_load_with_a_socket(machine):
    """Reloads, upgrades and restarts, also of a service whose sessions are in two processes."""
    machine.systemctl("stop", "wsbridge.service")
    machine.systemctl("start", "wsbridge.socket")
    load = machine.load()
    routes = iter(range(10))
    for action in ("reload", "upgrade", "restart", "upgrade", "reload", "upgrade", "restart"):
        load.wait_served(50)
        pid = main_pid(machine)
        if action == "upgrade":
            machine.systemctl("start", "wsbridge-upgrade")
            until(lambda before=pid: main_pid(machine) not in (0, before), 20, "another main process")
        else:
            machine.write(FILE, machine.standard + f'[[route]]\npath = "/{next(routes)}"\necho = true\n')
            machine.systemctl(action, "wsbridge.service")
    load.wait_served(50)
    result = load.stop()
    assert (result["refused"], result["cut"]) == ([], [])
    assert set(result["told"]) == {1001}
    assert machine.show("ActiveState") == "active" and machine.show("NRestarts") == "0"
    assert machine.echo(path="/3") == "hello"


def test_restart_under_load_with_a_socket(machine):
    machine.systemctl("stop", "wsbridge.service")
    machine.systemctl("start", "wsbridge.socket")
    # The first connection starts it.
    assert machine.echo() == "hello"
    assert machine.show("ActiveState") == "active"
    load = machine.load()
    for _ in range(2):
        load.wait_served(50)
        machine.systemctl("restart", "wsbridge.service")
    load.wait_served(50)
    result = load.stop()
    assert (result["refused"], result["cut"]) == ([], [])
    assert set(result["told"]) == {1001}
    assert not [entry for entry in machine.journal("--unit=wsbridge", "--priority=err", "--lines=20")
                if "listen" in entry["MESSAGE"]]


BROKEN = {
    "No such file or directory": "mv /usr/bin/wsbridge /usr/bin/kept",
    "Permission denied": "mv /usr/bin/wsbridge /usr/bin/kept; install -m 644 /usr/bin/kept /usr/bin/wsbridge",
    "the new program ended before it served":
        "mv /usr/bin/wsbridge /usr/bin/kept; printf '#!/bin/sh\\nkill -SEGV $$\\n' >/usr/bin/wsbridge; "
        "chmod +x /usr/bin/wsbridge",
    "the new program did not serve within 60 s":
        "mv /usr/bin/wsbridge /usr/bin/kept; printf '#!/bin/sh\\nexec sleep 1000\\n' >/usr/bin/wsbridge; "
        "chmod +x /usr/bin/wsbridge",
}


@pytest.mark.parametrize("reason", BROKEN)
def test_upgrade_to_a_broken_program(machine, reason):
    """The service goes on, says so, and takes a good one afterwards."""
    pid = main_pid(machine)
    load = machine.load()
    machine.run("sh", "-ec", BROKEN[reason])
    try:
        machine.systemctl("start", "wsbridge-upgrade")
        status = until(lambda: re.search("Not upgraded: .*", machine.show("StatusText")), 80, "the status")[0]
    finally:
        machine.run("mv", "/usr/bin/kept", "/usr/bin/wsbridge")
    assert reason in status and "Serving: " in status
    assert reason in status and reason in machine.systemctl("status", "--full", "wsbridge")
    last = [entry for entry in machine.journal("--unit=wsbridge", "--priority=err", "--lines=5")
            if "not upgraded" in entry["MESSAGE"]][-1]
    assert reason in last["MESSAGE"]
    load.wait_served(20)
    assert main_pid(machine) == pid
    assert machine.show("ActiveState") == "active" and machine.show("NRestarts") == "0"
    machine.systemctl("start", "wsbridge-upgrade")
    until(lambda: main_pid(machine) != pid, 20, "another main process")
    load.wait_served(20)
    result = load.stop()
    # Who was there before the good one had the usual 10 s.
    assert (result["refused"], result["cut"]) == ([], [])


def test_a_server_that_stands_still_is_started_anew(machine):
    machine.drop_in("[Service]\nWatchdogSec=1\n")
    machine.systemctl("restart", "wsbridge")
    pid = main_pid(machine)
    machine.run("sh", "-c", f"kill -STOP {pid}")
    until(lambda: machine.show("NRestarts") != "0" and machine.show("ActiveState") == "active", 40, "another start")
    assert main_pid(machine) != pid
    assert machine.echo() == "hello"
    assert any("Watchdog timeout" in entry["MESSAGE"] for entry in machine.journal("--unit=wsbridge", "--lines=50"))


def test_one_worker_that_stands_still_is_enough(machine):
    """After an upgrade, so that it is the successor whom the watchdog watches."""
    machine.drop_in("[Service]\nWatchdogSec=1\n")
    machine.write(FILE, "workers = 2\n" + machine.standard)
    machine.systemctl("restart", "wsbridge")
    before = main_pid(machine)
    machine.systemctl("start", "wsbridge-upgrade")
    until(lambda: main_pid(machine) not in (0, before), 20, "another main process")
    pid, serial = main_pid(machine), machine.show("NRestarts")
    # Four times the patience of the watchdog.
    load = machine.load()
    begin = time.monotonic()
    while time.monotonic() < begin + 4:
        load.wait_served(20)
    load.stop()
    assert machine.show("NRestarts") == serial and main_pid(machine) == pid
    worker = machine.threads(pid, "wsb-worker")[0]
    # What we trace is ours to bury; it is gone when the watchdog has ended its process.
    with contextlib.suppress(ProcessLookupError), stopped(worker):
        until(lambda: os.waitpid(worker, WALL | os.WNOHANG) != (0, 0), 40, "the watchdog ends the process")
    until(lambda: machine.show("NRestarts") != serial and machine.show("ActiveState") == "active", 40, "another start")
    assert machine.echo() == "hello"
    texts = [str(entry["MESSAGE"]) for entry in machine.journal("--unit=wsbridge", "--lines=50")]
    assert any("Watchdog timeout" in text for text in texts)


def test_stop_leaves_nobody(machine):
    """Programs, and what they started in sessions of their own."""
    machine.write(FILE, machine.standard + WITH_PROGRAM)
    machine.systemctl("reload", "wsbridge")
    until(lambda: machine.show("ActiveState") == "active", 10, "the reload is over")
    client = machine.run("sh", "-c",
                         "{ sleep 100 | wsbridge connect ws://127.0.0.1:8080/program; } >/run/client 2>&1 & "
                         "for i in $(seq 100); do grep -q ready /run/client && break; sleep 0.1; done; cat /run/client")
    assert "ready" in client
    assert len(machine.sleepers()) == 2
    machine.systemctl("stop", "wsbridge")
    assert machine.show("Result") == "success"
    assert not machine.sleepers()


def test_priorities_are_in_the_journal(machine):
    machine.write(FILE, machine.standard + "hallo = 1\n")
    machine.systemctl("reload", "wsbridge")
    until(lambda: "Not reloaded" in machine.show("StatusText"), 10, "the status")
    entries = machine.journal("--unit=wsbridge", "--lines=50")
    own = [entry for entry in entries if entry.get("_COMM") in ("wsbridge", "wsb-log", "wsb-worker")]
    assert {"6", "3"} <= {entry["PRIORITY"] for entry in own}
    assert not any(str(entry["MESSAGE"]).startswith("<") for entry in own)
