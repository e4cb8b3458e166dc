"""A pseudo-terminal that answers as an xterm with sixel, for timing the playground."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

ROWS, COLUMNS, CELL = 40, 120, (10, 20)
PRESSES = 20
# How long no new picture must come before the last one counts as finished, in seconds.
STILLNESS = 0.6
ANSWERS = {b"\x1b[c": b"\x1b[?63;1;2;4;6;22c", b"\x1b[5n": b"\x1b[0n"}
RIGHT = b"\x1b[C"
PICTURE = re.compile(rb"\x1b\[\d+;(\d+)H\x1bP[0-9;]*q(.*?)\x1b\\", re.DOTALL)


class Played:
    def __init__(self, words, state):
        self.process, self.terminal = pty.fork()
        if self.process == 0:
            size = struct.pack("HHHH", ROWS, COLUMNS, COLUMNS * CELL[0], ROWS * CELL[1])
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.environ |= {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": str(state)}
            os.execv(words[0], words)
        self.unread = b""
        self.asked = b""
        self.shown = None

    def type(self, keys):
        os.write(self.terminal, keys)

    def next_picture(self, seconds):
        """Waits until the right picture is another one than before, and returns when it came; None when none does in time or the program ends."""
        deadline = time.monotonic() + seconds
        while True:
            while found := PICTURE.search(self.unread):
                self.unread = self.unread[found.end():]
                if int(found[1]) > COLUMNS // 2 and found[2] != self.shown:
                    self.shown = found[2]
                    return time.monotonic()
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.terminal], [], [], left)[0]:
                return None
            try:
                data = os.read(self.terminal, 1 << 16)
            except OSError:
                return None
            self.answer(data)
            self.unread += data

    def answer(self, data):
        # A question may be split between two reads, but is answered once.
        self.asked = (self.asked + data)[-65_600:]
        for question, answer in ANSWERS.items():
            for _ in range(self.asked.count(question)):
                os.write(self.terminal, answer)
            self.asked = self.asked.replace(question, b"")

    def rest(self):
        while self.next_picture(STILLNESS) is not None:
            pass

    def end(self):
        try:
            self.type(b"q")
            self.next_picture(2)
            os.kill(self.process, signal.SIGTERM)
        except (OSError, ProcessLookupError):
            pass
        os.close(self.terminal)
        os.waitpid(self.process, 0)


def play(words, state):
    """Opens a picture and moves a slider some times.

    Returns the seconds to the first picture, and those from each key to a changed picture; None when no picture comes.
    """
    start = time.monotonic()
    played = Played(words, state)
    try:
        first = played.next_picture(60)
        if first is None:
            return None
        played.rest()
        times = []
        for _ in range(PRESSES):
            pressed = time.monotonic()
            played.type(RIGHT)
            changed = played.next_picture(3)
            if changed is not None:
                times.append(changed - pressed)
                played.rest()
        return first - start, times
    finally:
        played.end()
