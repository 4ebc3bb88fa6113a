"""REMOTE: orders over the link: each once, in one record with its counter, answered as the first time."""

import unittest
from struct import pack, unpack_from

from link_rig import (
    ACTIVATE_EC,
    ADJUST,
    ARM,
    CLEAR_LOCKOUT,
    DISABLE,
    ENABLE,
    PAY_DEBT,
    SESSION,
    SET_DEBT,
    SET_SETTINGS,
    SET_TARIFF,
    SET_TIME,
    SPECIAL_DAYS,
    TEXT,
    TOP_UP,
    Rig,
    packet,
    rig,
    top_up,
)
from shilling import codes, config, remote
from small_core import DAY, NOON_S
from support import POUND, make_code

DONE, DUPLICATE, OVER_CREDIT, OVER_BALANCE, REFUSED = 0, 6, 7, 8, 9
HALTED, EXPIRED, TOO_OLD = 10, 13, 14
AGAIN, TYPED = 1, 2
NOON = DAY * 86400 + NOON_S
ROW = {row[0]: number for number, row in enumerate(config.SETTINGS)}


def typed(core, number, amount_p):
    digits = make_code(core.meter.config, number, amount_p)
    return core.enter(bytes([int(digit) for digit in digits]))


class TopUps(unittest.TestCase):
    def test_T3_a_top_up_is_credited_once_however_often_it_comes(self):
        core = rig(payment_mp=5 * POUND)
        self.assertEqual(core.tell(top_up(1, 10 * POUND)), [(DONE, 17 * POUND, 0)])
        for _ in range(3):
            self.assertEqual(core.tell(top_up(1, 10 * POUND)), [(DONE, 17 * POUND, AGAIN)])
        self.assertEqual(core.meter.account.payment_mp, -2 * POUND)

    def test_a_repeat_gets_the_first_answer_also_after_a_power_cut(self):
        core = rig()
        core.tell(top_up(1, 10 * POUND))
        core.tell(top_up(2, 1 * POUND))
        core = Rig(core.nor)
        self.assertEqual(core.tell(top_up(1, 10 * POUND)), [(DONE, 20 * POUND, AGAIN)])
        self.assertEqual(core.meter.account.balance_mp, 21 * POUND)

    def test_one_number_at_the_keypad_and_over_the_air_is_one_top_up(self):
        core = rig()
        self.assertEqual(typed(core, 5, 300), codes.DONE)
        self.assertEqual(core.tell(top_up(5, 3 * POUND)), [(DONE, 13 * POUND, AGAIN | TYPED)])
        self.assertEqual(core.tell(top_up(6, 3 * POUND)), [(DONE, 16 * POUND, 0)])
        self.assertEqual(typed(core, 6, 300), codes.DUPLICATE)
        self.assertEqual(core.meter.account.balance_mp, 16 * POUND)
        self.assertEqual(core.meter.lockout.failures, 0)

    def test_T1_over_a_limit_is_refused_and_not_used_up(self):
        core = rig(balance_mp=0)
        self.assertEqual(core.order(TOP_UP, 1, pack(">i", 150 * POUND)), (OVER_CREDIT, 0))
        for number in range(2, 8):
            self.assertEqual(core.order(TOP_UP, number, pack(">i", 149 * POUND)), (DONE, 0))
        self.assertEqual(core.order(TOP_UP, 8, pack(">i", 149 * POUND)), (OVER_BALANCE, 0))
        self.assertEqual(core.order(ADJUST, 1, pack(">i", -800 * POUND)), (DONE, 0))
        self.assertEqual(core.order(TOP_UP, 8, pack(">i", 149 * POUND)), (DONE, 0))
        self.assertEqual(core.meter.account.balance_mp, (7 * 149 - 800) * POUND)

    def test_T1_a_refusal_that_comes_again_and_again_is_told_once(self):
        core = rig(balance_mp=999 * POUND)
        sent = [top_up(1, 150 * POUND), top_up(2, 20 * POUND), b"wrong"]
        for _ in range(3):
            for one in sent:
                core.tell(one)
        self.assertEqual(sorted(core.meter.alerts), [0x8F47, 0x8F5B, 0x8F63])
        self.assertEqual(core.unmuted, 0)  # credit has not changed
        self.assertEqual(core.order(TOP_UP, 3, pack(">i", POUND)), (DONE, 0))
        self.assertEqual(core.unmuted, 1)
        for one in sent:
            core.tell(one)
        for alert in (0x8F47, 0x8F5B, 0x8F63):
            self.assertEqual(core.meter.alerts.count(alert), 2)
        typed(core, 4, 2000)
        self.assertEqual(core.meter.alerts.count(0x8F47), 3)  # somebody stands there

    def test_nothing_and_less_than_nothing_is_no_top_up(self):
        core = rig()
        for amount_mp in (0, -1, -(1 << 31)):
            self.assertEqual(core.order(TOP_UP, 1, pack(">i", amount_mp)), (REFUSED, 0))
        self.assertEqual(core.meter.window.highest, 0)

    def test_in_any_order_and_far_apart_each_is_credited_once(self):
        core = rig(sectors=16)
        for number in (600, 89, 599, 4, 88, 600, 599, 1):
            core.link.take(top_up(number, POUND))
        answers = [body[2] for kind, body in core.said() if kind == 1]
        # 600 - 511 = 89 is the last one that the window reaches
        self.assertEqual(answers, [DONE, DONE, DONE, TOO_OLD, TOO_OLD, DONE, DONE, TOO_OLD])
        self.assertEqual(core.meter.account.balance_mp, 13 * POUND)

    def test_of_more_than_eight_the_oldest_is_only_known_as_used(self):
        core = rig()
        for number in range(1, 10):
            core.tell(top_up(number, POUND))
        self.assertEqual(core.tell(top_up(2, POUND)), [(DONE, 12 * POUND, AGAIN)])
        self.assertEqual(core.tell(top_up(1, POUND)), [(DUPLICATE, 19 * POUND, 0)])

    def test_a_used_command_is_never_in_doubt(self):
        """Further back than the results: 6 it was carried out, 9 it was not."""
        core = rig(sectors=16)
        core.order(TEXT, 1, b"Hello")
        core.order(TEXT, 2, b"\xff")
        for number in range(3, 513):
            core.order(TEXT, number, b"" if number % 3 else b"\xff")
        for each in (core, Rig(core.nor)):
            for number in (1, 2, 3, 4, 5, 6, 500, 501):
                outcome = DUPLICATE if number == 1 or (number > 2 and number % 3) else REFUSED
                self.assertEqual(each.order(TEXT, number, b"Hello")[0], outcome, number)
        core.order(TEXT, 514, b"Hello")  # in the place of 2
        self.assertEqual(core.order(TEXT, 2)[0], TOO_OLD)
        for number in range(515, 524):
            core.order(TEXT, number)
        self.assertEqual(core.order(TEXT, 514)[0], DUPLICATE)

    def test_an_order_that_fails_inside_leaves_nothing_behind(self):
        """What a press writes next must not carry the number of an order."""
        from shilling import remote

        core = rig(balance_mp=4 * POUND)
        own = core.board.rtc_set
        core.board.rtc_set = None  # a call of it raises
        body = pack(">HIII", DAY, NOON_S + 9, SESSION, 0)
        with self.assertRaises(TypeError):
            core.tell(packet(SET_TIME, 1, body))
        core.board.rtc_set = own
        self.assertEqual(core.meter.order, 0)
        self.assertTrue(remote.commands.accept_emergency(core.meter))
        self.assertEqual(core.order(SET_TIME, 2, body), (DONE, 0))

    def test_what_flash_did_not_keep_is_never_said_to_be_done(self):
        core = rig()
        core.meter.journal = lambda kind, counter: False
        for _ in range(3):
            self.assertEqual(core.tell(top_up(1, 10 * POUND))[0][0], HALTED)
        core = Rig(core.nor)
        self.assertEqual(core.tell(top_up(1, 10 * POUND)), [(DONE, 20 * POUND, 0)])

    def test_a_refusal_that_flash_did_not_keep_is_not_said_to_be_final(self):
        for kind, number, until_s in ((DISABLE, 1, NOON - 1), (DISABLE, 1, 0), (TEXT, 3, 0)):
            core = rig()
            core.order(TEXT, 2)
            core.meter.journal = lambda kind, counter: False
            self.assertEqual(core.order(kind, number, b"\xff" if kind == TEXT else b"", until_s)[0], HALTED)
            self.assertFalse(Rig(core.nor).meter.orders.is_used(number))

    def test_an_older_order_does_not_undo_a_newer_one(self):
        core = rig()
        self.assertEqual(core.order(ENABLE, 6), (REFUSED, 0))
        self.assertEqual(core.order(DISABLE, 5), (REFUSED, 0))
        self.assertEqual(core.meter.supply.state, codes.ENABLED)
        core.order(SET_DEBT, 8, pack(">Bi", 0, 0))
        self.assertEqual(core.order(SET_DEBT, 7, pack(">Bi", 0, 50 * POUND)), (REFUSED, 0))
        self.assertEqual(core.meter.account.payment_mp, 0)
        self.assertEqual(core.order(ADJUST, 4, pack(">i", POUND)), (DONE, 0))

    def test_W4_another_recovery_forgets_what_was_due_by_the_gas_week(self):
        core = rig(profile="gas_weekly", time_1_mp=20 * POUND, weekly_mp=5 * POUND)
        for _ in range(16):
            core.wait(43200)
        self.assertEqual(core.meter.debt.weekly_due_mp, 5 * POUND)
        core.order(SET_SETTINGS, 1, pack(">BI", ROW["recovery"], 0))
        self.assertEqual(core.order(PAY_DEBT, 2, pack(">Bi", 1, 18 * POUND)), (DONE, 0))
        found = Rig(core.nor, day=DAY + 8).meter
        self.assertEqual((found.halted, found.account.time_1_mp), (False, -2 * POUND))

    def test_8_a_special_day_has_its_own_rate_at_once(self):
        prices = (10000).to_bytes(3, "little") + (50000).to_bytes(3, "little")
        switches = bytes([0x80, 0, 0, 0]) + bytes([0x7F, 1, 0, 0])
        core = rig(tariff=b"\2\1" + prices + b"\2" + switches)
        core.wait(1)
        self.assertEqual(core.meter.tariff.price, 50000)
        core.order(SPECIAL_DAYS, 1, pack(">HB", DAY, 1))
        core.wait(1)
        self.assertEqual(core.meter.tariff.price, 10000)

    def test_counters_up_to_the_last_one(self):
        core = rig()
        self.assertEqual(core.tell(top_up(0xFFFFFFFF, POUND)), [(DONE, 11 * POUND, 0)])
        core = Rig(core.nor)
        self.assertEqual(core.tell(top_up(0xFFFFFFFF, POUND)), [(DONE, 11 * POUND, AGAIN)])
        self.assertEqual(core.tell(top_up(0xFFFFFFFE, POUND)), [(DONE, 12 * POUND, 0)])


