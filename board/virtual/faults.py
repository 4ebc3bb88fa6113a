"""What can break on the bench, and is broken by a test or a scenario: display, bus, clock, counter, relay.

Each method breaks one thing at this instant or mends it; all but `extra` and `miss` last until
mended. Chips by bus address (0x70, 0x71, 0x72 displays; 0x68 clock). Nothing here is known to the
firmware but by its pins and bus. Source: RELIABILITY.md, data sheets of the chips.
"""

CLOCK = 0x68


class Faults:
    """Part of Bench, whose chips it breaks."""

    # Displays and the bus

    def unplug(self, address):
        """A chip is pulled off the bus and loses its supply; a MAX7219 is 0x70 too."""
        chip = self._all_i2c.get(address)
        if chip is None and address == 0x70 and self.displays:
            chip = self.displays[0]  # on SPI
            chip.powered = False
        elif chip is not None:
            self.i2c.pop(address, None)
        else:
            raise ValueError("nothing to unplug")
        chip.lose_power()

    def plug(self, address):
        """It is back, as after power-on (the clock chip has its battery)."""
        if address in self._all_i2c:
            self.i2c[address] = self._all_i2c[address]
            if address == CLOCK:
                self.rtc.get_power()
        else:
            self.displays[0].powered = True

    def silence(self, address, silent=True):
        """A chip does not acknowledge any more and keeps what it has (a display goes on showing)."""
        if silent:
            self.bus.silent.add(address)
        else:
            self.bus.silent.discard(address)

    def hold_line(self, name, clocks=0):
        """"SDA" or "SCL" is held low. clocks: SDA comes free after so many clocks on SCL, as with a
        chip that was cut off while it sent (9 at most); 0: a short circuit, which no clock mends."""
        self.bus.hold(self.pins[name], True, clocks)

    def free_line(self, name):
        """Nobody holds it any more."""
        self.bus.hold(self.pins[name], False)

    # The clock chip (rtc_lose and rtc_step are the bench's)

    def rtc_stop(self):
        """Its crystal stands still, and the stop flag sets itself again however often it is
        cleared, until rtc_start()."""
        self.rtc.stop()

    def rtc_start(self):
        """Its crystal swings again; the stop flag stays until it is cleared from the bus."""
        self.rtc.start()

    def rtc_garble(self, registers=None):
        """Reads give these values for these registers, {register: value}; None: the truth again."""
        self.rtc.garbled = registers or {}

    # The pulse input

    def counter_set(self, value=0):
        """The counter unit has this value from now on (0: something has reset it)."""
        for counter in self.counters:
            counter.set(value)

    def miss(self, pulses):
        """The next so many pulses of the energy meter do not reach the input (a loose wire)."""
        self.load.missing += pulses

    def extra(self, pulses):
        """So many pulses come now that the energy meter did not send (contact bounce, noise)."""
        self.load.add(pulses)

    # The relay

    def weld(self):
        """The contact is welded: closed, and no coil opens it. The auxiliary contact shows it."""
        self.relay.stick(True)

    def jam(self):
        """The contact stays where it is, whatever the coils do."""
        self.relay.stick()

    def free_relay(self):
        """It moves again, when it is next told to."""
        self.relay.free()

    def set_feedback(self, kind):
        """What the auxiliary contact says: "true" (as the contact is), "inverted", "open", "closed",
        "floating" (a broken wire: it changes by itself)."""
        self.relay.set_feedback(kind)
