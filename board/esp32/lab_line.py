"""The lab port's serial line: one JSON object a line, both ways, on the line that has the prompt too.

Gives whole lines as they come and never waits longer than asked. Nothing can be lost while the meter is
busy: who asks waits for the answer, and MAX_BYTES fit into the 260 bytes that the ESP32 port keeps of its
input (ports/esp32/mphalport.c). Ctrl-C is no byte of JSON and still interrupts.
"""

import json
import select
import sys

from micropython import const

MAX_BYTES = 250  # of a line, its line feed included
_LINE_FEED = const(10)
_RETURN = const(13)


class Line:
    """Standard input and output."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._poll.register(sys.stdin, select.POLLIN)
        self._byte = bytearray(1)
        self._line = bytearray(MAX_BYTES)
        self._length = 0  # of the line so far, whatever of it was kept

    def read(self, wait_ms: int) -> bytes | None:
        """-> the next line, None when there is no whole one after wait_ms. One that is too long is
        cut: it is no JSON then."""
        while self._is_waiting(wait_ms) and sys.stdin.buffer.readinto(self._byte):
            byte = self._byte[0]
            if byte == _LINE_FEED:
                length, self._length = self._length, 0
                if length:
                    return bytes(self._line[: min(length, MAX_BYTES)])
            elif byte != _RETURN:
                if self._length < MAX_BYTES:
                    self._line[self._length] = byte
                self._length += 1
        return None

    def _is_waiting(self, wait_ms: int) -> bool:
        for _ in self._poll.ipoll(wait_ms):
            return True
        return False

    def send(self, message: dict) -> None:
        """One line. Blocks for as long as the line takes: 90 ms for 1 KB at 115200 baud."""
        print(json.dumps(message))