class Commands(unittest.TestCase):
    def test_top_ups_and_commands_are_counted_apart(self):
        core = rig()
        self.assertEqual(core.tell(top_up(7, POUND))[0][0], DONE)
        self.assertEqual(core.order(TEXT, 7, b"Hello"), (DONE, 0))
        self.assertEqual(core.order(TEXT, 7, b"Other"), (DONE, AGAIN))
        self.assertEqual(core.meter.text, "Hello")
        self.assertEqual((core.meter.window.highest, core.meter.orders.highest), (7, 7))

    def test_W8_a_payment_goes_to_its_debt_once(self):
        core = rig(payment_mp=5 * POUND, time_1_mp=4 * POUND)
        for register, name in enumerate(("payment_mp", "time_1_mp")):
            before_mp = getattr(core.meter.account, name)
            body = pack(">Bi", register, POUND)
            self.assertEqual(core.order(PAY_DEBT, 1 + register, body), (DONE, 0))
            self.assertEqual(core.order(PAY_DEBT, 1 + register, body), (DONE, AGAIN))
            self.assertEqual(getattr(core.meter.account, name), before_mp + POUND)
        self.assertEqual(core.order(PAY_DEBT, 3, pack(">Bi", 0, 9 * POUND)), (REFUSED, 0))
        self.assertEqual(core.order(PAY_DEBT, 4, pack(">Bi", 3, POUND)), (REFUSED, 0))
        core = Rig(core.nor)
        self.assertEqual(core.order(PAY_DEBT, 3, pack(">Bi", 0, POUND)), (REFUSED, AGAIN))
        self.assertEqual(core.meter.account.payment_mp, -4 * POUND)
        self.assertEqual(core.meter.account.balance_mp, 10 * POUND)

    def test_an_adjustment_and_a_debt_keep_the_ledger_balanced(self):
        core = rig()
        self.assertEqual(core.order(ADJUST, 1, pack(">i", -11 * POUND)), (DONE, 0))
        self.assertEqual(core.order(SET_DEBT, 2, pack(">Bi", 0, 50 * POUND)), (DONE, 0))
        self.assertEqual(core.order(SET_DEBT, 3, pack(">Bi", 1, 20 * POUND)), (DONE, 0))
        self.assertEqual(core.order(SET_DEBT, 4, pack(">Bi", 0, 40 * POUND)), (DONE, 0))
        self.assertEqual(core.order(SET_DEBT, 5, pack(">Bi", 2, POUND)), (REFUSED, 0))
        self.assertEqual(core.order(SET_DEBT, 6, pack(">Bi", 0, -1)), (REFUSED, 0))
        self.assertEqual(core.order(ADJUST, 7, pack(">i", 1002 * POUND)), (REFUSED, 0))
        for each in (core, Rig(core.nor)):
            account = each.meter.account
            self.assertTrue(account.is_balanced())
            self.assertEqual(
                (account.balance_mp, account.payment_mp, account.time_1_mp),
                (-POUND, -40 * POUND, -20 * POUND),
            )

    def test_S2_S4_remote_off_arming_and_permission(self):
        core = rig()
        states = []
        for number, kind in enumerate((DISABLE, ENABLE, DISABLE, ARM, ENABLE)):
            outcome, _ = core.order(kind, number + 1)
            states.append((outcome, core.meter.supply.state))
        # with credit a permission arms; where nothing is off there is nothing to permit
        self.assertEqual(states, [
            (DONE, codes.REMOTE_OFF), (DONE, codes.ARMED), (DONE, codes.REMOTE_OFF),
            (DONE, codes.ARMED), (REFUSED, codes.ARMED),
        ])  # fmt: skip

    def test_S4_a_permission_without_credit_leaves_it_off(self):
        core = rig(balance_mp=-POUND)
        core.order(DISABLE, 1)
        self.assertEqual(core.order(ENABLE, 2), (DONE, 0))
        self.assertEqual(core.meter.supply.state, codes.DISABLED)

    def test_E2_emergency_credit_is_activated_if_it_is_offered(self):
        core = rig(balance_mp=5 * POUND)
        self.assertEqual(core.order(ACTIVATE_EC, 1), (REFUSED, 0))
        core.order(ADJUST, 2, pack(">i", -1))
        self.assertEqual(core.order(ACTIVATE_EC, 3), (DONE, 0))
        self.assertEqual(Rig(core.nor).meter.account.ec_activated, 1)

    def test_settings_change_all_together_or_not_at_all(self):
        core = rig()
        rows = pack(">BIBI", ROW["ec_limit_mp"], 7 * POUND, ROW["share"], 20)
        self.assertEqual(core.order(SET_SETTINGS, 1, rows), (DONE, 0))
        for wrong in (
            rows + pack(">BI", ROW["share"], 101), rows + pack(">BI", ROW["imp_per_kwh"], 500),
            rows + pack(">BI", len(config.SETTINGS), 1), rows[:-1], b"",
        ):  # fmt: skip
            number = core.meter.orders.highest + 1
            self.assertEqual(core.order(SET_SETTINGS, number, wrong), (REFUSED, 0))
        found = Rig(core.nor).meter.config
        self.assertEqual((found.ec_limit_mp, found.share, found.imp_per_kwh), (7 * POUND, 20, 1000))

    def test_S5_a_special_day_protects_at_once(self):
        core = rig()
        self.assertFalse(core.meter.is_protected())
        day = pack(">HB", DAY, 1)
        self.assertEqual(core.order(SPECIAL_DAYS, 1, day), (DONE, 0))
        self.assertTrue(core.meter.is_protected())
        self.assertEqual(core.order(SPECIAL_DAYS, 2, pack(">HB", DAY, 2)), (REFUSED, 0))
        self.assertEqual(core.order(SPECIAL_DAYS, 3, b"\0\0"), (REFUSED, 0))
        self.assertTrue(Rig(core.nor).meter.is_protected())

    def test_a_tariff_holds_from_its_time_on(self):
        core = rig()
        flat = b"\1\1" + (30000).to_bytes(3, "little") + b"\0"
        self.assertEqual(core.order(SET_TARIFF, 1, pack(">HI", DAY + 1, 0) + flat), (DONE, 0))
        self.assertEqual(core.order(SET_TARIFF, 2, pack(">HI", DAY, 0) + flat[:-1]), (REFUSED, 0))
        self.assertEqual(core.order(SET_TARIFF, 3, b"\0"), (REFUSED, 0))
        self.assertEqual(core.meter.tariff.price, 24500)
        core.wait(43200)
        self.assertEqual(core.meter.tariff.price, 30000)

    def test_14_an_order_ends_both_lock_outs(self):
        core = rig()
        for lockout in (core.meter.lockout, core.meter.link_lockout):
            for _ in range(5):
                lockout.attempt()
        self.assertEqual(core.order(CLEAR_LOCKOUT, 1), (DONE, 0))
        found = Rig(core.nor).meter
        self.assertFalse(found.lockout.is_locked() or found.link_lockout.is_locked())
        self.assertEqual(found.lockout.failures, 0)

    def test_a_text_is_shown_and_taken_away(self):
        core = rig()
        for number, text, outcome in (
            (1, b"Call 0800 1", DONE), (2, b"x" * 49, REFUSED), (3, b"\xff", REFUSED),
            (4, b"\n", REFUSED),
        ):  # fmt: skip
            self.assertEqual(core.order(TEXT, number, text)[0], outcome)
            self.assertEqual(core.meter.text, "Call 0800 1")
        self.assertEqual(core.order(TEXT, 5), (DONE, 0))
        self.assertEqual(core.meter.text, "")


