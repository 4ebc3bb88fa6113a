"""What the head-end knows of one meter, out of its tables, as bills.py and why.py take it.

Takes a Store and a meter's id; gives plain values: money in mp, times in UTC seconds since 1970. What a
meter told at its own time is used as it said; without a trusted clock, as when it was heard.
"""

import struct

from sqlalchemy import select

from tools.headend import bills, bodies, prices, sms
from tools.headend.envelope import EPOCH_S
from tools.headend.tables import (
    FAILED,
    ISSUED,
    PROCESSING,
    RECEIVED,
    UP,
    Message,
    Meter,
    Order,
    Reading,
    Sms,
    State,
)  # fmt: skip
from tools.headend.tables_desk import SmsCopy

STANDING_ROW = 6  # of the settings, SPEC 9
TIME_AT = 25  # of a packet: the meter's time
HALTED, RELAY_FAULT = 2, 4  # flags of STATE
RECENT_S = 2 * 86400  # an order that is done is talked of so long
SMS_TALKED_S = 7 * 86400
MONEY_MP = {bodies.CREDITED: 1, bodies.DEBT_PAID: 1, bodies.ADJUSTED: 1}
WORTH = ("payment_mp", "time1_mp", "time2_mp", "accumulated_mp", "ec_owed_mp")


def done_orders(session, meter_id, kind):
    """[(when the meter did it, Order)] of commands of a kind, by the meter's clock where it is right."""
    orders = session.scalars(
        select(Order).where(
            Order.meter == meter_id, Order.kind == kind, Order.state == RECEIVED
        ).order_by(Order.number)
    ).all()  # fmt: skip
    found = []
    for order in orders:
        told = answers(session, order)
        said = int.from_bytes(told[0].packet[TIME_AT : TIME_AT + 4], "big") if told else 0
        found.append((said + EPOCH_S if said else order.answered_s, order))
    return found


def answers(session, order):
    """The Messages in which the meter told what became of an order, oldest first."""
    return session.scalars(
        select(Message).where(Message.order == order.id, Message.direction == UP)
        .order_by(Message.id)
    ).all()  # fmt: skip


def tariffs(session, meter):
    """Timeline of Tariffs: the one it began with, and those of the orders the meter has done."""
    begun = prices.flat(0)
    if meter.tariff:
        begun = prices.unpack(bytes.fromhex(meter.tariff))
    else:
        state = session.get(State, meter.id)
        begun = prices.flat(state.told.price_mp if state else 0)
    steps = [(0, begun)]
    for done_s, order in done_orders(session, meter.id, bodies.SET_TARIFF):
        day, second = struct.unpack_from(">HI", order.body)
        start_s = day * 86400 + second
        begin_s = max(start_s + EPOCH_S, done_s) if start_s else done_s
        # A later order also takes away what was still to come
        steps = [step for step in steps if step[0] < max(done_s, 1)]
        steps.append((begin_s, prices.unpack(order.body[6:])))
    return prices.Timeline(steps)


def standing(session, meter):
    """Timeline of the standing charge, mp a day."""
    steps = [(0, meter.standing_mp)]
    for done_s, order in done_orders(session, meter.id, bodies.SET_SETTINGS):
        for row, value in struct.iter_unpack(">BI", order.body):
            if row == STANDING_ROW:
                steps.append((done_s, value))
    return prices.Timeline(steps)


def readings(session, meter_id, codes, since_s=0):
    return session.scalars(
        select(Reading).where(
            Reading.meter == meter_id, Reading.code.in_(codes), Reading.time_s >= since_s
        ).order_by(Reading.time_s, Reading.number)
    ).all()  # fmt: skip


def reads(session, meter_id):
    """The meter's reads as bills.Reads, the running one (its last state) at the end."""
    found = []
    for row in readings(session, meter_id, (bodies.HALF_HOUR, bodies.DAY)):
        worth_mp = None
        if row.code == bodies.DAY:
            worth_mp = row.balance_mp - row.debt_mp - row.ec_owed_mp
        found.append(bills.Read(row.time_s, row.wh, row.balance_mp, row.rate, row.block, worth_mp))
    state = session.get(State, meter_id)
    if state and state.time_s and found and state.time_s >= found[-1].time_s:
        told = state.told
        worth_mp = told.balance_mp - sum(getattr(told, name) for name in WORTH)
        found.append(
            bills.Read(state.time_s, told.wh, told.balance_mp, told.rate, told.block, worth_mp)
        )
    return found


