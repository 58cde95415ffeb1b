"""Ends the way its first line says: `exit N`, `signal N`."""

import os
import sys

kind, number = sys.stdin.readline().split()
if kind == "exit":
    sys.exit(int(number))
os.kill(os.getpid(), int(number))
