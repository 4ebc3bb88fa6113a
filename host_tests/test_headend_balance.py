# runs on: cpython
"""REMOTE, DOMAIN 9: one balance everywhere, the one the meter told last, in a state or in an answer."""

from headend_kit import NOW, TEST, OtherSide, answer_body, made, state_body
from tools.headend import bodies, facts
from tools.headend.looker import Looker


def test_the_balance_is_the_one_told_last_wherever_it_is_shown():
    headend, meter = made(), OtherSide()
    look = Looker(headend, lambda: NOW + 60)

    def shown():
        page = look.meter(TEST)
        line = next(each["text"] for each in page["facts"] if each["name"] == "Balance")
        with headend.reading() as session:
            why = facts.last_state(session, TEST)
        assert page["balance"]["text"] == line == look.meters()[0]["balance"]["text"]
        assert page["balance"]["mp"] == why["balance_mp"]
        return why["balance_mp"], why["heard_s"]

    order = headend.top_up(TEST, 1000, NOW)
    late = meter.packet(bodies.STATE, state_body(700_000))  # older than the answer, heard after it
    headend.take(meter.packet(bodies.STATE, state_body(900_000)), NOW)
    assert shown() == (900_000, NOW)
    meter.sequence += 1
    body = answer_body(bodies.TOP_UP, order.number, 0, 1_900_000)
    headend.take(meter.packet(bodies.ANSWER, body), NOW + 1)
    assert shown() == (1_900_000, NOW + 1)
    headend.take(late, NOW + 2)
    assert shown() == (1_900_000, NOW + 1)
    meter.sequence += 5
    headend.take(meter.packet(bodies.STATE, state_body(1_500_000)), NOW + 3)
    meter.sequence += 1
    body = answer_body(bodies.TOP_UP, order.number, 0, 1_900_000, flags=1)
    headend.take(meter.packet(bodies.ANSWER, body), NOW + 4)
    assert shown() == (1_500_000, NOW + 3)  # a repeated answer has the balance of then
