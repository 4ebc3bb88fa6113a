"""The board with a lab port: a bench injects keys, pulses and time, and reads what is lit.

Takes a Board and wraps it, with the same methods. Live, the real meter runs in real time and what is
injected comes on top. In a test (`new` to `end`) a fresh meter runs on a store in memory, by a clock
that stands still until it is told to `wait` and then jumps; the real ledger is not touched, and real use
is charged when the test is over. Loaded only where board.json has "lab": true. Source: SPEC.md, lab port.
"""

import gc

import machine
from micropython import const

from lab_house import Clock, Fingers, Load, Memory
from lab_line import Line
from lab_orders import Orders

MARK = const(2)  # of the display: its last dot blinks
_OPERATE_MS = const(50)  # into a relay's pulse its contact moves; the pulse takes twice as long
_REST_MS = const(1000)  # between two pulses
_LOOK_MS = const(50)
ALONE_LOOKS = const(12000)  # ten minutes without a request: a test that was forgotten ends
_POLLS_TO_TELL = const(256)  # in a long wait: "still here", with the time it has come to


def wrap(board, line=None) -> "LabBoard":
    """-> the board to start the meter on. line: where requests come from, if not the serial line."""
    board.mark = MARK
    return LabBoard(board, Line() if line is None else line)


def attach(app, set_up) -> None:
    """The meter is there. set_up(store, settings) makes a new one of what `new` brings as JSON."""
    app.board.attach(app, set_up)


