#!/usr/bin/env python3
"""Measures processor time of an answer over HTTP: --proxy and --static, beside nginx, under the load of wrk."""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from measuring import comparison
from measuring.nginx import nginx_words
from measuring.programs import Program, cores, find, pinned

CONNECTIONS = 16


def serving(program, *options):
    return lambda port: [program, "--port", port, "--workers", "1", "--log-level", "error", *options]


def answer(words, path, wrk, seconds):
    """Microseconds of the server's processor time an answer: both kinds, user alone; and answers a second."""
    server_core, load_core = cores()
    with Program(words, server_core) as server:
        url = f"http://127.0.0.1:{server.port}{path}"
        # Connections to the server behind, files in the cache.
        load(wrk, url, 1, load_core)
        user, system = server.cpu_seconds()
        answers, rate = load(wrk, url, seconds, load_core)
        user_after, system_after = server.cpu_seconds()
    user, system = user_after - user, system_after - system
    return (user + system) / answers * 1e6, user / answers * 1e6, rate


def load(wrk, url, seconds, core):
    """Answers, and answers a second."""
    with pinned(core):
        done = subprocess.run([wrk, "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", url], capture_output=True, text=True,
                              timeout=seconds + 30, check=False)
    count = re.search(r"(\d+) requests in", done.stdout)
    rate = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
    if done.returncode or not count or not rate or int(count[1]) == 0 or "Non-2xx" in done.stdout:
        raise SystemExit(f"wrk {url} failed:\n{done.stdout}{done.stderr}")
    return int(count[1]), float(rate[1])


def main():
    parser = comparison.parser(__doc__, rounds=5)
    parser.add_argument("--seconds", metavar="N", type=comparison.at_least(1), default=2,
                        help="how long each turn lasts (default: %(default)s)")
    options = parser.parse_args()
    comparison.begin(options)
    wrk = find("wrk")
    if wrk is None:
        sys.exit(1)
    nginx = None if options.against else find("nginx")
    with tempfile.TemporaryDirectory(prefix="wsbridge-benchmark-") as folder:
        # Others may be who nginx runs as.
        Path(folder).chmod(0o755)
        for name, size in (("1k", 1000), ("1m", 1 << 20)):
            (Path(folder) / name).write_bytes(b"x" * size)
        with Program(serving(options.wsbridge, "--static", folder), cores()[1]) as behind:
            compare(options, wrk, nginx, folder, behind.port)


def compare(options, wrk, nginx, folder, behind):
    """`behind`: the port of the server that is proxied to."""
    kinds = [
        ("--proxy, 1 kB", "/1k", ("--proxy", f"http://127.0.0.1:{behind}"), {"proxied": behind}),
        ("--static, 1 kB", "/1k", ("--static", folder), {"static": folder}),
        ("--static, 1 MiB", "/1m", ("--static", folder), {"static": folder}),
    ]
    comparison.heading()
    for name, path, words, other in kinds:
        if options.only not in name:
            continue

        def measure(command):
            return answer(command, path, wrk, options.seconds)
        peer = None
        if options.against:
            peer = options.against.name, lambda: measure(serving(options.against, *words))
        elif nginx:
            peer = "nginx", lambda: measure(nginx_words(nginx, **other))
        comparison.compare(name, options.rounds, lambda: measure(serving(options.wsbridge, *words)), peer,
                           lambda result: f"{result[0]:.1f} µs (user {result[1]:.1f}), {result[2]:,.0f}/s")


if __name__ == "__main__":
    main()
