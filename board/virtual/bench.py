"""What is around the processor: which chip is on which pin or bus address, and what is seen.

Takes pin levels and finger moves; gives pin levels, the lit cells, the contact, buzzer and lights.
A World is a bench with time. Source: wiring.py, a second writing of the wiring table of
board/README.md, so that a board file with a wrong number sees nothing move.
"""

import segments7
import wiring
from bus_i2c import Bus
from chip_ds3231 import DS3231
from chip_ht16k33 import HT16K33
from chip_key import Key
from chip_load import Load
from chip_max7219 import MAX7219
from chip_nor import Nor
from chip_relay import LatchingRelay, PlainRelay
from faults import Faults
from segments import DOT, decode

# Of the default bench, for whoever needs no other
SDA, SCL = 21, 22
RELAY_SET, RELAY_RESET, FEEDBACK = 25, 26, 35
COILS = (RELAY_SET, RELAY_RESET)
DISPLAY_LEFT, DISPLAY_RIGHT, CLOCK = 0x70, 0x71, 0x68
PINS = 40
FLASH_SIZE = 512 * 1024


class Bench(Faults):
    """Needs t_ms, utc() and at() of World, which it is a part of."""

    def __init__(self, imp_per_kwh, closed, flash, board="esp32", display="ht16k33-8",
                 relay="latching", clock="ds3231", feedback=True, pins=None, bare=False):  # fmt: skip
        """closed: contact position; flash: the bytes of the partition ledger, None = erased.
        board, display, relay, clock, feedback as in board.json; pins: {wire: GPIO} that differ;
        bare: no chip on any bus, and every input reads 0, as on an emulated processor."""
        self.is_bare = bare
        self.board = board
        self.chip = wiring.CHIPS[board]
        self.pins = wiring.table(board, display, relay, feedback, pins)
        self.levels = bytearray(PINS)
        self._pulls = bytearray(PINS)
        self.risky_pins = set()  # set up by the firmware, though they decide how the chip starts
        self.counters = []
        self.load = Load(self, imp_per_kwh)
        self._inputs, self._outputs = {}, {}
        self._place_relay(relay, closed)
        self.load.contact(self.relay.closed)
        self.keys = {}
        for name, pin in zip(wiring.KEY_NAMES, self.pins["KEYS"]):
            if pin is not None:
                self.keys[name] = self._inputs[pin] = Key(self, pin)
        self._place_chips(display, clock)
        self.flash = Nor(bytearray(b"\xff" * FLASH_SIZE) if flash is None else flash)
        self.reset_pins()

    def _place_relay(self, kind, closed):
        wires = self.pins
        feedback = wires["FEEDBACK"]
        if kind == "latching":
            coils = (wires["RELAY_SET"], wires["RELAY_RESET"])
            self.relay = LatchingRelay(self, coils[0], coils[1], feedback, closed)
        else:
            coils = (wires["RELAY"],)
            self.relay = PlainRelay(self, coils[0], feedback)
        for pin in coils:
            self._outputs[pin] = self.relay
        if feedback is not None:
            self._inputs[feedback] = self.relay

    def _place_chips(self, display, clock):
        addresses = wiring.DISPLAYS[display]
        self.displays = tuple([HT16K33() for _ in addresses]) or (MAX7219(),)
        self._decode = decode if addresses else segments7.decode
        self.rtc = DS3231(self)
        self._all_i2c = {} if clock == "ntp" else {wiring.CLOCK: self.rtc}
        for address, chip in zip(addresses, self.displays):
            self._all_i2c[address] = chip
        self.i2c = {} if self.is_bare else dict(self._all_i2c)  # those that are plugged in
        self.bus = Bus(self, self.i2c, self.pins["SDA"], self.pins["SCL"], self.is_bare)
        self._inputs.update(self.bus.lines)
        self.spi_transfers = self.spi_bytes = 0
        if not addresses:
            self._outputs[self.pins["SPI_CS"]] = self.displays[0]

    def empty_bus(self, sda, scl):
        """-> a bus on two other pins: the chip's pull-ups, and nobody."""
        bus = Bus(self, {}, sda, scl, self.is_bare)
        bus.take(sda, scl)
        return bus

    # What a person or a test does; what can break is in faults.py

    def set_load(self, watts):
        """The house draws `watts` from now on; the pulse phase starts at zero."""
        self.load.set_watts(watts)

    def press(self, key):
        """A finger goes down on a key of wiring.KEY_NAMES; the contact bounces for 8 ms."""
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
        """-> the lit segments of each cell. 14 segments: bit 0 = a .. bit 13 = n; 7 segments: bit 0
        = a .. bit 6 = g; the dot is bit 14 of both."""
        lit = []
        for display in self.displays:
            lit += display.cells()
        return lit

    def text(self):
        """-> what the cells read as (segments.py, segments7.py), without blanks at the end and
        without the mark of board/contract.py, which is no text."""
        lit = self.cells()
        if self._is_marked(lit):
            lit[-1] &= ~DOT
        return self._decode(lit)

    def marked(self):
        """-> the dot of the last cell is lit: a development variant, or the lab port is on."""
        return self._is_marked(self.cells())

    def _is_marked(self, lit):
        return bool(lit[-1] & DOT) and lit != [lit[-1]] * len(lit)  # not the lamp test

    def _lights(self, wire):
        pin = self.pins[wire]
        return pin is not None and bool(self.levels[pin])

    contact_closed = property(lambda self: self.relay.closed)
    relay_operations = property(lambda self: self.relay.operations)
    coil_faults = property(lambda self: self.relay.coil_faults)
    buzzer = property(lambda self: self._lights("BUZZER"))
    supply_led = property(lambda self: self._lights("SUPPLY_LED"))
    test_led = property(lambda self: self._lights("TEST_LED"))

    # The wires between processor and chips

    def setup_pin(self, pin, pull):
        """A pin is configured, with a pull (1 down, 2 up, 0 none)."""
        self._pulls[pin] = pull
        self.sense(pin)

    def sense(self, pin):
        """An input's level is looked at again."""
        chip = self._inputs.get(pin)
        if chip is not None and not self.is_bare:
            self.levels[pin] = chip.level(self._pulls[pin])

    def write_pin(self, pin, level):
        """An output's level; the relay feels its coils, the MAX7219 its LOAD."""
        if self.levels[pin] != level:
            self.levels[pin] = level
            chip = self._outputs.get(pin)
            if chip is not None:
                chip.pin_changed(pin, level)

    def reset_pins(self):
        """All pins become inputs without pulls; resistors outside keep the outputs' wires low."""
        self.load.on_pulse = None
        del self.counters[:]
        self.bus.let_go()
        for pin in range(PINS):
            if pin not in self.bus.lines:
                self.write_pin(pin, 0)
            self.setup_pin(pin, 0)
