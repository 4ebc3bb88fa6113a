"""Home Assistant: the meter as a device it finds by itself, its state as JSON, and its few orders.

For the wire: subscribe to `topics` with QoS 0 (an order must not come late), then online() after each
CONNACK, heard() for each message on them, poll(); when next() is True, `topic` and `size` bytes are to
be published, QoS 0 and retained, piece() by piece() of 400 bytes at most, b"" after the last one. Will
and "online" on base/availability are the wire's. It takes only what needs no key: a code has its own,
the rest is asked at the meter. Source: home-assistant.io/integrations/mqtt; docs/HOMEASSISTANT.md.
"""

from struct import unpack_from

from micropython import const

from shilling import VERSION, calendar, codes, guest, telling
from shilling.units import money

_LOOK_MS = const(10000)
_PAUSE_MS = const(2000)
_DIGITS = const(20)
_DOLLAR = const(4)
_UNIX_S = const(946684800)  # when 2000 began
_DAY_S = const(86400)
_FRIENDLY = const(1)  # flags of STATE
_CLOSED = const(16)

# By state of EC; where that has nothing to say (0) the balance has
CREDIT = ("Good", "EC offered", "EC accepted", "EC in use", "Used up", "Low", "Friendly hours")

# In all of it @ is the meter's id, & the currency, # the version, % the key of a part
_DEVICE = (
    '{"dev":{"ids":"shilling_@","name":"Shilling","mf":"Shilling","sn":"@","sw":"#"},"o":{"name":'
    '"Shilling"},"stat_t":"shilling/@/state","avty_t":"shilling/@/availability","cmps":{'
)
_FIELDS = ('"%":{"uniq_id":"@_%","name":"', ',"dev_cla":"', ',"stat_cla":"', ',"unit_of_meas":"')
# In the order of _state(); the key is the name in small letters
_SENSORS = (
    "Energy|energy|total_increasing|kWh;Energy today|energy|total_increasing|kWh;"
    "Power|power|measurement|W;Cost today|monetary|total|&;Balance|monetary|total|&;"
    "Emergency credit left|monetary|total|&;Debt|monetary|total|&;"
    "Credit|enum;Clock|enum;Last code|enum;Last alert;Supply|power"
)
_COST = const(3)
_TEXTS = const(7)
_SUPPLY = const(11)
# What was typed does not stay in sight: the state of the code is always empty
_OTHERS = (
    ("code", 'Top-up code","p":"text","max":40,"ptrn":"^([0-9][ -]*){20}$|^$","val_tpl":"{{\'\'}}"'),
    ("accept_ec", 'Accept emergency credit","p":"button"'),
    ("arm", 'Arm supply","p":"button"'),
)  # fmt: skip


