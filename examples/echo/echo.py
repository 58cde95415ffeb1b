#!/usr/bin/env python3
"""Sends each line back, bytes as they are.

Run:        wsbridge --cmd 'python3 examples/echo/echo.py'
Buffering:  sys.stdout.buffer keeps output back: flush after each line. Reading with `for line in` is fine in Python 3.
"""

import sys

for line in sys.stdin.buffer:
    sys.stdout.buffer.write(line if line.endswith(b"\n") else line + b"\n")
    sys.stdout.buffer.flush()
