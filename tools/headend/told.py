"""What a meter tells, out of the bodies of its packets: answers, states, log entries, registers.

Money in mp, energy in Wh, times in seconds since 2000-01-01 UTC. What cannot be read is a Refused.
Source: firmware/SPEC.md 9.
"""

import struct
from dataclasses import dataclass

from tools.headend.envelope import Refused

# Kinds, up
ANSWER, STATE, LOG, REGISTERS = range(1, 5)
ANSWER_NAMES = {ANSWER: "answer", STATE: "state", LOG: "log", REGISTERS: "registers"}

OUTCOMES = (
    "done", "malformed", "wrong check digit", "reserved class", "locked", "not authentic",
    "duplicate", "over maximum credit", "over maximum balance", "refused", "halted", "too short",
    "checking", "expired", "too old",
)  # fmt: skip
DONE, MALFORMED, DUPLICATE, OVER_MAX_CREDIT, OVER_MAX_BALANCE = 0, 1, 6, 7, 8
REFUSED, HALTED, EXPIRED, TOO_OLD = 9, 10, 13, 14
SUPPLY_NAMES = ("enabled", "disabled", "armed", "remote_off", "fault")
EC_NAMES = ("none", "offered", "active", "in_use", "exhausted")
CLOCK_NAMES = ("valid", "holdover", "invalid")
STREAM_NAMES = ("half_hours", "days", "money", "alerts")
STREAMS = len(STREAM_NAMES)
ENTRY_SIZE = 24
ENTRIES_MAX = 18
# Codes of log entries
HALF_HOUR, DAY, MONTH, CREDITED, DEBT_PAID, ADJUSTED, ALERT = range(1, 8)

_ANSWER = struct.Struct(">BIBiB")
_STATE = struct.Struct(">IIBBBB7iIHIBBIIIIIIH4I4I")


@dataclass(frozen=True)
class Answer:
    """What became of the order `number`; repeated: told before; typed: done at the buttons."""

    kind: int
    number: int
    outcome: int
    balance_mp: int
    repeated: bool
    typed: bool


@dataclass(frozen=True)
class State:
    """STATE of SPEC.md 9, names as there; energy in Wh; lists by stream."""

    session: int
    uptime_s: int
    clock: int
    supply: int
    ec: int
    flags: int
    balance_mp: int
    ec_left_mp: int
    ec_owed_mp: int
    payment_mp: int
    time1_mp: int
    time2_mp: int
    accumulated_mp: int
    wh: int
    power_w: int
    rate: int
    block: int
    price_mp: int
    today_wh: int
    today_mp: int
    need_mp: int
    top_up_high: int
    command_high: int
    refused: int
    last: tuple
    first: tuple
    version: str


@dataclass(frozen=True)
class Entry:
    """One log entry; what its code does not have is None. time_s 0: the clock was not trusted."""

    number: int
    time_s: int
    code: int
    wh: int = None
    balance_mp: int = None
    rate: int = None
    block: int = None
    debt_mp: int = None
    ec_owed_mp: int = None
    order_number: int = None
    amount_mp: int = None
    to_debts_mp: int = None
    typed: int = None
    register: int = None
    left_mp: int = None
    gbcs: int = None


@dataclass(frozen=True)
class Log:
    stream: int
    entries: tuple


@dataclass(frozen=True)
class Registers:
    """Wh of each register, the blocks of the first rate first."""

    rates: int
    blocks: int
    wh: tuple


_ENTRIES = {
    HALF_HOUR: (">IHiBB", ("kwh", "rest", "balance_mp", "rate", "block")),
    DAY: (">IHiii", ("kwh", "rest", "balance_mp", "debt_mp", "ec_owed_mp")),
    MONTH: (">IHiii", ("kwh", "rest", "balance_mp", "debt_mp", "ec_owed_mp")),
    CREDITED: (">IiiiB", ("order_number", "amount_mp", "balance_mp", "to_debts_mp", "typed")),
    DEBT_PAID: (">Bii", ("register", "amount_mp", "left_mp")),
    ADJUSTED: (">ii", ("amount_mp", "balance_mp")),
    ALERT: (">H", ("gbcs",)),
}


def _sized(body, size):
    if len(body) != size:
        raise Refused("wrong length of the body")
    return body


def read_answer(body):
    fields = _ANSWER.unpack(_sized(body, _ANSWER.size))
    if fields[2] >= len(OUTCOMES):
        raise Refused("unknown outcome")
    return Answer(*fields[:4], repeated=bool(fields[4] & 1), typed=bool(fields[4] & 2))


def read_state(body):
    if len(body) < _STATE.size:
        raise Refused("wrong length of the body")
    fields = list(_STATE.unpack_from(body))
    fields[13:15] = [fields[13] * 1000 + fields[14]]
    version = body[_STATE.size :].decode("ascii", "replace")
    return State(*fields[:24], tuple(fields[24:28]), tuple(fields[28:32]), version)


def _entry(number, data):
    (time_s, code), fields = struct.unpack_from(">IB", data), {}
    if code in _ENTRIES:
        form, names = _ENTRIES[code]
        fields = dict(zip(names, struct.unpack_from(form, data, 5), strict=True))
    if "kwh" in fields:
        fields["wh"] = fields.pop("kwh") * 1000 + fields.pop("rest")
    return Entry(number, time_s, code, **fields)


def read_log_body(body):
    """A Log; entries of a code nobody knows have no fields."""
    count, rest = divmod(len(body) - 5, ENTRY_SIZE)
    if rest or not 1 <= count <= ENTRIES_MAX:
        raise Refused("wrong length of the body")
    stream, first = struct.unpack_from(">BI", body)
    if stream >= STREAMS or not 1 <= first <= 2**31:
        raise Refused("no such stream or number")
    cuts = range(5, len(body), ENTRY_SIZE)
    return Log(stream, tuple(_entry(first + i, body[at:]) for i, at in enumerate(cuts)))


def read_registers(body):
    if len(body) < 2:
        raise Refused("wrong length of the body")
    rates, blocks = body[:2]
    values = struct.unpack(f">{'IH' * (rates * blocks)}", _sized(body[2:], 6 * rates * blocks))
    return Registers(
        rates, blocks, tuple(k * 1000 + w for k, w in zip(*[iter(values)] * 2, strict=True))
    )


READERS = {
    ANSWER: read_answer, STATE: read_state, LOG: read_log_body, REGISTERS: read_registers,
}  # fmt: skip


def read(kind, body):
    """Answer, State, Log or Registers; Refused if it is none."""
    if kind not in READERS:
        raise Refused("unknown kind")
    return READERS[kind](body)
