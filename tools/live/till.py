"""The shop's till: sells top-ups for the one meter of `shilling run`, each with a new counter.

Takes an amount as a person types it; gives the receipt as a dict of texts. The last counter is
kept in a file, written before the receipt is given out, so that no code is ever sold twice.
"""

import os

from tools.errors import UserError
from tools.utrn_vend import VendError, amount_of, fit, keys_of, make_code, pounds
from tools.vend import grouped


def replace_file(path, text):
    """Write a small file so that a crash leaves the old text or the new one."""
    new = path.with_suffix(".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


class Till:
    """A till whose roll of receipts is numbered in `path`."""

    def __init__(self, path):
        self.path = path
        self.keys = keys_of({})

    def last_counter(self):
        """The counter of the last code sold, 0 at first."""
        if not self.path.exists():
            return 0
        text = self.path.read_text(encoding="utf-8").strip()
        if not text.isdecimal():
            raise UserError(f"{self.path} does not hold a number; shilling run --fresh mends it")
        return int(text)

    def sell(self, typed, when, symbol):
        """The receipt for an amount in the meter's currency, dated `when`; VendError says why there
        is none. A code carries hundredths whatever they are called."""
        try:
            pence = amount_of(typed.strip().removeprefix(symbol))
            value_class, value = fit(pence)
        except VendError as error:
            raise VendError(str(error).replace("£", symbol)) from error
        counter = self.last_counter() + 1
        replace_file(self.path, f"{counter}\n")
        return {
            "amount": pounds(pence).replace("£", symbol),
            "meter": self.keys.meter.hex().upper(),
            "time": when,
            "number": str(counter),
            "code": grouped(make_code(self.keys, counter, value_class, value)),
        }
