"""A headless Chromium, driven over its debugging protocol."""

import json
import subprocess
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import websocket


class Page:
    def __init__(self, address):
        self.socket = websocket.create_connection(address, timeout=120, suppress_origin=True)
        self.number = 0
        self.complaints = []

    def ask(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(message["params"]["exceptionDetails"]["text"])
            if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
                self.complaints.append(message["params"]["entry"]["text"])
            if message.get("id") == self.number:
                return message["result"]

    def value(self, expression):
        result = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        return result["result"].get("value")

    def wait(self, expression):
        end = time.monotonic() + 120
        while not self.value(expression):
            if time.monotonic() > end:
                raise SystemExit(f"never true: {expression}; the page says {self.value('document.body.innerText')}")
            time.sleep(0.05)


@contextmanager
def opened(chromium):
    """A page that is still blank, in a browser that has never been used."""
    with tempfile.TemporaryDirectory() as profile:
        browser = subprocess.Popen(
            [chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--window-size=1200,800",
             "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"], stderr=subprocess.DEVNULL)
        try:
            place = Path(profile, "DevToolsActivePort")
            while not place.exists() or not place.read_text().strip():
                time.sleep(0.05)
            port = place.read_text().split()[0]
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
                target = next(target for target in json.load(answer) if target["type"] == "page")
            page = Page(target["webSocketDebuggerUrl"])
            for domain in ("Runtime", "Log", "Page", "DOM"):
                page.ask(f"{domain}.enable")
            yield page
        finally:
            browser.terminate()
            browser.wait()
