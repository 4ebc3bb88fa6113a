"""MicroPython's module `select` as the board's drivers see it: looks at simulated sockets, waits never.

Takes sockets of virtual_socket.py; gives those that can be written to, or have failed.
Source: MicroPython 1.28 documentation, select.
"""

POLLIN, POLLOUT, POLLERR, POLLHUP = 1, 4, 8, 16


class poll:  # noqa: N801 (MicroPython's name)
    """Which sockets are ready."""

    def __init__(self):
        self._registered = {}

    def register(self, made, events=POLLIN | POLLOUT):
        self._registered[made] = events

    def poll(self, timeout_ms=-1):
        """-> [(socket, events)]."""
        if timeout_ms:
            raise RuntimeError("waiting would stop this world: poll(0)")
        ready = []
        for made, wanted in self._registered.items():
            events = made.events() & (wanted | POLLERR | POLLHUP)
            if events:
                ready.append((made, events))
        return ready
