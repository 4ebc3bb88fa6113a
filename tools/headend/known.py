"""Which meters a head-end serves: those whose keys are in the folder, found again while it runs.

Takes a way to find keys; makes meters known to the HeadEnd and gives the broker their passwords.
"""

import sys

from tools import keys as keys_of_meters
from tools.errors import UserError
from tools.utrn_vend import PUBLIC_TEST_KEYS, keys_of


class Meters:
    """`also`: {meter_hex: Keys} beside those of the folder, which may be None."""

    def __init__(self, folder, also):
        self.folder, self.also = folder, also
        self.added, self.bad = set(), set()
        self.is_news = False  # for the broker, which has not been told yet

    def find(self, meter_hex):
        """Its Keys, or None."""
        if meter_hex in self.also or self.folder is None:
            return self.also.get(meter_hex)
        return keys_of_meters.find(self.folder, meter_hex)

    def _found(self, meter_hex):
        """As find(); a file that is none is said once, and the other meters go on."""
        try:
            return self.find(meter_hex)
        except UserError as error:
            if meter_hex not in self.bad:
                self.bad.add(meter_hex)
                print(f"shilling: {error}", file=sys.stderr, flush=True)
            return None

    def ids(self):
        return [*self.also, *(keys_of_meters.known(self.folder) if self.folder else ())]

    def look(self, headend, rights, now):
        """Make new ones known; is_news says whether the broker must be told."""
        for meter_hex in self.ids():
            if meter_hex not in self.added and self._found(meter_hex):
                headend.add_meter(meter_hex, now)
                self.added.add(meter_hex)
        with headend.reading() as session:
            known = headend.meter_ids(session)
        found = {meter_hex: self._found(meter_hex) for meter_hex in known}
        if rights.set_meters({meter: keys for meter, keys in found.items() if keys}):
            self.is_news = True


def test_keys():
    """{meter_hex: Keys} of the public test set, for those who try things out."""
    return {PUBLIC_TEST_KEYS["meter"]: keys_of({})}
