"""S2-S4, S9: the table of the supply over every state and input, and the relay's minute and day."""

import unittest

from shilling import codes, supply
from shilling.codes import ARMED, DISABLED, ENABLED, FAULT, REMOTE_OFF

STATES = range(5)
INPUTS = range(8)


class Table(unittest.TestCase):
    def test_the_table_is_total(self):
        self.assertEqual(len(supply.TABLE), len(codes.SUPPLY_NAMES))
        for state in STATES:
            self.assertEqual(len(supply.TABLE[state]), len(INPUTS))
            for event in INPUTS:
                self.assertIn(supply.TABLE[state][event], STATES)

    def test_S2_only_no_credit_without_protection_disables_an_enabled_supply(self):
        for event in INPUTS:
            ends = supply.TABLE[ENABLED][event]
            self.assertEqual(ends == DISABLED, event == supply.NO_CREDIT)
            self.assertEqual(ends == REMOTE_OFF, event == supply.REMOTE_DISABLE)
            self.assertEqual(ends == FAULT, event == supply.BREAK_DOWN)
            self.assertNotEqual(ends, ARMED)

    def test_S4_only_the_consumer_enables(self):
        for state in STATES:
            for event in INPUTS:
                if state != ENABLED and supply.TABLE[state][event] == ENABLED:
                    self.assertEqual((state, event), (ARMED, supply.CONSUMER_YES))

    def test_S4_credit_arms_and_its_loss_disarms(self):
        self.assertEqual(supply.TABLE[DISABLED][supply.CREDIT], ARMED)
        self.assertEqual(supply.TABLE[ARMED][supply.NO_CREDIT], DISABLED)
        self.assertEqual(supply.TABLE[ARMED][supply.NO_CREDIT_PROTECTED], DISABLED)

    def test_S4_yes_enables_an_armed_supply_and_credit_alone_does_not(self):
        self.assertEqual(supply.TABLE[ARMED][supply.CONSUMER_YES], ENABLED)
        self.assertEqual(supply.TABLE[ARMED][supply.CREDIT], ARMED)

    def test_without_credit_a_disabled_supply_stays_so(self):
        for event in (supply.NO_CREDIT, supply.NO_CREDIT_PROTECTED, supply.CONSUMER_YES):
            self.assertEqual(supply.TABLE[DISABLED][event], DISABLED)

    def test_remote_off_comes_from_any_state_and_remote_arming_ends_every_off(self):
        for state in (ENABLED, DISABLED, ARMED, REMOTE_OFF):
            self.assertEqual(supply.TABLE[state][supply.REMOTE_DISABLE], REMOTE_OFF)
        for state in (DISABLED, ARMED, REMOTE_OFF):
            self.assertEqual(supply.TABLE[state][supply.REMOTE_ARM], ARMED)

    def test_a_remote_permission_ends_a_remote_off_and_nothing_else(self):
        for state in STATES:
            ends = DISABLED if state == REMOTE_OFF else state
            self.assertEqual(supply.TABLE[state][supply.REMOTE_PERMIT], ends)

    def test_credit_or_its_loss_does_not_end_a_remote_off(self):
        self.assertEqual(supply.TABLE[REMOTE_OFF][supply.NO_CREDIT], REMOTE_OFF)
        self.assertEqual(supply.TABLE[REMOTE_OFF][supply.NO_CREDIT_PROTECTED], REMOTE_OFF)
        self.assertEqual(supply.TABLE[REMOTE_OFF][supply.CREDIT], REMOTE_OFF)
        self.assertEqual(supply.TABLE[REMOTE_OFF][supply.CONSUMER_YES], REMOTE_OFF)

    def test_a_fault_leaves_the_contact_as_it_is_for_good(self):
        for closed in (0, 1):
            for state in STATES:
                unit = supply.Supply()
                unit.state, unit.closed = state, closed
                unit.take(supply.BREAK_DOWN)
                for event in INPUTS:
                    unit.take(event)
                    self.assertEqual((unit.state, unit.wants_closed()), (FAULT, closed))
                    self.assertFalse(unit.may_operate(1))


class S9Relay(unittest.TestCase):
    def setUp(self):
        self.unit = supply.Supply()

    def switch(self, state, day=1):
        self.unit.state = state
        if self.unit.may_operate(day):
            self.unit.operate(day)
            return True
        return False

    def test_a_new_supply_is_on_and_has_operated_nothing(self):
        unit = self.unit
        self.assertEqual((unit.state, unit.closed, unit.wants_closed()), (ENABLED, 1, 1))
        self.assertEqual((unit.operations, unit.operations_day, unit.rest_ms), (0, 0, 0))

    def test_the_contact_is_noted_as_it_is_ordered(self):
        for state, closed in ((DISABLED, 0), (ENABLED, 1), (REMOTE_OFF, 0)):
            self.assertTrue(self.switch(state))
            self.assertEqual(self.unit.closed, closed)
            self.unit.rest(60000)
            self.assertFalse(self.switch(state))

    def test_one_operation_a_minute(self):
        self.assertTrue(self.switch(DISABLED))
        self.unit.rest(59999)
        self.assertFalse(self.switch(ENABLED))
        self.unit.rest(1)
        self.assertTrue(self.switch(ENABLED))
        self.assertFalse(self.switch(ENABLED))

    def test_it_is_looked_at_again_when_the_minute_is_over(self):
        self.assertEqual(self.unit.next_ms(90000), 90000)
        self.assertTrue(self.switch(DISABLED))
        self.assertEqual(self.unit.next_ms(90000), 90000)  # it is as wished
        self.unit.rest(100)
        self.unit.state = ENABLED
        self.assertEqual((self.unit.next_ms(90000), self.unit.next_ms(500)), (59900, 500))

    def test_after_20_operations_closing_waits_for_the_next_day_and_opening_goes(self):
        for count in range(20):
            self.assertTrue(self.switch(ENABLED if count % 2 else DISABLED))
            self.unit.rest(60000)
        self.assertTrue(self.switch(DISABLED))
        self.unit.rest(60000)
        self.assertFalse(self.switch(ENABLED))
        self.assertTrue(self.switch(ENABLED, day=2))
        self.assertEqual(self.unit.count(2), 1)

    def test_an_operation_whose_time_nobody_knows_is_told_apart_and_counted(self):
        for day, trusted, count in ((1, False, 1), (1, False, 2), (1, True, 3), (2, False, 1)):
            self.unit.count_operation(day, trusted)
            self.assertEqual((self.unit.count(day), self.unit.is_untimed()), (count, not trusted))
        for _ in range(200):
            self.unit.count_operation(2, False)
        self.assertEqual((self.unit.count(2), self.unit.is_untimed()), (127, True))

    def test_the_20th_operation_of_a_day_may_close_and_the_21st_may_not(self):
        self.unit.closed = 0
        for count in range(20):
            self.assertTrue(self.switch(DISABLED if count % 2 else ENABLED))
            self.unit.rest(60000)
        self.assertFalse(self.switch(ENABLED))
        self.unit.operations = 19
        self.assertTrue(self.switch(ENABLED))


if __name__ == "__main__":
    unittest.main()
