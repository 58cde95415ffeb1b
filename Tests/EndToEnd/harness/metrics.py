"""Reads the listener of --metrics-listen, with a parser of other people's."""

import http.client
import re
import socket
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

TIMES = {"process_start_time_seconds", "process_cpu_seconds_total", "wsbridge_worker_cpu_seconds_total",
         "wsbridge_upstream_connect_seconds_total"}


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=20)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Metrics:
    """The listener for operators of a running server."""

    def __init__(self, server, path=None):
        self.server = server
        self.path = path
        line = server.wait_log("metrics and health", "/metrics" if path is None else str(path))
        self.port = None if path else int(re.search(r":(\d+)/metrics", line).group(1))

    @property
    def address(self):
        return f"unix:{self.path}" if self.path else f"127.0.0.1:{self.port}"

    def ask(self, target, method="GET", **headers):
        """Status, fields in lower case, and body."""
        connection = (UnixConnection(self.path) if self.path
                      else http.client.HTTPConnection("127.0.0.1", self.port, timeout=20))
        try:
            connection.request(method, target, headers=headers)
            response = connection.getresponse()
            fields = {name.lower(): value for name, value in response.getheaders()}
            return response.status, fields, response.read().decode()
        finally:
            connection.close()

    def scrape(self):
        """All samples of one page: `values[name, label value, …]`. Fails where the page is not as strict as it must be."""
        status, fields, text = self.ask("/metrics")
        assert status == 200 and fields["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        check_text(text)
        values = {}
        for family in text_string_to_metric_families(text):
            assert family.documentation and family.type in ("counter", "gauge"), family
            for sample in family.samples:
                key = (sample.name, *sample.labels.values())
                assert key not in values, f"{key} is there twice"
                assert sample.value >= 0 and (sample.value == int(sample.value) or sample.name in TIMES)
                values[key] = sample.value
        return values

    def sum(self, name, values=None):
        return sum(value for key, value in (values or self.scrape()).items() if key[0] == name)


def check_text(text):
    """What the parser lets through: heads in order, one of each, and no blank in the wrong place."""
    assert text.endswith("\n") and "\r" not in text
    sample = re.compile(r'([a-z_]+)(\{[a-z]+="[^"\n]*"(,[a-z]+="[^"\n]*")*\})? \d+(\.\d+)?')
    seen, current = set(), None
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("# HELP "):
            current = line.split(" ")[2]
            assert current not in seen, f"{current} comes twice"
            seen.add(current)
            assert re.fullmatch(f"# TYPE {current} (counter|gauge)", next(lines))
        else:
            found = sample.fullmatch(line)
            assert found and found.group(1) == current, line


def threads(pid, name):
    """The threads of a process that are called so, oldest first."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        if (task / "comm").read_text().strip() == name:
            found.append(int(task.name))
    return sorted(found)
