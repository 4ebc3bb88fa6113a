"""Tries the parts of the board one by one, from the prompt: `import selftest`, `t = selftest.Test()`.

Nothing of a running meter is needed, and nothing is written to the ledger. Waits are board.idle(), in ms.
`shilling selftest` calls it and judges; each method gives plain values. Only relay() moves the contact.
"""

from esp32_board import Board

ALL = "\x7f"  # every segment of a cell
STABLE_MS = 30  # a key counts when it was so for this long


class Test:
    """One board being tried. Takes a Board, or makes one."""

    def __init__(self, board=None) -> None:
        self.board = board or Board()
        self.board.elapsed_ms()

    def wait(self, ms: int) -> None:
        """As the shell waits: the board's own duties go on."""
        while ms > 0:
            self.board.idle(ms, 1 << 28)
            ms -= max(1, self.board.elapsed_ms())

    def about(self) -> tuple:
        """-> cells of the display, notes, whether the relay keeps its place without power."""
        board = self.board
        return board.cells, list(board.notes), board.remembers

    def display(self, each_ms: int) -> bool:
        """All segments, then every cell alone, then dark. -> True: it answered each time."""
        board = self.board
        answered = board.show(ALL * board.cells)
        self.wait(4 * each_ms)
        for cell in range(board.cells):
            answered = board.show(" " * cell + ALL) and answered
            self.wait(each_ms)
        board.dim(True)
        answered = board.show("8" * board.cells) and answered
        self.wait(2 * each_ms)
        board.dim(False)
        return board.show("") and answered

    def keys(self) -> int:
        """-> keys that are down now, a bit each, A first."""
        return self.board.keys()

    def key(self, bit: int, limit_ms: int) -> int:
        """Waits for one key to go down and up again. -> keys that went down with it, 0: none came."""
        board = self.board
        board.elapsed_ms()
        left_ms = limit_ms
        down_ms = 0
        seen = 0
        while left_ms > 0:
            board.idle(5, 1 << 28)
            passed_ms = max(1, board.elapsed_ms())
            left_ms -= passed_ms
            now = board.keys()
            if now:
                down_ms += passed_ms
                if down_ms >= STABLE_MS:
                    seen |= now
            elif seen >> bit & 1:
                return seen
            else:
                down_ms = 0
        return seen

    def contact(self) -> int:
        """-> 1 closed, 0 open, -1 no feedback."""
        return self.board.contact()

    def relay(self, closed: bool) -> int:
        """Moves the contact, a second of rest first. -> what the feedback says 200 ms later."""
        self.wait(1100)
        self.board.relay(closed)
        self.wait(200)
        return self.board.contact()

    def pulses(self, limit_ms: int, enough: int) -> int:
        """-> pulses of the energy input, as soon as there are enough."""
        board = self.board
        board.pulses()
        board.elapsed_ms()
        count = 0
        while limit_ms > 0 and count < enough:
            board.idle(5, 1)
            limit_ms -= max(1, board.elapsed_ms())
            count += board.pulses()
        return count

    def clock(self, limit_ms: int) -> tuple:
        """Waits for the clock's next second. -> what rtc_read() says, day, second, ms it took."""
        board = self.board
        status = board.rtc_read()
        before = board.rtc_second
        took_ms = 0
        board.elapsed_ms()
        while status == 0 and board.rtc_second == before and took_ms < limit_ms:
            board.idle(5, 1 << 28)
            took_ms += max(1, board.elapsed_ms())
            status = board.rtc_read()
        return status, board.rtc_day, board.rtc_second, took_ms

    def store(self) -> tuple:
        """Reads all of the ledger's flash. -> its bytes, those of a sector, sectors not readable."""
        store = self.board.store
        part = bytearray(256)
        bad = 0
        for sector in range(store.size // store.sector):
            try:
                for at in range(0, store.sector, len(part)):
                    store.read(sector * store.sector + at, part)
            except OSError:
                bad += 1
        return store.size, store.sector, bad

    def buzzer(self) -> None:
        """Three short tones."""
        for _ in range(3):
            self.board.buzz(True)
            self.wait(150)
            self.board.buzz(False)
            self.wait(150)

    def led(self) -> None:
        """The supply LED three times."""
        for _ in range(3):
            self.board.led(True)
            self.wait(300)
            self.board.led(False)
            self.wait(300)
