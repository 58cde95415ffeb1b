"""Sends the numbers of its open descriptors, its signal mask, and whether it leads a session."""

import os

DESCRIPTORS_MAX = 1024


def is_open(number):
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


numbers = [number for number in range(DESCRIPTORS_MAX) if is_open(number)]
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print("descriptors", *numbers)
print("blocked", status["SigBlk"].strip())
print("ignored", status["SigIgn"].strip())
print("leader", os.getsid(0) == os.getpid() == os.getpgid(0), flush=True)
