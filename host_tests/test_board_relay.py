"""The board's latching relay: one pulse, one coil, a rest, whatever interrupts or wraps."""

import unittest

import boot
import virtual_time
import world


class RelayTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 39600)
        self.board = boot.board_class()()
        virtual_time.sleep_ms(1000)  # it also rests after the start

    def test_one_pulse_of_100_ms_moves_the_contact(self):
        for closed in (False, True):
            begin = self.w.t_ms
            self.board.relay(closed)
            self.assertEqual(self.w.t_ms - begin, 100)
            self.assertEqual((self.w.contact_closed, self.board.contact()), (closed, int(closed)))
            self.assertEqual((self.w.levels[25], self.w.levels[26]), (0, 0))
            virtual_time.sleep_ms(1000)
        self.assertEqual((self.w.relay_operations, self.w.coil_faults), (2, 0))

    def test_it_rests_a_second_after_a_pulse(self):
        self.board.relay(False)
        virtual_time.sleep_ms(400)
        begin = self.w.t_ms
        self.board.relay(True)
        self.assertEqual(self.w.t_ms - begin, 600 + 100)

    def test_after_a_start_the_shell_knows_how_long_it_rests(self):
        board = boot.board_class()()
        begin = self.w.t_ms
        board.relay(False)
        self.assertEqual(self.w.t_ms - begin, 100)

    def test_it_never_rests_longer_whatever_the_ticks_say(self):
        for days in (6, 7, 12, 13):
            self.board.relay(False)
            virtual_time.sleep_ms(days * 86400000)
            begin = self.w.t_ms
            self.board.relay(True)
            self.assertEqual(self.w.t_ms - begin, 100)
            virtual_time.sleep_ms(1000)

    def test_an_interrupt_during_the_pulse_leaves_no_coil_on(self):
        class Interrupt(BaseException):
            pass

        def interrupt(_):
            raise Interrupt()

        self.w.at(self.w.t_ms + 30, interrupt, None)
        with self.assertRaises(Interrupt):
            self.board.relay(False)
        self.assertEqual((self.w.levels[25], self.w.levels[26]), (0, 0))
        self.assertTrue(self.w.contact_closed)


if __name__ == "__main__":
    unittest.main()
