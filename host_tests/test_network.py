"""Orders over a hostile network: each counts once, its state is right, no mp is wrong; and who judges that
sees it when it is not so."""
# runs on: cpython

import pytest

import network_people
from evidence import network, silence
from network_sim import WEEK_S, Network
from network_world import World
from shilling import orders, utrn
from tools.evidence import checks
from tools.headend import bodies

DAY_S = 86400


def small(seed, orders=10, **how):
    return World(seed, orders, meters=1, longest_s=600, **how)


def sent(seed, count=2000, **how):
    net = Network(seed, **how)
    for number in range(count):
        net.send(number, number % 2, b"packet %06d with enough bytes to be changed" % number)
    return net


def test_half_is_lost_half_comes_twice_and_some_days_later():
    net = sent(1)
    assert 900 < net.lost < 1100 and 450 < net.doubled < 550 and 300 < net.lies < 500
    came = list(net.due(3 * WEEK_S))
    assert len(came) == net.delivered == 2000 - net.lost + net.doubled + net.lies
    honest = [packet for _, packet, is_lie in came if not is_lie]
    assert honest != sorted(honest)  # in another order
    assert net.next_s() is None


def test_nothing_comes_later_than_a_week():
    net = sent(2, lies=0)
    assert DAY_S < max(at_s for at_s, *_ in net.queue) <= 2000 + WEEK_S


def test_the_same_seed_is_the_same_network():
    assert list(sent(3).due(WEEK_S)) == list(sent(3).due(WEEK_S)) != list(sent(4).due(WEEK_S))


def test_a_calm_network_brings_everything_once():
    net = Network(5)
    net.calm()
    for number in range(100):
        net.send(number, 0, bytes([number]) * 50)
    assert [packet[0] for _, packet, _ in sorted(net.due(DAY_S), key=lambda e: e[1])] == list(range(100))


@pytest.mark.parametrize("seed", [1, 2])
def test_every_order_counts_once_and_its_state_is_right(seed):
    with small(seed) as world:
        world.live()
        world.settle()
        world.judge()
        assert world.net.lost > 5 and world.net.lies and world.meters[0].app.meter.window.highest > 1


def failure_of(seed, orders=10, **how):
    with small(seed, orders, **how) as world:
        world.live()
        with pytest.raises(AssertionError) as caught:
            world.settle()
            world.judge()
    return str(caught.value)


def test_a_meter_that_counts_twice_is_found(monkeypatch):
    monkeypatch.setattr(utrn.Window, "is_used", lambda self, counter: False)
    assert "times" in failure_of(1, cuts=0, kills=0)


def test_a_meter_that_forgets_what_it_refused_is_found(monkeypatch):
    """As one that keeps no results: a refused order would be told to be carried out."""
    monkeypatch.setattr(orders.Orders, "find", lambda *_: orders.NO_RESULT)
    monkeypatch.setattr(orders.Orders, "was_refused", lambda *_: False)
    much = bodies.PAY_DEBT, bodies.pay_debt("accumulated", 9000)
    monkeypatch.setattr(network_people, "ORDERS", (lambda world: much,))
    assert "is received (duplicate), but the meter's records say 9" in failure_of(1, kills=0)


def test_a_mp_that_is_wrong_is_found():
    with small(3, 6) as world:
        world.live()
        world.settle()
        world.meters[0].first_mp -= 1
        with pytest.raises(AssertionError, match="1 mp too much"):
            world.judge()


def test_the_evidence_has_enough_orders():
    assert sum(unit["orders"] for unit in network.units("long", 1)) >= network.GOAL
    assert {"evidence.network", "evidence.link_fuzz", "evidence.silence"} <= set(checks.CHECKS)


def test_forty_days_of_silence_come_once_and_in_order():
    result = silence.run({"seed": 1, "days": 40})
    assert result["failures"] == [] and result["counts"]["silence_entries"] > 700


def test_an_entry_that_is_told_twice_is_found(monkeypatch):
    judge = silence.Silence.judge
    monkeypatch.setattr(silence.Silence, "judge", lambda s: (s.told.append(s.told[0]), judge(s)))
    assert "twice" in silence.run({"seed": 1, "days": 2})["failures"][0]["text"]


def test_a_read_of_another_instant_is_found(monkeypatch):
    monkeypatch.setattr(silence, "MINUTE_MS", 0)  # the pulses come at the very instant
    result = silence.run({"seed": 1, "days": 2})
    assert result["counts"]["silence_errors"] == 1
