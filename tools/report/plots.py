"""The drawings of the report: today by half-hours, days, weeks, months, and the balance.

Takes a Story (story.py) and Periods; gives pieces of HTML (canvas.py). Money in mp, energy in Wh.
"""

from matplotlib import dates
from matplotlib.ticker import FuncFormatter, MaxNLocator

from tools.report.canvas import (
    DIM,
    EMERGENCY,
    GRID,
    INK,
    LINE,
    OFF,
    PAID,
    RATES,
    draw,
    instant,
)  # fmt: skip
from tools.report.fields import TOP_UP, WEEK_TOP_UP
from tools.report.story import HALF_S, day_halves, local_date, local_time
from tools.report.words import credit, kwh, money
from tools.scenario.values import MP_PER_POUND

BAR = 0.84  # of its place
PLACES = 6  # of bars, at least: a single one is no wall
TAG_PX = 4  # of a figure above its bar
PAID_IN = (TOP_UP, WEEK_TOP_UP)
SLIVERS = 500  # of the balance's time
SHORT_DAYS = 0.25  # at least so much time is drawn
EDGE = 0.07  # of the time: a figure there begins at its point
TAGS_WIDE, TAGS_NARROW = 14, 5  # so many top-ups are written out


def clean(axes):
    axes.grid(axis="y")
    axes.tick_params(axis="x", pad=6)
    axes.spines["bottom"].set_color(GRID)


def pounds_of(symbol):
    return FuncFormatter(lambda pounds, _: money(pounds * MP_PER_POUND, symbol))


def half_title(half, use, symbol):
    start, end = local_time(half * HALF_S), local_time((half + 1) * HALF_S)
    return f"{start:%H:%M}–{end:%H:%M}: {kwh(use.total_wh())}, {money(use.mp, symbol)}"


def today(story, symbol):
    """The last day in bars of half an hour, coloured by rate."""
    day = local_date(story.now_s)
    places = list(day_halves(day))
    bars = [
        (place, half, story.halves[half])
        for place, half in enumerate(places) if half in story.halves
    ]  # fmt: skip
    titles = {}

    def paint(axes, is_wide):
        for place, half, use in bars:
            base = 0
            for rate, wh in sorted(use.wh.items()):
                shape = f"half-{place}-{rate}"
                titles[shape] = half_title(half, use, symbol)
                bar = axes.bar(place + 0.5, wh / 1000, BAR, base, color=RATES[rate])
                bar[0].set_gid(shape)
                base += wh / 1000
        every = 4 if is_wide else 12
        marks = [place for place in range(0, len(places) + 1) if place % every == 0]
        axes.set_xticks(marks, [f"{local_time((places[0] + m) * HALF_S):%H:%M}" for m in marks])
        axes.set_xlim(0, len(places))
        axes.set_ylim(0, max([0.1] + [1.08 * use.total_wh() / 1000 for _, _, use in bars]))
        axes.set_ylabel("kWh in half an hour")
        axes.yaxis.set_major_locator(MaxNLocator(5))
        clean(axes)

    whole = sum(use.total_wh() for _, _, use in bars)
    label = f"Use on {day:%A %d %B %Y} by half-hours, {kwh(whole)} in all"
    return draw(paint, 2.7, "today", label, titles)


def period_title(period, name, symbol):
    rest = "" if period.whole else ", as far as the records reach"
    rest += ", not over yet" if period.is_now else ""
    return f"{name}: {money(period.mp, symbol)}, {kwh(period.wh)}{rest}"


def bars(name, what, periods, label_of, symbol):
    """A bar a period: what it cost, written above it; its energy below the name."""
    names = [label_of(period) for period in periods]
    titles = {
        f"{name}-{place}": period_title(period, names[place].replace("\n", " "), symbol)
        for place, period in enumerate(periods)
    }

    def paint(axes, is_wide):
        tall = max([MP_PER_POUND] + [period.mp for period in periods])
        size = 9 if is_wide and len(periods) < 10 else 7.5
        for place, period in enumerate(periods):
            bar = axes.bar(
                place, period.mp / MP_PER_POUND, BAR * 0.8, color=LINE,
                alpha=1 if period.whole and not period.is_now else 0.45,
            )  # fmt: skip
            bar[0].set_gid(f"{name}-{place}")
            if is_wide or len(periods) < 10:
                at = (place, period.mp / MP_PER_POUND)
                axes.annotate(money(period.mp, symbol), at, (0, TAG_PX), textcoords="offset points",
                              ha="center", fontsize=size, color=INK)  # fmt: skip
        axes.set_xticks(range(len(periods)), names, fontsize=size)
        axes.set_xlim(-0.6, max(len(periods), PLACES) - 0.4)
        axes.set_ylim(0, 1.18 * tall / MP_PER_POUND)
        axes.yaxis.set_major_locator(MaxNLocator(4))
        axes.yaxis.set_major_formatter(pounds_of(symbol))
        clean(axes)

    return draw(paint, 2.5, name, f"{what}: {'; '.join(titles.values())}", titles)


