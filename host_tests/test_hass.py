"""Home Assistant's side of the meter: what is published when, and how little may be ordered."""

import json
import unittest

import boot
import world
from shilling import codes
from shilling.hass import Hass
from shilling.provision import provision
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET, Random, make_code

FRIDAY = 9820  # 2026-11-20
NOON = 43200
POUND = 100000
ID = "00DB1234567890A0"
SET = b"shilling/00DB1234567890A0/set/"
CONFIG = b"homeassistant/device/shilling_00DB1234567890A0/config"
STATE = b"shilling/00DB1234567890A0/state"
STATUS = b"homeassistant/status"
# What other devices have as topics: none of it is one here
NO_ORDERS = (
    b"relay",
    b"supply",
    b"switch",
    b"on",
    b"enable",
    b"disable",
    b"top_up",
    b"code/x",
    b"",
)


class Rig:
    """A meter on the virtual board with a link and Home Assistant; the script yields ms."""

    def __init__(self, second=NOON, **settings):
        self.world = world.World(FRIDAY, second)
        given = {
            "day": FRIDAY, "second": second, "balance_mp": 10 * POUND, "meter_id": TEST_METER,
            "originator_id": TEST_ORIGINATOR, "secret": TEST_SECRET, "rate_mp": 24500,
        }  # fmt: skip
        given.update(settings)
        provision(boot.store(self.world), given)
        self.start = boot.starter(self.world, ".")

    def play(self, script):
        def connected():
            yield 1000
            self.app = self.start.globals()["meter"]
            if self.app.link is None:
                self.app.connect(None)
            self.home = Hass(self.app)
            for ms in script(self):
                yield ms
                self.home.poll(ms)

        self.world.run(self.start, connected())

    def published(self):
        """[(topic, what JSON makes of it)] that are due now."""
        found = []
        while self.home.next():
            topic, size = self.home.topic, self.home.size
            pieces = []
            piece = self.home.piece()
            while piece:
                pieces.append(piece)
                piece = self.home.piece()
            assert size == sum([len(each) for each in pieces]), (topic, size)
            assert max([len(each) for each in pieces]) <= 400, topic
            found.append((topic, json.loads(b"".join(pieces).decode())))
        return found

    def state(self):
        """The state as it would be published now."""
        self.home.online()
        return self.published()[1][1]

    def order(self, name, payload=b"PRESS", retained=False):
        self.home.heard(SET + name, payload, retained)

    def press(self, key):
        self.world.press(key)
        yield 100
        self.world.release(key)
        yield 300


class InAPoll:
    """A wire that hands over one message, where a wire does: inside a poll."""

    def __init__(self, home, name, payload):
        self.left = [(SET + name, payload, False)]
        self.home = home

    def tend(self, link, elapsed_ms):
        while self.left:
            self.home.heard(*self.left.pop())

    def next_ms(self):
        return 1000


def meter_is(case, rig, **expected):
    """Compares with what the meter says of itself."""
    state = rig.app.observe()
    for name in expected:
        case.assertEqual(state[name], expected[name], name)


