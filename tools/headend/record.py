"""The communication record: every packet that was sent or heard, once; and what counted for nothing.

Takes a session that is writing. The same packet again is a copy of the first: a network that repeats
does not fill the disk.
"""

from sqlalchemy import update

from tools.headend import envelope
from tools.headend.tables import Message, Refusal


def note(session, meter_hex, direction, now, packet, **fields):
    """The new Message of the communication record; None if this very packet is there and counted."""
    mac = packet[-envelope.MAC_SIZE :]
    same = Message.meter == meter_hex, Message.direction == direction, Message.mac == mac
    again = update(Message.__table__).where(*same).values(copies=Message.copies + 1, last_s=now)
    if session.execute(again).rowcount:
        return None
    message = Message(meter=meter_hex, direction=direction, at_s=now, last_s=now, packet=packet,
                      mac=mac, copies=1, **fields)  # fmt: skip
    session.add(message)
    return message


def count(session, meter_hex, why, now):
    refusal = session.get(Refusal, (meter_hex, why))
    if refusal is None:
        refusal = Refusal(meter=meter_hex, why=why, count=0, first_s=now)
        session.add(refusal)
    refusal.count += 1
    refusal.last_s = now
    session.flush()
