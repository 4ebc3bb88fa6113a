"""The line between the live world and its supervisor: one JSON message a line.

Takes the number of an inherited descriptor (a socket, open both ways); gives and takes dicts.
"""

import json
import select
import sys


class Line:
    """Nothing is read ahead, so that a poll of the descriptor tells the truth."""

    def __init__(self, descriptor):
        unbuffered = {} if sys.implementation.name == "micropython" else {"buffering": 0}
        self._file = open(descriptor, "r+b", **unbuffered)
        self._poll = select.poll()
        self._poll.register(self._file, select.POLLIN)

    def send(self, message):
        """The line feed in front ends what an interrupt may have left unfinished."""
        self._file.write(b"\n" + json.dumps(message).encode() + b"\n")

    def is_waiting(self, wait_ms):
        """-> True as soon as there is something to receive, False after wait_ms without."""
        return bool(self._poll.poll(wait_ms))

    def receive(self):
        """-> the next message. When nobody is at the other end any more, the program ends."""
        line = self._file.readline()
        if not line:
            sys.exit(0)
        return json.loads(line)
