"""Writes the file argv[1]: a whole ledger partition whose rings have wrapped; prints the balance."""

import json
import sys

from chip_nor import Nor
from shilling.ledger import Ledger
from support import Bench

SIZE = 512 * 1024
RECORDS_A_SECTOR = 40


def main():
    flash = Nor(bytearray(b"\xff" * SIZE))
    bench = Bench(balance_mp=100000000)
    ledger = Ledger(flash)
    bench.meter.journal = lambda kind, counter: ledger.commit(kind, counter, bench.meter.parts)
    if not ledger.create(bench.meter.parts):
        raise RuntimeError("the store did not keep its first checkpoint")
    for _ in range(SIZE // flash.sector // 2 * RECORDS_A_SECTOR * 3 // 2):
        bench.use(41)
        ledger.prepare()
    while ledger.at < flash.sector - 64:  # a full sector takes longest to read
        bench.use(1)
        bench.meter.commit_use()
    with open(sys.argv[1], "wb") as file:
        file.write(flash.data)
    print(json.dumps({"balance_mp": bench.meter.account.balance_mp, "sector": ledger.sector}))


main()
