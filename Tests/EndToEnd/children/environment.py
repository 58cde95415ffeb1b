"""Sends its environment as one line of JSON, then waits for the end of its input."""

import json
import os
import sys

print(json.dumps(dict(os.environ)), flush=True)
sys.stdin.read()