class Hass:
    """What is to be published, and when."""

    def __init__(self, app) -> None:
        self.app = app
        self._id = app.meter.config.meter_id.hex().upper()
        self.topics = (b"shilling/" + self._id.encode() + b"/set/+", b"homeassistant/status")
        self.topic = self._body = b""
        self.size = self._due = self._ms = self._pause_ms = 0
        self._answer = "null"  # to the last code
        self._pieces: list = []

    def online(self) -> None:
        """A new connection: what was being published is forgotten."""
        self._pieces = []
        self._due = 2

    def heard(self, topic: bytes, payload: bytes, retained: bool) -> None:
        """An order, or Home Assistant started. What is retained is no order of now."""
        app = self.app
        name = topic[len(self.topics[0]) - 1 :]
        if retained or not payload:
            return
        if topic == self.topics[1]:
            if payload == b"online":
                self._due = 2
        elif name == b"code":
            digits = bytes([each - 48 for each in payload if 48 <= each <= 57])
            outcome = codes.MALFORMED
            if len(digits) == _DIGITS:
                if self._pause_ms:
                    return  # 14: even a used code costs 2 s, and flash is spared
                self._pause_ms = _PAUSE_MS
                outcome = guest.top_up(app, digits)
            self._answer = '"%s"' % codes.OUTCOMES[outcome]
            self._due = max(self._due, 1)
        elif name == b"accept_ec":
            guest.ask(app, codes.SCREEN_ACCEPT)
        elif name == b"arm":
            guest.ask(app, codes.SCREEN_REST)

    def poll(self, elapsed_ms: int) -> None:
        """Time passes; each 10 s it is looked whether anything changed."""
        self._pause_ms = max(0, self._pause_ms - elapsed_ms)
        self._ms += elapsed_ms
        if self._ms >= _LOOK_MS:
            self._ms = 0
            if not self._due and self._body != self._state():
                self._due = 1

    def next(self) -> bool:
        """True: `topic` and `size` are of what is to be published now."""
        if not self._due:
            return False
        self._due -= 1
        if self._due:
            self.topic = b"homeassistant/device/shilling_" + self._id.encode() + b"/config"
            self._pieces = self._config()
        else:
            self.topic = self.topics[0][:-5] + b"state"
            self._body = self._state()
            self._pieces = [self._body]
        self.size = sum(map(len, self._pieces))
        return True

    def piece(self) -> bytes:
        """The next piece of it, b"" after the last one."""
        return self._pieces.pop(0) if self._pieces else b""

    def _config(self) -> list:
        """The device, and what it consists of."""
        options = (CREDIT, codes.CLOCK_NAMES, codes.OUTCOMES)
        pieces = [self._filled(_DEVICE, "")]
        for number, row in enumerate(_SENSORS.split(";")):
            text = ""
            for field, value in zip(_FIELDS, row.split("|")):
                text += field + value + '"'
            if number == _COST:
                text += ',"lrst_val_tpl":"{{value_json.since|timestamp_utc}}"'
            if _TEXTS <= number < _TEXTS + 3:
                text += ',"ops":["' + '","'.join(options[number - _TEXTS]) + '"]'
            text += ',"val_tpl":"{{value_json.%}}","p":"'
            text += 'binary_sensor"},' if number == _SUPPLY else 'sensor"},'
            pieces.append(self._filled(text, _key(row)))
        for name, text in _OTHERS:
            text = _FIELDS[0] + text + ',"cmd_t":"shilling/@/set/%"'
            pieces.append(self._filled(text + ("}}}" if name == "arm" else "},"), name))
        return pieces

    def _filled(self, text: str, name: str) -> bytes:
        at = self.app.meter.config.currency * 3
        text = text.replace("@", self._id).replace("#", VERSION).replace("%", name)
        return text.replace("&", "GBPCNYZAREURUSD"[at : at + 3]).encode()

    def _state(self) -> bytes:
        """The state as JSON, money rounded as the display does."""
        meter = self.app.meter
        (
            trust, _, ec, flags, balance_mp, left_mp, _, payment_mp, time_1_mp, time_2_mp, accumulated_mp,
            kwh, wh, power_w, _, _, _, today_wh, today_mp,
        ) = unpack_from(">8xBBBBiiiiiiiIHIBBIII", telling.state(self.app.link))  # fmt: skip
        if flags & _FRIENDLY:
            ec = 6
        elif not ec and balance_mp < meter.config.low_credit_mp:
            ec = 5 if balance_mp > 0 else 4
        values = (
            "%d.%03d" % (kwh, wh), "%d.%03d" % (today_wh // 1000, today_wh % 1000), power_w,
            _number(-(-today_mp // 1000)), _number(balance_mp // 1000), _number(left_mp // 1000),
            _number(-(-(payment_mp + time_1_mp + time_2_mp + accumulated_mp) // 1000)),
            '"%s"' % CREDIT[ec], '"%s"' % codes.CLOCK_NAMES[trust], self._answer,
            '"%04X"' % meter.alerts[-1] if meter.alerts else "null",
            '"ON"' if flags & _CLOSED else '"OFF"',
        )  # fmt: skip
        day = meter.usage.day
        text = '{"since":%d' % (day * _DAY_S - calendar.offset_s(day, 0) + _UNIX_S)
        for row, value in zip(_SENSORS.split(";"), values):
            text += ',"%s":%s' % (_key(row), value)
        return (text + "}").encode()


def _key(row: str) -> str:
    """The key in the state of a row's name."""
    return row.split("|")[0].lower().replace(" ", "_")


def _number(pence: int) -> str:
    return money(pence, _DOLLAR).replace("$", "")
