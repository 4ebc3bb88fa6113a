"""MicroPython's module `network` on the simulated silicon: the ESP32's Wi-Fi station.

Takes what ports/esp32 of 1.25 takes, as far as a board uses it. Joining takes its time and nothing
waits for it. Source: MicroPython 1.28 documentation, network.WLAN; ports/esp32/network_wlan.c.
"""

import world

STA_IF, AP_IF = 0, 1
STAT_IDLE, STAT_CONNECTING, STAT_GOT_IP = 1000, 1001, 1010
STAT_NO_AP_FOUND, STAT_WRONG_PASSWORD = 201, 202
RADIO_US = 200000  # starting it


class WLAN:
    """The station; there is one a chip."""

    def __init__(self, interface=STA_IF):
        if interface != STA_IF:
            raise ValueError("this bench has a station only")
        self._world = world.current
        self._ether = world.current.ether()

    def active(self, is_active=None):
        """Whether the radio is on, or switches it."""
        if is_active is None:
            return self._ether.is_active
        if is_active and not self._ether.is_active:
            self._world.spend_us(RADIO_US)
        self._ether.is_active = bool(is_active)
        if not is_active:
            self._ether.reset()
        return self._ether.is_active

    def connect(self, ssid=None, key=None):
        """Begins to join; goes on by itself."""
        if not self._ether.is_active:
            raise OSError("Wifi Not Started")
        self._ether.join(ssid, key)

    def disconnect(self):
        self._ether.joins_at_ms = None

    def isconnected(self):
        """-> True: it has an address."""
        return self._ether.is_joined()

    def status(self):
        ether = self._ether
        if ether.is_joined():
            return STAT_GOT_IP
        if ether.joins_at_ms is None:
            return STAT_IDLE
        if not ether.is_there:
            return STAT_NO_AP_FOUND
        return STAT_WRONG_PASSWORD if ether.wrong else STAT_CONNECTING

    def ifconfig(self):
        """-> (address, mask, gateway, name server)."""
        if not self._ether.is_joined():
            return ("0.0.0.0",) * 4
        return ("192.168.4.2", "255.255.255.0", self._ether.gateway, self._ether.gateway)
