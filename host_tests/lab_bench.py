"""A bench at the lab port inside the same interpreter: the firmware on the silicon, requests from a script.

The script is a generator: it yields requests (dicts, bytes as they are, or None: nothing comes at this
look) and is sent the answers. The meter behind has its own ledger, with £10.00 on it.
"""

import json

import boot
import first_start
import lab
import world
from shilling.app import App
from shilling.provision import provision

DAY, SECOND = 9820, 43200  # Friday 2026-11-20 12:00 UTC
LIVE_MP = 1000000
SETTINGS = {"day": DAY, "second": SECOND, "balance_mp": 500000, "rate_mp": 24500}


class Over(BaseException):
    """The script has no more to ask."""


class Desk:
    """In place of the serial line. `looks`: how often the board looked while it owed an answer."""

    def __init__(self, script):
        self._script = script
        self._answer = None
        self._owed = False
        self.looks = 0
        self.sent = []  # all that came from the board

    def read(self, wait_ms):
        if self._owed:
            self.looks += 1
            return None
        try:
            request = self._script.send(self._answer)
        except StopIteration:
            raise Over()
        self._answer = None
        if request is None:
            return None
        self._owed = True
        return request if isinstance(request, bytes) else json.dumps(request).encode()

    def send(self, message):
        message = json.loads(json.dumps(message))
        self.sent.append(message)
        if "ok" in message:
            self._answer, self._owed = message, False


class Impatient(Desk):
    """Does not wait for answers: the next request comes at the board's next look."""

    def read(self, wait_ms):
        self._owed = False
        return Desk.read(self, wait_ms)


class Bench:
    """A meter with a lab port on the simulated silicon; run(script) until the script is over."""

    def __init__(self, **settings):
        self.silicon = world.World(DAY, SECOND)
        own = {"day": DAY, "second": SECOND, "balance_mp": LIVE_MP}
        own.update(settings)
        provision(boot.store(self.silicon), own)

    def run(self, script, desk=Desk):
        """-> the Desk after it. The board is started anew, as by a reset."""
        line = desk(script)
        board = lab.wrap(boot.board_class()(), line)
        self.app = App(board)
        lab.attach(self.app, first_start.set_up)
        try:
            self.app.run()
        except Over:
            pass
        return line


def ask(do, **fields):
    """A request as it is yielded."""
    fields["do"] = do
    return fields


def new(**settings):
    """The request that begins a test."""
    given = dict(SETTINGS)
    given.update(settings)
    return ask("new", settings=given)
