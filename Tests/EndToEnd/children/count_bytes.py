"""Counts what it reads; at the end of its input it writes the number to a named pipe."""

import os
import sys

total = 0
while data := os.read(0, 65536):
    total += len(data)
with open(sys.argv[1], "w") as pipe:
    pipe.write(str(total))
