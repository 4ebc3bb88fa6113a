"""Runs quick units of one check until one finds an error, and prints what it found as JSON.

Takes the module of the check, a limit in seconds and JSON {"value": "" or a value that each unit must
have, "unit": null or the one to run}; the firmware is the one that is first on the import path. Prints
{"figure", "text", "unit", "units"}, with null for what was not found.
"""

import importlib
import json
import random
import sys
import time


def hunt(check, units, limit_s):
    """What the first unit that counts an error tells."""
    end_s = time.monotonic() + limit_s
    ran = 0
    for unit in units:
        if time.monotonic() > end_s:
            break
        ran += 1
        result = check.run(unit)
        wrong = [name for name, count in result["counts"].items()
                 if name.endswith("_errors") and count]  # fmt: skip
        if wrong:
            text = result["failures"][0]["text"]
            return {"figure": wrong[0], "text": text, "unit": unit, "units": ran}
    return {"figure": None, "text": None, "unit": None, "units": ran}


def main(module, limit_s, which):
    check = importlib.import_module(module)
    which = json.loads(which)
    units = [which["unit"]]
    if not which["unit"]:
        units = list(check.units("quick", 1))
        if which["value"]:
            units = [unit for unit in units if which["value"] in unit.values()]
        random.Random(1).shuffle(units)  # units beside each other are alike
    print(json.dumps(hunt(check, units, float(limit_s))))


if __name__ == "__main__":
    main(*sys.argv[1:])
