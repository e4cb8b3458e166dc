"""Uses the server's page in a headless Chromium, as a person would, and prints what it sees as JSON lines.

Usage: page_client.py CHROMIUM URL PICTURE [SCREENSHOT]
"""

import base64
import json
import sys
from pathlib import Path

from chromium import opened

chromium, url, picture, *rest = sys.argv[1:]

with opened(chromium) as page:
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
