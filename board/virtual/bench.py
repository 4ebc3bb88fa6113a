"""What is around the processor: which chip is on which pin or bus address, and what is seen.

Takes pin levels and finger moves; gives pin levels, the lit cells, the contact, buzzer and lights.
A World is a bench with time. Source: the wiring table of board/README.md, written a second time
here, so that a board file with a wrong number sees nothing move.
"""

from chip_ds3231 import DS3231
from chip_ht16k33 import HT16K33
from chip_key import Key
from chip_load import Load
from chip_nor import Nor
from chip_relay import LatchingRelay
from segments import decode

SDA, SCL = 21, 22
KEY_PINS = (("A", 32), ("B", 33), ("left", 18), ("right", 19), ("ok", 23), ("return", 4))
RELAY_SET, RELAY_RESET, FEEDBACK = 25, 26, 35
COILS = (RELAY_SET, RELAY_RESET)
PULSE, BUZZER, SUPPLY_LED, TEST_LED = 34, 27, 14, 13
DISPLAY_LEFT, DISPLAY_RIGHT, CLOCK = 0x70, 0x71, 0x68
PINS = 40
FLASH_SIZE = 512 * 1024


class Bench:
    """Needs t_ms, utc() and at() of World, which it is a part of."""

    def __init__(self, imp_per_kwh, closed, flash):
        """closed: contact position; flash: the bytes of the partition ledger, None = erased."""
        self.levels = bytearray(PINS)
        self._pulls = bytearray(PINS)
        self.load = Load(self, imp_per_kwh)
        self.relay = LatchingRelay(self, RELAY_SET, RELAY_RESET, FEEDBACK, closed)
        self.load.contact(closed)
        self.keys = {name: Key(self, pin) for name, pin in KEY_PINS}
        self.rtc = DS3231(self)
        self.displays = (HT16K33(), HT16K33())
        self.i2c = {CLOCK: self.rtc}
        self.i2c[DISPLAY_LEFT], self.i2c[DISPLAY_RIGHT] = self.displays
        self.flash = Nor(bytearray(b"\xff" * FLASH_SIZE) if flash is None else flash)
        self._inputs = {key.pin: key for key in self.keys.values()}
        self._inputs[FEEDBACK] = self.relay
        self.reset_pins()

    # What a person or a test does

    def set_load(self, watts):
        """The house draws `watts` from now on; the pulse phase starts at zero."""
        self.load.set_watts(watts)

    def press(self, key):
        """A finger goes down on a key of KEY_PINS; the contact bounces for 8 ms."""
        self.keys[key].move(True)

    def release(self, key):
        """The finger leaves; the contact bounces for 8 ms."""
        self.keys[key].move(False)

    def rtc_lose(self):
        """The clock chip forgets: stop flag set, time 2000-01-01."""
        self.rtc.lose()

    def rtc_step(self, seconds):
        """The clock chip goes on from a time that is this much later (or earlier)."""
        self.rtc.step(seconds)

    # What a person or a test sees

    def cells(self):
        """-> the lit segments of each of the 8 cells, bit 0 = a .. bit 13 = n, bit 14 = dot."""
        return self.displays[0].cells() + self.displays[1].cells()

    def text(self):
        """-> what the cells read as (segments.py), without blanks at the end."""
        return decode(self.cells())

    contact_closed = property(lambda self: self.relay.closed)
    relay_operations = property(lambda self: self.relay.operations)
    coil_faults = property(lambda self: self.relay.coil_faults)
    buzzer = property(lambda self: bool(self.levels[BUZZER]))
    supply_led = property(lambda self: bool(self.levels[SUPPLY_LED]))
    test_led = property(lambda self: bool(self.levels[TEST_LED]))

    # The wires between processor and chips

    def setup_pin(self, pin, pull):
        """A pin is configured, with a pull (1 down, 2 up, 0 none)."""
        self._pulls[pin] = pull
        self.sense(pin)

    def sense(self, pin):
        """An input's level is looked at again."""
        chip = self._inputs.get(pin)
        if chip is not None:
            self.levels[pin] = chip.level(self._pulls[pin])

    def write_pin(self, pin, level):
        """An output's level; the relay feels its coils."""
        if self.levels[pin] != level:
            self.levels[pin] = level
            if pin in COILS:
                self.relay.coil_changed(level)

    def reset_pins(self):
        """All pins become inputs without pulls; resistors outside keep the outputs' wires low."""
        self.load.on_pulse = None
        for pin in range(PINS):
            self.write_pin(pin, 0)
            self.setup_pin(pin, 0)
