"""Writes to stderr what it is given, a line each, then says so."""

import sys

for argument in sys.argv[1:]:
    sys.stderr.write(argument + "\n")
sys.stderr.flush()
print("complained", flush=True)
sys.stdin.read()
