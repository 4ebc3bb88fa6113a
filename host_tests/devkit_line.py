"""The dev board's USB bridge as network ports: one that knows DTR and RTS (rfc2217), one that is plain.

Calls heard(bytes) and lines(dtr, rts); gives send(bytes). One client at a time, as on a cable: the
next one is told that the port is in use. Protocol: pyserial's own RFC 2217 server side.
"""

import asyncio

from serial.rfc2217 import IAC, M_NORMAL, PortManager

HOST = "127.0.0.1"
BUSY = b"Port already in use\r\n"  # as ser2net says it
BUSY_S = 0.3


class Settings:
    """What PortManager wants to find in a serial port; only DTR and RTS lead anywhere."""

    baudrate, bytesize, parity, stopbits = 115200, 8, "N", 1
    xonxoff = rtscts = break_condition = False
    cts = dsr = cd = True
    ri = False

    def __init__(self, changed):
        self._dtr = self._rts = False
        self._changed = changed

    def set_lines(self, dtr, rts):
        if (dtr, rts) != (self._dtr, self._rts):
            self._dtr, self._rts = dtr, rts
            self._changed(dtr, rts)

    dtr = property(lambda self: self._dtr, lambda self, on: self.set_lines(on, self._rts))
    rts = property(lambda self: self._rts, lambda self, on: self.set_lines(self._dtr, on))

    def reset_input_buffer(self):
        """What was sent is on its way; the client drops it when it hears the answer."""

    reset_output_buffer = reset_input_buffer


def filtered(manager, data):
    """What manager.filter(data) yields, as bytes; it looks at each byte, which only commands need."""
    found, at = [], 0
    while at < len(data):
        end = at
        if manager.mode == M_NORMAL and manager.suboption is None:
            end = data.find(IAC, at) % (len(data) + 1)  # the end, where there is none
            found.append(data[at:end])
        found += manager.filter(data[end : end + 1])
        at = end + 1
    return b"".join(found)


class Client(asyncio.Protocol):
    """One connection. It may come before the end of the last one is heard of: then it waits."""

    def __init__(self, line, with_lines):
        self.line, self.with_lines = line, with_lines
        self.manager = self.settings = None
        self.early = b""

    def connection_made(self, transport):
        self.transport = transport
        if self.line.client:
            asyncio.get_running_loop().call_later(BUSY_S, self.take)
        else:
            self.take()

    def take(self):
        """The line is this one's, or somebody else's."""
        if self.transport.is_closing():
            return
        if self.line.client:
            self.transport.write(BUSY)
            self.transport.close()
            return
        self.line.client = self
        if self.with_lines:
            self.settings = Settings(self.line.lines)
            self.manager = PortManager(self.settings, self)
        early, self.early = self.early, b""
        self.data_received(early)

    def write(self, data):
        """What PortManager has to say."""
        self.transport.write(bytes(data))

    def data_received(self, data):
        if self.line.client is not self:
            self.early += data
            return
        if self.manager:
            data = filtered(self.manager, data)
        if data:
            self.line.heard(data)

    def send(self, data):
        if self.manager:
            data = data.replace(b"\xff", b"\xff\xff")
        self.transport.write(data)

    def connection_lost(self, _):
        if self.line.client is self:
            self.line.client = None
            if self.settings:
                self.settings.set_lines(False, False)


class Line:
    """Both ports of one board. After unplug() nothing answers there until plug()."""

    def __init__(self, heard, lines):
        self.heard, self.lines = heard, lines
        self.client = None
        self.servers = []
        self.ports = [0, 0]

    async def plug(self):
        """Listen, on the same ports as the last time."""
        loop = asyncio.get_running_loop()
        for at, with_lines in enumerate((True, False)):
            server = await loop.create_server(
                lambda with_lines=with_lines: Client(self, with_lines), HOST, self.ports[at]
            )
            self.servers.append(server)
            self.ports[at] = server.sockets[0].getsockname()[1]

    def unplug(self):
        """The cable is out: whoever talked is cut off in the middle of it."""
        for server in self.servers:
            server.close()
        self.servers = []
        client, self.client = self.client, None
        if client:
            client.transport.abort()

    def send(self, data):
        """To the client; without one it is lost."""
        if self.client:
            self.client.send(data)

    def urls(self):
        """(with DTR and RTS, without)."""
        return f"rfc2217://{HOST}:{self.ports[0]}", f"socket://{HOST}:{self.ports[1]}"
