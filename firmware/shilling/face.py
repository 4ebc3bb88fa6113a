"""What the display shows when: a new text, the next page, or a live value once a second.

Takes the meter, the menu and the board; gives texts to the board, and ms until it has to look again.
Nothing here decides anything but what is seen. Source: DOMAIN 13.
"""

from micropython import const

from shilling import codes, screens
from shilling.pager import Pager, message_ms

_REFRESH_MS = const(1000)  # of live values while somebody looks


class Face:
    """`done_mp`: the amount of the last code, which its message tells."""

    def __init__(self, board, meter, menu) -> None:
        self._board = board
        self._meter = meter
        self._menu = menu
        self.pager = Pager(board.cells)
        self._shown_ms = 0  # since the text was made
        self._mode = -1  # of supply and emergency credit, as last shown
        self.done_mp = 0

    def tell(self, message: int) -> None:
        """Answers to a code that was not credited lead back to the code."""
        menu = self._menu
        back = message <= codes.TOO_SHORT and message != codes.DONE
        menu.tell(message, codes.SCREEN_CODE if back else codes.SCREEN_REST, 0)
        shown = screens.texts(self._meter, menu, self.done_mp)
        menu.message_ms = message_ms(shown, self._board.cells)

    def show(self, turned: bool, elapsed_ms: int) -> None:
        """turned: what is shown may have changed."""
        pager = self.pager
        menu = self._menu
        mode = self._meter.supply.state << 3 | self._meter.account.ec_state()
        if mode != self._mode:  # other texts to show: from the first one on
            self._mode = mode
            menu.rest_anew()
            turned = True
        if menu.lamp_ms:
            self._board.show(screens.LAMP_TEST * self._board.cells)
            pager.left_ms = 0
            return
        if pager.left_ms:
            pager.left_ms -= elapsed_ms
            turned = turned or pager.left_ms <= 0
        self._shown_ms += elapsed_ms
        if turned or (self._is_live() and self._shown_ms >= _REFRESH_MS):
            self._shown_ms = 0
            pager.turn(screens.texts(self._meter, menu, self.done_mp), menu.shown_ms)
            self._board.show(pager.page)
            self._board.dim(not menu.awake)

    def next_ms(self, wait_ms: int) -> int:
        """Until the next look, wait_ms at most."""
        if self.pager.left_ms:
            wait_ms = min(wait_ms, self.pager.left_ms)
        if self._is_live():
            wait_ms = min(wait_ms, _REFRESH_MS - self._shown_ms)
        return wait_ms

    def _is_live(self) -> bool:
        """Somebody looks, or the resting screen counts seconds: 'Wait 40s'."""
        supply = self._meter.supply
        return self._menu.screen != codes.SCREEN_REST or supply.wants_closed() > supply.closed
