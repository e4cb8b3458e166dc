"""Asks a server for what the feature playground's front end asks it for, from pages of other origins in a headless Chromium.

The pages come from a port of this machine, under two names, of which the server allows the first. Prints as JSON lines what each page got: the number of
features and the size of the picture that it generated, or the error that the browser gave it.

Usage: cross_origin_client.py CHROMIUM URL PICTURE PORT
"""

import http.server
import json
import sys
import threading
from pathlib import Path

from chromium import opened

chromium, url, picture, port = sys.argv[1:]
script = """
(async () => {
    const server = %s;
    try {
        const form = new FormData();
        form.append("image", await (await fetch("/picture.png")).blob(), "picture.png");
        form.append("n_features", "2");
        form.append("generate_icon", "false");
        const numbers = await (await fetch(server + "/preprocess_image", {method: "POST", body: form})).json();
        const request = {
            image_embeds: numbers.image_embeds, inv_latents: numbers.inv_latents, height: numbers.height, width: numbers.width,
            feature_idx: [numbers.features[0].idx], feature_val: [2 * numbers.features[0].activation],
        };
        const generated = await (await fetch(server + "/generate_image", {
            method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(request),
        })).json();
        const image = new Image();
        image.src = generated.images;
        await image.decode();
        return [numbers.features.length, image.naturalWidth, image.naturalHeight];
    } catch (error) {
        return [String(error)];
    }
})()
"""


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        is_picture = self.path == "/picture.png"
        self.send_response(200)
        self.send_header("Content-Type", "image/png" if is_picture else "text/html")
        self.end_headers()
        self.wfile.write(Path(picture).read_bytes() if is_picture else b"<!doctype html><title>front end</title>")

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", int(port)), Pages)
threading.Thread(target=server.serve_forever, daemon=True).start()
with opened(chromium) as page:
    for host in ("127.0.0.1", "localhost"):
        page.ask("Page.navigate", url=f"http://{host}:{port}/")
        page.wait(f"document.readyState === 'complete' && location.hostname === '{host}'")
        print(json.dumps([host] + page.value(script % json.dumps(url))), flush=True)
