"""What meters tell: their states, log entries and registers, into the store.

Takes a session that is writing, the Meter, the Packet and its decoded body; late, repeated and
reordered packets change nothing that is newer. Source: firmware/SPEC.md 9.
"""

from dataclasses import asdict

from sqlalchemy import delete, select

from tools.headend import bodies, orders
from tools.headend.envelope import EPOCH_S
from tools.headend.tables import Alert, Ask, Mark, Reading, Register, State


def unix(time_s):
    """Seconds since 1970 of the wire's time; None: the clock was not trusted."""
    return time_s + EPOCH_S if time_s else None


def take_answer(session, meter, packet, answer, now):
    """The Order it is about, None if there is none of that number."""
    high = "top_up_high" if answer.kind == bodies.TOP_UP else "command_high"
    setattr(meter, high, max(getattr(meter, high), answer.number))
    kept = session.get(State, meter.id)
    if kept is not None and not answer.repeated:  # else it is the balance of the first time
        _take_balance(kept, packet.number, answer.balance_mp, now)
    return orders.answered(session, meter.id, answer, (packet.number, packet.count), now)


def take_state(session, meter, packet, told, now):
    """The newest STATE is kept; numbers told count whatever their age."""
    meter.top_up_high = max(meter.top_up_high, told.top_up_high)
    meter.command_high = max(meter.command_high, told.command_high)
    meter.owes_marks = 1
    kept = session.get(State, meter.id)
    if kept is not None and not _newer(packet, told, kept):
        return
    if kept is None:
        kept = State(meter=meter.id, balance_number=0)
        session.add(kept)
    kept.number, kept.count, kept.time_s = packet.number, packet.count, unix(packet.time_s)
    kept.heard_s, kept.body = now, packet.body
    _take_balance(kept, packet.number, told.balance_mp, now)
    for mark in marks_of(session, meter):
        _move_mark(session, mark, packet, told)


def _take_balance(kept, number, balance_mp, now):
    """The balance of that sequence of the ledger; an older one changes nothing."""
    if number >= kept.balance_number:
        kept.balance_number, kept.balance_mp, kept.balance_s = number, balance_mp, now


def _newer(packet, told, kept):
    """Is this STATE newer than the kept one? Packets are counted anew after each start."""
    if packet.number != kept.number:
        return packet.number > kept.number
    time_s = unix(packet.time_s)
    if time_s and kept.time_s and time_s != kept.time_s:
        return time_s > kept.time_s
    return told.session != kept.told.session or packet.count > kept.count


def marks_of(session, meter):
    """The Mark of each stream, made at first."""
    marks = list(session.scalars(select(Mark).where(Mark.meter == meter.id).order_by(Mark.stream)))
    for stream in range(len(marks), bodies.STREAMS):
        marks.append(Mark(meter=meter.id, stream=stream, life=0, number=0, said_number=0))
        session.add(marks[-1])
    session.flush()
    return marks


def _move_mark(session, mark, packet, told):
    """After a STATE: what is gone by age is not waited for; fewer entries than we have are a new life."""
    last, first = told.last[mark.stream], told.first[mark.stream]
    if 0 < last < mark.number and packet.number > mark.said_number:
        mark.life += 1
        mark.number = 0
        ask = bodies.read_log(mark.stream, 1)
        session.add(Ask(meter=mark.meter, kind=bodies.READ_LOG, body=ask, why="its log began anew"))
    if mark.number + 1 < first <= last + 1:
        mark.number = first - 1
        _catch_up(session, mark)


def _catch_up(session, mark):
    """Move the mark over everything that has arrived."""
    arrived = select(Reading.number).where(
        Reading.meter == mark.meter, Reading.stream == mark.stream,
        Reading.life == mark.life, Reading.number > mark.number,
    )  # fmt: skip
    for number in session.scalars(arrived.order_by(Reading.number)):
        if number != mark.number + 1:
            break
        mark.number = number


def take_log(session, meter, packet, log, now):
    """Each entry once, whatever comes twice or late; then the mark."""
    mark = marks_of(session, meter)[log.stream]
    numbers = [entry.number for entry in log.entries]
    known = set(session.scalars(
        select(Reading.number).where(
            Reading.meter == meter.id, Reading.stream == log.stream, Reading.life == mark.life,
            Reading.number.between(numbers[0], numbers[-1]),
        )
    ))  # fmt: skip
    for entry in log.entries:
        if entry.number not in known:
            _keep(session, meter, log.stream, mark.life, entry, now)
    mark.said_number = max(mark.said_number, packet.number)
    session.flush()
    _catch_up(session, mark)
    meter.owes_marks = 1


def _keep(session, meter, stream, life, entry, now):
    fields = asdict(entry)
    gbcs, time_s = fields.pop("gbcs"), unix(fields.pop("time_s"))
    where = {"meter": meter.id, "life": life, "time_s": time_s, "heard_s": now}
    session.add(Reading(stream=stream, **where, **fields))
    if gbcs is not None:
        session.add(Alert(number=entry.number, gbcs=gbcs, **where))
    if entry.code == bodies.CREDITED:
        meter.top_up_high = max(meter.top_up_high, entry.order_number)
        orders.credited(session, meter.id, entry, now)


def take_registers(session, meter, packet, registers, now):
    del packet
    session.execute(delete(Register).where(Register.meter == meter.id))
    for at, wh in enumerate(registers.wh):
        rate, block = divmod(at, registers.blocks)
        session.add(Register(meter=meter.id, rate=rate, block=block, wh=wh, heard_s=now))


TAKERS = {
    bodies.ANSWER: take_answer, bodies.STATE: take_state, bodies.LOG: take_log,
    bodies.REGISTERS: take_registers,
}  # fmt: skip
