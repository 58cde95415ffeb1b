"""Real services from Debian's packages, each for one test, on a path or a port of its own."""

import contextlib
import shutil
import signal
import socket
import subprocess

import pytest

from harness.server import until
from harness.upstream import free_port


def find(name, package):
    path = shutil.which(name, path="/usr/bin:/usr/sbin:/usr/local/bin")
    return path or pytest.skip(f"no {name}: install {package}")


@contextlib.contextmanager
def running(*command, answers, **settings):
    """A process that lives until the block ends; the block begins when `answers()` is true."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, **settings)
    try:
        until(lambda: answers() or process.poll() is not None, 20, f"{command[0]} answers")
        assert process.poll() is None, f"{command[0]} ended with {process.returncode}"
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def connects(family, address):
    def attempt():
        with socket.socket(family) as probe:
            return probe.connect_ex(address) == 0
    return attempt


@contextlib.contextmanager
def mosquitto(directory):
    """An MQTT broker; gives its port."""
    port = free_port()
    configuration = directory / "mosquitto.conf"
    configuration.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\n")
    with running(find("mosquitto", "mosquitto"), "-c", configuration,
                 answers=connects(socket.AF_INET, ("127.0.0.1", port))):
        yield port


@contextlib.contextmanager
def redis(directory):
    """Redis on a unix socket alone; gives its path."""
    path = str(directory / "redis.sock")
    with running(find("redis-server", "redis-server"), "--port", "0", "--unixsocket", path, "--save", "",
                 "--dir", str(directory), answers=connects(socket.AF_UNIX, path)):
        yield path


@contextlib.contextmanager
def vnc():
    """An X server that speaks RFB, without a password; gives its port."""
    port = free_port()
    with running(find("Xtigervnc", "tigervnc-standalone-server"), "-displayfd", "1", "-rfbport", str(port),
                 "-SecurityTypes", "None", "-localhost", "-geometry", "320x240", "-desktop", "under test",
                 answers=connects(socket.AF_INET, ("127.0.0.1", port))):
        yield port
