"""The bodies of the link's packets: encodes commands, and names everything of told.py here too.

Money in mp, times in seconds since 2000-01-01 UTC. What cannot be encoded is a VendError, one sentence.
Source: firmware/SPEC.md 9.
"""

import struct

from tools.headend.envelope import BODY_MAX
from tools.headend.told import *  # noqa: F403
from tools.utrn_vend import VendError

DAY_S = 86_400
LIMIT_MP = 1_000_000_000
TEXT_MAX = 48  # bytes
DEBT_REGISTERS = ("payment", "time1", "accumulated")

# Kinds, down. From NOT_COUNTED on they carry no number and change nothing
TOP_UP, PAY_DEBT, ADJUST_BALANCE, SET_TARIFF, SET_SETTINGS, SET_DEBT, SPECIAL_DAYS = range(1, 8)
DISABLE, ARM, ENABLE, ACTIVATE_EC, SET_TIME, TEXT, CLEAR_LOCKOUT = range(8, 15)
NOT_COUNTED = 128
READ_REGISTERS, READ_LOG, RECEIVED = range(128, 131)
COMMAND_NAMES = {
    TOP_UP: "top_up", PAY_DEBT: "pay_debt", ADJUST_BALANCE: "adjust_balance",
    SET_TARIFF: "set_tariff", SET_SETTINGS: "set_settings", SET_DEBT: "set_debt",
    SPECIAL_DAYS: "special_days", DISABLE: "disable", ARM: "arm", ENABLE: "enable",
    ACTIVATE_EC: "activate_ec", SET_TIME: "set_time", TEXT: "text",
    CLEAR_LOCKOUT: "clear_lockout", READ_REGISTERS: "read_registers", READ_LOG: "read_log",
    RECEIVED: "received",
}  # fmt: skip


def money(amount_mp, low_mp=1, high_mp=LIMIT_MP):
    """An i32 of mp."""
    if not isinstance(amount_mp, int) or not low_mp <= amount_mp <= high_mp:
        raise VendError(f"an amount must be {low_mp} to {high_mp} milli-pence, not {amount_mp}")
    return struct.pack(">i", amount_mp)


def top_up(amount_mp):
    return money(amount_mp)


def pay_debt(register, amount_mp):
    """W8; register: one of DEBT_REGISTERS."""
    return bytes((_register(register, DEBT_REGISTERS),)) + money(amount_mp)


def adjust_balance(amount_mp):
    """What is added to the balance, or taken off it."""
    if amount_mp == 0:
        raise VendError("an adjustment of nothing is none")
    return money(amount_mp, -LIMIT_MP)


def set_tariff(tariff, start_s=0):
    """tariff: bytes of SPEC.md 7; start_s: since 2000, 0 is now."""
    return struct.pack(">HI", *divmod(_second(start_s), DAY_S)) + bytes(tariff)


def set_settings(rows):
    """rows: {number of the row in config.SETTINGS: value}."""
    if not rows or len(rows) * 5 > BODY_MAX:
        raise VendError("there must be at least one setting")
    try:
        return b"".join(struct.pack(">BI", row, value) for row, value in rows.items())
    except struct.error:
        raise VendError("a setting is a row 0 to 255 and a value 0 to 4294967295") from None


def set_debt(register, amount_mp):
    """The amount owed from now on; register: payment or time1."""
    return bytes((_register(register, DEBT_REGISTERS[:2]),)) + money(amount_mp, 0)


def special_days(packed):
    """packed: 3 bytes a day, as SPEC.md 3."""
    if len(packed) % 3 or len(packed) > 60:
        raise VendError("special days are up to 20 times 3 bytes")
    return bytes(packed)


def set_time(second, session=0, uptime_s=0):
    """The time (since 2000) that was right at that uptime of that session; session 0: not after says
    until when it is right enough, and the meter's clock must be trusted."""
    return struct.pack(">HIII", *divmod(_second(second), DAY_S), session, uptime_s)


def text(message):
    """A message for the display; empty takes it away."""
    if not message.isascii() or not (message.isprintable() or not message):
        raise VendError("a text for the display has letters, digits and signs of ASCII only")
    if len(message) > TEXT_MAX:
        raise VendError(f"a text has at most {TEXT_MAX} letters, not {len(message)}")
    return message.encode()


def read_log(stream, number):
    return struct.pack(">BI", stream, number)


def received(marks):
    """marks: for each stream, up to which number everything has arrived."""
    return struct.pack(">4I", *marks)


# Length of each command's body: exactly, or (at least, what it grows by)
_LENGTHS = {
    PAY_DEBT: 5, ADJUST_BALANCE: 4, SET_TARIFF: (12, 1), SET_SETTINGS: (5, 5), SET_DEBT: 5,
    SPECIAL_DAYS: (0, 3), DISABLE: 0, ARM: 0, ENABLE: 0, ACTIVATE_EC: 0, SET_TIME: 14, TEXT: (0, 1),
    CLEAR_LOCKOUT: 0,
}  # fmt: skip


def check(kind, body, not_after):
    """VendError for a command that no meter would answer: it would be sent for ever."""
    if kind not in _LENGTHS:
        raise VendError(f"{kind} is no kind of command")
    least, step = _LENGTHS[kind] if isinstance(_LENGTHS[kind], tuple) else (_LENGTHS[kind], 0)
    more = len(body) - least
    if more < 0 or (more % step if step else more) or len(body) > BODY_MAX:
        raise VendError(f"{COMMAND_NAMES[kind]} cannot have {len(body)} bytes")
    if kind == SET_TIME and body[6:10] == bytes(4) and not_after is None:
        raise VendError("a time for no session of the meter needs a moment after which it is void")


def _register(name, allowed):
    if name not in allowed:
        raise VendError(f"the debt register must be {' or '.join(allowed)}, not {name}")
    return allowed.index(name)


def _second(second):
    if not 0 <= second < 100 * 366 * DAY_S:
        raise VendError("the time must lie in the years 2000 to 2099")
    return second