class LabBoard:
    """A Board to the shell; what the orders do to it is at the end."""

    lab = True
    mark = MARK

    def __init__(self, board, line) -> None:
        self.board = board  # the real one
        self.line = line
        self.store, self.wire = board.store, board.wire
        self.cells = board.cells
        self.segments = 7 * (len(board._display._glyphs) // board.cells)  # a byte for 7 of them
        self.notes = board.notes
        self.remembers = board.remembers
        # As they are
        self.contact, self.feed, self.session = board.contact, board.feed, board.session
        self.show, self.dim, self.buzz, self.led = board.show, board.dim, board.buzz, board.led
        self.is_test = False
        self._orders: Orders | None = None
        self._was_closed = self._told = -1  # the real relay: before the test, and as told in it
        self._restart(Load(1000))

    def attach(self, app, set_up) -> None:
        """From now on requests are answered."""
        self._app = app
        self._orders = Orders(self, app, set_up)
        self._restart(self._live_load())

    def _live_load(self) -> Load:
        load = Load(self._app.meter.config.imp_per_kwh)
        load.contact(self._app.meter.supply.closed == 1, 0)
        return load

    def _restart(self, load: Load) -> None:
        """Time begins, and nobody touches a key."""
        self.load = load
        self.fingers = Fingers()
        self.now_ms = 0
        self._known_ms = 0  # what of it the shell knows about
        self._goal_ms = 0  # where time stands still, once the firmware has polled there
        self._polled = self._stands = False
        self._rested_ms = -_REST_MS  # when the relay's last pulse was over
        self._polls = 0
        self._chip = Clock(0, 0, 0)
        self.rtc_day = self.rtc_second = 0

    # Time

    def elapsed_ms(self) -> int:
        """As Board."""
        passed_ms = self.board.elapsed_ms()
        if not self.is_test:
            self.now_ms += passed_ms
        elapsed_ms = self.now_ms - self._known_ms
        self._known_ms = self.now_ms
        return elapsed_ms

    def idle(self, wait_ms: int, pulses: int) -> None:
        """As Board; here requests are answered. In a test time jumps, or stands still."""
        if self._orders is None:
            self.board.idle(wait_ms, pulses)
        elif not self.is_test:
            self._live(self._orders, wait_ms, pulses)
        elif self._polled and self.now_ms >= self._goal_ms:
            self._stand(self._orders)
        else:
            self._jump(self._orders, wait_ms, pulses)

    def _live(self, orders: Orders, wait_ms: int, pulses: int) -> None:
        if self.now_ms >= self._goal_ms:
            orders.over()
        if not orders.serve(0):
            self.fingers.move(self.now_ms)
            self.board.idle(wait_ms, pulses)

    def _stand(self, orders: Orders) -> None:
        """The wait is over: say so, and do what is asked until time is to go on."""
        orders.over()
        self._stands = True
        alone = 0
        while self._stands:
            alone = 0 if orders.serve(_LOOK_MS) else alone + 1
            if alone == ALONE_LOOKS:
                self.end()
            self.board.elapsed_ms()  # the mark blinks
            self.board.feed()

    def _jump(self, orders: Orders, wait_ms: int, pulses: int) -> None:
        """To the earliest of: wait_ms over, so many pulses, a key's edge, the end of the wait."""
        end_ms = min(self.now_ms + wait_ms, self.load.due_ms(pulses), self._goal_ms)
        self._pass(max(0, min(end_ms, self.fingers.next_ms()) - self.now_ms))
        self._polled = self.now_ms >= self._goal_ms
        self._polls += 1
        if self._polls % _POLLS_TO_TELL == 0:
            self.line.send({"at": self.now_ms})
            orders.serve(0)

    def _pass(self, ms: int) -> None:
        self.now_ms += ms
        self.fingers.move(self.now_ms)

    def rtc_read(self) -> int:
        """As Board."""
        if not self.is_test:
            status = self.board.rtc_read()
            self.rtc_day, self.rtc_second = self.board.rtc_day, self.board.rtc_second
            return status
        self.rtc_day, self.rtc_second = self._chip.at(self.now_ms)
        return 0

    def rtc_set(self, day: int, second: int) -> bool:
        """As Board."""
        if not self.is_test:
            return self.board.rtc_set(day, second)
        self._chip = Clock(day, second, self.now_ms)
        return True

    def residue_write(self, buf: bytearray) -> None:
        """As Board; what the real meter kept stays through a test."""
        if not self.is_test:
            self.board.residue_write(buf)

    def residue_read(self, buf: bytearray) -> bool:
        """As Board."""
        return not self.is_test and self.board.residue_read(buf)

    @property
    def files(self):
        """As Board; the log of a test is kept nowhere."""
        return None if self.is_test else self.board.files

    # In

    def pulses(self) -> int:
        """As Board, and those of the injected load; in a test only those."""
        count = self.load.count(self.now_ms)
        pulses = count - self.load.read
        self.load.read = count
        return pulses if self.is_test else pulses + self.board.pulses()

    def keys(self) -> int:
        """As Board, and the injected fingers; in a test only those."""
        return self.fingers.down if self.is_test else self.fingers.down | self.board.keys()

    # Out

    def relay(self, closed: bool) -> None:
        """As Board. A test's time passes too, as much as a latching relay takes."""
        if self.is_test:
            self._told = int(closed)
            self._pass(max(0, _REST_MS - (self.now_ms - self._rested_ms)) + _OPERATE_MS)
            self.load.contact(closed, self.now_ms)
            self._pass(_OPERATE_MS)
            self._rested_ms = self.now_ms
        else:
            self.load.contact(closed, self.now_ms)
        self.board.relay(closed)

    # What the orders ask for

    def lit(self) -> list:
        """-> the segments of each cell as a number, as the display was told, but for the mark. It is
        done here, so that a board without a lab port has no code for it."""
        display = self.board._display
        lit = bytearray(display._glyphs)
        lit[-1] = display._last
        size = self.segments // 7
        return [int.from_bytes(lit[at : at + size], "little") for at in range(0, len(lit), size)]

    def go_on(self, ms: int) -> None:
        """Time goes on for so long, and the meter polls at its end."""
        self._goal_ms = self.now_ms + ms
        self._polled = ms == 0
        self._stands = False

    def halt(self) -> None:
        """What was waited for does not matter any more."""
        self._goal_ms = self.now_ms

    def begin(self, set_up, settings: dict) -> None:
        """A test, whose contact is closed at first, as a new meter's is. ValueError: wrong settings."""
        store = Memory()
        set_up(store, settings)
        if not self.is_test:
            self._was_closed, self._told = self._app.meter.supply.closed, -1
        if self.board.contact() != 1:
            self._told = 1
            self.board.relay(True)
        self.is_test, self.store = True, store
        self._restart(Load(settings["imp_per_kwh"]))
        self._chip = Clock(settings["day"], settings["second"], 0)
        self._start()

    def end(self) -> None:
        """The real meter starts again from its records, and its relay is where it was."""
        if not self.is_test:
            return
        self.is_test, self.store = False, self.board.store
        self._restart(Load(1000))
        if self._told not in (-1, self._was_closed):
            self.board.relay(self._was_closed == 1)
        self._start()
        if self.wire is not None:
            self._app.connect(self.wire)
        self.load = self._live_load()

    def reset(self) -> None:
        """The processor starts again."""
        machine.reset()

    def _start(self) -> None:
        """The same shell anew: two of them would not fit into the chip."""
        gc.collect()
        self._app.__init__(self)
