"""The shell: reads the board, lets the core decide, writes the ledger, then acts.

That order lives here and nowhere else. Power lost
  before the record is whole: it never happened, nothing was shown or switched;
  after the record, before the act: the next start finds it and restates relay and display.
Takes a board (board/contract.py). Source: RELIABILITY 3, ARCHITECTURE.
"""

from micropython import const

from shilling import codes, commands, ihd, outside, screens
from shilling.buttons import Buttons
from shilling.buzzer import Buzzer
from shilling.ledger import BLANK, OPENED, Ledger
from shilling.menu import Menu
from shilling.meter import Meter
from shilling.pager import Pager, message_ms
from shilling.residue import Residue
from shilling.topup import TopUp

_ALERT_KEY_STUCK = const(0xF001)
_ANSWER_MS = const(500)  # WAIT is seen so long, whatever the answer
_DENSE_MS = const(20)  # polls this close know the instant of a pulse
_MANY_PULSES = const(0x0FFFFFFF)  # more than ever come: no pulse is waited for
_REFRESH_MS = const(1000)  # of live values while somebody looks


class App:
    """One meter on one board."""

    def __init__(self, board) -> None:
        self.board = board
        self.meter = Meter()
        self.top_up = TopUp(self.meter)
        self.buttons = Buttons()
        self.menu = Menu(self.meter.config)
        self.pager = Pager(board.cells)
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
        self.done_mp = 0  # amount of the last code
        self.buzzer = Buzzer()
        self.answer_ms = 0  # left of WAIT
        self.shown_ms = 0  # since the text was made
        self.mode = -1  # of supply and emergency credit, as last shown
        self._read_rtc()
        self.meter.was_protected = self.meter.is_protected()  # what pulses come first belong to now
        self._count_residue()
        self._restate_relay()

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
        self._operate_relay()
        board.buzz(self.buzzer.sounds(meter, elapsed_ms))
        self._show(turned, elapsed_ms)
        if pulses or self.written:
            self.residue.keep(self.ledger.head, meter.uncommitted)
        # never idle, or much to catch up with: still no erase in a commit
        if not self.written or not self.ledger.ready or meter.schedule.owes():
            self.ledger.prepare()
        self.written = False
        return self._wait_ms()

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

    def _restate_relay(self) -> None:
        """A bistable relay remembers: at the start only a contact that disagrees is told again."""
        self.board.led(self.meter.supply.closed == 1)
        if self.opened == OPENED and self.board.contact() != self.meter.supply.closed:
            self.board.relay(self.meter.supply.closed == 1)

    def _operate_relay(self) -> None:
        supply = self.meter.supply
        if self.meter.halted or not supply.may_operate(self.meter.clock.day):
            return
        self.meter.commit_use()  # first: a checkpoint that it opens must not hold half of this event
        supply.operate(self.meter.clock.day)
        self.meter.record_supply()
        if not self.meter.halted:
            self.board.relay(supply.closed == 1)
            self.board.led(supply.closed == 1)

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
        self.done_mp = self.top_up.code.amount_mp
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
        """Answers to a code that was not credited lead back to the code."""
        back = message <= codes.TOO_SHORT and message != codes.DONE
        self.menu.tell(message, codes.SCREEN_CODE if back else codes.SCREEN_REST, 0)
        shown = screens.texts(self.meter, self.menu, self.done_mp)
        self.menu.message_ms = message_ms(shown, self.board.cells)
        self.written = True

    # --- what is seen and heard

    def _show(self, turned: bool, elapsed_ms: int) -> None:
        pager = self.pager
        menu = self.menu
        mode = self.meter.supply.state << 3 | self.meter.account.ec_state()
        if mode != self.mode:  # other texts to show: from the first one on
            self.mode = mode
            menu.rest_anew()
            turned = True
        if menu.lamp_ms:
            self.board.show(screens.LAMP_TEST * self.board.cells)
            pager.left_ms = 0
            return
        if pager.left_ms:
            pager.left_ms -= elapsed_ms
            turned = turned or pager.left_ms <= 0
        self.shown_ms += elapsed_ms
        if menu.screen != codes.SCREEN_REST or self._is_counting():
            turned = turned or self.shown_ms >= _REFRESH_MS
        if turned or self.written:
            self.shown_ms = 0
            pager.turn(screens.texts(self.meter, menu, self.done_mp), menu.shown_ms)
            self.board.show(pager.page)
            self.board.dim(not menu.awake)

    def _is_counting(self) -> bool:
        """The resting screen counts seconds: 'Wait 40s'."""
        return self.meter.supply.wants_closed() > self.meter.supply.closed

    # --- when to look again

    def _wait_ms(self) -> int:
        meter = self.meter
        wait_ms = min(meter.next_ms(), self.menu.next_ms())
        wait_ms = min(wait_ms, self.buttons.next_ms())
        wait_ms = min(wait_ms, meter.clock.next_reading_ms())
        if self.pager.left_ms:
            wait_ms = min(wait_ms, self.pager.left_ms)
        if self.answer_ms:
            wait_ms = min(wait_ms, self.answer_ms)
        if self.menu.screen != codes.SCREEN_REST or self._is_counting():
            wait_ms = min(wait_ms, _REFRESH_MS - self.shown_ms)
        wait_ms = min(wait_ms, self.buzzer.next_ms())
        self.asked_pulses = _MANY_PULSES
        if meter.supply.closed and not meter.halted:
            looked_at = self.menu.screen == codes.SCREEN_USAGE
            self.asked_pulses = 1 if looked_at else meter.next_pulses()
        return max(1, wait_ms)

    # --- from outside

    def command(self, name: str, value) -> str:
        """An already authorised command; the answer is 'done' or why not."""
        return outside.command(self, name, value)

    def observe(self) -> dict:
        """The observable state; built only when asked."""
        return outside.observe(self)

    def history(self) -> dict:
        """What was used in the past; built only when asked."""
        return outside.history(self)
