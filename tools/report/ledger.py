"""Reads a meter's ledger: every record that can still be read, oldest first, each with the whole state.

Takes the bytes of the partition (two copies, RELIABILITY 1), gives a Ledger. Written from
firmware/SPEC.md alone, sections 1 to 5. What is damaged is said in `notes`, never guessed.
Times are UTC seconds since 2000-01-01.
"""

import zlib
from collections import defaultdict, namedtuple
from hashlib import sha256

from tools.errors import UserError
from tools.report import fields
from tools.scenario.values import local_text

SECTOR = 4096
RECORD = 64
PAGE = 1536
TURN = 1 << 32  # sequence numbers start again
FAULTS = {
    1: "the ledger did not sum to zero", 2: "a register passed its limit, or more was due than owed",
    3: "the highest counter fell", 4: "a counter would have been used twice",
    5: "the supply was disabled without proof", 6: "the contact was opened without an order",
}  # fmt: skip

# One record or checkpoint as it stands in flash; `meter` is whose sector it is, if that is known
Piece = namedtuple("Piece", "sequence time_s kind counter before hash values meter")
# The same with the whole state after it; `gap`: what came right before it is lost
Moment = namedtuple("Moment", "sequence time_s kind counter gap state")
Ledger = namedtuple("Ledger", "meter moments notes")


def is_after(sequence, other):
    """Sequence arithmetic on 32 bits (SPEC 1)."""
    return 0 < (sequence - other) % TURN < TURN // 2


def number(data, at, size=4):
    return int.from_bytes(data[at : at + size], "little")


def is_sealed(data):
    """The CRC-32 in its last four bytes is right."""
    return number(data, len(data) - 4) == zlib.crc32(data[:-4])


def record(data, meter):
    """A Piece of 64 bytes, or None if they are no whole record of a known format."""
    if data[0] not in fields.FORMATS or not is_sealed(data):
        return None
    kind = data[1] & fields.KIND_BITS if data[0] > 3 else data[1]
    values = fields.body(data[0], kind, data[18:60])
    if values is None or data[1] >= fields.CHECKPOINT:
        return None
    counter = 0 if data[1] & fields.COMMAND else number(data, 6)
    return Piece(
        number(data, 2), number(data, 10), kind, counter, data[14:18],
        sha256(data).digest()[:4], values, meter,
    )  # fmt: skip


def checkpoint(data):
    """A Piece of 1536 bytes, or None if they are no whole checkpoint of a known format."""
    if data[0] not in fields.FORMATS or data[1] != fields.CHECKPOINT or not is_sealed(data):
        return None
    values, meter = fields.state(data)
    return Piece(
        number(data, 4), number(data, 8), fields.CHECKPOINT, 0, data[12:16],
        sha256(data).digest()[:4], values, meter,
    )  # fmt: skip


def sector_pieces(data):
    """[(place, Piece, None for what is not whole, or nothing at all for an erased place)]."""
    page = data[:PAGE]
    whole = checkpoint(page)
    found = [(0, whole)] if whole or page.strip(b"\xff") else []
    meter = whole.meter if whole else None
    for at in range(PAGE, SECTOR, RECORD):
        slot = data[at : at + RECORD]
        if slot.strip(b"\xff"):
            found.append((at, record(slot, meter)))
    return found


def is_of_a_later_format(data):
    """A whole checkpoint of a format that this reader does not know."""
    for at in range(0, len(data), SECTOR):
        page = data[at : at + PAGE]
        if page[1] == fields.CHECKPOINT and page[0] > max(fields.FORMATS) and is_sealed(page):
            return page[0]
    return None


def pieces_of(data, notes):
    """Every whole piece of both copies, once; notes say which copy is damaged."""
    half = len(data) // 2
    copies = []
    for start in (0, half):
        copies.append({
            (at, place): piece
            for at in range(0, half, SECTOR)
            for place, piece in sector_pieces(data[start + at : start + at + SECTOR])
        })  # fmt: skip
    for name, own, other in (("first", *copies), ("second", *copies[::-1])):
        mended = sum(piece is None and other.get(place) is not None for place, piece in own.items())
        if mended:
            places = "1 place" if mended == 1 else f"{mended} places"
            notes.append(
                f"The {name} copy has {places} that cannot be read; the other copy has them."
            )
    for name, own, other in (("first", *copies), ("second", *copies[::-1])):
        if not own and other:
            notes.append(f"The {name} copy is missing: the image is cut, or half of it was erased.")
    pieces = {(p.sequence, p.hash): p for copy in copies for p in copy.values() if p}
    return list(pieces.values())


