"""Edits a picture as the text-editing server's front end does, with python-socketio, and prints what it hears as JSON lines.

Usage: socketio_client.py URL TRANSPORT PICTURE PROMPT, where TRANSPORT is polling, websocket or upgrade.
"""

import json
import sys
import threading

import requests
import socketio

url, transport, picture, prompt = sys.argv[1:]
done = threading.Event()
client = socketio.Client(reconnection=False)


def tell(name, value):
    print(json.dumps([name, value]), flush=True)


@client.event
def image_processing(data):
    tell("image_processing", data)


@client.event
def image_edited(data):
    tell("image_edited", data)
    done.set()


@client.event
def image_edit_error(data):
    tell("image_edit_error", data)
    done.set()


transports = None if transport == "upgrade" else [transport]
client.connect(url, socketio_path="/ws/socket.io", transports=transports, wait_timeout=60)
tell("transport", client.transport())
with open(picture, "rb") as file:
    answer = requests.post(f"{url}/edit", params={"prompt": prompt, "sid": client.get_sid()}, files={"image": file}, timeout=60)
tell("answer", answer.json())
assert done.wait(300), "the edit has not ended"
client.disconnect()
