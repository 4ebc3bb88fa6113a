"""The scale bench, small: real firmware, real MQTT, and the sum of what the meters hold in the end."""
# runs on: cpython

import asyncio
import sys

import pytest

import needs
from tools.errors import UserError
from tools.headend import bench


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="no /proc here")
def test_every_order_reaches_its_meter_once_over_real_mqtt(tmp_path):
    needs.program("mosquitto")
    tmp_path.chmod(0o755)
    row = asyncio.run(bench.measured(4, tmp_path, burst=12, paced_s=1))
    assert (row["meters"], row["orders"]) == (4, 12)
    assert 0 < row["p50_ms"] <= row["p99_ms"] and 0 < row["burst_p50_ms"] <= row["burst_p99_ms"]
    assert row["headend_mb"] > 1 and row["broker_mb"] > 1
    text = bench.table([row]).splitlines()
    assert len(text) == 3 and text[2].startswith("| 4 | ")


def test_the_99th_of_a_hundred_is_not_passed_by_99():
    delays = list(range(1, 101))
    assert bench.percentile(delays, 99) == 99 and bench.percentile(delays, 50) == 50
    assert bench.percentile([7], 99) == 7


def test_a_sum_that_is_wrong_is_no_measurement(monkeypatch, tmp_path):
    needs.program("mosquitto")
    tmp_path.chmod(0o755)
    kept = bench.Meters.end
    more = lambda meters: {**kept(meters), "balance_mp": 1}  # noqa: E731
    monkeypatch.setattr(bench.Meters, "end", more)
    with pytest.raises(UserError, match="the meters hold 1 mp"):
        asyncio.run(bench.measured(1, tmp_path, burst=1, paced_s=1))