class Publishing(unittest.TestCase):
    def test_a_new_connection_gets_the_device_and_then_the_state(self):
        def script(rig):
            self.assertEqual(rig.home.topics, (SET + b"+", STATUS))
            self.assertEqual(rig.published(), [])
            rig.home.online()
            seen.extend(rig.published())
            self.assertEqual(rig.published(), [])
            yield 1

        seen = []
        Rig().play(script)
        self.assertEqual([topic for topic, _ in seen], [CONFIG, STATE])
        self.assertEqual(seen[0][1]["dev"]["ids"], "shilling_" + ID)

    def test_the_state_has_the_figures_of_the_display(self):
        def script(rig):
            rig.world.set_load(3000)
            yield 1800000
            seen.append(rig.state())

        seen = []
        Rig(payment_mp=2 * POUND, time_1_mp=1, accumulated_mp=3 * POUND).play(script)
        state = seen[0]
        self.assertEqual(state["energy"], state["energy_today"])
        self.assertEqual(int(state["energy"] * 1000 + 0.5), 1500)
        self.assertEqual(state["power"], 3000)
        self.assertEqual(state["cost_today"], 0.37)  # 36.75 p: a debt is rounded up
        self.assertEqual(state["balance"], 9.63)  # £9.6325: credit is rounded down
        self.assertEqual(state["emergency_credit_left"], 5)
        self.assertEqual(state["debt"], 5.01)
        self.assertEqual(state["since"], 1795132800)  # 2026-11-20 00:00:00 UTC
        for key, value in (
            ("credit", "Good"), ("clock", "valid"), ("supply", "ON"), ("last_code", None),
            ("last_alert", None),
        ):  # fmt: skip
            self.assertEqual(state[key], value, key)

    def test_the_state_is_told_again_when_it_changed_and_at_most_each_ten_seconds(self):
        def script(rig):
            rig.home.online()
            rig.published()
            for _ in range(60):
                yield 1000
                seen.append(len(rig.published()))
            rig.world.set_load(3000)
            yield 3000
            for _ in range(60):
                yield 1000
                with_load.append(len(rig.published()))

        seen, with_load = [], []
        Rig().play(script)
        self.assertEqual(sum(seen), 0)
        self.assertEqual(sum(with_load), 6)

    def test_home_assistant_starts_and_is_told_everything_but_nothing_is_cut_in_half(self):
        def script(rig):
            rig.home.online()
            self.assertTrue(rig.home.next())
            left = rig.home.size - len(rig.home.piece())
            rig.home.heard(STATUS, b"offline", False)
            rig.home.heard(STATUS, b"online", False)
            piece = rig.home.piece()
            while piece:
                left -= len(piece)
                piece = rig.home.piece()
            self.assertEqual(left, 0)
            seen.extend([topic for topic, _ in rig.published()])
            yield 1

        seen = []
        Rig().play(script)
        self.assertEqual(seen, [CONFIG, STATE])

    def test_home_assistant_goes_and_nothing_is_told(self):
        def script(rig):
            rig.home.heard(STATUS, b"offline", False)
            self.assertEqual(rig.published(), [])
            yield 1

        Rig().play(script)

    def test_what_is_due_stays_due_whatever_happens_meanwhile(self):
        def script(rig):
            rig.home.online()
            rig.order(b"code", b"1")
            yield 20000
            seen.extend([topic for topic, _ in rig.published()])

        seen = []
        Rig().play(script)
        self.assertEqual(seen, [CONFIG, STATE])

    def test_the_last_alert_is_told(self):
        def script(rig):
            for alert in (0x810D, 0x8F63):
                rig.app.meter.alert(alert)
            seen.append(rig.state()["last_alert"])
            yield 1

        seen = []
        Rig().play(script)
        self.assertEqual(seen, ["8F63"])

    def test_a_connection_that_broke_begins_anew(self):
        def script(rig):
            rig.home.online()
            rig.home.next()
            rig.home.piece()
            rig.home.online()
            self.assertEqual(rig.home.piece(), b"")
            seen.extend([topic for topic, _ in rig.published()])
            yield 1

        seen = []
        Rig().play(script)
        self.assertEqual(seen, [CONFIG, STATE])

    def test_the_day_began_at_midnight_in_london(self):
        def script(rig):
            yield from ()
            rig.app.meter.usage.day = 9664  # 2026-06-17, summer time: 2026-06-16 23:00 UTC
            seen.append(rig.state()["since"])
            yield 1

        seen = []
        Rig().play(script)
        self.assertEqual(seen, [1781650800])

    def test_the_state_of_credit_is_what_the_display_says(self):
        for settings, credit in (
            ({"balance_mp": 2 * POUND}, "EC offered"),
            ({"balance_mp": 6 * POUND, "low_credit_mp": 10 * POUND}, "Low"),
            ({"balance_mp": 0, "ec_limit_mp": 0, "second": 20 * 3600}, "Friendly hours"),
            ({"balance_mp": 0, "ec_limit_mp": 0, "friendly": 0}, "Used up"),
            ({"balance_mp": 6 * POUND, "low_credit_mp": 6 * POUND}, "Good"),
            ({"balance_mp": 20 * POUND}, "Good"),
        ):  # fmt: skip
            seen = self.two_minutes(settings)
            self.assertEqual(seen["credit"], credit)
            self.assertEqual(seen["supply"], "OFF" if credit == "Used up" else "ON")

    def two_minutes(self, settings):
        def script(rig):
            yield 120000
            seen.append(rig.state())

        seen = []
        Rig(**settings).play(script)
        return seen[0]


