"""A board on a serial port gets the whole of the firmware: what differs is written, nothing else.

Takes a Rom, an Image and the disk's files; gives what was done, a line each. The order is such that a
second run finishes whatever a first one left: what is in the ledger's place is judged before anything
is written, and the partition table that names it comes last. A ledger is never written.
"""

from tools.errors import UserError
from tools.flashing import disk, files, keep, money, table, whole
from tools.flashing.money import BLANK, FOREIGN, METER, UNREADABLE

ORDER = ("vfs", "bootloader", "factory", "partition table")


class Board:
    """One run over one board. say(text) tells the user what is going on."""

    def __init__(self, rom, made, say):
        self.rom = rom
        self.made = made
        self.say = say
        self.facts = None  # rom.Facts
        self.table = None  # what the board has now; None: nothing that can be read
        self.ledger = None  # money.Found
        self.records = b""  # the ledger as it was found, to be compared in the end

    def look(self):
        """Chip, flash size, partition table and ledger; UserError when this is no place for a meter."""
        self.say("connecting")
        self.facts = self.rom.identify()
        if 0 < self.facts.flash_bytes < table.FLASH_BYTES:
            raise UserError(f"the board at {self.rom.url} has {self.facts.flash_bytes >> 20} MB of"
                            " flash; the meter needs 4 MB")  # fmt: skip
        self.say(f"{self.facts.said}, MAC {self.facts.mac}")
        self._doing("reading the partition table")
        try:
            self.table = table.parse(self.rom.read(table.AT, table.SIZE))
        except table.Fault as fault:
            self.say(f"the board has no partition table yet ({fault})")
        self._look_for_money()

    def _look_for_money(self):
        name, _, _, at, size = table.LEDGER
        there = (self.table or {}).get(name)
        if there and (there.at, there.size) != (at, size):
            raise UserError(
                f"the board at {self.rom.url} has a ledger at {there.at:#x}, which this cannot move:"
                " it stays as it is"
            )
        self._doing("looking at the ledger")
        if self._is_blank():
            self.ledger = money.Found(BLANK)
            return
        self._doing("reading the ledger")
        self.records = self.rom.read(at, size)
        self.ledger = money.look(self.records, self.table)

    def _is_blank(self):
        _, _, _, at, size = table.LEDGER
        return not self.rom.differing({"ledger": (at, b"\xff" * size)})

    def erase_ledger(self, confirm):
        """Erase the ledger's place if there are old bytes of another partition; or else if it was
        asked for: confirm(Found) says yes a second time, or raises."""
        found, (_, _, _, at, size) = self.ledger, table.LEDGER
        if found.kind == FOREIGN:
            self.say(f"0x300000 was part of {found.said}: it is erased for the ledger")
        elif found.kind == BLANK or confirm is None:
            return
        else:
            confirm(found)
        self._doing("erasing the ledger")
        self.rom.erase(at, size)
        if not self._is_blank():
            raise UserError(f"the ledger of the board at {self.rom.url} does not erase: its flash is"
                            " worn out or protected")  # fmt: skip
        self.ledger, self.records = money.Found(BLANK), b""

    def write(self, wanted, own_board):
        """Bring every part up to date. own_board: the user gave a board.json, which counts; else the
        one on the board stays. Gives [(part, what was done)]."""
        wanted = dict(wanted)
        kept = None if own_board else keep.load(self.facts.mac)
        if kept:
            wanted[files.BOARD] = kept
        parts = whole.parts(self.made, wanted)
        self._doing("comparing what is there")
        differing = self.rom.differing(parts)
        if "vfs" in differing:
            now = self._disk_now()
            if now and not own_board and files.BOARD in now:
                wanted[files.BOARD] = now[files.BOARD]
                parts = whole.parts(self.made, wanted)
            if now == wanted:
                differing.remove("vfs")
                del parts["vfs"]  # it has been written to since: other bytes, the same files
            elif files.BOARD in wanted:
                keep.save(self.facts.mac, wanted[files.BOARD])
        for name in ORDER:
            if name in differing:
                self._write(name, *parts[name])
        if differing:
            self._read_back(parts)
        keep.forget(self.facts.mac)
        said = {name: "written" if name in differing else "is there already" for name in ORDER}
        said["vfs"] += f", {len(wanted)} files"
        return list(said.items())

    def _disk_now(self):
        """{path: bytes} on the board's disk, None if it has none of our size."""
        vfs = self.made.table["vfs"]
        if not self.table or self.table.get("vfs") != vfs:
            return None
        self._doing("reading the board's disk")
        if b"littlefs" not in self.rom.read(vfs.at, 2 * disk.BLOCK):
            return None
        return disk.read(self.rom.read(vfs.at, vfs.size))

    def _write(self, name, at, data):
        _, _, _, ledger, size = table.LEDGER
        assert at + len(data) <= ledger or at >= ledger + size, "the ledger is never written"
        self._doing(f"writing {name}")
        self.rom.write(at, data)

    def _read_back(self, parts):
        """Everything is as it should be, and the ledger, byte for byte, what it was before."""
        _, _, _, at, size = table.LEDGER
        self._doing("reading everything back")
        wrong = self.rom.differing({**parts, "ledger": (at, self.records or b"\xff" * size)})
        if "ledger" in wrong:
            raise UserError("the ledger is not what it was: please report this, and do not use the meter")
        if wrong:
            raise UserError(f"{' and '.join(wrong)} did not reach the flash at {self.rom.url}: run this"
                            " again, with --baud 115200 if the line is bad")  # fmt: skip

    def _doing(self, what):
        self.rom.doing = what
        self.say(what)

    def ledger_line(self):
        """What became of the ledger, for the summary."""
        found = self.ledger
        return {
            BLANK: "blank: the meter is not set up",
            METER: f"kept, meter {found.meter} with a balance of {found.said}",
            UNREADABLE: f"kept, although it is not blank and {found.said}",
        }[found.kind]
