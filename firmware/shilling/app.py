"""The shell: reads the board, lets the core decide, writes the ledger, then acts.

That order lives here and nowhere else. Power lost
  before the record is whole: it never happened, nothing was shown or switched;
  after the record, before the act: the next start finds it and restates relay and display.
Takes a board (board/contract.py). Source: RELIABILITY 3, ARCHITECTURE.
"""

from micropython import const

from shilling import codes, commands, contact, ihd
from shilling.buttons import Buttons
from shilling.buzzer import Buzzer
from shilling.face import Face
from shilling.ledger import BLANK, OPENED, Ledger
from shilling.menu import Menu
from shilling.meter import Meter
from shilling.residue import Residue
from shilling.topup import TopUp

_ALERT_KEY_STUCK = const(0xF001)
_ALERT_NOT_CLOSED = const(0x81BD)
_ALERT_NOT_OPENED = const(0x81C0)
_ANSWER_MS = const(500)  # WAIT is seen so long, whatever the answer
_DENSE_MS = const(20)  # polls this close know the instant of a pulse
_MANY_PULSES = const(0x0FFFFFFF)  # more than ever come: no pulse is waited for


class App:
    """One meter on one board."""

    def __init__(self, board) -> None:
        self.board = board
        self.meter = Meter()
        self.meter.notes = board.notes
        self.top_up = TopUp(self.meter)
        self.buttons = Buttons()
        self.menu = Menu(self.meter.config)
        self.face = Face(board, self.meter, self.menu)
        self.ledger = Ledger(board.store)
        self.opened = self.ledger.recover(self.meter.parts)
        self.meter.journal = self._journal
        self.residue = Residue(board)
        if self.opened != OPENED:
            self.meter.is_set_up = self.opened != BLANK
            self.meter.halt()
        self.meter.begin()
        self.asked_pulses = 1
        self.written = True  # a record was written: what is shown may have changed
        self.buzzer = Buzzer()
        self.answer_ms = 0  # left of WAIT
        self.link = None  # to the head-end: connect()
        self._read_rtc()
        self.meter.was_protected = self.meter.is_protected()  # what pulses come first belong to now
        self._count_residue()
        supply = self.meter.supply
        if board.remembers:  # a plain relay has let go, and takes its position again at once
            supply.rest_ms = contact.rest_ms(supply, self.meter.clock)
        board.led(supply.closed == 1)

    def run(self) -> None:
        """For ever. The watchdog is fed after a complete poll only."""
        while True:
            wait_ms = self.poll()
            self.board.feed()
            self.board.idle(wait_ms, self.asked_pulses)

    def poll(self) -> int:
        """One round; returns the ms until the next one is needed at the latest."""
        board = self.board
        meter = self.meter
        elapsed_ms = board.elapsed_ms()
        meter.clock.advance(elapsed_ms)
        if meter.clock.wants_reading():
            self._read_rtc()
        pulses = board.pulses()
        reached = pulses >= self.asked_pulses  # a penny shown or a rule may change
        meter.step(elapsed_ms, pulses, reached or elapsed_ms <= _DENSE_MS)
        turned = self.menu.wait(elapsed_ms) or reached
        if self.answer_ms:
            self._answer(elapsed_ms)
        press = self.buttons.poll(board.keys(), elapsed_ms)
        if press:
            self._press(press)
            turned = True
        self._watch_contact(elapsed_ms, pulses)
        self._operate_relay()
        board.buzz(self.buzzer.sounds(meter, elapsed_ms))
        self.face.show(turned or self.written, elapsed_ms)
        if pulses or self.written:
            self.residue.keep(self.ledger.head, meter.uncommitted)
        written = self.written
        self.written = False
        if self.link is not None:
            self.ledger.prepare()  # two orders that open sectors may come in two polls
            self.link.changed = self.link.changed or written
            self.link.poll(elapsed_ms)
        # never idle, or much to catch up with: still no erase in a commit
        if not (written or self.written) or not self.ledger.ready or meter.schedule.owes():
            self.ledger.prepare()
        return 1 if self.written else self._wait_ms()  # what the link wrote is shown at once

    # --- before acting

    def _journal(self, kind: int, counter: int) -> bool:
        self.written = True
        return self.ledger.commit(kind, counter, self.meter.parts)

    def _count_residue(self) -> None:
        """A reset that did not lose the memory of the chip lost no use either. What fell due since,
        and the rate of now, come before the first pulses of now."""
        self.meter.step(0, self.residue.pulses(self.ledger.head), False)

    def _read_rtc(self) -> None:
        board = self.board
        status = board.rtc_read()
        if status == 0:
            self.meter.clock.take_reading(status, board.rtc_day, board.rtc_second)
        else:
            self.meter.clock.take_reading(status, 0, 0)

    # --- the relay

    def _operate_relay(self) -> None:
        """What the supply wants; or, for a relay that missed its order or lost it to a power cut after
        the record, the same again. Every pulse has its record before it."""
        meter = self.meter
        supply = meter.supply
        day = meter.clock.day
        wanted = supply.may_operate(day)
        if meter.halted or not (wanted or (meter.contact.wants_repeat() and not supply.rest_ms)):
            return
        meter.commit_use()  # first: a checkpoint that it opens must not hold half of this event
        if wanted:
            supply.operate(day, meter.clock.is_trusted())
            meter.contact.order()
        else:
            supply.count_operation(day, meter.clock.is_trusted())
        meter.record_supply()
        if not meter.halted:
            meter.contact.tell()
            self.board.relay(supply.closed == 1)
            self.board.led(supply.closed == 1)

    def _watch_contact(self, elapsed_ms: int, pulses: int) -> None:
        meter = self.meter
        closed = meter.supply.closed
        if meter.contact.watch(elapsed_ms, closed, self.board.contact(), pulses) and not meter.halted:
            meter.alert(_ALERT_NOT_CLOSED if closed else _ALERT_NOT_OPENED)
            self.written = True

    # --- the consumer

    def _press(self, press: int) -> None:
        meter = self.meter
        if press == codes.STUCK:
            meter.alert(_ALERT_KEY_STUCK)
            return
        if self.answer_ms:
            return  # WAIT: nothing counts until the answer is there
        offered = meter.account.is_ec_offered() and not meter.halted
        intent = ihd.press(self.menu, press, meter.supply.state, offered)
        if intent == codes.INTENT_ACCEPT:
            accepted = commands.accept_emergency(meter)
            self.buzzer.unmute()
            self._tell(codes.MESSAGE_EC_ACCEPTED if accepted else codes.MESSAGE_NO_CREDIT)
        elif intent == codes.INTENT_ENABLE:
            if commands.enable(meter):
                self._tell(codes.MESSAGE_SUPPLY_ON)
        elif intent == codes.INTENT_SEND:
            self._send_code()
        elif intent == codes.INTENT_MUTE:
            self.buzzer.mute(meter.account.ec_state())
        elif intent == codes.INTENT_LEVEL:
            commands.next_level(meter)

    def _send_code(self) -> None:
        if not self.menu.is_code_complete():
            self._tell(codes.TOO_SHORT)
            return
        outcome = self.top_up.begin(self.menu.digits)
        if outcome != codes.CHECKING:
            self._tell(outcome)
            return
        self.face.done_mp = self.top_up.code.amount_mp
        self._tell(codes.MESSAGE_WAIT)
        self.answer_ms = _ANSWER_MS

    def _answer(self, elapsed_ms: int) -> None:
        """The attempt is on flash and WAIT is on the display: check the code."""
        self.answer_ms -= elapsed_ms
        if self.answer_ms > 0:
            return
        self.answer_ms = 0
        outcome = self.top_up.finish()
        if outcome == codes.DONE:
            self.menu.clear_code()
            self.buzzer.unmute()
        self._tell(outcome)

    def _tell(self, message: int) -> None:
        self.face.tell(message)
        self.written = True

    # --- when to look again

    def _wait_ms(self) -> int:
        meter = self.meter
        wait_ms = min(meter.next_ms(), self.menu.next_ms())
        wait_ms = min(wait_ms, self.buttons.next_ms())
        wait_ms = min(wait_ms, meter.clock.next_reading_ms())
        if meter.contact.is_pending() and not meter.halted:
            wait_ms = min(wait_ms, meter.contact.next_ms(meter.supply.rest_ms))
        wait_ms = self.face.next_ms(wait_ms)
        if self.answer_ms:
            wait_ms = min(wait_ms, self.answer_ms)
        wait_ms = min(wait_ms, self.buzzer.next_ms())
        if self.link is not None:
            wait_ms = self.link.next_ms(wait_ms)
        self.asked_pulses = _MANY_PULSES
        if not meter.halted:
            looked_at = self.menu.screen == codes.SCREEN_USAGE or not meter.supply.closed
            self.asked_pulses = 1 if looked_at else meter.next_pulses()
        return max(1, wait_ms)

    # --- from outside: loaded only by who asks

    def connect(self, wire) -> None:
        """A link to the head-end, by a wire (board/contract.py) or, with None, by who calls it."""
        from shilling.link import Link

        self.link = Link(self, wire, self.board.session())  # type: ignore[assignment]
        self.meter.link = self.link

    def command(self, name: str, value) -> str:
        """An already authorised command; the answer is 'done' or why not."""
        from shilling import outside

        return outside.command(self, name, value)

    def observe(self) -> dict:
        """The observable state; built only when asked."""
        from shilling import outside

        return outside.observe(self)

    def history(self) -> dict:
        """What was used in the past; built only when asked."""
        from shilling import outside

        return outside.history(self)
