"""The meter's serial port: a pty that `mpremote connect` opens as it would a board's USB port.

Calls opened(), heard(bytes) and closed(). Nobody here holds the slave open, so Linux tells by a
hang-up on the master when the last client has gone. A symbolic link gives it a name that stays.
"""

import asyncio
import os
import select
import tty

from tools.live.channel import Channel

LOOK_S = 0.02  # how often a closed port is looked at


class Port:
    """One pty with a link to it."""

    def __init__(self, link, opened, heard, closed):
        self.link = link
        self.opened = opened
        self.closed = closed
        self.is_open = False
        master, slave = os.openpty()
        self.name = os.ttyname(slave)
        os.close(slave)
        self.channel = Channel(master, heard, self._gone)
        self.channel.silence()
        self._gone()
        link.unlink(missing_ok=True)
        link.symlink_to(self.name)

    def _gone(self):
        """Nobody has it open: the hang-up is looked at until somebody has."""
        if self.is_open:
            self.is_open = False
            self.closed()
        self.look = asyncio.get_running_loop().call_later(LOOK_S, self._look)

    def _look(self):
        poll = select.poll()
        poll.register(self.channel.descriptor, select.POLLIN)
        if any(event & select.POLLHUP for _, event in poll.poll(0)):
            self.look = asyncio.get_running_loop().call_later(LOOK_S, self._look)
            return
        self.is_open = True
        tty.setraw(self.channel.descriptor)  # the last close put echo and line editing back
        self.channel.listen()
        self.opened()

    def send(self, data):
        """To the client; without one it is lost, as on a serial line."""
        self.channel.send(data)

    def close(self):
        self.look.cancel()
        self.channel.close()
        self.link.unlink(missing_ok=True)
