"""Uses the server's page in a headless Chromium, as a person would, and prints what it sees as JSON lines.

Usage: page_client.py CHROMIUM URL PICTURE [SCREENSHOT]
"""

import base64
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

chromium, url, picture, *rest = sys.argv[1:]


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
        page.ask("Page.navigate", url=url)
        page.wait("document.readyState === 'complete' && document.getElementById('pack')?.textContent.includes('features')")
        root = page.ask("DOM.getDocument")["root"]["nodeId"]
        field = page.ask("DOM.querySelector", nodeId=root, selector="#file")["nodeId"]
        page.ask("DOM.setFileInputFiles", nodeId=field, files=[str(Path(picture).resolve())])
        page.wait("document.querySelectorAll('.slider').length > 0 && !document.getElementById('save').hidden")
        before = page.value("document.getElementById('save').href")
        print(json.dumps(["opened", page.value("document.querySelectorAll('.slider').length")]))
        page.value("{ const slider = document.querySelector('.slider input'); slider.value = slider.max; slider.dispatchEvent(new Event('input')); }")
        page.wait("!document.getElementById('bar').hidden")
        page.wait(f"document.getElementById('save').href !== {json.dumps(before)} && document.getElementById('bar').hidden")
        page.wait("document.querySelector('#after img').complete && document.querySelector('#after img').naturalWidth > 0")
        print(json.dumps(["edited", page.value("document.querySelectorAll('.slider.edited').length")]))
        print(json.dumps(["status", page.value("document.getElementById('status').textContent")]))
        if rest:
            Path(rest[0]).write_bytes(base64.b64decode(page.ask("Page.captureScreenshot")["data"]))
        print(json.dumps(["complaints", page.complaints]))
    finally:
        browser.terminate()
        browser.wait()
