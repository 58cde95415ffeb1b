"""Plays the Autobahn cases against one WebSocket server and compares the verdicts with the expected ones.

Usage: fuzzing_client.py --cases DIR --url ws://127.0.0.1:PORT/ [--performance] [--only 5.] [--out FILE] [--expect FILE]
"""

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore", category=SyntaxWarning)

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol  # noqa: E402
from twisted.internet import reactor  # noqa: E402

from case_loader import load_cases  # noqa: E402

ACCEPTED = {"OK", "INFORMATIONAL"}
CONNECTIONS_AT_ONCE = 4
CASE_SECONDS_MAX = 120
KILL_SECONDS_MIN = 10


def wire(payload):
    return payload.encode("latin-1") if isinstance(payload, str) else payload


class CaseProtocol(WebSocketClientProtocol):
    """What a case sees as `self.p`: Autobahn's client, which may break every rule, plus timers."""

    CLOSE_STATUS_CODE_NORMAL = 1000
    CLOSE_STATUS_CODE_PROTOCOL_ERROR = 1002
    CLOSE_STATUS_CODE_INVALID_PAYLOAD = 1007

    def __init__(self, case_class):
        super().__init__()
        self.createWirelog = False
        self.connectionWasOpen = False
        self.txFrameStats = {}
        self.started = time.monotonic()
        self.case = case_class(self)

    # events
    def onOpen(self):
        self.connectionWasOpen = True
        self.case.onOpen()

    def onMessage(self, payload, isBinary):
        self.case.onMessage(payload.decode("latin-1"), isBinary)

    def onPing(self, payload):
        self.case.onPing(payload.decode("latin-1"))
        self.sendPong(payload)

    def onPong(self, payload):
        self.case.onPong(payload.decode("latin-1"))

    def onClose(self, wasClean, code, reason):
        self.case.onClose(wasClean, code, reason)

    def connectionLost(self, reason):
        super().connectionLost(reason)
        self.case.onConnectionLost(self.failedByMe)
        self.factory.finished(self.case, int((time.monotonic() - self.started) * 1000))

    # what cases send
    def sendFrame(self, opcode, payload=b"", **options):
        super().sendFrame(opcode, wire(payload), **options)

    def sendMessage(self, payload, isBinary=False, **options):
        super().sendMessage(wire(payload), isBinary, **options)

    def sendMessageFrameData(self, payload, sync=False):
        return super().sendMessageFrameData(wire(payload), sync)

    def sendCloseFrame(self, code=None, reasonUtf8=None, isReply=False):
        super().sendCloseFrame(code, wire(reasonUtf8), isReply)

    def logTxFrame(self, header, payload, repeat_length, chop_size, sync):
        self.txFrameStats[header.opcode] = self.txFrameStats.get(header.opcode, 0) + 1

    def enableWirelog(self, enable):
        self.createWirelog = enable

    # timers
    def _later(self, delay, action):
        reactor.callLater(delay, lambda: action() if self.state != self.STATE_CLOSED else None)

    def continueLater(self, delay, action, tag=None):
        self._later(delay, action)

    def killAfter(self, delay):
        """Gives a server up. One that answers never meets it, so a busy machine gets more than the 0.5 s of some cases."""
        self._later(max(delay, KILL_SECONDS_MIN), self._fail_connection)

    def closeAfter(self, delay):
        self._later(delay, self.sendClose)


class CaseFactory(WebSocketClientFactory):
    noisy = False

    def __init__(self, url, case_class, done):
        super().__init__(url, useragent="wsbridge-conformance")
        # Autobahn counts these timeouts in whole seconds of the clock: one of 1 s set at 7.99 is over at 8.00, and the
        # case is lost to a server that answered within milliseconds. CASE_SECONDS_MAX bounds a case instead.
        self.setProtocolOptions(failByDrop=False, openHandshakeTimeout=0, closeHandshakeTimeout=0)
        self.logFrames = True
        self.case_class, self.done = case_class, done

    def buildProtocol(self, address):
        protocol = CaseProtocol(self.case_class)
        protocol.factory = self
        return protocol

    def finished(self, case, milliseconds):
        done, self.done = self.done, None
        if done:
            done({"behavior": case.behavior, "close": case.behaviorClose,
                  "result": case.result, "closeResult": case.resultClose, "ms": milliseconds})

    def failed(self, why):
        done, self.done = self.done, None
        if done:
            done({"behavior": "FAILED", "close": "FAILED", "result": why, "closeResult": why, "ms": 0})

    def clientConnectionFailed(self, connector, reason):
        self.failed(f"cannot connect: {reason.getErrorMessage()}")


class Run:
    """Plays the cases, a few connections at once, and stops the reactor after the last."""

    def __init__(self, url, cases, at_once):
        self.url, self.waiting, self.at_once = url, list(cases.items()), at_once
        self.total, self.results = len(cases), {}

    def start(self):
        for _ in range(min(self.at_once, len(self.waiting))):
            self.next()

    def next(self):
        if not self.waiting:
            if len(self.results) == self.total:
                reactor.stop()
            return
        identifier, case_class = self.waiting.pop(0)
        factory = CaseFactory(self.url, case_class, lambda result: self.record(identifier, result, deadline))
        connector = reactor.connectTCP(factory.host, factory.port, factory, timeout=5)

        def give_up():
            factory.failed(f"not finished within {CASE_SECONDS_MAX} s")
            connector.disconnect()
        deadline = reactor.callLater(CASE_SECONDS_MAX, give_up)

    def record(self, identifier, result, deadline):
        if deadline.active():
            deadline.cancel()
        self.results[identifier] = result
        if result["behavior"] not in ACCEPTED or result["close"] not in ACCEPTED:
            print(f"  {identifier}: {result['behavior']} ({result['result']}), "
                  f"close {result['close']} ({result['closeResult']})", flush=True)
        reactor.callLater(0, self.next)


def numeric(identifier):
    return [int(part) for part in identifier.split(".")]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", required=True, type=Path)
    parser.add_argument("--url", required=True)
    parser.add_argument("--performance", action="store_true", help="also the cases of 9.*")
    parser.add_argument("--only", default="", help="cases whose number starts with this")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--expect", type=Path)
    options = parser.parse_args()

    wanted = {identifier: case for identifier, case in load_cases(options.cases).items()
              if identifier.startswith(options.only) and (options.performance or not identifier.startswith("9."))}
    run = Run(options.url, wanted, 1 if options.performance else CONNECTIONS_AT_ONCE)
    reactor.callWhenRunning(run.start)
    reactor.run()

    verdicts = {identifier: f"{run.results[identifier]['behavior']} / {run.results[identifier]['close']}"
                for identifier in sorted(run.results, key=numeric)}
    if options.out:
        options.out.write_text(json.dumps(verdicts, indent=0) + "\n")
    bad = [identifier for identifier, verdict in verdicts.items() if not set(verdict.split(" / ")) <= ACCEPTED]
    differing = []
    if options.expect:
        expected = json.loads(options.expect.read_text())
        differing = [f"{identifier}: expected {expected.get(identifier)}, got {verdict}"
                     for identifier, verdict in verdicts.items() if expected.get(identifier) != verdict]
        if not options.only:
            differing += [f"{identifier}: expected, not run" for identifier in expected
                          if identifier not in verdicts and (options.performance or not identifier.startswith("9."))]
    for line in differing:
        print(f"  differs: {line}")
    print(f"Autobahn: {len(verdicts) - len(bad)} of {len(verdicts)} cases passed, {len(differing)} differ from the expected file")
    return 1 if bad or differing or not verdicts else 0


if __name__ == "__main__":
    sys.exit(main())
