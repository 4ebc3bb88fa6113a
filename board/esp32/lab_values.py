"""What may be in a request to the lab port: whole numbers in limits, and the values of commands.

Takes what JSON made of a request; gives what App.command takes. ValueError says what it has to be, so
that nothing of a wrong request reaches the meter.
"""

# What an authorised command takes: (kind, name in messages) for each part of its value
COMMANDS = {
    "top_up": ("mp",), "set_time": ("day", "second"), "disable": (), "arm": (),
    "clear_lockout": (), "pay_debt": ("register", "mp"), "set_tariff": ("tariff", "day", "second"),
}  # fmt: skip
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
