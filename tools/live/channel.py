"""A file descriptor in the event loop: gives what arrives, keeps what cannot be sent yet.

Takes a pty's master or a socket; calls heard(bytes) and, when the other end is gone, gone().
"""

import asyncio
import os

CHUNK_BYTES = 65536
KEPT_BYTES = 1 << 20  # for an end that does not read; what is more is lost


class Channel:
    """Owns its descriptor. Nothing is called any more after close()."""

    def __init__(self, descriptor, heard, gone):
        self.descriptor = descriptor
        self.heard = heard
        self.gone = gone
        self.waiting = bytearray()
        self.loop = asyncio.get_running_loop()
        self.reading = False
        os.set_blocking(descriptor, False)
        self.listen()

    def listen(self):
        """Begin to hear, at first or again after gone()."""
        if not self.reading:
            self.reading = True
            self.loop.add_reader(self.descriptor, self._readable)

    def _readable(self):
        try:
            data = os.read(self.descriptor, CHUNK_BYTES)
        except BlockingIOError:
            return
        except OSError:  # EIO: no one has the other end of the pty open
            data = b""
        if data:
            self.heard(data)
        else:
            self.silence()
            self.gone()

    def drain(self):
        """Hear what has arrived already."""
        while self.reading:
            try:
                data = os.read(self.descriptor, CHUNK_BYTES)
            except OSError:  # nothing, or nobody
                return
            if not data:
                return
            self.heard(data)

    def silence(self):
        """Hear no more, and forget what was still to be sent."""
        if self.reading:
            self.reading = False
            self.loop.remove_reader(self.descriptor)
        self.loop.remove_writer(self.descriptor)
        self.waiting.clear()

    def send(self, data):
        """In order, as soon as the other end takes it."""
        if data and self.reading and len(self.waiting) < KEPT_BYTES:
            self.waiting += data
            self._writable()

    def _writable(self):
        try:
            del self.waiting[: os.write(self.descriptor, self.waiting)]
        except BlockingIOError:
            pass
        except OSError:  # the reader hears of it too
            self.waiting.clear()
        if self.waiting:
            self.loop.add_writer(self.descriptor, self._writable)
        else:
            self.loop.remove_writer(self.descriptor)

    def close(self):
        self.silence()
        os.close(self.descriptor)