def thinned(moments, since_s):
    """Not more of them than can be told apart: the last of each sliver of time."""
    seen = [moment for moment in moments if moment.time_s >= since_s]
    sliver_s = max(1, (seen[-1].time_s - seen[0].time_s) // SLIVERS)
    last = {moment.time_s // sliver_s: place for place, moment in enumerate(seen)}
    kept = {0, *last.values()}
    return [m for place, m in enumerate(seen) if place in kept or m.kind in PAID_IN]


def balance(story, symbol, since_s):
    """The balance from record to record, with top-ups, emergency credit and what was off."""
    moments = thinned(story.moments, since_s)
    times = [instant(moment.time_s) for moment in moments]
    pounds = [moment.state["balance_mp"] / MP_PER_POUND for moment in moments]
    lent = [moment.state["emergency_mp"] / MP_PER_POUND for moment in moments]
    top_ups = [top_up for top_up in story.top_ups if top_up.time_s >= since_s]
    titles = {
        f"paid-{place}": f"{local_time(top_up.time_s):%a %d %b %H:%M}: {money(top_up.mp, symbol)} paid in"
        for place, top_up in enumerate(top_ups)
    }

    def paint(axes, is_wide):
        shade(axes, story.emergency, since_s, color=EMERGENCY, alpha=0.1, linewidth=0)
        shade(axes, story.off, since_s, color=OFF, alpha=0.3, linewidth=0)
        shade(axes, story.dark, since_s, facecolor="none", edgecolor=OFF, hatch="////", linewidth=0)
        axes.fill_between(times, lent, 0, step="post", color=EMERGENCY, alpha=0.75, linewidth=0)
        axes.axhline(0, color=DIM, linewidth=0.8)
        axes.plot(times, pounds, color=LINE, linewidth=1.6, drawstyle="steps-post")
        written = len(top_ups) <= (TAGS_WIDE if is_wide else TAGS_NARROW)
        for place, top_up in enumerate(top_ups):
            at = (instant(top_up.time_s), top_up.balance_mp / MP_PER_POUND)
            axes.plot(*at, "o", color=PAID, markersize=6, gid=f"paid-{place}")
            if written:
                side = "left" if at[0] - times[0] < EDGE * (times[-1] - times[0]) else "center"
                axes.annotate(f"+{money(top_up.mp, symbol)}", at, (0, 7), color=INK, fontsize=9,
                              textcoords="offset points", ha=side)  # fmt: skip
        axes.yaxis.set_major_formatter(pounds_of(symbol))
        axes.yaxis.set_major_locator(MaxNLocator(5))
        axes.margins(x=0.02, y=0.16)
        if times[-1] - times[0] < SHORT_DAYS:
            axes.set_xlim(times[-1] - SHORT_DAYS, times[-1] + SHORT_DAYS / 20)
        mark_days(axes, is_wide)
        clean(axes)

    label = f"The balance from record to record, now {credit(story.state['balance_mp'], symbol)}"
    return draw(paint, 3.1, "balance", label, titles)


def shade(axes, spans, since_s, **how):
    for span in spans:
        if span.end_s > since_s:
            axes.axvspan(instant(max(span.start_s, since_s)), instant(span.end_s), **how)


def mark_days(axes, is_wide):
    """Days below, or hours where there are few of them."""
    locator = dates.AutoDateLocator(minticks=3, maxticks=9 if is_wide else 4)
    formatter = dates.ConciseDateFormatter(
        locator,
        formats=["%Y", "%b %Y", "%a %d", "%H:%M", "%H:%M", "%H:%M"],
        zero_formats=["", "%Y", "%d %b", "%a %d", "%H:%M", "%H:%M"], show_offset=False,
    )  # fmt: skip
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
