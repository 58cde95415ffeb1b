#!/usr/bin/env python3
"""Counts from 1 to COUNT (10), one number each PAUSE (1) seconds.

Run:        wsbridge --cmd 'python3 examples/count/count.py'
Buffering:  print(..., flush=True), or start with `python3 -u`.
"""

import sys
import time

count = int(sys.argv[1]) if len(sys.argv) > 1 else 10
pause = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
for number in range(1, count + 1):
    print(number, flush=True)
    if number < count:
        time.sleep(pause)
