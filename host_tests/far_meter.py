"""A meter somewhere else: the shell on the smallest board, with a link and nothing that carries it.

Takes a Clock that all who take part share, packets and power cuts; gives packets. The flash is NOR, and
power may go in the middle of any write of it; files of the board outlive that. Times in ms and s of Clock.
"""

from chip_nor import PowerLoss
from quiet import QuietBoard
from shilling import codes
from shilling.app import App

DAY_S = 86400
MOST_POLLS = 20000  # without a wait in one go: the meter is stuck


class Clock:
    """True time: ms since the world began, and UTC as s since 2000-01-01."""

    def __init__(self, start_s):
        self.start_s = start_s
        self.ms = 0

    def utc_s(self):
        return self.start_s + self.ms // 1000


class FarBoard(QuietBoard):
    """Its clock chip is right unless it has stopped."""

    def __init__(self, store, clock, files, session):
        super().__init__(store)
        self.clock = clock
        self.files = files
        self.wire = None
        self.number = session
        self.mark = 0
        self.now_ms = self.told_ms = clock.ms
        self.ahead_s = 0  # of its clock chip
        self.has_stopped = False

    def session(self):
        return self.number

    def elapsed_ms(self):
        self.now_ms = self.clock.ms
        return super().elapsed_ms()

    def rtc_read(self):
        now_s = self.clock.utc_s() + self.ahead_s
        self.rtc_day, self.rtc_second = now_s // DAY_S, now_s % DAY_S
        return 1 if self.has_stopped else 0

    def rtc_set(self, day, second):
        self.ahead_s = day * DAY_S + second - self.clock.utc_s()
        self.has_stopped = False
        return True

    def residue_read(self, buf):
        return False


class MemoryFiles:
    """What board.files is, in memory; power may go in the middle of a write."""

    def __init__(self):
        self.files = {}
        self.left = None  # bytes that are still written before the power goes; None: it stays

    def names(self):
        return list(self.files)

    def size(self, name):
        return len(self.files[name])

    def read(self, name, at, buf):
        data = self.files[name][at : at + len(buf)]
        buf[: len(data)] = data

    def write(self, name, at, data):
        file = self.files.get(name, bytearray()) if at else bytearray()
        file.extend(bytes(max(0, at - len(file))))
        is_cut, left = self.left is not None, self.left
        if is_cut:
            data, self.left = bytes(data[:left]), None
        file[at : at + len(data)] = data
        self.files[name] = file
        if is_cut:
            raise PowerLoss

    def remove(self, name):
        self.files.pop(name, None)


class FarMeter:
    """`app` is None while there is no power; `starts` counts its lives. out(packet) takes what it sends.
    `done`: (is a command, number) -> outcomes of every record of an order; `perhaps`: of those that a power
    cut has torn, [((is a command, number), outcome)]."""

    def __init__(self, store, clock, out, files=None, seed=0):
        self.store, self.clock, self.out, self.files = store, clock, out, files
        self.seed = seed
        self.starts = 0
        self.cuts = 0
        self.app = None
        self.has_network = True
        self.done, self.perhaps = {}, []
        self.start()

    def start(self):
        """The mains are on."""
        self.starts += 1
        session = (self.seed * 0x9E3779B1 + self.starts * 0x85EBCA6B) & 0xFFFFFFFF
        self.alive(self._start, session)

    def _start(self, session):
        app = App(FarBoard(self.store, self.clock, self.files, session))
        app.connect(None)
        app.face.show = lambda turned, elapsed_ms: None  # nobody looks at it, which saves much time
        app.face.next_ms = lambda wait_ms: wait_ms
        journal = app.meter.journal
        app.meter.journal = lambda kind, counter: self._watched(app, journal, kind, counter)
        self.app = app

    def _watched(self, app, journal, kind, counter):
        """One record, and which order it is of."""
        if not counter:
            return journal(kind, counter)
        key = (bool(kind & codes.COMMAND), counter)
        is_answer = kind & codes.KIND == codes.RECORD_ANSWER
        outcome = app.meter.orders.outcome if is_answer else codes.DONE
        try:
            kept = journal(kind, counter)
        except PowerLoss:
            self.perhaps.append((key, outcome))
            raise
        if kept:
            self.done.setdefault(key, []).append(outcome)
        return kept

    def alive(self, action, *arguments):
        """What action() gives, or None when the power went meanwhile."""
        try:
            return action(*arguments)
        except PowerLoss:
            self.lose_power()
        return None

    def lose_power(self):
        self.cuts += 1
        self.app = None
        self.store.cut_at(None)

    def receive(self, packet):
        """A packet arrives; and the meter gets on with it. False: there was nobody."""
        if self.app is None:
            return False
        self.alive(self.app.link.take, packet)
        self.alive(self.poll)
        return True

    def type_in(self, digits):
        """A person has typed these digits (text): the outcome, None when the power went."""
        return self.alive(self._type_in, bytes(int(digit) for digit in digits))

    def _type_in(self, digits):
        outcome = self.app.top_up.begin(digits)
        return self.app.top_up.finish() if outcome == codes.CHECKING else outcome

    def poll(self):
        """One round and what it sends. -> ms until the next; None without power."""
        if self.app is None:
            return None
        wait_ms = self.app.poll()
        packet = self.has_network and self.app.link.next()
        while packet:
            self.out(packet)
            packet = self.app.link.next()
        return wait_ms

    def run(self, until_ms):
        """Live on until the clock shows that."""
        polls = 0
        while self.clock.ms < until_ms:
            wait_ms = self.alive(self.poll)
            if wait_ms is None:
                self.clock.ms = until_ms
                return
            step_ms = min(wait_ms, until_ms - self.clock.ms)
            self.clock.ms += step_ms
            polls = 0 if step_ms > 1 else polls + 1
            if polls > MOST_POLLS:
                raise AssertionError("the meter never waits")
        self.alive(self.poll)
