"""Writes MEGABYTES without a newline, then one newline."""

import os
import sys

block = b"x" * 65536
for _ in range(int(sys.argv[1]) * 16):
    sent = 0
    while sent < len(block):
        sent += os.write(1, block[sent:])
os.write(1, b"\n")
