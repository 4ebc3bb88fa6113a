"""The shell with a link: what the display says of it, what others may ask for; nothing waits for it."""

import unittest
from struct import pack, unpack

from link_rig import ANSWER, DISABLE, STATE, TEXT, packet, top_up
from shilling import codes, guest
from support import POUND, make_code
from test_app import Rig


class Linked(Rig):
    """The meter has a link and no wire: packets are handed to it."""

    def app(self):
        app = self.start.globals()["meter"]
        if app.link is None:
            app.connect(None)
        return app

    def tell(self, sent):
        self.app().link.take(sent)

    def said(self):
        """-> [(kind, body)]"""
        told = []
        sent = self.app().link.next()
        while sent:
            told.append((sent[29], sent[30:-16]))
            sent = self.app().link.next()
        return told

    def screen(self):
        return self.seen()["screen"]


class Shown(unittest.TestCase):
    def test_13_the_status_says_how_long_ago_the_head_end_was_heard(self):
        seen = []

        def status(rig):
            from shilling import screens

            return screens._status(rig.app().meter, rig.app().menu)[3]

        def script(rig):
            yield 1000
            seen.append(status(rig))
            rig.tell(b"not a packet")
            seen.append(status(rig))
            rig.tell(packet(128, 0))
            seen.append(status(rig))
            yield 12 * 60000
            seen.append(status(rig))
            yield 120 * 60000
            seen.append(status(rig))

        Linked().play(script)
        self.assertEqual(
            seen, ["Link none", "Link none", "Link 0 min ago", "Link 12 min ago", "Link 2 h ago"]
        )

    def test_a_text_takes_its_turn_and_the_credit_stays(self):
        seen = set()

        def script(rig):
            yield 1000
            rig.tell(packet(TEXT, 1, b"Call 123"))
            for _ in range(20):
                yield 1000
                seen.add(rig.screen())

        Linked().play(script)
        self.assertEqual(seen, {"Credit £10.00", "Call 123"})

    def test_S9_remote_off_opens_the_contact_and_tells(self):
        seen = []

        def script(rig):
            yield 1000
            rig.said()
            yield 11000
            rig.tell(packet(DISABLE, 1))
            yield 300
            seen.append((rig.screen(), rig.world.relay.closed))
            answer, state = rig.said()
            seen.append((answer[0], unpack(">BIBiB", answer[1])[:3], state[0], state[1][9]))

        Linked().play(script)
        self.assertEqual(seen, [
            ("Supply off", False), (ANSWER, (DISABLE, 1, codes.DONE), STATE, codes.REMOTE_OFF),
        ])  # fmt: skip


class Asked(unittest.TestCase):
    def test_E2_emergency_credit_asked_for_elsewhere_is_accepted_at_the_meter(self):
        seen = []

        def script(rig):
            yield 1000
            guest.ask(rig.app(), codes.SCREEN_ACCEPT)
            yield 100
            seen.append((rig.screen(), rig.seen()["emergency"]["state"]))
            yield from rig.hold("B", 200)
            seen.append(rig.seen()["emergency"]["state"])

        Linked(balance_mp=400000).play(script)
        self.assertEqual(seen, [("Accept EmCr", "offered"), "active"])

    def test_E1_what_is_not_offered_is_not_asked(self):
        seen = []

        def script(rig):
            yield 1000
            guest.ask(rig.app(), codes.SCREEN_ACCEPT)
            yield 100
            seen.append(rig.screen())

        Linked().play(script)
        self.assertEqual(seen, ["Credit £10.00"])

    def test_T1_a_code_typed_elsewhere_is_credited_once(self):
        seen = []

        def script(rig):
            yield 1000
            code = make_code(rig.app().meter.config, 1, 300)
            digits = bytes([int(digit) for digit in code])
            seen.append([guest.top_up(rig.app(), digits) for _ in range(2)])
            yield 300
            seen.append(rig.screen())
            rig.tell(top_up(1, 3 * POUND))
            seen.append([unpack(">BIBiB", body)[2:] for kind, body in rig.said() if kind == ANSWER])

        Linked().play(script)
        self.assertEqual(
            seen,
            [[codes.DONE, codes.DUPLICATE], "Credit £13.00", [(codes.DONE, 13 * POUND, 3)]],
        )


class Apart(unittest.TestCase):
    def test_whatever_comes_the_meter_counts_on_to_the_millipenny(self):
        """S6, D1: a flood of packets changes neither use nor money."""
        figures = []

        def script(rig):
            yield 1000
            rig.world.load.set_watts(3600)
            for second in range(60):
                for number in range(20):
                    rig.tell(packet(second, number, bytes(number))[: 30 + second])
                    rig.tell(bytes([second, number]) * 40)
                yield 1000
            rig.world.load.set_watts(0)
            yield 60000
            seen = rig.seen()
            figures.append((seen["energy_wh"], seen["balance_mp"], seen["ledger"]))

        Linked().play(script)
        # 3600 W for 60 s are 60 Wh at 24.5 mp
        self.assertEqual(figures, [(60, 1000000 - 60 * 24500 // 1000, "balanced")])

    def test_a_top_up_over_the_air_is_shown_at_once(self):
        seen = []

        def script(rig):
            yield 1000
            rig.tell(packet(1, 1, pack(">i", 7 * POUND)))
            yield 100
            seen.append(rig.screen())

        Linked().play(script)
        self.assertEqual(seen, ["Credit £17.00"])


if __name__ == "__main__":
    unittest.main()
