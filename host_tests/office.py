"""The head-end in a process of its own, so that it can be killed in the middle of any commit.

Takes a URL of SQLAlchemy and {meter: Keys}; gives plain values. A planned kill ends the process by force
right before or right after the database has the commit; the next start goes on with what is on disk.
"""

import os
from multiprocessing import Pipe

from sqlalchemy import func, select
from sqlalchemy.engine.default import DefaultDialect

from tools.headend.headend import HeadEnd
from tools.headend.tables import ISSUED, PROCESSING, Meter, Order, Reading
from tools.utrn_vend import VendError

TICK_S = 300
BEFORE, AFTER = "before", "after"
ROW = ("id", "meter", "window", "number", "kind", "amount_mp", "state", "outcome", "body", "not_after_s")


class Killed(Exception):
    """It is gone; nobody knows whether what was asked for is done."""


class Office:
    """`kills` counts. Every question is a method of Desk."""

    def __init__(self, url, keys):
        self.url, self.keys = url, keys
        self.kills = 0
        self.pid = None
        self.start()

    def start(self):
        self.pipe, far = Pipe()
        self.pid = os.fork()
        if not self.pid:
            try:
                self.pipe.close()
                serve(far, self.url, self.keys)
            finally:
                os._exit(0)
        far.close()

    def kill_at(self, commit, when):
        """In the commit-th commit from now; None takes it back."""
        self.ask("kill_at", commit, when)

    def ask(self, name, *arguments):
        """The answer; VendError as the desk says it, Killed when there is nobody any more."""
        try:
            self.pipe.send((name, arguments))
            answer, fault = self.pipe.recv()
        except (EOFError, OSError):
            os.waitpid(self.pid, 0)
            self.kills += 1
            self.start()
            raise Killed from None
        if fault is not None:
            raise fault
        return answer

    def close(self):
        self.pipe.close()
        os.waitpid(self.pid, 0)


def serve(pipe, url, keys):
    """Until the other end is gone."""
    desk = Desk(url, keys)
    while True:
        try:
            name, arguments = pipe.recv()
        except EOFError:
            return
        try:
            said = getattr(desk, name)(*arguments), None
        except Exception as error:
            said = None, error if isinstance(error, VendError) else RuntimeError(repr(error))
        pipe.send(said)


class Desk:
    """What is asked of the head-end; in its process."""

    def __init__(self, url, keys):
        self.plan = None
        self.ticked_s = 0
        commit = DefaultDialect.do_commit

        def do_commit(dialect, connection):
            dies = self.plan is not None and self.plan[0] <= 1
            if self.plan is not None:
                self.plan = self.plan[0] - 1, self.plan[1]
            if dies and self.plan[1] == BEFORE:
                os._exit(9)
            commit(dialect, connection)
            if dies:
                os._exit(9)

        DefaultDialect.do_commit = do_commit
        self.head = HeadEnd(url, keys.get)

    def kill_at(self, commit, when):
        self.plan = None if commit is None else (commit, when)

    def add_meter(self, meter, now):
        self.head.add_meter(meter, now)

    def sell(self, meter, pence, now):
        """-> (id, number, code)."""
        order = self.head.top_up(meter, pence, now)
        return order.id, order.number, self.head.code(order.id)

    def command(self, meter, kind, body, now, not_after):
        order = self.head.command(meter, kind, body, now, not_after)
        return order.id, order.number

    def take(self, packets, now):
        for packet in packets:
            self.head.take(packet, now)

    def rounds(self, now):
        """What the service does again and again. -> [(meter, packet)], when an order is due next or None."""
        if now - self.ticked_s >= TICK_S:
            self.ticked_s = now
            self.head.tick(now)
        packets = self.head.packets(now)
        with self.head.reading() as session:
            open_ones = select(func.min(Order.next_s)).where(Order.state.in_((PROCESSING, ISSUED)))
            return packets, session.scalar(open_ones)

    def reissue(self, order, now):
        self.head.reissue(order, now)

    def orders(self):
        """Every order as a tuple in the order of ROW."""
        with self.head.reading() as session:
            return [tuple(getattr(order, name) for name in ROW)
                    for order in session.scalars(select(Order).order_by(Order.id))]  # fmt: skip

    def readings(self, stream):
        """(meter, life, number, code, time_s, order_number, heard_s) of every entry of a stream."""
        with self.head.reading() as session:
            found = session.scalars(
                select(Reading).where(Reading.stream == stream).order_by(Reading.meter, Reading.id)
            )
            return [(r.meter, r.life, r.number, r.code, r.time_s, r.order_number, r.heard_s)
                    for r in found]  # fmt: skip

    def meters(self):
        with self.head.reading() as session:
            return [(m.id, m.top_up_high, m.command_high) for m in session.scalars(select(Meter))]
