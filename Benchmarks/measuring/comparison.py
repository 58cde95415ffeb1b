"""Two programs in turn, and the table that comes of it."""

import argparse
import contextlib
import signal
import statistics
import sys
from pathlib import Path

from measuring.programs import ROOT

COLUMNS = (34, 22, 22, 8)


def parser(description, rounds):
    """The options that every script has."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--wsbridge", metavar="PATH", default=ROOT / ".build/release/wsbridge", type=Path,
                         help="the program to measure (default: .build/release/wsbridge)")
    options.add_argument("--against", metavar="PATH", type=Path,
                         help="another wsbridge to measure beside it, instead of other servers")
    options.add_argument("--rounds", metavar="N", type=at_least(1), default=rounds,
                         help="how often each program has its turn (default: %(default)s)")
    options.add_argument("--only", metavar="TEXT", default="", help="only cases whose name contains TEXT")
    options.add_argument("--time-limit", metavar="SECONDS", type=at_least(1), default=900,
                         help="give up after so long (default: %(default)s)")
    return options


def at_least(least):
    """A whole number for argparse, with that lower bound."""
    def number(text):
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is no number from {least} on")
        return int(text)
    return number


def begin(options):
    """Checks the paths and sets the time limit; what is started under it is ended when it runs out."""
    for path in filter(None, (options.wsbridge, options.against)):
        if not path.is_file():
            sys.exit(f"no program at {path}: `make release` builds one, --wsbridge names another")
    options.wsbridge = options.wsbridge.resolve()
    options.against = options.against and options.against.resolve()

    def end(*_):
        raise SystemExit(f"not done within {options.time_limit} s (--time-limit)")
    signal.signal(signal.SIGALRM, end)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.alarm(options.time_limit)


def heading(peer):
    """The head of the table; the ratio is of the first program to the second."""
    row("case", "wsbridge", peer or "-", "ratio")
    print("|" + "|".join("-" * (width + 2) for width in COLUMNS) + "|", flush=True)


def row(*cells):
    print("|" + "|".join(f" {cell:<{width}} " for cell, width in zip(cells, COLUMNS)) + "|", flush=True)


def compare(name, rounds, first, second, form):
    """Runs both in turn and prints a row: the medians, and the median of the ratios within each round.

    `first` and `second` measure once and give a tuple of numbers, the first of which is compared; `second` may be
    None. `form` makes text of such a tuple.
    """
    ours, theirs = [], []
    for number in range(rounds):
        # Whoever is second in one round is first in the next: neither always finds warmer caches.
        turns = [(first, ours), (second, theirs)]
        for measure, results in reversed(turns) if number % 2 else turns:
            if measure:
                results.append(measure())
    ratios = [our[0] / their[0] for our, their in zip(ours, theirs) if their[0] > 0]
    ratio = f"{statistics.median(ratios):.2f}" if ratios else "-"
    row(name, form(_medians(ours)), form(_medians(theirs)) if theirs else "-", ratio)


def _medians(results):
    return tuple(statistics.median(column) for column in zip(*results))


@contextlib.contextmanager
def all_of(*contexts):
    """Several programs that live together."""
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(context) for context in contexts]
