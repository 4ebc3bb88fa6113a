"""What checking one wrong code costs: time at three ages of the meter, heap on a VM. Prints JSON.

On CPython the PyPI package openpaygo does the same beside it, so that ratios are of one run.
"""

import json
import sys
import time

from quiet import takes
from shilling import utrn
from support import Bench, with_check_digit

AGES = (1, 1000, 5000)
FORGED = bytes([int(digit) for digit in with_check_digit("7394333345718904332")])
ROUNDS = 15


def ours(bench):
    """Everything a typed code goes through but the display: form, counter, MAC, comparison."""
    code = utrn.Code(FORGED)
    assert code.outcome == 0
    counter = bench.meter.window.candidate(code.low_counter)
    assert not utrn.is_equal(utrn.mac(bench.meter.config, counter, code.high), code.mac)


def theirs(age):
    from openpaygo import OpenPAYGOTokenDecoder

    decoder = OpenPAYGOTokenDecoder()
    decoder.decode_token(
        token="123456789", secret_key="bc41ec9530f6dac86b1a29ab82edc5fb", count=age,
        starting_code=516959010, used_counts=[],
    )  # fmt: skip


def best_us(action, times):
    """Microseconds of one call, the best of some rounds."""
    best = None
    for _ in range(ROUNDS):
        start = time.time()
        for _ in range(times):
            action()
        took = (time.time() - start) / times * 1000000
        best = took if best is None else min(best, took)
    return best


def main():
    bench = Bench()
    found = {"heap": None, "ours": {}, "theirs": {}}
    for age in AGES:
        bench.meter.window.highest = age
        found["ours"][str(age)] = best_us(lambda: ours(bench), 40)
    if sys.implementation.name == "cpython":
        for age in AGES:
            found["theirs"][str(age)] = best_us(lambda age=age: theirs(age), 4)
    else:
        found["heap"] = takes(lambda: ours(bench))
    print(json.dumps(found))


main()
