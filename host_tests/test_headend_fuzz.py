"""The head-end's API against schemathesis: whatever is sent, no fault of the server, and what it promises.

SHILLING_API says how many examples each path gets (5).
"""
# runs on: cpython

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings, strategies

from headend_house import METER, House, new_headend
from headend_web import Web

EXAMPLES = int(os.environ.get("SHILLING_API", "5"))


@pytest.fixture(scope="module")
def schema():
    house = House(new_headend())
    house.live(2)
    with Web(house.headend, lambda: house.now) as web:
        for _ in range(3):
            web.desk.top_up(METER, "10.00")
        yield schemathesis.openapi.from_url(web.url + "openapi.json")


def test_every_path_answers_as_its_description_says(schema):
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= 20
    for operation in operations:
        examples = 1 + EXAMPLES // 20 if operation.path.endswith("plots") else EXAMPLES  # it draws

        @given(case=operation.as_strategy(), is_ours=strategies.booleans())
        @settings(max_examples=examples, deadline=None, database=None,
                  suppress_health_check=list(HealthCheck))  # fmt: skip
        def try_it(case, is_ours):
            if is_ours and "meter" in case.path_parameters:  # most ids are of no meter: here is one
                case.path_parameters["meter"] = METER
            case.call_and_validate()

        try_it()
