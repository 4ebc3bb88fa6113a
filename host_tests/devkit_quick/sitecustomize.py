"""On the import path of a tool that a test starts: pyserial's rfc2217 ports become quick.

pyserial renegotiates baud rate and framing, 0.1 s, at each change of a port's timeout, and esptool
changes it twice a command; and it looks for each answer but every 0.05 s. Nothing else of either tool is
touched. Source: pyserial 3.5, rfc2217.py.
"""

import time

from serial import rfc2217

LOOK_S = 0.002

_settle = rfc2217.Serial._reconfigure_port


def _reconfigure_port(self):
    settings = (self._baudrate, self._bytesize, self._parity, self._stopbits)
    if self.__dict__.get("_negotiated") != settings or self._write_timeout is not None:
        _settle(self)
        self._negotiated = settings


rfc2217.Serial._reconfigure_port = _reconfigure_port


def wait(self, timeout=3):
    """TelnetSubnegotiation.wait: until the answer is there."""
    end_s = time.monotonic() + timeout
    while not self.is_ready():
        if time.monotonic() > end_s:
            raise rfc2217.SerialException(f"timeout while waiting for option {self.name!r}")
        time.sleep(LOOK_S)


rfc2217.TelnetSubnegotiation.wait = wait