def entries(session, meter_id):
    """Money that came to the meter, as bills.Entries."""
    rows = session.scalars(
        select(Reading).where(Reading.meter == meter_id, Reading.code.in_(MONEY_MP))
        .order_by(Reading.life, Reading.number)
    )  # fmt: skip
    return [bills.Entry(row.time_s or row.heard_s, row.code, row.amount_mp) for row in rows]


def bill_days(session, meter):
    """The rows of bills.days; a day on which the debt was set anew has no sum of the meter's own, and
    without the tariff that the meter began with nothing can be checked."""
    rows = bills.days(
        reads(session, meter.id), entries(session, meter.id), tariffs(session, meter),
        standing(session, meter),
    )  # fmt: skip
    if not meter.tariff:  # a guess is no check
        for row in rows:
            row["differs_mp"] = None
    for done_s, _ in done_orders(session, meter.id, bodies.SET_DEBT):
        for row in rows:
            if row["from_s"] < done_s <= row["to_s"]:
                row["taken_mp"] = row["differs_mp"] = None
    return rows


def last_state(session, meter_id):
    """The meter as it said last, a dict for why.py."""
    state = session.get(State, meter_id)
    if state is None:
        return None
    told = state.told
    names = ("ec", "ec_left_mp", "ec_owed_mp", "supply", "clock", "block", "price_mp", "power_w")
    case = {name: getattr(told, name) for name in names}
    case |= {"heard_s": state.balance_s, "balance_mp": state.balance_mp}
    case |= {"halted": bool(told.flags & HALTED), "relay_fault": bool(told.flags & RELAY_FAULT)}
    return case


def last_sms(session, meter_id, now):
    row = session.execute(
        select(Sms, SmsCopy).outerjoin(SmsCopy, SmsCopy.sms == Sms.id)
        .where(Sms.meter == meter_id, Sms.batch_s > now - SMS_TALKED_S)
        .order_by(Sms.batch_s.desc()).limit(1)
    ).first()  # fmt: skip
    if row is None:
        return None
    made, copy = row
    return {
        "sent_s": made.sent_s, "batch_s": made.batch_s, "copy_s": made.state_s, "text": made.text,
        "balance_mp": made.balance_mp, "block": copy.block if copy else None,
        "price_mp": copy.price_mp if copy else None,
    }  # fmt: skip


def last_top_ups(session, meter_id, since_s):
    """Top-ups that are on their way, and those done since then, newest first."""
    rows = session.execute(
        select(Order, Reading).outerjoin(
            Reading, (Reading.meter == Order.meter) & (Reading.code == bodies.CREDITED)
            & (Reading.order_number == Order.number)
        ).where(
            Order.meter == meter_id, Order.kind == bodies.TOP_UP,
            Order.state.in_((PROCESSING, ISSUED)) | (Order.answered_s >= since_s),
            Order.state.in_((PROCESSING, ISSUED, RECEIVED, FAILED)),
        ).order_by(Order.number.desc())
    ).all()  # fmt: skip
    return [
        {
            "number": order.number, "amount_mp": order.amount_mp, "state": order.state,
            "at_s": order.created_s, "done_s": order.answered_s, "flagged": bool(order.flagged),
            "outcome": None if order.outcome is None else bodies.OUTCOMES[order.outcome],
            "to_debts_mp": credited.to_debts_mp if credited else None,
        }
        for order, credited in rows
    ]  # fmt: skip


def case_of(store, meter_id, now, display_mp=None):
    """The case of why.py; None: there is no such meter."""
    with store.reading() as session:
        meter = session.get(Meter, meter_id)
        if meter is None:
            return None
        message = last_sms(session, meter_id, now)
        since_s = min(now - RECENT_S, message["copy_s"] if message else now)
        return {
            "now": now, "symbol": meter.currency, "display_mp": display_mp,
            "standing_mp": standing(session, meter).at(now), "next_batch_s": sms.batches(now)[1],
            "state": last_state(session, meter_id), "sms": message,
            "orders": last_top_ups(session, meter_id, since_s),
        }  # fmt: skip