class Codes(unittest.TestCase):
    def test_a_code_is_credited_once_and_what_became_of_it_is_told(self):
        def script(rig):
            code = make_code(rig.app.meter.config, 1, 500)  # £5.00
            spaced = " ".join([code[at : at + 4] for at in range(0, 20, 4)])
            for typed in (spaced, code):
                rig.order(b"code", typed.encode())
                yield 20
                seen.append(rig.published()[0][1]["last_code"])
                rig.home.poll(2000)
            meter_is(self, rig, balance_mp=15 * POUND)

        seen = []
        Rig().play(script)
        self.assertEqual(seen, ["done", "duplicate"])

    def test_what_comes_within_a_poll_is_on_the_display_right_after_it(self):
        def script(rig):
            code = make_code(rig.app.meter.config, 1, 500).encode()
            rig.app.link.wire = InAPoll(rig.home, b"code", code)
            yield 1500
            meter_is(self, rig, balance_mp=15 * POUND, screen="Credit £15.00")

        Rig().play(script)

    def test_what_is_no_code_is_refused_and_counts_for_nothing(self):
        def script(rig):
            code = make_code(rig.app.meter.config, 1, 500)
            for typed in (
                "1",
                "12345678901234567890",
                code[:19],
                code[:19] + ":",
                code[:19] + "/",
                code + "0",
                "abc",
                "\0" * 20,
                "٣" * 20,
            ):
                rig.order(b"code", typed.encode())
                yield 20
                seen.append(rig.published()[0][1]["last_code"])
                rig.home.poll(2000)
            meter_is(self, rig, balance_mp=10 * POUND)
            self.assertFalse(rig.app.meter.lockout.is_locked())
            self.assertFalse(rig.app.meter.link_lockout.is_locked())

        seen = []
        Rig().play(script)
        self.assertEqual(set(seen), {"malformed", "wrong check digit"})

    def test_guesses_lock_out_this_way_in_and_not_the_buttons(self):
        def script(rig):
            other = type("Keys", (), {})()
            config = rig.app.meter.config
            other.meter_id, other.originator_id = config.meter_id, config.originator_id
            other.secret = bytes(32)
            for counter in range(1, 9):
                rig.order(b"code", make_code(other, counter, 500).encode())
                yield 20
                seen.append(rig.published()[0][1]["last_code"])
                rig.order(b"code", make_code(other, counter, 500).encode())  # too soon: not looked at
                self.assertEqual(rig.published(), [])
                rig.home.poll(2000)
            self.assertFalse(rig.app.meter.lockout.is_locked())
            typed = bytes([int(digit) for digit in make_code(config, 1, 500)])
            self.assertEqual(rig.app.top_up.begin(typed), codes.CHECKING)
            self.assertEqual(rig.app.top_up.finish(), codes.DONE)

        seen = []
        Rig().play(script)
        self.assertEqual((seen[0], seen[-1]), ("not authentic", "locked"))

    def test_the_code_is_not_in_what_is_published(self):
        def script(rig):
            code = make_code(rig.app.meter.config, 1, 500)
            rig.order(b"code", code.encode())
            rig.home.online()
            self.assertFalse(code in str(rig.published()))
            yield 1

        Rig().play(script)


