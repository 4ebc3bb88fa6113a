"""Orders: a number for each that is never given twice, when it is sent, and what became of it.

Takes a session that is writing; the caller's commit makes it so. Processing -> issued -> received or
failed; the meter is the truth: failed becomes received when it says so, received stays. Source: REMOTE.md.
"""

from sqlalchemy import func, or_, select, update

from tools.headend import bodies, envelope
from tools.headend.tables import (
    COMMAND_WINDOW,
    FAILED,
    ISSUED,
    PROCESSING,
    RECEIVED,
    TOP_UP_WINDOW,
    Attempt,
    Order,
)
from tools.utrn_vend import VendError

REISSUE_S = 15 * 60  # not received by then: flagged, and sent again
LONGEST_S = 24 * 3600  # between two attempts at a meter that is not heard
OPEN_MAX = 500  # the meter knows 512 numbers back, and reads a code 512 ahead
RESULTS_KEPT = 8  # answers the meter can repeat
HELD_S = 60
BATCH = 1000  # orders sent in one transaction
TAKEN = "another top-up had its number"  # sold elsewhere: this one can never be credited
OPEN = (PROCESSING, ISSUED)
NOT_USED_UP = (bodies.OVER_MAX_CREDIT, bodies.OVER_MAX_BALANCE, bodies.HALTED)


def create(session, meter, kind, body, now, **more):
    """A new Order of a Meter under the next number of its window; VendError if there is none."""
    window = TOP_UP_WINDOW if kind == bodies.TOP_UP else COMMAND_WINDOW
    high = "top_up_high" if window == TOP_UP_WINDOW else "command_high"
    number = getattr(meter, high) + 1
    if number > envelope.U32_MAX:
        raise VendError(f"meter {meter.id} has no number left")
    oldest = session.scalar(
        select(func.min(Order.number)).where(
            Order.meter == meter.id, Order.window == window, Order.state.in_(OPEN)
        )
    )
    if meter.heard_s is not None and oldest is not None and number - oldest >= OPEN_MAX:
        raise VendError(
            f"meter {meter.id} has not answered order number {oldest}: no more than {OPEN_MAX}"
            " can be under way"
        )
    setattr(meter, high, number)
    order = Order(meter=meter.id, window=window, number=number, kind=kind, body=body,
                  created_s=now, next_s=now, why_next="first", **more)  # fmt: skip
    session.add(order)
    session.flush()
    return order


def due(session, now):
    """Orders to be sent now, oldest first; one that must wait is looked at again in a minute."""
    found = session.scalars(
        select(Order)
        # of a host whose clock was ahead: nothing waits for a time that was never
        .where(Order.state.in_(OPEN), or_(Order.next_s <= now, Order.sent_s > now))
        .order_by(Order.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)  # another head-end on the store may be sending it
    ).all()
    rooms = {}
    for order in found:
        if order.meter not in rooms:
            rooms[order.meter] = Room(session, order.meter, now)
        if rooms[order.meter].takes(order, now):
            yield order
        else:
            order.next_s = now + HELD_S


class Room:
    """How many orders one meter may be sent now: it keeps few answers. So few are under way at a time,
    and no order goes out whose answer would push out that of an unanswered command, whose fate nobody
    would learn then; money waits for that no longer than REISSUE_S, and nothing longer than a day.
    Commands go one after another, as a meter refuses one that comes after a later one (SPEC.md 9)."""

    def __init__(self, session, meter, now):
        sent = Order.meter == meter, Order.attempts > 0
        is_open = Order.state.in_(OPEN)
        count = select(func.count(Order.id)).where(*sent)
        # One that is due again is not under way: it is counted when it is taken
        under_way = session.scalar(
            count.where(is_open, Order.sent_s.between(now - REISSUE_S + 1, now), Order.next_s > now)
        )
        self.left = RESULTS_KEPT - under_way
        self.first_command = session.scalar(
            select(func.min(Order.id)).where(
                Order.meter == meter,
                is_open,
                Order.window == COMMAND_WINDOW,
                or_(Order.issued_s.is_(None), Order.issued_s > now - LONGEST_S),
            )
        )
        oldest = session.scalar(
            select(func.min(Order.id)).where(
                *sent, is_open, Order.window == COMMAND_WINDOW, Order.issued_s > now - LONGEST_S
            )
        )
        self.has_command = oldest is not None
        self.answers_left = RESULTS_KEPT
        if self.has_command:
            self.answers_left -= session.scalar(count.where(Order.id >= oldest))

    def takes(self, order, now):
        """May it be sent? Then it is counted."""
        if self.left <= 0:
            return False
        if order.window == COMMAND_WINDOW and order.id > (self.first_command or order.id):
            return False
        if order.attempts == 0:
            late = order.kind == bodies.TOP_UP and now - order.created_s >= REISSUE_S
            if self.answers_left <= 0 and not late:
                return False
            self.has_command = self.has_command or order.window == COMMAND_WINDOW
            self.answers_left -= self.has_command
        self.left -= 1
        return True


