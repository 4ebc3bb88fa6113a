"""What a meter says of its own settings, and where that is not what it was given.

Takes a Device whose meter was interrupted (enter(fresh=False)). Its key is never asked for: the meter
gives its hash.
"""

import ast
import hashlib

from tools.device.board_error import BoardError
from tools.settings.table import ROWS

READ = """def _back():
 import hashlib,binascii
 h=lambda b:binascii.hexlify(b).decode()
 m=meter.meter
 c=m.config
 o=meter.observe()
 from shilling.ledger import BLANK,OPENED
 r={{'store':'opened' if meter.opened==OPENED else 'blank' if meter.opened==BLANK else 'unreadable'}}
 for n in {names!r}:r[n]=getattr(c,n)
 r.update({{'profile':o['profile'],'balance_mp':o['balance_mp'],'version':o['version'],
  'meter_id':h(c.meter_id).upper(),'originator_id':h(c.originator_id).upper(),
  'key_hash':h(hashlib.sha256(c.secret).digest()),'special_days':h(c.special_days),
  'tariff':h(m.tariff.table.packed),'next_tariff':h(m.tariff.coming),'ledger':o['ledger'],
  'payment_mp':o['debt']['payment_mp'],'time_1_mp':o['debt']['time1_mp']}})
 print(repr(r))
_back()
"""
NUMBERS = tuple(row.name for row in ROWS if row.name not in ("profile",))
COMPARED = (*NUMBERS, "profile", "balance_mp", "payment_mp", "time_1_mp")
TEXTS = ("special_days", "tariff", "next_tariff")


def read_back(device):
    """{name: value} of the meter, or None when none runs."""
    try:
        return ast.literal_eval(device.run(READ.format(names=NUMBERS)))
    except BoardError:
        return None


def flat_tariff(price_mp):
    """A tariff of one price, packed, as hex text (SPEC)."""
    return bytes((1, 1, *price_mp.to_bytes(3, "little"), 0)).hex()


def differences(state, settings, keys):
    """Sentences, none with a key in it: where `state` is not what settings and keys say."""
    wanted = {name: settings[name] for name in COMPARED if name in settings}
    wanted |= {name: settings[name].hex() for name in TEXTS if name in settings}
    if "rate_mp" in settings:
        wanted["tariff"] = flat_tariff(settings["rate_mp"])
    wanted["meter_id"] = keys.meter.hex().upper()
    wanted["originator_id"] = keys.originator.hex().upper()
    found = [
        f"{name} is {state[name]}, not {value}" for name, value in wanted.items()
        if state[name] != value
    ]  # fmt: skip
    if state["key_hash"] != hashlib.sha256(keys.secret).hexdigest():
        found.append("its key is another")
    return found
