"""Sends the numbers of its open descriptors, its signal mask, and whether it leads a session."""

import os

listing = os.open("/proc/self/fd", os.O_RDONLY | os.O_DIRECTORY)
numbers = sorted(int(name) for name in os.listdir(listing) if int(name) != listing)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print("descriptors", *numbers)
print("blocked", status["SigBlk"].strip())
print("ignored", status["SigIgn"].strip())
print("leader", os.getsid(0) == os.getpid() == os.getpgid(0), flush=True)
