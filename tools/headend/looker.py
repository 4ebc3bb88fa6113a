"""What the head-end's page shows: everything that is looked at and nothing that is done.

Takes a HeadEnd and clock() -> UTC seconds since 1970; gives dicts of models.py. Missing says that there
is no such meter or order.
"""

from sqlalchemy import func, select

from tools.headend import bills, bodies, facts, views, why
from tools.headend.amounts import any_mp
from tools.headend.sms import TIMES, batches
from tools.headend.tables import (
    ISSUED,
    PROCESSING,
    Alert,
    Attempt,
    ExtraReading,
    Message,
    Meter,
    Order,
    Refusal,
    Register,
    Sms,
    State,
)
from tools.headend.texts import price
from tools.vend import grouped

MANY = 200  # rows of a list, newest first
OPEN = (PROCESSING, ISSUED)


class Missing(LookupError):
    """There is no such meter or order."""


def meter_of(session, meter_id):
    meter = session.get(Meter, meter_id.upper())
    if meter is None:
        raise Missing(f"there is no meter {meter_id.upper()} here")
    return meter


class Looker:
    """Everything that is looked at."""

    def __init__(self, headend, clock, times=TIMES):
        self.headend, self.clock, self.times = headend, clock, times

    def meters(self):
        now = self.clock()
        with self.headend.reading() as session:
            rows = session.execute(
                select(Meter, State).outerjoin(State, State.meter == Meter.id).order_by(Meter.id)
            ).all()
            counts = self.counts(session)
        return [views.meter(row, state, counts.get(row.id, (0, 0)), now) for row, state in rows]

    def counts(self, session):
        """{meter: (orders on the way, those of them that are flagged)}"""
        rows = session.execute(
            select(Order.meter, func.count(), func.sum(Order.flagged))
            .where(Order.state.in_(OPEN)).group_by(Order.meter)
        )  # fmt: skip
        return {meter: (int(count), int(flagged)) for meter, count, flagged in rows}

    def meter(self, meter_id):
        now = self.clock()
        with self.headend.reading() as session:
            row = meter_of(session, meter_id)
            state = session.get(State, row.id)
            page = views.meter(row, state, self.counts(session).get(row.id, (0, 0)), now)
            refusals = session.scalars(select(Refusal).where(Refusal.meter == row.id))
            page["refused"] = [
                {"name": each.why, "text": f"{each.count}, last {views.when(each.last_s, now)}",
                 "alarm": True} for each in refusals
            ]  # fmt: skip
            page["facts"] = views.facts(state, row.currency, now) if state else []
            registers = session.scalars(
                select(Register)
                .where(Register.meter == row.id)
                .order_by(Register.rate, Register.block)
            )
            page["registers"] = [views.register(each, now) for each in registers]
            page["settings"] = self.settings(session, row, now)
        return page

    def settings(self, session, row, now):
        """What the head-end holds to be set: tariff, standing charge, the level of SMS."""
        tariff = facts.tariffs(session, row).at(now)
        prices = ", ".join(price(mp, row.currency) for rate in tariff.prices for mp in rate)
        tiers = ", ".join(f"{edge // 1000} kWh" for edge in tariff.edges_wh)
        lines = [
            ("Tariff", prices if row.tariff else f"{prices} (as the meter says)"),
            ("Standing charge", f"{price(facts.standing(session, row).at(now), row.currency)} a day"),
            ("SMS below", views.credit(row.warn_mp, row.currency)),
            ("Phone", row.phone or "none: no SMS"),
        ]  # fmt: skip
        if tiers:
            lines.insert(1, ("Tiers change at", f"{tiers} of a month"))
        return [{"name": name, "text": text, "alarm": False} for name, text in lines]

    def orders(self, meter_id, before=None):
        now = self.clock()
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            found = select(Order).where(Order.meter == meter.id)
            if before is not None:
                found = found.where(Order.id < before)
            rows = session.scalars(found.order_by(Order.id.desc()).limit(MANY))
            return [views.order(row, meter.currency, now) for row in rows]

    def order(self, order_id):
        now = self.clock()
        with self.headend.reading() as session:
            row = session.get(Order, order_id)
            if row is None:
                raise Missing(f"there is no order {order_id}")
            page = views.order(row, session.get(Meter, row.meter).currency, now)
            tries = session.scalars(
                select(Attempt).where(Attempt.order == row.id).order_by(Attempt.id)
            )
            page["tries"] = [{"at": views.moment(t.at_s, now), "why": t.why} for t in tries]
            told = session.scalars(
                select(Message).where(Message.order == row.id).order_by(Message.id)
            )
            page["messages"] = [views.message(each, now) for each in told]
        return page

    def record(self, meter_id, before=None):
        now = self.clock()
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            found = select(Message).where(Message.meter == meter.id)
            if before is not None:
                found = found.where(Message.id < before)
            rows = session.scalars(found.order_by(Message.id.desc()).limit(MANY))
            return [views.message(row, now) for row in rows]

    def bills(self, meter_id):
        now = self.clock()
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            rows = facts.bill_days(session, meter)
            steps = facts.tariffs(session, meter).steps[1:]
        changes = [
            {"name": views.when(begin_s, now), "alarm": False, "text": ", ".join(
                price(mp, meter.currency) for rate in tariff.prices for mp in rate)}
            for begin_s, tariff in steps
        ]  # fmt: skip
        return {
            "days": [views.bill(row, meter.currency, now) for row in reversed(rows)],
            "months": [views.bill(row, meter.currency, now) for row in reversed(bills.months(rows))],
            "changes": changes,
        }  # fmt: skip

    def readings(self, meter_id):
        now = self.clock()
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            told = facts.readings(session, meter.id, (bodies.DAY, bodies.MONTH))[-MANY:]
            extra = session.scalars(select(ExtraReading).where(ExtraReading.meter == meter.id))
            rows = [views.reading(row, meter.currency, now) for row in told]
            rows += [views.extra(row, now) for row in extra]
        return sorted(rows, key=lambda row: row["at"]["at_s"], reverse=True)

    def alerts(self, meter_id):
        now = self.clock()
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
            rows = session.scalars(
                select(Alert).where(Alert.meter == meter.id).order_by(Alert.id.desc()).limit(MANY)
            )
            return [views.alert(row, now) for row in rows]

    def sms(self, meter_id=None):
        now = self.clock()
        with self.headend.reading() as session:
            found = select(Sms).order_by(Sms.id.desc()).limit(MANY)
            if meter_id:
                found = found.where(Sms.meter == meter_of(session, meter_id).id)
            rows = [views.sms(row, now) for row in session.scalars(found)]
        return {"messages": rows, "times": list(self.times),
                "next": views.moment(batches(now, self.times)[1], now)}  # fmt: skip

    def why(self, meter_id, display=None):
        with self.headend.reading() as session:
            meter = meter_of(session, meter_id)
        display_mp = any_mp(display) if display else None
        return why.explain(self.headend.store, meter.id, self.clock(), display_mp)

    def code(self, order_id):
        self.order(order_id)
        order = self.headend.order(order_id)
        code = self.headend.code(order_id)
        return {"order": order.id, "meter": order.meter, "code": code, "groups": grouped(code)}
