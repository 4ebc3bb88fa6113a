"""What somebody elsewhere in the house may wish, without the head-end's authority.

Takes the shell; a code has the checks of a typed one and a lock-out of its own, everything else is only
asked: it is decided at the meter. Source: REMOTE (Home Assistant); DOMAIN 14, S4, E2.
"""

from micropython import const

from shilling import codes
from shilling.topup import TopUp

_QUIET_MS = const(5000)  # since the last press


def top_up(app, digits: bytes) -> int:
    """A code that was typed there: an outcome of codes.py."""
    checks = TopUp(app.meter, app.meter.link_lockout)
    outcome = checks.begin(digits)
    if outcome == codes.CHECKING:
        outcome = checks.finish()
    if outcome == codes.DONE:
        app.buzzer.unmute()
    app.written = True
    return outcome


def ask(app, screen: int) -> None:
    """The display asks: SCREEN_ACCEPT if emergency credit is offered, SCREEN_REST for 'Enable supply?'."""
    menu = app.menu
    if app.answer_ms or menu.screen in (codes.SCREEN_CODE, codes.SCREEN_MESSAGE):
        return  # whoever types is not disturbed
    if menu.awake and menu.idle_ms < _QUIET_MS:
        return  # nor whoever looks, however often somebody asks
    if screen == codes.SCREEN_REST or app.meter.account.is_ec_offered():
        menu.touch(0)
        menu.awake = True
        menu.go(screen)
        app.written = True
