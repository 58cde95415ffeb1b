"""Starts descendants that try to get away, and sends all process ids in one line.

A plain child, one in a session of its own, one that daemonised with two forks, one that ignores SIGTERM and SIGHUP, and
one that daemonised and runs another program without any environment.
"""

import os
import signal
import sys
import time

FOREVER_SECONDS = 600


def rest():
    time.sleep(FOREVER_SECONDS)
    os._exit(0)


def start(prepare):
    """Forks; `prepare` runs in the child, which then rests and reports the process id that remains."""
    global reporting
    receiving, sending = os.pipe()
    if os.fork() == 0:
        os.close(receiving)
        reporting = sending
        prepare()
        os.write(sending, b"%d" % os.getpid())
        os.close(sending)
        rest()
    os.close(sending)
    return int(os.read(receiving, 20))


def nothing():
    pass


def daemonise():
    """Also away from the session that the server began: nobody's child, nobody's group."""
    os.setsid()
    if os.fork():
        os._exit(0)
    devnull = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(devnull, descriptor)


def shed():
    daemonise()
    program = "import os, sys, time; os.write(int(sys.argv[1]), b'%d' % os.getpid()); os.close(int(sys.argv[1]))\n"
    program += f"time.sleep({FOREVER_SECONDS})"
    os.set_inheritable(reporting, True)
    os.execve(sys.executable, [sys.executable, "-c", program, str(reporting)], {})


def be_stubborn():
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


kinds = {"plain": nothing, "session": os.setsid, "daemon": daemonise, "stubborn": be_stubborn, "shed": shed}
wanted = sys.argv[1:] or list(kinds)
pids = [os.getpid()] + [start(kinds[name]) for name in wanted]
print(*pids, flush=True)
sys.stdin.read()
rest()
