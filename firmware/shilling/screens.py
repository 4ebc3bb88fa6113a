"""What people read: the full text of each screen, and how it fits the cells of a display.

Takes the meter and the menu, gives texts and pages; a text never depends on the display.
A '.' shares the cell of the glyph before it. Source: DOMAIN 13.
"""

from micropython import const

from shilling import VERSION, calendar, codes
from shilling.units import DAY_S, credit_text, owed_text

LAMP_TEST = "\x7f"  # every segment of a cell
_PAGE_MS = const(4000)
_TITLE_MS = const(2000)  # all pages of a text but the last
_MESSAGE_MS = const(6000)

# Short forms where cutting at the spaces would read badly; capitals are clearest on 14 segments
SHORT = {
    "Accept EmCr": "ACC EmCr",
    "Add credit": "ADD CRED",
    "Enable supply?": "ENABLE?",
    "Supply off": "SUP OFF",
    "Supply on": "SUP ON",
}

MESSAGES = {
    codes.MALFORMED: "Invalid re-enter code",
    codes.WRONG_CHECK_DIGIT: "Invalid re-enter code",
    codes.RESERVED_CLASS: "Invalid re-enter code",
    codes.NOT_AUTHENTIC: "Invalid re-enter code",
    codes.DUPLICATE: "Used already",
    codes.OVER_MAX_CREDIT: "Over limit",
    codes.OVER_MAX_BALANCE: "Over limit",
    codes.TOO_SHORT: "Enter 20 digits",
    codes.HALTED: "Store fault",
    codes.MESSAGE_WAIT: "WAIT",
    codes.MESSAGE_NO_CREDIT: "NO CREDIT",
    codes.MESSAGE_SUPPLY_ON: "Supply on",
}


