"""A world on a lab port: what a play does to the simulated one becomes requests to a board.

Takes a port with ask(do, **fields) and the settings of the meter to start from; gives what World gives to
player.py, so that hands, their timing and what is compared are the same for both. Time is the board's: ms
since the test began. What a port cannot do is not here: shilling play refuses such steps before.
"""

import segments


class LabLink:
    """The link of the board, as post.py asks it: each packet goes with a request, what the meter sends
    comes with the answer. Which life of the meter it is in cannot be seen from here."""

    session = None

    def __init__(self, port):
        self._port = port
        self._sent = []

    def take(self, packet):
        self._sent += self._port.ask("link", packet=packet.hex())["packets"]

    def next(self):
        return bytes.fromhex(self._sent.pop(0)) if self._sent else b""


class LabMeter:
    """The App of the board, as player.py asks it; `meter` is where its alerts are."""

    def __init__(self, port):
        self._port = port
        self.meter = self
        self.link = LabLink(port) if "link" in port.hello["can"] else None
        self.alert_count = 0
        self.alerts = []

    def take(self, answer):
        """The news at the end of a wait."""
        self.alert_count = answer["alert_count"]
        self.alerts = answer.get("alerts", self.alerts)

    def observe(self):
        return self._port.ask("observe")["state"]

    def connect(self, wire):
        """It is or it is not."""

    def command(self, name, value):
        if isinstance(value, tuple):
            value = [part.hex() if isinstance(part, bytes) else part for part in value]
        return self._port.ask("command", name=name, value=value)["result"]


class LabWorld:
    """Needs a MicroPython or CPython on the other end that runs a test; begin() starts one."""

    def __init__(self, port, settings):
        self._port = port
        self._start_day, self._start_second = settings["day"], settings["second"]
        self.t_ms = 0
        self.app = LabMeter(port)
        self._take(port.ask("new", settings=settings))

    def _take(self, answer):
        self.t_ms = answer["t_ms"]
        self.app.take(answer)

    def globals(self):
        """-> the names of main.py on the board; it is the start function of a Player too."""
        return {"meter": self.app}

    def run(self, start, script):
        """The script acts where time stands still; what it yields is what the board waits."""
        for wait_ms in script:
            self._take(self._port.ask("wait", ms=wait_ms))

    def utc(self):
        """-> (day since 2000-01-01, second of day): the true time."""
        seconds = self._start_second + self.t_ms // 1000
        return self._start_day + seconds // 86400, seconds % 86400

    def set_load(self, watts):
        self._port.ask("load", w=watts)

    def press(self, key):
        self._port.ask("key", key=key, down=1)

    def release(self, key):
        self._port.ask("key", key=key, down=0)

    def text(self):
        """-> what the cells of 14 segments read as."""
        return segments.decode(self._port.ask("cells")["cells"])

    @property
    def contact_closed(self):
        """Of a board without feedback: as it was told."""
        answer = self._port.ask("relay")
        return (answer["contact"] if answer["contact"] >= 0 else answer["wanted"]) == 1
