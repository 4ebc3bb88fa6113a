"""What the pages see and do: the whole state, who wants to hear of it, and the hands' commands.

Takes dicts {"do": name, ...} from the panel (server.py); what cannot be done raises UserError,
what makes no sense ValueError, KeyError or TypeError. Loads in W.
"""

import asyncio

from tools.errors import UserError
from tools.live.house import APPLIANCES_W, MAX_OTHER_W
from tools.live.phone import Phone
from tools.live.steps import Steps
from tools.live.supervisor import Supervisor
from tools.scenario.nodes import Fault, Item
from tools.scenario.values import DAY_S, local_text, moment_s

KEYS = ("A", "B", "left", "right", "ok", "return")  # of the meter and of the in-home display
SPEEDS = (1, 10, 60, 600, 3600)
MAX_JUMP_DAYS = 366


def typed(convert, text, what, *limits):
    """What a person typed, read as scenario files are; a fault is said in one sentence."""
    try:
        return convert(Item(1, text), what, *limits)
    except Fault as fault:
        raise UserError(fault.what) from fault


class News:
    """What one page has not been told yet, and which keys its hands hold."""

    def __init__(self, state):
        self.changes = dict(state)
        self.event = asyncio.Event()
        self.event.set()
        self.held = set()

    def add(self, changes):
        self.changes.update(changes)
        self.event.set()

    def take(self):
        changes, self.changes = self.changes, {}
        self.event.clear()
        return changes


class Meter:
    """The running meter behind the panel."""

    def __init__(self, on, folder, house, provision, about):
        """about: facts of the meter for its head-end, columns of its table."""
        self.house = house
        self.steps = Steps()
        self.ledger = folder / "ledger.bin"
        self.pages = set()
        self.state = {"speed": 1, "ranking": [], **house.seen()}
        self.phone = Phone(folder, house, self.tell, self.publish, about)
        self.state["meter_id"] = self.phone.meter
        self.supervisor = Supervisor(on, folder, house, provision, self.publish, self.phone)

    def tell(self, message):
        self.supervisor.tell(message)

    def publish(self, changes):
        if changes.get("meter") and self.steps.hear(changes["meter"].get("step")):
            changes = {**changes, "ranking": self.steps.ranking()}
        if changes.get("meter"):
            self.phone.money(changes["meter"]["currency"])
        self.state.update(changes)
        for news in self.pages:
            news.add(changes)

    def subscribe(self):
        news = News(self.state)
        self.pages.add(news)
        return news

    def unsubscribe(self, news):
        """A page that goes away takes its fingers with it."""
        self.pages.discard(news)
        for key in news.held:
            self.supervisor.tell({"do": "release", "key": key})

    def command(self, wish, news):
        """Do one thing; the reply for this page alone, or None."""
        actions = {
            "press": self.finger, "release": self.finger, "load": self.set_load,
            "appliance": self.switch, "mains": self.set_mains, "speed": self.set_speed,
            "jump": self.jump, "sell": self.sell, "buy": self.buy, "code": self.code, "why": self.why,
        }  # fmt: skip
        return actions[wish["do"]](wish, news)

    def finger(self, wish, news):
        key = wish["key"]
        if key not in KEYS:
            raise ValueError(key)
        if wish["do"] == "press":
            news.held.add(key)
        else:
            news.held.discard(key)
        self.supervisor.tell({"do": wish["do"], "key": key})

    def set_load(self, wish, _):
        watts = wish["other_w"]
        if not isinstance(watts, int) or not 0 <= watts <= MAX_OTHER_W:
            raise ValueError(watts)
        self.house.other_w = watts
        self.load_changed()

    def switch(self, wish, _):
        name, on = wish["name"], wish["on"] is True
        self.house.switch(name, on)
        self.steps.switched(name, APPLIANCES_W[name] if on else None)
        self.load_changed()

    def load_changed(self):
        self.supervisor.tell({"do": "load", "w": self.house.watts()})
        self.publish(self.house.seen())

    def set_mains(self, wish, _):
        self.supervisor.set_mains(wish["on"] is True)

    def set_speed(self, wish, _):
        if wish["x"] not in SPEEDS:
            raise ValueError(wish["x"])
        self.supervisor.speed = wish["x"]
        self.supervisor.tell(wish)
        self.publish({"speed": wish["x"]})

    def jump(self, wish, _):
        """To a local civil time ahead, with everything that happens on the way."""
        text = wish["local"]
        whole = text + ":00" if len(text) == len("2026-11-20T15:30") else text
        goal_s = typed(moment_s, whole, "the time")
        ahead_s = goal_s - self.house.utc_s
        if ahead_s < 0:
            raise UserError(f"{local_text(goal_s)} is past; time only goes forward.")
        if ahead_s > MAX_JUMP_DAYS * DAY_S:
            raise UserError(f"{local_text(goal_s)} is more than a year ahead.")
        if self.supervisor.status == "running":
            day, second = divmod(goal_s, DAY_S)
            self.supervisor.tell({"do": "jump", "day": day, "second": second})
        else:
            self.house.utc_s = goal_s
            self.publish({"utc": self.house.utc()})

    def sell(self, wish, _):
        return {"receipt": self.phone.sell(wish["pounds"])}

    def buy(self, wish, _):
        self.phone.buy(wish["pounds"])

    def code(self, wish, _):
        return {"code": self.phone.code(wish["id"])}

    def why(self, _wish, _):
        meter = self.state.get("meter")
        return {"why": self.phone.why(meter and meter["balance_mp"])}
