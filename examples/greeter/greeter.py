#!/usr/bin/env python3
"""A small companion that answers each line: the program that `make run` serves.

Run:        wsbridge --cmd 'python3 examples/greeter/greeter.py'
Buffering:  Python keeps output back when it does not write to a terminal. `print(..., flush=True)` sends each line at
            once; `python3 -u` or PYTHONUNBUFFERED=1 does the same for a program that you cannot change.
"""

import os
import random
import sys
from datetime import datetime

FORTUNES = [
    "A program that reads lines is already a server.",
    "Flush early, flush often.",
    "Today is a good day to delete a dependency.",
    "The best protocol is the one your shell speaks.",
]


def answer(line, visitor, count):
    words = line.split()
    match words:
        case []:
            return "You sent an empty line. That is a message too."
        case ["help"]:
            return "Try: time | roll | roll 20 | reverse WORDS | whoami | fortune | bye - or just say who you are."
        case ["time"]:
            return datetime.now().strftime("It is %H:%M:%S on %A, %d %B.")
        case ["roll"]:
            return f"The die shows {random.randint(1, 6)}."
        case ["roll", sides] if sides.isascii() and sides.isdigit() and 1 <= int(sides[:7]) <= 1000:
            return f"The die with {sides} sides shows {random.randint(1, int(sides))}."
        case ["reverse", *rest]:
            return " ".join(rest)[::-1]
        case ["whoami"]:
            return f"You come from {visitor}; this is your message number {count}."
        case ["fortune"]:
            return random.choice(FORTUNES)
        case _:
            return f"Hello, {line.strip()}! (say 'help' to see what else I know)"


def main():
    # wsbridge describes the connection in CGI variables.
    visitor = f"{os.environ.get('REMOTE_ADDR', 'a terminal')}:{os.environ.get('REMOTE_PORT', '-')}"
    print("Welcome! You talk to a 50-line Python program; each line gets an answer. Say 'help' or your name.", flush=True)
    for count, line in enumerate(sys.stdin, start=1):
        if line.strip() in ("bye", "quit", "exit"):
            print("Goodbye. I exit now with status 0, and you will see close code 1000.", flush=True)
            return
        print(answer(line.rstrip("\n"), visitor, count), flush=True)


if __name__ == "__main__":
    main()
