"""A check that finds nothing is not trusted: defects are planted in copies of the firmware, and the
quick form of the evidence must find each.

Here those that are found within seconds; SHILLING_PLANTED=all plants every one of the table.
"""
# runs on: cpython

import os

import pytest

import planted
from planted_table import DEFECTS, QUICK

ALL = os.environ.get("SHILLING_PLANTED") == "all"
LIMIT_S = 120 if ALL else 30  # for one check; the slowest of the quick ones takes a tenth of it
CHOSEN = [defect for defect in DEFECTS if ALL or defect.name in QUICK]


def test_the_table_is_what_it_says():
    names = [defect.name for defect in DEFECTS]
    assert len(names) == len(set(names)) >= 20
    assert len(QUICK) == len(CHOSEN) >= 10 or ALL
    assert set(QUICK) <= set(names)


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_every_defect_still_fits_the_firmware(defect, tmp_path):
    planted.plant(defect, tmp_path)


@pytest.mark.parametrize("defect", CHOSEN, ids=lambda defect: defect.name)
def test_the_evidence_finds(defect, tmp_path):
    found = planted.hunt(defect, tmp_path, LIMIT_S)
    assert found, f"{', '.join(defect.checks)} found nothing"
    check, what = found
    print(f"{check}, unit {what['units']}: {what['text']}")


def test_a_defect_that_does_not_fit_is_refused(tmp_path):
    with pytest.raises(AssertionError, match="3 times, not once"):
        planted.plant(DEFECTS[0]._replace(old="return False", file="chain.py"), tmp_path)