class Time(unittest.TestCase):
    def test_10_a_time_is_of_this_start_or_a_trusted_clock_proves_it_young(self):
        core = rig()
        core.pass_s(60)
        body = pack(">HIII", DAY, NOON_S + 100, SESSION, 20)  # 40 s ago it was 12:01:40
        self.assertEqual(core.order(SET_TIME, 1, body), (DONE, 0))
        self.assertEqual((core.meter.clock.day, core.meter.clock.second()), (DAY, NOON_S + 140))
        self.assertEqual(core.board.rtc, (DAY, NOON_S + 140))
        for number, session, uptime_s in ((2, SESSION + 1, 20), (3, SESSION, 61), (4, 0, 0)):
            body = pack(">HIII", DAY, 0, session, uptime_s)
            self.assertEqual(core.order(SET_TIME, number, body), (REFUSED, 0))
        body = pack(">HIII", DAY, NOON_S, 0, 0)
        self.assertEqual(core.order(SET_TIME, 5, body, NOON + 300), (DONE, 0))
        self.assertEqual(core.meter.clock.second(), NOON_S)

    def test_10_a_day_that_was_never_is_not_waited_for_when_one_begins_by_itself(self):
        core = rig()
        usage = core.meter.usage
        for day in (DAY + 400, DAY):
            self.assertTrue(remote.set_time(core.meter, day, NOON_S))
            core.pass_s(600)
            self.assertEqual(usage.day, DAY + 400)  # it may be set right again
        core = Rig(core.nor)
        core.pass_s(12 * 3600)
        self.assertEqual(core.meter.usage.day, DAY + 1)
        core.pass_s(86400)
        self.assertEqual(core.meter.usage.day, DAY + 2)

    def test_a_time_that_cannot_be_is_refused(self):
        core = rig()
        for number, day, second in ((1, 0, 0), (2, 9496, 0), (3, 36525, 0), (4, DAY, 86400)):
            body = pack(">HIII", day, second, SESSION, 0)
            self.assertEqual(core.order(SET_TIME, number, body), (REFUSED, 0))
        self.assertEqual(core.meter.clock.day, DAY)

    def test_10_without_a_clock_only_this_start_counts(self):
        core = rig()
        core = Rig(core.nor, rtc=1)
        self.assertFalse(core.meter.clock.is_trusted())
        body = pack(">HIII", DAY, NOON_S, 0, 0)
        self.assertEqual(core.order(SET_TIME, 1, body, NOON + 300), (REFUSED, 0))
        body = pack(">HIII", DAY, NOON_S, SESSION, 0)
        self.assertEqual(core.order(SET_TIME, 2, body), (DONE, 0))
        self.assertTrue(core.meter.clock.is_trusted())

    def test_an_order_that_is_late_does_nothing_and_only_a_top_up_may_come_again(self):
        core = rig()
        self.assertEqual(core.order(TOP_UP, 1, pack(">i", POUND), NOON - 1), (EXPIRED, 0))
        self.assertEqual(core.order(DISABLE, 1, b"", NOON - 1), (EXPIRED, 0))
        core.order(SET_TIME, 2, pack(">HIII", DAY, NOON_S - 60, SESSION, 0))
        self.assertEqual(core.order(DISABLE, 1, b"", NOON - 1), (EXPIRED, AGAIN))
        core.order(SET_TIME, 3, pack(">HIII", DAY, NOON_S, SESSION, 0))
        self.assertEqual(core.meter.alerts.count(0xF003), 1)  # told once
        self.assertEqual(core.order(TOP_UP, 1, pack(">i", POUND), NOON), (DONE, 0))
        self.assertEqual(core.meter.supply.state, codes.ENABLED)

    def test_S6_a_clock_that_is_not_trusted_lets_no_late_order_cut_anybody_off(self):
        core = Rig(rig().nor, rtc=1)
        self.assertEqual(core.order(DISABLE, 1, b"", NOON + 9999), (EXPIRED, 0))
        self.assertEqual(core.order(TOP_UP, 1, pack(">i", POUND), NOON - 1), (DONE, 0))
        self.assertEqual(core.order(DISABLE, 2), (DONE, 0))


