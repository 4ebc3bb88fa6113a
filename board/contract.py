"""What the shell (shilling/app.py) asks of a board: these attributes and methods, nothing else.

board/esp32 keeps it on the chip; host_tests/test_board_contract.py holds every board to it. Nothing
here blocks or takes from the heap unless it says so. Levels are 0 and 1, time is ms or UTC as (day
since 2000-01-01, second of day).
"""


class Store:
    """The raw `ledger` partition: NOR flash, where programming only clears bits."""

    size = 0  # bytes
    sector = 0  # bytes that are erased together

    def read(self, addr: int, buf: bytearray) -> None:
        """Fill buf with the bytes from addr on."""

    def program(self, addr: int, buf: bytes) -> None:
        """Clear the bits that are 0 in buf. Blocks for about 1 ms; nothing is erased."""

    def erase(self, sector: int) -> None:
        """Set a sector (its index) to 0xFF. Blocks for 45 to 400 ms."""


class Files:
    """A folder of ordinary files. What is missing, full or broken raises OSError."""

    def names(self) -> list:
        """The names of all files."""
        return []

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return 0

    def read(self, name: str, at: int, buf: bytearray) -> None:
        """Fill buf with the file's bytes from there on, as far as it has some."""

    def write(self, name: str, at: int, data: bytes) -> None:
        """Put data there; at 0, or where there is no such file, into a new one. Blocks for 0.1 s; a
        power cut may leave a part of it."""

    def remove(self, name: str) -> None:
        """If it is there."""


class Board:
    """Made without arguments; drives the relay's pins low before anything else. Raises an error
    that says what to do when board.json is wrong (no pin is touched) or there is no ledger."""

    cells = 0  # of the display
    rtc_day = 0  # of the last good rtc_read()
    rtc_second = 0
    store: Store
    files: Files | None  # of the link's log; made by who asks for it, once. Takes from the heap
    notes: list  # what is missing or wrong, as texts, for as long as it is so; always the same list
    remembers = True  # a reset leaves the relay's contact where it was
    lab = False  # the lab port is wanted
    wire = None  # None: no head-end; or an object with tend(link, elapsed_ms), to be called in each poll
    mark = 0  # in the last cell: 1 development, its dot is lit; 2 the lab port is on, its dot blinks

    def elapsed_ms(self) -> int:
        """ms since the last call, 0 at first. To be called once in 6 days at least, and in each poll:
        here the mark blinks and a display that came back is told what to show."""
        return 0

    def idle(self, wait_ms: int, pulses: int) -> None:
        """Wait for wait_ms at most. May return earlier: a key moved, or so many pulses came.
        The chip returns each 5 ms; simulated silicon jumps its clock."""

    def pulses(self) -> int:
        """Pulses of the energy input since the last call; also blinks the test LED."""
        return 0

    def keys(self) -> int:
        """Raw levels, not debounced, 1 = down: bit 0 = A, then B, and left, right, ok, return of the
        in-home display, which are 0 where there is none."""
        return 0

    def rtc_read(self) -> int:
        """0: rtc_day and rtc_second are set; 1: the clock had stopped; 2: it does not answer.
        Blocks for the bus, 1 ms."""
        return 0

    def rtc_set(self, day: int, second: int) -> bool:
        """Set the clock chip and clear its stop flag. False: it did not answer."""
        return True

    def show(self, text: str) -> bool:
        """At most `cells` glyphs; '.' shares the cell before it; '\\x7f' lights a whole cell; an
        unknown glyph is blank. Blocks for the bus, and only when the text changed. May take from
        the heap. False: a part of the display did not answer; it is asked again each second."""
        return True

    def dim(self, on: bool) -> None:
        """Low brightness while nobody looks, or normal."""

    def relay(self, closed: bool) -> None:
        """One pulse on one coil, never both: blocks for 100 ms, and till 1 s after the last. A plain
        relay takes its level at once."""

    def contact(self) -> int:
        """The feedback: 1 the contact is closed, 0 it is open, -1 there is none."""
        return 0

    def buzz(self, on: bool) -> None:
        """The buzzer."""

    def led(self, on: bool) -> None:
        """The supply LED."""

    def residue_write(self, buf: bytes) -> None:
        """Keep 16 bytes where a watchdog reset does not clear them; a power cut may. No copy of
        them is on flash."""

    def residue_read(self, buf: bytearray) -> bool:
        """Fill buf with what was kept. False: there is nothing. May take from the heap."""
        return False

    def session(self) -> int:
        """A random number of this start, 1..2**32 - 1. Takes from the heap."""
        return 1

    def feed(self) -> None:
        """Feed the watchdog; the first call starts it, for good. 10 s without is a reset."""
