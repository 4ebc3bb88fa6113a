"""What is in the ledger's place of a board's flash: nothing, a meter's money, or other bytes.

Takes the bytes of that place and the partition table that the board has now; reads only. The rule: what
may be a ledger is kept. Only bytes of another partition's are not.
"""

from collections import namedtuple

from tools.errors import UserError
from tools.flashing import table
from tools.report import ledger
from tools.utrn_vend import pounds

BLANK, METER, UNREADABLE, FOREIGN = "blank", "meter", "unreadable", "foreign"
MP_PER_PENNY = 1000

Found = namedtuple("Found", "kind meter said", defaults=("", ""))


def look(data, now):
    """What the bytes are. now: {name: Partition} of the board, None if its table is broken."""
    if not data.strip(b"\xff"):
        return Found(BLANK)
    try:
        read = ledger.read(data, "the ledger")
    except UserError as error:
        at = table.LEDGER[3]
        owner = [row.name for row in (now or {}).values() if row.at <= at < row.at + row.size]
        if now is not None and owner != ["ledger"] and "format" not in str(error):
            return Found(FOREIGN, said=owner[0] if owner else "no partition")
        return Found(UNREADABLE, said=str(error))
    meter = read.meter.hex().upper()
    mp = read.moments[-1].state.get("balance_mp", 0) if read.moments else 0
    pence = abs(mp) // MP_PER_PENNY
    return Found(METER, meter, f"{'-' if mp < 0 else ''}{pounds(pence)}")
