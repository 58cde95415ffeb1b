"""Two programs in turn, and the table that comes of it."""

import argparse
import signal
import statistics
import sys
from pathlib import Path

from measuring.programs import ROOT

COLUMNS = (20, 32, 40, 5)


def parser(description, rounds, cases=True):
    """The options that every script has; `--only` where there is more than one case."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--wsbridge", metavar="PATH", default=ROOT / ".build/release/wsbridge", type=Path,
                         help="the program to measure (default: .build/release/wsbridge)")
    options.add_argument("--against", metavar="PATH", type=Path,
                         help="another wsbridge to measure beside it, instead of other servers")
    options.add_argument("--rounds", metavar="N", type=at_least(1), default=rounds,
                         help="how often each program has its turn (default: %(default)s)")
    if cases:
        options.add_argument("--only", metavar="TEXT", default="",
                             help="only cases whose name contains TEXT")
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


def heading():
    """The head of the table; the ratio is of wsbridge to the peer."""
    row("case", "wsbridge", "peer", "ratio")
    print("|" + "|".join("-" * (width + 2) for width in COLUMNS) + "|", flush=True)


def row(*cells):
    print("|" + "|".join(f" {cell:<{width}} " for cell, width in zip(cells, COLUMNS)) + "|", flush=True)


def compare(name, rounds, ours, peer, form):
    """Runs both in turn and prints a row: the medians, and the median of the ratios within each round.

    `ours` measures once and gives a tuple of numbers, the first of which is compared. `peer` is a name and such a
    function, or None. `form` makes text of such a tuple.
    """
    results, theirs = [], []
    for number in range(rounds):
        turns = [(ours, results)] + ([(peer[1], theirs)] if peer else [])
        # Whoever is second in one round is first in the next: neither always finds warmer caches.
        for measure, into in reversed(turns) if number % 2 else turns:
            into.append(measure())
    ratios = [our[0] / their[0] for our, their in zip(results, theirs) if their[0] > 0]
    ratio = f"{statistics.median(ratios):.2f}" if ratios else "-"
    row(name, form(_medians(results)), f"{peer[0]}: {form(_medians(theirs))}" if peer else "-", ratio)


def _medians(results):
    return tuple(statistics.median(column) for column in zip(*results))
