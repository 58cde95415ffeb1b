"""One machine for all tests that need one, installed as README.md says; each test begins with a service anew."""

import re

import pytest

from machine import FILE, ROOT, Machine

BLOCK = re.compile(r"^## As a service\n.*?```sh\n(.*?)```", re.S | re.M)


def readme_commands():
    """What README.md tells to type, with our packages."""
    lines = BLOCK.search((ROOT / "README.md").read_text())[1].splitlines()
    commands = [line.split("  #")[0].strip() for line in lines]
    assert commands.pop(0) == "make deb"  # Tests/Package/run.sh did
    return [command.replace("./.build/deb/wsbridge_*.deb", "/packages/older.deb") for command in commands]


@pytest.fixture(scope="session")
def machine():
    booted = Machine("booted")
    try:
        for command in readme_commands():
            booted.run("sh", "-c", command)
        booted.first_echo = booted.echo()
        booted.standard = (booted.path / FILE.lstrip("/")).read_text()
        yield booted
    finally:
        booted.remove()


@pytest.fixture
def fresh(machine):
    """The file of the package, and no drop-in."""
    machine.systemctl("stop", "wsbridge.socket", "wsbridge.service")
    machine.write(FILE, machine.standard)
    machine.remove_drop_ins()
    machine.systemctl("reset-failed")
    machine.systemctl("start", "wsbridge.service")
    return machine