def texts(meter, menu, done_mp: int) -> list:
    """The full texts of the present screen, shown in turn. `done_mp`: the last code's amount."""
    screen = menu.screen
    if screen == codes.SCREEN_REST:
        return resting(meter)
    if screen == codes.SCREEN_MESSAGE:
        return _message(meter, menu.message, done_mp)
    if screen == codes.SCREEN_CODE:
        return ["Code %d %d" % (menu.position + 1, menu.digits[menu.position])]
    if screen == codes.SCREEN_ACCEPT:
        return ["Accept EmCr"]
    if screen == codes.SCREEN_ADD_CREDIT:
        return ["Add credit"]
    if screen == codes.SCREEN_USAGE:
        return ["Today " + owed_text(meter.today.cost_mp), _power(meter)]
    if screen == codes.SCREEN_RATE:
        pence = -(-meter.config.rate_mp // 10)  # hundredths of a penny
        return ["Rate %d.%02dp" % (pence // 100, pence % 100)]
    if screen == codes.SCREEN_DEBT:
        return ["Debt " + owed_text(meter.account.debt_mp())]
    if screen == codes.SCREEN_REGISTER:
        return [meter.energy.text()]
    if screen == codes.SCREEN_ALERT_LEVEL:
        return ["Alert " + credit_text(meter.config.low_credit_mp)]
    if screen == codes.SCREEN_BALANCE:
        return [_balance(meter)]
    return _status(meter)


def resting(meter) -> list:
    """What the meter shows by itself."""
    state = meter.supply.state
    account = meter.account
    if meter.halted:
        return ["Store fault" if meter.is_set_up else "Not set up"]
    if state == codes.ARMED:
        return ["Enable supply?"]
    if state == codes.REMOTE_OFF:
        return ["Supply off"]
    if state == codes.DISABLED:
        return ["Supply off", "Need " + owed_text(_need_mp(meter))]
    if not meter.supply.closed:
        return ["Wait " + _wait(meter)]
    ec = account.ec_state()
    if ec < codes.EC_IN_USE or account.balance_mp > 0:
        return [_balance(meter)]
    friendly = " F" if meter.is_suspended() else ""
    shown = [
        "EmCr " + credit_text(account.ec_left_mp()) + friendly,
        "Owed " + owed_text(account.ec_owed_mp()) + friendly,
    ]
    if ec == codes.EC_EXHAUSTED and account.balance_mp < 0:
        shown.append(_balance(meter))
    return shown


def _balance(meter) -> str:
    account = meter.account
    text = "Credit " + credit_text(account.balance_mp)
    if account.balance_mp < meter.config.low_credit_mp:
        text += " LOW"
    return text + " F" if meter.is_suspended() else text


def _need_mp(meter) -> int:
    """S8, but never less than the vending minimum."""
    return max(meter.debt.owed_to_restore_mp(meter.week()), meter.config.min_vend_mp)


def _wait(meter) -> str:
    """Until the contact may follow: the rest of its minute, or the next day (S9)."""
    if meter.supply.rest_ms:
        return "%ds" % ((meter.supply.rest_ms + 999) // 1000)
    return "%dh" % ((DAY_S - meter.clock.second() + 3599) // 3600)


def _power(meter) -> str:
    watts = meter.power.now_w(meter.config.imp_per_kwh) if meter.supply.closed else 0
    hourly = owed_text(meter.tariff.hourly_mp(watts))
    return "%d.%02d kW %s/h" % (watts // 1000, watts % 1000 // 10, hourly)


def _message(meter, message: int, done_mp: int) -> list:
    if message == codes.DONE:
        return ["DONE " + credit_text(done_mp)]
    if message == codes.MESSAGE_EC_ACCEPTED:
        return ["EmCr " + credit_text(meter.account.ec_left_mp())]
    if message == codes.LOCKED:
        return ["Locked %d min" % meter.lockout.minutes_left()]
    shown = [MESSAGES[message]]
    if message == codes.NOT_AUTHENTIC and meter.lockout.is_locked():
        shown.append("Locked %d min" % meter.lockout.minutes_left())
    return shown


def _status(meter) -> list:
    clock = meter.clock
    time = "--:--"
    if clock.is_trusted():
        local_s = calendar.local_second(clock.day, clock.second())
        time = "%02d:%02d" % (local_s // 3600, local_s // 60 % 60)
    shown = [
        time,
        "Clock " + codes.CLOCK_NAMES[clock.trust],
        "Id " + "".join(["%02X" % byte for byte in meter.config.meter_id]),
        "Link none",
        "Version " + VERSION,
    ]
    if meter.alerts:
        shown.append("Last %04X" % meter.alerts[-1])
    return shown


def width(text: str) -> int:
    """Cells the text takes."""
    cells = 0
    has_dot = True  # a dot that leads, or follows a dot, has a cell of its own
    for glyph in text:
        if glyph == "." and not has_dot:
            has_dot = True
        else:
            cells += 1
            has_dot = glyph == "."
    return cells


def pages(text: str, cells: int) -> list:
    """The text as it is, in its short form, or cut into pages at its spaces."""
    if width(text) <= cells:
        return [text]
    for short in _short_forms(text):
        if width(short) <= cells:
            return [short]
    shown = [""]
    for word in text.split(" "):
        longer = shown[-1] + " " + word if shown[-1] else word
        if width(longer) <= cells:
            shown[-1] = longer
            continue
        if shown[-1]:
            shown.append("")
        while width(word) > cells:  # a meter id
            shown[-1] = word[:cells]
            shown.append("")
            word = word[cells:]
        shown[-1] = word
    return shown


def _short_forms(text: str) -> list:
    if text in SHORT:
        return [SHORT[text]]
    title, _, value = text.partition(" ")
    if title == "Credit":  # on its own an amount is the balance; F says more than LOW
        bare = value.replace(" LOW F", " F")
        plain = bare.replace("£", "")
        return [bare, plain, plain.replace(" ", "")]
    if title in ("EmCr", "Owed", "Need"):
        plain = value.replace("£", "").replace(" ", "")
        return [(title if title == "EmCr" else title.upper()) + plain]
    if title == "Code":
        place, _, digit = value.partition(" ")
        return ["%02d %s" % (int(place), digit)]
    return []


class Pager:
    """Which text, and which page of it, `shown_ms` after the screen came."""

    def __init__(self, cells: int) -> None:
        self.cells = cells
        self.text = ""
        self.page = ""
        self.left_ms = 0  # until the next page; 0: there is only one

    def turn(self, shown: list, shown_ms: int) -> None:
        """Choose the text and page; no more than one text of one page needs no turning."""
        fitted = [pages(text, self.cells) for text in shown]
        cycle_ms = 0
        for cut in fitted:
            cycle_ms += _TITLE_MS * (len(cut) - 1) + _PAGE_MS
        at_ms = shown_ms % cycle_ms
        for number in range(len(shown)):
            cut = fitted[number]
            for page in cut:
                lasts_ms = _PAGE_MS if page is cut[-1] else _TITLE_MS
                if at_ms < lasts_ms:
                    self.text = shown[number]
                    self.page = page
                    self.left_ms = 0 if cycle_ms == _PAGE_MS else lasts_ms - at_ms
                    return
                at_ms -= lasts_ms


def message_ms(shown: list, cells: int) -> int:
    """How long a message stays: each of its pages once, 6 s at least."""
    total_ms = 0
    for text in shown:
        total_ms += _TITLE_MS * (len(pages(text, cells)) - 1) + _PAGE_MS
    return max(_MESSAGE_MS, total_ms)
