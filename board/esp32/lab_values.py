"""What may be in a request to the lab port: numbers in limits, keys, packets, settings, values of commands.

Takes what JSON made of a request, gives what board and shell take. ValueError says what it has to be, so
that nothing of a wrong request reaches the meter.
"""

from micropython import const

# What an authorised command takes: (kind, name in messages) for each part of its value
COMMANDS = {
    "top_up": ("mp",), "set_time": ("day", "second"), "disable": (), "arm": (),
    "clear_lockout": (), "pay_debt": ("register", "mp"), "set_tariff": ("tariff", "day", "second"),
}  # fmt: skip
KEYS = ("A", "B", "left", "right", "ok", "return")
_MAX_IMP = const(100000)
_MAX_PACKET = const(496)  # bytes
LIMITS = {"mp": 1000000000, "day": 36524, "second": 86399}  # day 36524: 2099-12-31


def whole(value, name: str, high: int, low: int = 0) -> int:
    """The number, if it is a whole one in these limits; ValueError says what it has to be."""
    if type(value) is not int or not low <= value <= high:
        raise ValueError("%s must be a whole number from %d to %d" % (name, low, high))
    return value


def as_bytes(text: str, name: str) -> bytes:
    """What the hex stands for; ValueError if it is none."""
    try:
        return bytes([int(text[at : at + 2], 16) for at in range(0, len(text), 2)])
    except ValueError:
        raise ValueError(name + " must be hex")


def key_bit(name) -> int:
    """The key's bit in what Board.keys() gives."""
    if name not in KEYS:
        raise ValueError("key must be one of: " + " ".join(KEYS))
    return KEYS.index(name)


def packet(text) -> bytes:
    """A packet of the head-end, or none."""
    if not isinstance(text, str) or len(text) > 2 * _MAX_PACKET:
        raise ValueError("packet must be hex, at most %d bytes" % _MAX_PACKET)
    return as_bytes(text, "packet")


def of_new_meter(settings) -> dict:
    """Those that the bench goes by are right; the firmware looks at the others."""
    if not isinstance(settings, dict):
        raise ValueError("settings must be an object, as settings.json is")
    for name in ("day", "second"):
        whole(settings.get(name), name, LIMITS[name])
    settings["imp_per_kwh"] = whole(settings.get("imp_per_kwh", 1000), "imp_per_kwh", _MAX_IMP, 1)
    return settings


def argument(name: str, value):
    """What App.command takes: one value, a tuple of them, or None."""
    parts = COMMANDS.get(name) if isinstance(name, str) else None
    if parts is None:
        raise ValueError("no such command, there are: " + " ".join(sorted(COMMANDS)))
    values = value if isinstance(value, list) else [] if value is None else [value]
    if len(values) != len(parts):
        raise ValueError("%s takes %s" % (name, " and ".join(parts) if parts else "no value"))
    taken: list = []
    for i in range(len(parts)):
        if parts[i] in LIMITS:
            taken.append(whole(values[i], parts[i], LIMITS[parts[i]]))
        elif not isinstance(values[i], str):
            raise ValueError(parts[i] + " must be a text")
        elif parts[i] == "tariff":
            taken.append(as_bytes(values[i], "tariff"))
        else:
            taken.append(values[i])
    return tuple(taken) if len(taken) > 1 else taken[0] if taken else None
