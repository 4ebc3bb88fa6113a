"""How fast simulated days pass: the whole firmware on the simulated silicon, 10 kWh a day.

Prints JSON: simulated meter-days a second of the clock on the wall.
"""

import json
import sys
import time

import boot
import world
from shilling.provision import provision
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET

WATTS = 417  # 10 kWh a day


def play(days):
    silicon = world.World(9820, 43200)
    given = {
        "day": 9820, "second": 43200, "balance_mp": 100000000, "standing_mp": 50000,
        "meter_id": TEST_METER, "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET,
    }  # fmt: skip
    provision(boot.store(silicon), given)
    start = boot.starter(silicon, ".")

    def script():
        silicon.set_load(WATTS)
        for _ in range(days):
            yield 86400000
        expected_mp = 100000000 - days * 50000 - days * 10008 * 24500 // 1000
        assert abs(start.globals()["meter"].observe()["balance_mp"] - expected_mp) < 1000

    began = time.time()
    silicon.run(start, script())
    return days / (time.time() - began)


print(json.dumps({"days_a_second": play(int(sys.argv[1]))}))
