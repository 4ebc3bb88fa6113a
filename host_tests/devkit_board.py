"""The simulated dev board behind its line: reset and boot button, download mode or the flash's program.

Takes DTR and RTS as a DevKitC wires them (RTS alone holds the chip in reset, DTR alone holds IO0
down) and the line's bytes; runs the ROM loader (devkit_rom.py) or boots the flash (devkit_image.py).
"""

import asyncio

import devkit_image
from devkit_chips import Registers
from devkit_rom import Loader

RESET_TEXT = b"ets Jul 29 2019 12:21:46\r\n\r\nrst:0x1 (POWERON_RESET),boot:0x%x (%s)\r\n"
DOWNLOAD = RESET_TEXT % (0x3, b"DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2)")
RUN = RESET_TEXT % (0x13, b"SPI_FAST_FLASH_BOOT")
WAITING = b"waiting for download\r\n"
RETRY_S = 1  # a board that cannot boot tries again for ever
SETTLE_S = 1  # EN rises slowly; who then still has both lines down wanted no download


class Board:
    """chip: a name of devkit_chips.CHIPS. app: None, or what runs the flash's program."""

    def __init__(self, chip, flash, line, app=None):
        self.registers = Registers(chip, flash.size)
        self.flash, self.line, self.app = flash, line, app
        self.boot_button = False
        self.dtr = self.rts = False
        self.state = "off"
        self.why = ""  # it does not boot
        self.loader = None
        self.timer = None

    # ---- EN and IO0

    def lines(self, dtr, rts):
        """The client moved one of them."""
        was_held = self.rts and not self.dtr
        self.dtr, self.rts = dtr, rts
        if self.state == "off":
            return
        if rts and not dtr:
            self.lose_power()
            self.state = "reset"
        elif was_held and dtr and rts:  # one write later the other line moves too
            self.later(SETTLE_S, self.start)
        elif self.state == "reset":
            self.start()

    def later(self, delay_s, action):
        self.stop_waiting()
        self.timer = asyncio.get_running_loop().call_later(delay_s, action)

    def stop_waiting(self):
        if self.timer:
            self.timer.cancel()
            self.timer = None

    def stop(self):
        """Nothing runs any more; what has its own supply remembers."""
        self.stop_waiting()
        self.loader = None
        if self.app:
            self.app.stop()

    def start(self):
        """Out of reset: IO0 says where to."""
        self.stop()
        if self.boot_button or (self.dtr and not self.rts):
            self.state = "download"
            self.loader = Loader(self.registers, self.flash, self.line.send, self.run)
            self.line.send(DOWNLOAD + WAITING)
        else:
            self.run()

    def run(self):
        """From flash, as long as it is not in order again and again."""
        self.stop()
        self.line.send(RUN)
        try:
            found = devkit_image.start(self.flash, self.registers.chip.boot_offset)
        except devkit_image.CannotBoot as error:
            self.state, self.why = "not booting", error.args[0]
            self.line.send(self.why.encode() + b"\r\n")
            self.later(RETRY_S, self.run)
            return
        self.state, self.why = "running", ""
        if self.app:
            self.app.start(found)

    # ---- the line and the power

    def heard(self, data):
        """Bytes from the client. chip_nor.PowerLoss comes out of a write that is planned to be the last."""
        if self.loader:
            self.loader.feed(data)
        elif self.state == "running" and self.app:
            self.app.heard(data)

    def power_on(self):
        if self.state == "off":
            self.start()

    def lose_power(self):
        """At once, in the middle of whatever it does; what is on the flash stays."""
        self.stop()
        if self.app:
            self.app.power_off()
        self.state = "off"
