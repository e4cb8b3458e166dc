"""A hub on this machine for the tests of `fader pack get`.

usage: hub_server.py FOLDER [FAULT]

Serves FOLDER/REPOSITORY/PATH at /REPOSITORY/resolve/main/PATH, with the SHA-256 of .safetensors and .pth files as their tags. Its port goes to
FOLDER/port, and each request to FOLDER/requests. FAULT concerns GET requests for .pth files:

  breaks      every answer ends after 1000 bytes
  stuck       so does every one, and Range is ignored
  short       the announced length of the file is 7 bytes less than it has
  wronghash   the announced SHA-256 is another
  wrongrange  sends the first 1000 bytes, and another part than was asked for
  changes     sends the first 1000 bytes of another file, and then has this one
  stalls      sends 1000 bytes and then nothing
  norange     ignores Range
  busy        the first two requests are answered with 429 and 500
  forbidden   403
  unknown     401
  huge        the announced length is 10^17
  redirects   redirects to another host, announces size and hash before, and breaks off there once
  moved       redirects every request for every file to another place on this host, and announces nothing before
  loops       redirects to the same address
"""

import hashlib
import http.server
import os
import sys
import threading
import time

folder, fault = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
asked = 0


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_HEAD(self):
        self.answer()

    def do_GET(self):
        self.answer()

    def answer(self):
        global asked
        with open(os.path.join(folder, "requests"), "a") as log:
            log.write(f"{self.command} {self.path} {self.headers.get('Range', '')}\n")
        path = self.path.replace("/resolve/main/", "/").replace("/elsewhere/", "/").lstrip("/")
        try:
            with open(os.path.join(folder, path), "rb") as file:
                content = file.read()
        except OSError:
            return self.status(404)
        isGet = self.command == "GET"
        mine = fault if path.endswith(".pth") else ""
        isLarge = path.endswith((".pth", ".safetensors"))
        tag = (hashlib.sha256 if isLarge else hashlib.sha1)(content).hexdigest()
        size = len(content)
        if mine == "wronghash":
            tag = "0" * 64
        if mine in ("forbidden", "unknown"):
            return self.status(403 if mine == "forbidden" else 401)
        if mine == "loops" and isGet:
            return self.redirect(self.path, {})
        if fault == "moved" and "/elsewhere/" not in self.path:
            return self.redirect("/elsewhere/" + path, {})
        if mine == "busy" and isGet:
            asked += 1
            if asked <= 2:
                return self.status([429, 500][asked - 1])
        if mine == "redirects" and "/elsewhere/" not in self.path:
            there = f"http://localhost:{another.server_address[1]}/elsewhere/{path}"
            return self.redirect(there, {"X-Linked-ETag": f'"{tag}"', "X-Linked-Size": str(size)})
        if mine == "redirects":
            if not isGet:
                return self.status(403)
            tag = "of-this-server"
        if mine == "changes" and isGet:
            asked += 1
            if asked == 1:
                content, tag = bytes(size), "of-another-file"
        start = 0
        asked_range = self.headers.get("Range", "")
        fits = self.headers.get("If-Range", f'"{tag}"') == f'"{tag}"'
        if isGet and asked_range.startswith("bytes=") and fits and mine not in ("norange", "stuck"):
            start = int(asked_range[6:].rstrip("-"))
            if start >= size:
                return self.status(416)
        self.send_response(206 if start else 200)
        if start:
            shown = start + 5 if mine == "wrongrange" else start
            self.send_header("Content-Range", f"bytes {shown}-{size - 1}/{size}")
        self.send_header("ETag", f'"{tag}"')
        length = size - start
        if not isGet and mine == "short":
            length -= 7
        if not isGet and mine == "huge":
            length = 10**17
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if not isGet:
            return
        rest = content[start:]
        once = mine in ("norange", "wrongrange", "redirects") and not asked_range or mine == "changes" and asked == 1
        if mine in ("breaks", "stalls", "stuck") or once:
            self.wfile.write(rest[:1000])
            self.wfile.flush()
            if mine == "stalls":
                time.sleep(600)
            self.close_connection = True
        else:
            self.wfile.write(rest)

    def redirect(self, place, headers):
        self.send_response(302)
        for name, value in ({"Location": place, "Content-Length": "0"} | headers).items():
            self.send_header(name, value)
        self.end_headers()

    def status(self, code):
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()


server, another = (http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) for _ in range(2))
threading.Thread(target=another.serve_forever, daemon=True).start()
with open(os.path.join(folder, "port.new"), "w") as file:
    file.write(str(server.server_address[1]))
os.rename(os.path.join(folder, "port.new"), os.path.join(folder, "port"))
server.serve_forever()
