"""The classes I2C and SPI of MicroPython's module `machine` on the simulated silicon.

Takes what ports/esp32 of 1.25 takes, as far as a board uses it; pins are given, as a board does.
Source: MicroPython 1.28 documentation, machine.I2C and machine.SPI; ports/esp32/machine_i2c.c and
machine_hw_spi.c.
"""

import chip_max7219
import world


class I2C:
    """The bus with the displays and the clock; on other pins there is nobody."""

    def __init__(self, id, *, scl, sda, freq=400000, timeout=50000):
        silicon = world.current
        if id not in silicon.chip["i2c"]:
            raise ValueError("I2C(%d) doesn't exist" % id)
        self._bus = silicon.bus
        if not self._bus.take(sda.number, scl.number):
            self._bus = silicon.empty_bus(sda.number, scl.number)
        self._bus.hz = freq

    def scan(self):
        """-> the addresses that answer, of 112 that are asked."""
        found = []
        for addr in range(0x08, 0x78):
            try:
                self.writeto(addr, b"")
                found.append(addr)
            except OSError:
                pass
        return found

    def writeto(self, addr, buf, stop=True):
        """-> how many bytes were acknowledged; with none, the address alone."""
        self._bus.begin(addr, len(buf), 1).i2c_write(buf)
        return len(buf)

    def readfrom_into(self, addr, buf, stop=True):
        self._bus.begin(addr, len(buf), 1).i2c_read(buf)

    def readfrom(self, addr, nbytes, stop=True):
        buf = bytearray(nbytes)
        self.readfrom_into(addr, buf)
        return bytes(buf)

    def writeto_mem(self, addr, memaddr, buf):
        chip = self._bus.begin(addr, 1 + len(buf), 1)
        chip.i2c_write(bytes([memaddr]) + bytes(buf))

    def readfrom_mem_into(self, addr, memaddr, buf):
        """One transfer with a second start in it."""
        chip = self._bus.begin(addr, 1 + len(buf), 2)
        chip.i2c_write(bytes([memaddr]))
        chip.i2c_read(buf)

    def readfrom_mem(self, addr, memaddr, nbytes):
        buf = bytearray(nbytes)
        self.readfrom_mem_into(addr, memaddr, buf)
        return bytes(buf)


class SPI:
    """The bus with the MAX7219; chip select is a Pin of its own."""

    MSB, LSB = 0, 1

    def __init__(self, id, baudrate=500000, *, polarity=0, phase=0, bits=8, firstbit=0,
                 sck=None, mosi=None, miso=None):  # fmt: skip
        silicon = self._world = world.current
        if id not in silicon.chip["spi"]:
            raise ValueError("SPI(%d) doesn't exist" % id)
        if bits != 8 or firstbit != SPI.MSB:
            raise ValueError("this bench sends bytes, highest bit first")
        self._hz = baudrate
        self._is_late = polarity != phase
        wires = silicon.pins
        self._display = None
        if sck is not None and mosi is not None and wires["SPI_SCK"] is not None:
            if (sck.number, mosi.number) == (wires["SPI_SCK"], wires["SPI_MOSI"]):
                self._display = silicon.displays[0]
                if baudrate > chip_max7219.MAX_HZ:
                    raise ValueError("a MAX7219 takes 10 MHz at most")

    def write(self, buf):
        """Out on MOSI; nobody answers."""
        silicon = self._world
        silicon.spi_transfers += 1
        silicon.spi_bytes += len(buf)
        silicon.spend_us((8 * len(buf) * 1000000 + self._hz - 1) // self._hz)
        if self._display is not None:
            self._display.spi_write(buf, self._is_late)

    def deinit(self):
        self._display = None
