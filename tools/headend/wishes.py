"""The commands an operator may send, as the API takes them: each becomes a kind and a body.

Takes the fields of a request, amounts as text; gives (kind, body, not_after). What cannot be is a
VendError of one sentence. Source: SPEC 9, DOMAIN W7, W8; what a setting is called: docs/SETTINGS.md.
"""

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.headend import bodies
from tools.headend.amounts import any_mp, pence_mp, pounds_mp
from tools.headend.bills import DEBT_LIMIT_MP
from tools.headend.envelope import EPOCH_S
from tools.utrn_vend import VendError

Text = Annotated[str, Field(max_length=40)]
Key = Annotated[str, Field(pattern="^[A-Za-z0-9-]{8,64}$")]
RIGHT_S = 60  # a time given without a session is right enough for so long
UNEVEN_S = 10  # between two reports, by our clock and by the meter's
CLOCK_INVALID = 2
FIXED = ("profile", "currency", "imp_per_kwh", "calorific")  # a meter refuses them


class Wish(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Ordered(Wish):
    """`key`: the caller's own name of this order; asked again under it, it is the same order."""

    key: Key | None = None

    def contents(self):
        """The same text for the same contents."""
        return json.dumps(self.model_dump(exclude={"key"}), sort_keys=True)


class PayDebt(Ordered):
    """A one-off payment off a debt (W8): all of it goes to the debt."""

    command: Literal["pay_debt"]
    debt: Literal["payment", "time1", "accumulated"]
    amount: Text

    def body(self, _now, _told):
        return bodies.PAY_DEBT, bodies.pay_debt(self.debt, pounds_mp(self.amount))


class AdjustBalance(Ordered):
    command: Literal["adjust_balance"]
    amount: Text

    def body(self, _now, _told):
        return bodies.ADJUST_BALANCE, bodies.adjust_balance(any_mp(self.amount))


class SetDebt(Ordered):
    """What is owed from now on; below £500.00 (W7)."""

    command: Literal["set_debt"]
    debt: Literal["payment", "time1"]
    amount: Text

    def body(self, _now, _told):
        return bodies.SET_DEBT, bodies.set_debt(self.debt, debt_mp(self.amount))


class SetTariff(Ordered):
    """A tariff as in a settings file (docs/SETTINGS.md), from now on or with `from`: a local time."""

    command: Literal["set_tariff"]
    tariff: dict

    def body(self, now, _told):
        start_s, packed = tariff_of(self.tariff, now)
        return bodies.SET_TARIFF, bodies.set_tariff(packed, start_s)


class SetSetting(Ordered):
    """One setting by the firmware's name, a whole number of its unit (mp, %, …)."""

    command: Literal["set_setting"]
    name: Text
    value: Annotated[int, Field(strict=True, ge=0, le=2**32 - 1)]

    def body(self, _now, _told):
        from tools.settings.table import ROWS

        for number, row in enumerate(ROWS):
            if row.name == self.name:
                if row.name in FIXED:
                    raise VendError(f"{row.name} is given when a meter is set up")
                if row.name == "parts" and self.value not in (row.low, row.high):
                    raise VendError(f"parts must be {row.low} or {row.high}, not {self.value}")
                if not row.low <= self.value <= row.high:
                    raise VendError(f"{row.name} must be {row.low} to {row.high}, not {self.value}")
                return bodies.SET_SETTINGS, bodies.set_settings({number: self.value})
        raise VendError(f"no setting is called {self.name!r}")


class SpecialDays(Ordered):
    """All special days of the meter (section 11), those of before go: {"2026-12-24": "holiday"}, or
    "working" for a holiday by rule that is none."""

    command: Literal["special_days"]
    days: dict[Text, Literal["holiday", "working"]]

    def body(self, _now, _told):
        from tools.scenario import given

        packed = read(given.special_days, self.days) if self.days else ""
        return bodies.SPECIAL_DAYS, bodies.special_days(bytes.fromhex(packed))


class ShowText(Ordered):
    """A message for the meter's display; empty takes it away."""

    command: Literal["text"]
    text: Annotated[str, Field(max_length=48)]

    def body(self, _now, _told):
        return bodies.TEXT, bodies.text(self.text)


class SetTime(Ordered):
    """The present time, as that of the meter's last report: two reports in a row must agree that they
    came without delay. A meter with a clock that is right also takes it otherwise, for a minute."""

    command: Literal["set_time"]

    def body(self, now, told):
        for (heard_s, state), (before_s, before) in zip(told, told[1:], strict=False):
            drift_s = (heard_s - before_s) - (state.uptime_s - before.uptime_s)
            if state.session == before.session and abs(drift_s) <= UNEVEN_S:
                given = bodies.set_time(heard_s - EPOCH_S, state.session, state.uptime_s)
                return bodies.SET_TIME, given
        if not told or told[0][1].clock == CLOCK_INVALID:
            raise VendError("the meter has not yet reported twice in a row: try again in 5 minutes")
        return bodies.SET_TIME, bodies.set_time(now - EPOCH_S), now + RIGHT_S


PLAIN = {
    "disable": bodies.DISABLE, "arm": bodies.ARM, "enable": bodies.ENABLE,
    "activate_ec": bodies.ACTIVATE_EC, "clear_lockout": bodies.CLEAR_LOCKOUT,
    "read_registers": bodies.READ_REGISTERS,
}  # fmt: skip


class Plain(Ordered):
    """A command of one word."""

    command: Literal["disable", "arm", "enable", "activate_ec", "clear_lockout", "read_registers"]

    def body(self, _now, _told):
        return PLAIN[self.command], b""


Command = Annotated[
    PayDebt | AdjustBalance | SetDebt | SetTariff | SetSetting | SpecialDays | ShowText | SetTime | Plain,
    Field(discriminator="command"),
]


def debt_mp(text):
    """A debt that may be brought over or set: below £500.00 (W7)."""
    amount_mp = pounds_mp(text, 0)
    if amount_mp >= DEBT_LIMIT_MP:
        raise VendError("a debt can be brought over only below 500.00")
    return amount_mp


def read(take, given):
    """What `take` makes of it, as of a settings file's lines."""
    from tools.scenario import nodes

    try:
        return take(nodes.read(json.dumps(given)))
    except nodes.Fault as fault:
        raise VendError(fault.what) from None


def tariff_of(given, now):
    """(start, 0 is now, in seconds since 2000; SPEC 7's bytes) of a tariff as a settings file has it."""
    from tools.scenario import tariff

    if "from" not in given:
        return 0, bytes.fromhex(read(tariff.packed, given)[0])
    packed = bytes.fromhex(read(lambda item: tariff.packed_next(item, now - EPOCH_S), given)[0])
    day, second = int.from_bytes(packed[:2], "little"), int.from_bytes(packed[2:6], "little")
    return day * 86400 + second, packed[6:]


class MeterGiven(Wish):
    """Facts of a meter; what is not given stays as it is, an empty name or phone is removed. `debt`:
    brought over (below £500.00, W7); `standing` (pence a day) and `tariff`: those it began with, for the
    bills; `warn`: SMS below this."""

    name: Annotated[str, Field(max_length=60, pattern=r"^[^\x00-\x1f]*$")] | None = None
    phone: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 ]{2,19})?$")] | None = None
    profile: Literal["smart_payg", "key_meter", "gas_weekly", "remote_tiered"] | None = None
    currency: Literal["£", "¥", "R", "€", "$"] | None = None
    debt: Text | None = None
    warn: Text | None = None
    standing: Text | None = None
    tariff: dict | None = None

    def facts(self, now):
        """Columns of Meter."""
        plain = self.model_dump(exclude_none=True, include={"name", "phone", "profile", "currency"})
        plain |= {name: plain[name] or None for name in ("name", "phone") if name in plain}
        if self.debt is not None:
            plain["prior_debt_mp"] = debt_mp(self.debt)
        if self.warn is not None:
            plain["warn_mp"] = pounds_mp(self.warn, 0)
        if self.standing is not None:
            plain["standing_mp"] = pence_mp(self.standing)
        if self.tariff is not None:
            start_s, packed = tariff_of(self.tariff, now)
            if start_s:
                raise VendError("the tariff a meter began with has no from: order a new one")
            plain["tariff"] = packed.hex()
        return plain
