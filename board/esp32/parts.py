"""What this board is made of: the default, or what board.json on its disk says.

Takes the file's path; gives Parts, where each signal has its GPIO number. A file that is wrong
raises BoardError, one sentence a fault, before any pin is touched. The checks are in board_file.py,
which leaves the memory again.
"""

import sys

FILE = "/board.json"
ESP32, C3 = "esp32", "esp32c3"
# As MicroPython names the hardware: '... with ESP32C3'; "" where that says nothing
MACHINE = getattr(sys.implementation, "_machine", "")
_NO_FILE = (2, 19)  # ENOENT, and ENODEV: there is no disk at all


class BoardError(Exception):
    """board.json cannot be followed; the text says why and what to do."""


class Parts:
    """The default parts of a chip; board_file.py changes what the file names."""

    def __init__(self, chip: str) -> None:
        self.numbers = numbers_of(chip)
        self.chip = chip
        self.moved: dict = {}  # signal -> GPIO number, or None: absent
        self.display = "ht16k33-8"
        self.relay = "latching"
        self.pulse_ms = 100
        self.feedback = True
        self.clock = "ds3231"
        self.wifi: dict | None = None
        self.mqtt: dict | None = None
        self.lab = False

    def pin(self, signal: str):
        """The GPIO number of a signal, those of KEYS; None: there is no such part."""
        if signal in self.moved:
            return self.moved[signal]
        return getattr(self.numbers, signal)


def numbers_of(chip):
    """-> the module with the chip's default numbers."""
    if chip == C3:
        import pins_c3

        return pins_c3
    import pins

    return pins


def chip_here() -> str:
    """The chip this runs on; "" where nothing says so."""
    name = MACHINE.split(" with ")[-1].lower()
    return name if name in (ESP32, C3) else ""


def load(path: str = "") -> Parts:
    """The board as its file says; without a file the default one."""
    try:
        with open(path or FILE) as file:
            text = "".join(file)
    except OSError as fault:
        if fault.args[0] in _NO_FILE:
            return Parts(chip_here() or ESP32)
        raise BoardError("board.json cannot be read: copy it to the board again.")
    import board_file

    try:
        return board_file.parts_of(text, chip_here())
    finally:
        del sys.modules["board_file"]