class Wrong(unittest.TestCase):
    def wrong(self):
        """(packet, alert) each."""
        good = top_up(1, POUND)
        return (
            (b"", 0x8F63), (good[:45], 0x8F63), (good[:-1], 0x8F63), (good + b"\0", 0x8F63),
            (good + bytes(500), 0x8F63), (good[:-1] + bytes([good[-1] ^ 1]), 0x8F63),
            (good[:30] + b"\1" + good[31:], 0x8F63), (packet(TOP_UP, 1, good[30:34], key=bytes(32)), 0x8F63),
            (packet(TOP_UP, 1, good[30:34], version=2), 0x8F63),
            (packet(TOP_UP, 1, good[30:34], low=1), 0x8F63),
            (packet(TOP_UP, 1, b"\0\0\0"), 0x8F63), (packet(0, 1), 0x8F63), (packet(15, 1), 0x8F63),
            (packet(128, 1), 0x8F63), (packet(127, 0), 0x8F63), (packet(TOP_UP, 0, good[30:34]), 0x8F63),
            (packet(129, 0, b"\4\0\0\0\1"), 0x8F63), (packet(130, 0, bytes(15)), 0x8F63),
            (packet(TOP_UP, 1, good[30:34], meter=bytes(8)), 0x8F64),
            (packet(TOP_UP, 1, good[30:34], issuer=bytes(8)), 0x8F64),
        )  # fmt: skip

    def test_what_is_not_right_changes_nothing_is_counted_and_told_once(self):
        core = rig()
        core.said()
        sequence = core.ledger.head.sequence
        count = 0
        for _ in range(3):
            for sent, alert in self.wrong():
                self.assertEqual(core.tell(sent), [])
                self.assertIn(alert, core.meter.alerts)
                count += 1
        self.assertEqual(core.link.refused, count)
        self.assertEqual(sorted(core.meter.alerts), [0x8F63, 0x8F64])
        self.assertEqual(core.ledger.head.sequence, sequence)
        self.assertFalse(core.meter.lockout.is_locked() or core.meter.lockout.failures)
        self.assertEqual(typed(core, 1, 100), codes.DONE)

    def test_after_an_order_that_is_right_the_next_wrong_one_is_told_again(self):
        core = rig()
        for _ in range(2):
            core.tell(b"wrong")
            core.tell(top_up(core.meter.window.highest + 1, POUND))
        self.assertEqual(core.meter.alerts.count(0x8F63), 2)

    def test_a_halted_meter_says_so_and_uses_nothing_up(self):
        core = rig()
        core.meter.halt()
        self.assertEqual(core.order(TOP_UP, 1, pack(">i", POUND)), (HALTED, 0))
        self.assertEqual(core.order(DISABLE, 1), (HALTED, 0))
        core = Rig(core.nor)
        self.assertEqual(core.order(TOP_UP, 1, pack(">i", POUND)), (DONE, 0))


