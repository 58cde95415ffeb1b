"""Drives headless Chromium over the DevTools protocol; nothing but a WebSocket client is needed for it."""

import itertools
import json
import re
import shutil
import subprocess
import tempfile

from websockets.sync.client import connect

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
DEVTOOLS = re.compile(rb"DevTools listening on (ws://\S+)")


def find_browser():
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="wsbridge-browser-", ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [find_browser(), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
             "--no-first-run", "--disable-background-networking", "--disable-extensions", "--remote-debugging-port=0",
             f"--user-data-dir={self.profile.name}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        address = None
        for line in self.process.stderr:
            if found := DEVTOOLS.search(line):
                address = found.group(1).decode()
                break
        assert address, "the browser did not start"
        self.connection = connect(address, max_size=None, compression=None, proxy=None)
        self.devtools = self.connection.__enter__()
        self.numbers = itertools.count(1)
        self.log = []

    def call(self, method, session=None, **parameters):
        number = next(self.numbers)
        command = {"id": number, "method": method, "params": parameters}
        if session:
            command["sessionId"] = session
        self.devtools.send(json.dumps(command))
        while True:
            answer = json.loads(self.devtools.recv(timeout=30))
            if answer.get("method") == "Log.entryAdded":
                self.log.append(answer["params"]["entry"]["text"])
            if answer.get("id") == number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        # What a person does with a certificate that the server made itself.
        self.call("Security.setIgnoreCertificateErrors", session, ignore=True)
        self.call("Log.enable", session)
        self.call("Page.enable", session)
        self.log.clear()
        self.call("Page.navigate", session, url=url)
        return Page(self, session)

    def close(self):
        try:
            self.call("Browser.close")
        finally:
            self.connection.__exit__(None, None, None)
            self.process.stderr.close()
            self.process.wait(10)
            self.profile.cleanup()


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session

    def evaluate(self, expression):
        """The value of an expression; a promise is awaited."""
        result = self.browser.call("Runtime.evaluate", self.session, expression=expression, awaitPromise=True,
                                   returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait_for(self, condition, seconds=15):
        """Waits in the page until the condition holds, looking again after every change of the document."""
        value = self.evaluate(f"""new Promise((resolve) => {{
            const holds = () => {{ try {{ return Boolean({condition}); }} catch {{ return false; }} }};
            const finish = (value) => {{ observer.disconnect(); clearInterval(timer); clearTimeout(limit); resolve(value); }};
            const look = () => {{ const value = holds(); if (value) finish(value); }};
            const observer = new MutationObserver(look);
            observer.observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }});
            const timer = setInterval(look, 50);
            const limit = setTimeout(() => finish(null), {seconds * 1000});
            look();
        }})""")
        assert value, f"never true: {condition}; the page: {self.evaluate('document.body.innerText')[:2000]}"
        return value

    def type(self, text):
        self.browser.call("Input.insertText", self.session, text=text)

    def press(self, key):
        code = {"Enter": 13, "ArrowUp": 38, "ArrowDown": 40, "Escape": 27}[key]
        extra = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            self.browser.call("Input.dispatchKeyEvent", self.session, type=kind, key=key, code=key,
                              windowsVirtualKeyCode=code, **(extra if kind == "keyDown" else {}))
