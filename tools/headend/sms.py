"""Low-balance SMS in batches at fixed local times, from the head-end's own copy, as old as it is.

`tick` is called every few seconds; it writes the batch that is due in one commit and then sends what is
unsent. A sender has send(number, phone, text) and raises OSError; the same number is the same message,
so one that is sent twice after a crash can be told. Source: DOMAIN 9.
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from tools.headend.tables import Meter, Sms, State
from tools.headend.tables_desk import SmsBatch, SmsCopy, ensure
from tools.headend.texts import LONDON, credit, day, local
from tools.live.till import replace_file

TIMES = ("07:00", "19:00")  # local
LATE_S = 3600  # a batch that is later is left out
GIVE_UP_S = 6 * 3600  # a message that could not be sent is of no use any more
EC_SHOWN = (3, 4)
log = logging.getLogger(__name__)


class FileSender:
    """Every message becomes a file of its own, named after its number."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def send(self, number, phone, text):
        self.folder.mkdir(parents=True, exist_ok=True)
        replace_file(self.folder / f"sms-{number:06d}.txt", f"To: {phone}\n\n{text}\n")


def batches(now, times=TIMES):
    """(the last batch that was due, the next), UTC seconds."""
    today = local(now).date()
    found = []
    for days in (-1, 0, 1):
        for clock in times:
            wall = datetime.combine(today, datetime.strptime(clock, "%H:%M").time(), LONDON)
            found.append(int((wall + timedelta(days)).timestamp()))
    found.sort()
    return max(s for s in found if s <= now), min(s for s in found if s > now)


def text_of(meter, state, now):
    """What the customer reads: 160 characters at most."""
    told = state.told
    heard = local(state.balance_s)
    as_of = f"{heard:%H:%M}, {day(heard.date(), local(now).date())}"
    if told.ec in EC_SHOWN:
        left = f"emergency credit {credit(told.ec_left_mp, meter.currency)} left"
    else:
        left = f"{credit(state.balance_mp, meter.currency)} left"
    return (
        f"Meter ..{meter.id[-4:]} had {left} at {as_of}. Please top up."
        " The meter's display is what counts."
    )


def write(store, now, times=TIMES):
    """Write the batch that is due, once: how many messages."""
    batch_s, _ = batches(now, times)
    if now - batch_s > LATE_S:
        return 0
    with store.writing() as session:
        if session.get(SmsBatch, batch_s):
            return 0
        rows = session.execute(
            select(Meter, State).join(State, State.meter == Meter.id).order_by(Meter.id)
        ).all()
        low = [
            (meter, state) for meter, state in rows
            if meter.phone and state.balance_mp < meter.warn_mp
        ]  # fmt: skip
        for meter, state in low:
            made = Sms(
                meter=meter.id, batch_s=batch_s, made_s=now, phone=meter.phone,
                text=text_of(meter, state, now), balance_mp=state.balance_mp, state_s=state.balance_s,
            )  # fmt: skip
            session.add(made)
            session.flush()
            session.add(SmsCopy(sms=made.id, block=state.told.block, price_mp=state.told.price_mp))
        session.add(SmsBatch(batch_s=batch_s, written_s=now, meters=len(rows), messages=len(low)))
    return len(low)


def send(store, now, sender):
    """Send what is unsent and not too old: (how many went, what failed or None). A number that is no
    longer the meter's gets nothing."""
    with store.reading() as session:
        waiting = session.scalars(
            select(Sms).join(Meter, (Meter.id == Sms.meter) & (Meter.phone == Sms.phone))
            .where(Sms.sent_s.is_(None), Sms.batch_s > now - GIVE_UP_S).order_by(Sms.id)
        ).all()  # fmt: skip
    for count, sms in enumerate(waiting):
        try:
            sender.send(sms.id, sms.phone, sms.text)
        except OSError as error:
            return count, error.strerror or type(error).__name__
        with store.writing() as session:
            session.get(Sms, sms.id).sent_s = now
    return len(waiting), None


class Outbox:
    """The batches and the sender of one head-end."""

    def __init__(self, store, sender, times=TIMES):
        ensure(store)
        self.store, self.sender, self.times = store, sender, times
        self.fault = None

    def tick(self, now):
        """Write and send what is due: how many messages went out."""
        write(self.store, now, self.times)
        count, fault = send(self.store, now, self.sender)
        if fault and fault != self.fault:  # said once, tried again at each tick
            log.warning("SMS cannot be sent: %s", fault)
        self.fault = fault
        return count