class Told(unittest.TestCase):
    def test_the_state_is_told_after_a_start_on_change_and_each_five_minutes(self):
        core = rig()
        self.assertEqual([kind for kind, _ in core.said()], [2])
        core.pass_s(290)
        self.assertEqual(core.said(), [])
        core.pass_s(10)
        self.assertEqual([kind for kind, _ in core.said()], [2])
        core.tell(top_up(1, POUND))
        core.link.changed = True  # as the shell does after a record
        self.assertEqual(core.said(), [])
        core.pass_s(10)
        ((_, body),) = core.said()
        self.assertEqual(unpack_from(">i", body, 12)[0], 11 * POUND)

    def test_registers_are_told_when_they_are_asked_for(self):
        core = rig()
        core.wait(0, 1234)
        core.said()
        core.link.take(packet(128, 0))
        self.assertEqual(core.said(), [(4, b"\1\1" + pack(">IH", 1, 234))])


class Typed(unittest.TestCase):
    def test_14_codes_typed_elsewhere_lock_only_themselves(self):
        from shilling.topup import TopUp

        core = rig()
        elsewhere = TopUp(core.meter, core.meter.link_lockout)
        good = make_code(core.meter.config, 1, 100)
        foreign = make_code(core.meter.config, 1025, 100)
        for _ in range(5):
            self.assertEqual(elsewhere.begin(bytes([int(digit) for digit in foreign])), codes.CHECKING)
            self.assertEqual(elsewhere.finish(), codes.NOT_AUTHENTIC)
        self.assertEqual(elsewhere.begin(bytes([int(digit) for digit in good])), codes.LOCKED)
        found = Rig(core.nor)
        self.assertTrue(found.meter.link_lockout.is_locked())
        self.assertEqual(typed(found, 1, 100), codes.DONE)
        found.wait(600)
        self.assertFalse(found.meter.link_lockout.is_locked())


if __name__ == "__main__":
    unittest.main()
