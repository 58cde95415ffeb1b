"""The load of harness/load.py as a process, for another network: until standard input ends, then what came of it.

    load_process.py PORT PATH        every word `more N` of the input waits for N more newcomers"""

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "EndToEnd"))

from harness.load import Load  # noqa: E402

load = Load(int(sys.argv[1]), target=sys.argv[2])
print("ready", flush=True)
for line in sys.stdin:
    load.wait_served(int(line.split()[1]))
    print("served", flush=True)
load.stop()
print(json.dumps({"refused": load.refused, "cut": load.cut, "told": load.told, "served": load.served}), flush=True)