class AtTheMeter(unittest.TestCase):
    def test_emergency_credit_is_accepted_at_the_meter_only(self):
        def script(rig):
            rig.order(b"accept_ec")
            yield 300
            meter_is(self, rig, screen="Accept EmCr")
            self.assertEqual(rig.state()["credit"], "EC offered")
            yield from rig.press("B")
            self.assertEqual(rig.state()["credit"], "EC accepted")

        Rig(balance_mp=2 * POUND).play(script)

    def test_emergency_credit_that_is_not_offered_is_not_asked_for(self):
        def script(rig):
            before = rig.app.observe()["screen"]
            rig.order(b"accept_ec")
            yield 300
            meter_is(self, rig, screen=before)

        Rig().play(script)

    def test_the_supply_is_enabled_at_the_meter_only(self):
        def script(rig):
            yield 70000
            meter_is(self, rig, supply="disabled")
            rig.app.command("top_up", 5 * POUND)
            yield 70000
            meter_is(self, rig, supply="armed")
            for key in "AAA":
                yield from rig.press(key)
            self.assertNotEqual(rig.app.observe()["screen"], "Enable supply?")
            rig.order(b"arm")
            yield 300  # whoever looks is not disturbed
            self.assertNotEqual(rig.app.observe()["screen"], "Enable supply?")
            yield 5000
            rig.order(b"arm")
            yield 300
            meter_is(self, rig, supply="armed", screen="Enable supply?")
            self.assertFalse(rig.world.contact_closed)
            self.assertEqual(rig.state()["supply"], "OFF")
            yield from rig.press("B")
            yield 2000
            self.assertTrue(rig.world.contact_closed)
            self.assertEqual(rig.state()["supply"], "ON")

        Rig(balance_mp=0, ec_limit_mp=0, friendly=0).play(script)

    def test_a_code_that_is_being_typed_is_not_disturbed(self):
        def script(rig):
            for key in "AAA":
                yield from rig.press(key)
            meter_is(self, rig, screen="Add credit")
            for key in "BAB":
                yield from rig.press(key)
            meter_is(self, rig, screen="Code 2 0")
            rig.order(b"accept_ec")
            rig.order(b"arm")
            yield 300
            meter_is(self, rig, screen="Code 2 0")
            self.assertEqual(bytes(rig.app.menu.digits)[0], 1)

        Rig(balance_mp=2 * POUND).play(script)

    def test_what_is_retained_or_empty_is_no_order(self):
        def script(rig):
            before = rig.app.observe()
            code = make_code(rig.app.meter.config, 1, 500).encode()
            for name, payload in ((b"accept_ec", b"PRESS"), (b"arm", b"PRESS"), (b"code", code)):
                rig.order(name, payload, True)
                rig.order(name, b"")
            rig.home.heard(STATUS, b"online", True)
            self.assertEqual(rig.app.observe(), before)
            self.assertEqual(rig.published(), [])
            yield 1

        Rig(balance_mp=2 * POUND).play(script)

    def test_nothing_else_can_be_ordered_and_nothing_raises(self):
        def script(rig):
            before = rig.app.observe()
            for name in NO_ORDERS:
                for payload in (b"PRESS", b"ON", b"OFF", b"1"):
                    rig.order(name, payload)
            chance = Random(1)
            for _ in range(2000):
                data = bytes([chance.below(256) for _ in range(chance.below(40))])
                topic = (SET, STATUS, b"", SET + b"code")[chance.below(4)] + data[: chance.below(5)]
                rig.home.heard(topic, data, False)
            for name in ("balance_mp", "supply", "emergency", "debt", "energy_wh", "screen"):
                self.assertEqual(rig.app.observe()[name], before[name], name)
            yield 1

        Rig().play(script)


if __name__ == "__main__":
    unittest.main()