def chain(pieces, notes):
    """[(Piece, is there a gap before it)], oldest first: back from the newest along the hashes."""
    by_sequence = defaultdict(list)
    for piece in pieces:
        by_sequence[piece.sequence].append(piece)
    last = pieces[0]
    for piece in pieces:
        if is_after(piece.sequence, last.sequence):
            last = piece
    left = sorted(by_sequence, key=lambda sequence: (last.sequence - sequence) % TURN)
    found = []
    for sequence in left:
        if found and (found[-1][0].sequence - sequence) % TURN >= TURN // 2:
            continue
        wanted = found[-1][0] if found else last
        here = by_sequence[sequence]
        linked = [p for p in here if p is last or p.hash == wanted.before]
        is_next = (wanted.sequence - sequence) % TURN <= 1 and linked
        if found and not is_next:
            found[-1] = (wanted, True)
            lost = (wanted.sequence - sequence) % TURN - 1
            say_gap(notes, lost, here[0], wanted)
        found.append(((linked or here)[0], False))
    return found[::-1]


def say_gap(notes, lost, older, newer):
    what = "1 record is" if lost == 1 else f"{lost} records are" if lost else "Something is"
    since, until = local_text(older.time_s), local_text(newer.time_s)
    notes.append(f"{what} lost in both copies, between {since} and {until}.")


def replay(chained, notes):
    """The Moments of a chain, from its first checkpoint on."""
    state = None
    skipped = 0
    for piece, gap in chained:
        if piece.kind == fields.CHECKPOINT:
            state = dict(piece.values)
        elif state is None:
            skipped += 1
            continue
        else:
            state = fields.applied(state, piece.values)
        if piece.kind == fields.ALERT:
            why = FAULTS.get(piece.values["fault"], "an unknown fault")
            notes.append(f"The meter halted on {local_text(piece.time_s)}: {why}.")
        yield Moment(piece.sequence, piece.time_s, piece.kind, piece.counter, gap, state)
    if skipped:
        notes.append(f"{skipped} records before the first readable checkpoint are left out.")


def one_meter(pieces, notes):
    """Of two meters' records in one file, those of the meter that wrote last."""
    pages = [piece for piece in pieces if piece.kind == fields.CHECKPOINT]
    newest = pages[0]
    for page in pages:
        if is_after(page.sequence, newest.sequence):
            newest = page
    others = {page.meter for page in pages} - {newest.meter}
    if others:
        names = ", ".join(sorted(meter.hex().upper() for meter in others))
        notes.append(f"Records of another meter ({names}) are in the same file; they are left out.")
    return newest.meter, [p for p in pieces if p.meter in (newest.meter, None)]


def read(data, name):
    """The Ledger in `data`; UserError in one sentence when there is none. `name` is the file's."""
    if len(data) < 2 * SECTOR or len(data) % (2 * SECTOR):
        size = f"{len(data)} bytes are not two copies of whole {SECTOR}-byte sectors"
        raise UserError(f"{name} is no ledger: {size}")
    if not data.strip(b"\xff"):
        raise UserError(f"{name} is blank: no meter was ever set up in it")
    later = is_of_a_later_format(data)
    if later:
        known = max(fields.FORMATS)
        raise UserError(
            f"{name} is in format {later} of a later firmware; this reads up to {known}"
        )
    notes = []
    pieces = pieces_of(data, notes)
    if not any(piece.kind == fields.CHECKPOINT for piece in pieces):
        raise UserError(f"{name} holds no checkpoint of a ledger that can be read")
    meter, pieces = one_meter(pieces, notes)
    gaps = []
    moments = list(replay(chain(pieces, gaps), notes))
    return Ledger(meter, moments, notes + gaps[::-1])
