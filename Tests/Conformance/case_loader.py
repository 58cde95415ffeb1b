"""Loads the test cases of the Autobahn test suite, which are Python 2, into Python 3.

No line of the suite is kept in this repository: run.sh fetches the published sdist, and this module adapts the case
files while it loads them. The trick that keeps the list of changes short: a Python 2 `str` of bytes becomes a
Python 3 `str` of the code points U+0000 to U+00FF, and `fuzzing_client` turns it into bytes (Latin-1) on the wire.
"""

import binascii
import builtins
import re
import sys
from pathlib import Path

# Compression (12, 13) is not negotiated; 9.9 sends without end and is switched off in the suite as well.
NOT_LOADED = re.compile(r"^case(12|13|9_9)_")

SUBSTITUTIONS = [
    (re.compile(r"^(\s*)print\b.*$", re.M), r"\1pass"),
    (re.compile(r"\(object, Case, \)"), "(Case, )"),  # new-style class: an error in Python 3's method resolution
    (re.compile(r"\bxrange\b"), "range"),
    (re.compile(r"\bbinascii\.b2a_hex\("), "hex_of("),
    (re.compile(r"^from autobahn\.websocket\.utf8validator import Utf8Validator$", re.M), ""),
    (re.compile(r"len\(self\.payload\) / self"), "len(self.payload) // self"),
]


class Latin1Utf8Validator:
    """The suite's validator, fed with code points that stand for bytes."""

    def __init__(self):
        from autobahn.websocket.utf8validator import Utf8Validator
        self.validator = Utf8Validator()

    def reset(self):
        self.validator.reset()

    def validate(self, text):
        return self.validator.validate(text.encode("latin-1"))


def hex_of(data):
    if isinstance(data, str):
        data = data.encode("latin-1", "replace")
    return binascii.b2a_hex(data).decode("ascii")


def load_cases(directory):
    """Returns {"1.1.1": class, …} in numeric order."""
    builtins.hex_of = hex_of
    builtins.Utf8Validator = Latin1Utf8Validator
    sys.path.insert(0, str(directory))
    sys.meta_path.insert(0, _Python2Finder(directory))
    classes = {}
    for path in sorted(directory.glob("case[0-9]*.py")):
        if NOT_LOADED.match(path.name):
            continue
        for name, value in vars(__import__(path.stem)).items():
            candidates = value if isinstance(value, list) else [value]
            for candidate in candidates:
                found = re.fullmatch(r"Case(\d+(?:_\d+)+)", getattr(candidate, "__name__", ""))
                if found:
                    classes[found.group(1).replace("_", ".")] = candidate
    # pickle, which the suite compares with, depends on object identity in Python 3.
    sys.modules["case"].Case.compare = lambda self, left, right: left == right
    return dict(sorted(classes.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


class _Python2Finder:
    """Imports `case*.py` of one directory through the substitutions above."""

    def __init__(self, directory):
        self.directory = Path(directory)

    def find_spec(self, name, path=None, target=None):
        from importlib.machinery import ModuleSpec
        file = self.directory / f"{name}.py"
        return ModuleSpec(name, self, origin=str(file)) if name.startswith("case") and file.exists() else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        source = Path(module.__spec__.origin).read_text(encoding="latin-1")  # so that a literal "ß" is its two bytes
        for pattern, replacement in SUBSTITUTIONS:
            source = pattern.sub(replacement, source)
        exec(compile(source, module.__spec__.origin, "exec", dont_inherit=True), vars(module))