def sent(session, order, now):
    """Note an attempt; gives why it was made."""
    why = order.why_next or "again"
    session.add(Attempt(order=order.id, at_s=now, why=why))
    order.attempts += 1
    order.state = ISSUED
    order.issued_s = order.issued_s or now
    order.sent_s = now
    order.next_s = now + min(REISSUE_S << min(order.attempts - 1, 10), LONGEST_S)
    order.why_next = "not received after 15 minutes" if order.attempts == 1 else "not received yet"
    return why


def heard(session, meter, now, has_got=False):
    """The meter is there: what it did not answer is sent as soon as it is due at all. All of that at
    once at its first word, if that does not say that it has got some of it."""
    if meter.heard_s is None and not has_got:
        for order in session.scalars(
            select(Order).where(Order.meter == meter.id, Order.state.in_(OPEN))
        ):
            order.next_s = now
            if order.attempts:
                order.why_next = "the meter was heard for the first time"
        return
    waiting = session.scalars(
        select(Order).where(
            Order.meter == meter.id, Order.state == ISSUED, Order.next_s > Order.sent_s + REISSUE_S
        )
    )
    for order in waiting:
        order.next_s = max(now, order.sent_s + REISSUE_S)
        order.why_next = "the meter was heard"


def lost(session, now):
    """What was sent of late may never arrive: it is sent again."""
    session.execute(
        update(Order.__table__)
        .where(Order.state == ISSUED, Order.sent_s > now - REISSUE_S)
        .values(next_s=now, why_next="the broker was gone")
    )


def flag(session, now):
    """Flag orders that were not received in time."""
    late = select(Order).where(
        Order.state.in_(OPEN), Order.flagged == 0, Order.created_s <= now - REISSUE_S
    )
    for order in session.scalars(late):
        order.flagged = 1


def reissue(order, now):
    """Send it again under its number, by hand; VendError where that would be of no use."""
    if order.state == RECEIVED:
        raise VendError(f"order {order.id} has been received")
    if order.state == FAILED and order.outcome not in NOT_USED_UP:
        raise VendError(
            f"the meter has answered order {order.id} with '{bodies.OUTCOMES[order.outcome]}' for"
            " good; make a new one"
        )
    order.state = ISSUED if order.attempts else PROCESSING
    order.next_s = now
    order.why_next = "reissued by hand"


def find(session, meter_hex, window, number):
    return session.scalar(
        select(Order).where(
            Order.meter == meter_hex, Order.window == window, Order.number == number
        )
    )


def answered(session, meter_hex, answer, said, now):
    """An ANSWER of the meter; said: (sequence of its ledger, its packet). Gives the Order or None."""
    window = TOP_UP_WINDOW if answer.kind == bodies.TOP_UP else COMMAND_WINDOW
    order = find(session, meter_hex, window, answer.number)
    if order is None or order.kind != answer.kind:
        return None
    if order.how == TAKEN:
        return order
    arrived = answer.outcome in (bodies.DONE, bodies.DUPLICATE)
    if order.state == RECEIVED and order.outcome is not None:
        if not (order.outcome == bodies.DUPLICATE and answer.outcome == bodies.DONE):
            return order  # nothing new
    elif not arrived and (order.said_number, order.said_count) >= said:
        return order  # an older answer that came late, or the same again
    order.said_number, order.said_count = said
    _release(session, meter_hex, now)
    order.balance_mp = answer.balance_mp
    _close(order, RECEIVED if arrived else FAILED, answer.outcome, now)
    order.how = "buttons" if answer.typed else "link"
    return order


def _release(session, meter_hex, now):
    """There is room for the orders that wait."""
    session.execute(
        update(Order.__table__)
        .where(Order.meter == meter_hex, Order.state == PROCESSING, Order.next_s > now)
        .values(next_s=now)
    )


def credited(session, meter_hex, entry, now):
    """The meter's log has a top-up: it is the truth about the order of that number."""
    order = find(session, meter_hex, TOP_UP_WINDOW, entry.order_number)
    if order is None:
        return
    if order.amount_mp != entry.amount_mp:
        _close(order, FAILED, bodies.DUPLICATE, now)
        order.how = TAKEN
    elif order.state != RECEIVED:
        _close(order, RECEIVED, bodies.DONE, now)
        order.balance_mp = entry.balance_mp
        order.how = "buttons" if entry.typed else "link"


def _close(order, state, outcome, now):
    order.state, order.outcome = state, outcome
    order.answered_s = now
    order.flagged = 0
    order.next_s = order.why_next = None
