"""The service on a machine that has booted: from its first start to the last journal entry."""

import re

import pytest

from machine import Machine, until

FILE = "/etc/wsbridge/wsbridge.toml"
WITH_PROGRAM = """
[[route]]
path = "/program"
command = ["/bin/sh", "-c", "setsid sleep 1000 & sleep 2000 & echo ready; read line"]
shell = false
"""


@pytest.fixture(scope="module")
def machine():
    booted = Machine("booted")
    booted.run("dpkg", "--install", "/packages/older.deb")
    booted.standard = (booted.path / FILE.lstrip("/")).read_text()
    yield booted
    booted.remove()


@pytest.fixture(autouse=True)
def fresh(machine):
    """Each test begins with the file of the package and a service that has just begun."""
    machine.run("systemctl", "stop", "wsbridge.socket", "wsbridge.service")
    machine.write(FILE, machine.standard)
    machine.run("systemctl", "reset-failed")
    machine.systemctl("start", "wsbridge.service")


def main_pid(machine):
    return int(machine.show("MainPID"))


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


def test_a_server_that_stands_still_is_started_anew(machine):
    machine.run("sh", "-c", "mkdir -p /run/systemd/system/wsbridge.service.d && "
                "printf '[Service]\\nWatchdogSec=1\\n' > /run/systemd/system/wsbridge.service.d/watchdog.conf")
    machine.systemctl("daemon-reload")
    machine.systemctl("restart", "wsbridge")
    pid = main_pid(machine)
    machine.run("sh", "-c", f"kill -STOP {pid}")
    until(lambda: machine.show("NRestarts") != "0" and machine.show("ActiveState") == "active", 40, "another start")
    assert main_pid(machine) != pid
    assert machine.echo() == "hello"
    assert any("Watchdog timeout" in entry["MESSAGE"] for entry in machine.journal("--unit=wsbridge", "--lines=50"))
    machine.run("rm", "-r", "/run/systemd/system/wsbridge.service.d")
    machine.systemctl("daemon-reload")


def sleepers(machine):
    """What the program of the route has left in the background."""
    return machine.run("sh", "-c", "grep -l -a -e '^sleep.[12]000' /proc/[0-9]*/cmdline 2>/dev/null || :").split()


def test_stop_leaves_nobody(machine):
    """Programs, and what they started in sessions of their own."""
    machine.write(FILE, machine.standard + WITH_PROGRAM)
    machine.systemctl("reload", "wsbridge")
    until(lambda: machine.show("ActiveState") == "active", 10, "the reload is over")
    client = machine.run("sh", "-c",
                         "{ sleep 100 | wsbridge connect ws://127.0.0.1:8080/program; } >/run/client 2>&1 & "
                         "for i in $(seq 100); do grep -q ready /run/client && break; sleep 0.1; done; cat /run/client")
    assert "ready" in client
    assert len(sleepers(machine)) == 2
    machine.systemctl("stop", "wsbridge")
    assert machine.show("Result") == "success"
    assert not sleepers(machine)



def test_priorities_are_in_the_journal(machine):
    machine.write(FILE, machine.standard + "hallo = 1\n")
    machine.systemctl("reload", "wsbridge")
    until(lambda: "Not reloaded" in machine.show("StatusText"), 10, "the status")
    entries = machine.journal("--unit=wsbridge", "--lines=50")
    own = [entry for entry in entries if entry.get("_COMM") in ("wsbridge", "wsb-log", "wsb-worker")]
    assert {"6", "3"} <= {entry["PRIORITY"] for entry in own}
    assert not any(str(entry["MESSAGE"]).startswith("<") for entry in own)
