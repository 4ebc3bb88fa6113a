"""The link to the head-end, without any transport: packets in are orders, packets out tell of the meter.

Takes whole packets and ms; gives packets. Nothing of a packet is read before its MAC is right; an order's
counter and effect are one record, written before its answer can be asked for. Source: REMOTE; SPEC.md 9.
"""

from struct import pack, unpack_from

from micropython import const

from shilling import codes, seal, telling
from shilling.backlog import Backlog
from shilling.outbox import Outbox
from shilling.utrn import is_equal

_VERSION = const(1)
_BODY_AT = const(30)
_MAC_BYTES = const(16)
_LEAST = const(46)
_MOST = const(496)
_TOP_UP = const(1)
_SET_TARIFF = const(4)
_DISABLE = const(8)
# Of the body of each kind of order; -1: remote.py looks
_LENGTHS = (-2, 4, 5, 4, -1, -1, 5, -1, 0, 0, 0, 0, 14, -1, 0)
_READ_REGISTERS = const(128)
_READ_LOG = const(129)
_RECEIVED = const(130)
_ANSWER = const(1)
_STATE = const(2)
_LOG = const(3)
_REGISTERS = const(4)
_REPEATED = const(1)
_AT_THE_BUTTONS = const(2)
_STREAMS = const(4)
_MOST_ENTRIES = const(0x3FFFFFFF)
_MOST_ANSWERS = const(8)
_STATE_MS = const(300000)
_CHANGE_MS = const(10000)
_NEVER_MS = const(0x0FFFFFFF)
_DAY_S = const(86400)
# Alerts (15), each raised once until a new order is as it should be; F003 is ours
_ALERT_NOT_AUTHENTIC = const(0x8F63)
_ALERT_NOT_FOR_US = const(0x8F64)
_ALERT_LATE = const(0xF003)


