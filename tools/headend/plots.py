"""The drawings of a meter's page: balance with top-ups and SMS, the last days' half-hours, days' cost.

Takes the desk and a meter's id; gives pieces of HTML (tools/report/canvas.py) that follow the page's
colours. Money in mp, times in UTC seconds since 1970.
"""

import threading
import warnings
from types import SimpleNamespace

from matplotlib.ticker import MaxNLocator
from sqlalchemy import select

from tools.headend import bills, bodies, facts
from tools.headend.desk import meter_of
from tools.headend.envelope import EPOCH_S
from tools.headend.tables import Sms
from tools.headend.texts import kwh, local, money
from tools.report.canvas import DIM, EMERGENCY, INK, LINE, PAID, RATES, draw, instant
from tools.report.plots import BAR, bars, clean, mark_days, pounds_of
from tools.scenario.values import MP_PER_POUND

SHOWN_S = 14 * 86400
HALVES_S = 2 * 86400
HALF_S = 1800
DAYS = 8
TAGS_WIDE, TAGS_NARROW = 12, 4
DRAWING = threading.Lock()  # the drawing library has one set of styles for all threads


def at(time_s):
    return instant(time_s - EPOCH_S)


def balance(reads, paid, messages, symbol):
    """Balance by the meter's reads; top-ups as they were credited; SMS with what they said."""
    titles = {}

    def dots(axes, name, found, colour, mark, text):
        for place, (time_s, mp, amount_mp) in enumerate(found):
            titles[f"{name}-{place}"] = (
                f"{local(time_s):%a %d %b %H:%M}: {text} {money(amount_mp, symbol)}"
            )
            axes.plot(at(time_s), mp / MP_PER_POUND, mark, color=colour, markersize=6.5,
                      gid=f"{name}-{place}")  # fmt: skip

    def paint(axes, is_wide):
        times = [at(read.time_s) for read in reads]
        axes.axhline(0, color=DIM, linewidth=0.8)
        axes.plot(times, [read.balance_mp / MP_PER_POUND for read in reads], color=LINE,
                  linewidth=1.6, drawstyle="steps-post")  # fmt: skip
        dots(axes, "paid", paid, PAID, "o", "topped up")
        dots(axes, "sms", messages, EMERGENCY, "D", "an SMS said")
        if len(paid) <= (TAGS_WIDE if is_wide else TAGS_NARROW):
            for time_s, mp, amount_mp in paid:
                axes.annotate(f"+{money(amount_mp, symbol)}", (at(time_s), mp / MP_PER_POUND), (0, 7),
                              color=INK, fontsize=9, textcoords="offset points", ha="center")  # fmt: skip
        axes.yaxis.set_major_formatter(pounds_of(symbol))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.margins(x=0.03, y=0.18)
        mark_days(axes, is_wide)
        clean(axes)

    last = money(reads[-1].balance_mp, symbol)
    return draw(paint, 2.9, "balance", f"Balance as the meter told it, {last} at last", titles)


def halves(reads, symbol):
    """Use of each half-hour, coloured by rate."""
    del symbol
    uses = [
        (before.time_s, after.wh - before.wh, before.rate or 0)
        for before, after in zip(reads, reads[1:], strict=False)
        if 0 < after.time_s - before.time_s <= HALF_S
    ]
    titles = {
        f"half-{place}": f"{local(time_s):%a %H:%M}: {kwh(wh)}"
        for place, (time_s, wh, _) in enumerate(uses)
    }

    def paint(axes, is_wide):
        for place, (time_s, wh, rate) in enumerate(uses):
            width = HALF_S / 86400
            bar = axes.bar(at(time_s) + width / 2, wh / 1000, BAR * width, color=RATES[rate])
            bar[0].set_gid(f"half-{place}")
        axes.set_ylabel("kWh in half an hour")
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.margins(x=0.01)
        mark_days(axes, is_wide)
        clean(axes)

    whole = sum(wh for _, wh, _ in uses)
    return draw(paint, 2.4, "halves", f"Use by half-hours, {kwh(whole)} in all", titles)


def section(title, body):
    return f"<section><h2>{title}</h2>{body}</section>"


LEGEND = (
    '<ul class="legend"><li><i class="line"></i>balance</li><li><i class="paid"></i>top-up</li>'
    '<li><i class="lent"></i>SMS</li></ul>'
)


def drawn(reads, rows, paid, messages, symbol):
    """All of it, as HTML; what there is nothing of is left out."""
    if len(reads) < 2:
        return '<p class="empty">The meter has not told any readings yet.</p>'
    last_s = reads[-1].time_s
    recent = [read for read in reads if read.time_s >= last_s - SHOWN_S]
    found = section("Balance", balance(recent, paid, messages, symbol) + LEGEND)
    close = [read for read in reads if read.time_s >= last_s - HALVES_S and read.rate is not None]
    if len(close) > 1:
        found += section("The last two days, by half-hours", halves(close, symbol))
    periods = [
        SimpleNamespace(start=local(row["from_s"]), wh=row["wh"], whole=not row["is_spread"],
                        mp=row["cost_mp"], is_now=row["is_now"]) for row in rows[-DAYS:]
    ]  # fmt: skip
    if periods:

        def name(period):
            return f"{period.start:%a}\n{period.start.day} {period.start:%b}"

        found += section("What days cost", bars("days", "Days", periods, name, symbol))
    return found


def page_of(desk, meter_id):
    """The drawings of a meter."""
    with desk.headend.reading() as session:
        meter = meter_of(session, meter_id)
        reads = facts.reads(session, meter.id)
        rows = facts.bill_days(session, meter)
        since_s = reads[-1].time_s - SHOWN_S if reads else 0
        paid = [
            (row.time_s, row.balance_mp, row.amount_mp)
            for row in facts.readings(session, meter.id, (bodies.CREDITED,), since_s)
        ]
        messages = [
            (row.made_s, row.balance_mp, row.balance_mp) for row in session.scalars(
                select(Sms).where(Sms.meter == meter.id, Sms.made_s >= since_s))
        ]  # fmt: skip
    with DRAWING, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the marks below a drawing, not of use to anybody
        return drawn(bills.merged(reads), rows, paid, messages, meter.currency)