class Link:
    """`wire` has tend(link, elapsed_ms), or is None; `session` is a random number of this start."""

    def __init__(self, app, wire, session: int) -> None:
        self.app = app
        self.meter = app.meter
        self.wire = wire
        self.session = session
        self.uptime_s = 0
        self.part_ms = 0
        secret = self.meter.config.secret
        self.down = seal.derived(secret, seal.DOWN)
        self.up = seal.derived(secret, seal.UP)
        self.heard_ms = -1  # since the last authentic packet
        self.refused = 0
        self.told: list = []  # alerts of refusals that were raised
        self.sent = 0
        self.answers: list = []
        self.wants_registers = False
        self.changed = True  # since the last STATE
        self.state_ms = _CHANGE_MS  # since then
        self.backlog = Backlog(self.meter, app.board.files)
        self.meter.log = self.backlog.note
        self.outbox = Outbox(self.backlog)

    # --- in

    def take(self, packet: bytes) -> None:
        """One whole packet."""
        at = len(packet) - _MAC_BYTES
        if not _LEAST <= len(packet) <= _MOST or not is_equal(
            seal.hmac(self.down, packet[:at])[:_MAC_BYTES], packet[at:]
        ):
            self._refuse(_ALERT_NOT_AUTHENTIC)
            return
        self.heard_ms = 0
        config = self.meter.config
        number, low, until_s = unpack_from(">III", packet, 17)
        kind = packet[29]
        body = packet[_BODY_AT:at]
        if packet[1:9] != config.meter_id or packet[9:17] != config.originator_id:
            self._refuse(_ALERT_NOT_FOR_US)
        elif packet[0] != _VERSION or low or not (
            self._is_order(kind, body) if number else self._is_request(kind, body)
        ):
            self._refuse(_ALERT_NOT_AUTHENTIC)
        elif number:
            self._order(kind, number, until_s, body)
        else:
            self._request(kind, body)

    def _refuse(self, alert: int) -> None:
        self.refused = min(self.refused + 1, 65535)
        if alert not in self.told:
            self.told.append(alert)
            self.meter.alert(alert)

    def _order(self, kind: int, number: int, until_s: int, body: bytes) -> None:
        meter = self.meter
        is_command = kind != _TOP_UP
        window = meter.orders if is_command else meter.window
        balance_mp = meter.account.balance_mp
        flags = 0
        if window.is_used(number):
            outcome = codes.DUPLICATE if window.reaches(number) else codes.TOO_OLD
            kept = meter.orders.find(number, is_command)
            if kept >= 0:
                outcome = kept & 31
                balance_mp = meter.orders.balance_mp
                flags = _REPEATED if kept & codes.BY_LINK else _REPEATED | _AT_THE_BUTTONS
            elif is_command and outcome == codes.DUPLICATE and meter.orders.was_refused(number):
                outcome = codes.REFUSED
        elif meter.halted:
            outcome = codes.HALTED
        elif until_s and self._is_over(until_s, kind):
            outcome = codes.EXPIRED
            self._refuse(_ALERT_LATE)
            if is_command:  # a clock that is set back must not make it true; a code is good for ever
                outcome = self._use_up(number, outcome)
        elif _SET_TARIFF <= kind <= _DISABLE and number < meter.orders.highest:
            # a later command came first: this one says how things were to be
            outcome = self._use_up(number, codes.REFUSED)
        else:
            outcome = self._carry_out(kind, number, until_s, body)
            balance_mp = meter.account.balance_mp
            if outcome == codes.DONE:  # one that is refused for its amount can come again for ever
                self.told = []
            self.app.written = True
        if len(self.answers) >= _MOST_ANSWERS:
            del self.answers[0]  # the head-end asks again
        self.answers.append(pack(">BIBiB", kind, number, outcome, balance_mp, flags))

    def _use_up(self, number: int, outcome: int) -> int:
        """A command that changes nothing is as final as one that does, if flash keeps that."""
        meter = self.meter
        meter.orders.outcome = outcome
        meter.write(codes.RECORD_ANSWER | codes.BY_LINK | codes.COMMAND, number)
        return codes.HALTED if meter.halted else outcome

    def _is_over(self, until_s: int, kind: int) -> bool:
        """Too late. A clock that is not trusted cannot say, and cuts nobody off (S6)."""
        clock = self.meter.clock
        if not clock.is_trusted():
            return kind == _DISABLE
        return clock.day * _DAY_S + clock.second() > until_s

    def _carry_out(self, kind: int, number: int, until_s: int, body: bytes) -> int:
        meter = self.meter
        if kind == _TOP_UP:
            outcome = self.app.top_up.remote(unpack_from(">i", body)[0], number)
            if outcome == codes.DONE:
                self.app.buzzer.unmute()
            return outcome
        try:
            from shilling import remote
        except MemoryError:  # nothing has changed yet
            return codes.HALTED
        meter.order = number
        try:
            done = remote.carry_out(self.app, kind, until_s, body)
        except ValueError:  # a tariff, setting or day that cannot be
            done = False
        finally:
            meter.order = 0
        outcome = codes.DONE if done else codes.REFUSED
        if not meter.halted and not meter.orders.is_used(number):
            return self._use_up(number, outcome)
        return codes.HALTED if meter.halted else outcome

    def _is_order(self, kind: int, body: bytes) -> bool:
        return kind < len(_LENGTHS) and _LENGTHS[kind] in (-1, len(body))

    def _is_request(self, kind: int, body: bytes) -> bool:
        if kind == _READ_LOG:
            return len(body) == 5 and body[0] < _STREAMS
        return len(body) == (16 if kind == _RECEIVED else 0) and kind in (_RECEIVED, _READ_REGISTERS)

    def _request(self, kind: int, body: bytes) -> None:
        if kind == _READ_REGISTERS:
            self.wants_registers = True
        elif kind == _READ_LOG:
            self.outbox.again(body[0], max(0, unpack_from(">I", body, 1)[0] - 1))
        else:
            for stream in range(_STREAMS):
                mark = unpack_from(">I", body, 4 * stream)[0]
                if mark < _MOST_ENTRIES:
                    self.outbox.arrived(stream, mark)

    # --- out

    def next(self) -> bytes:
        """The next packet to send, b"" for none: answers first, then the state, then the log."""
        if self.answers:
            return self._sealed(_ANSWER, self.answers.pop(0))
        if self.wants_registers:
            self.wants_registers = False
            return self._sealed(_REGISTERS, telling.registers(self.meter))
        if self._is_state_due():
            self.changed = False
            self.state_ms = 0
            return self._sealed(_STATE, telling.state(self))
        body = self.outbox.next()
        return self._sealed(_LOG, body) if body else b""

    def _is_state_due(self) -> bool:
        return self.state_ms >= (_CHANGE_MS if self.changed else _STATE_MS)

    def _sealed(self, kind: int, body: bytes) -> bytes:
        self.sent += 1
        config = self.meter.config
        clock = self.meter.clock
        now_s = clock.day * _DAY_S + clock.second() if clock.is_trusted() else 0
        packet = bytes([_VERSION]) + config.meter_id + config.meter_id
        sequence = self.app.ledger.head.sequence
        packet += pack(">IIIB", sequence, self.sent, now_s, kind) + body
        return packet + seal.hmac(self.up, packet)[:_MAC_BYTES]

    # --- time

    def poll(self, elapsed_ms: int) -> None:
        """Once a poll of the shell, after everything was shown."""
        self.part_ms += elapsed_ms
        self.uptime_s += self.part_ms // 1000
        self.part_ms %= 1000
        if self.heard_ms >= 0:
            self.heard_ms = min(self.heard_ms + elapsed_ms, _NEVER_MS)
        self.state_ms = min(self.state_ms + elapsed_ms, _STATE_MS)
        self.outbox.poll(elapsed_ms)
        if self.wire is not None:
            self.wire.tend(self, elapsed_ms)

    def next_ms(self, wait_ms: int) -> int:
        """Until there is something new to send or to note, wait_ms at most."""
        wait_ms = self.outbox.next_ms(wait_ms)
        if self.wire is not None:
            wait_ms = min(wait_ms, self.wire.next_ms())
        if not self._is_state_due():
            wait_ms = min(wait_ms, (_CHANGE_MS if self.changed else _STATE_MS) - self.state_ms)
        return wait_ms
