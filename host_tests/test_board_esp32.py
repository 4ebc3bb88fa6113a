"""The ESP32 board file on the simulated silicon: each method does to the chips what it promises."""

import unittest

import boot
import virtual_time
import world

Board = boot.board_class()
MINUTE_MS = 60000


class OnTheBoard(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 39600)
        self.board = boot.board_class()()  # its idle jumps, whatever another test left


class BoardTest(OnTheBoard):
    def test_it_starts_without_complaint_and_moves_nothing(self):
        w = self.w
        self.assertEqual(self.board.notes, [])
        self.assertEqual((w.t_ms, w.relay_operations, w.coil_faults), (0, 0, 0))
        self.assertFalse(w.buzzer or w.supply_led or w.test_led)

    def test_what_does_not_answer_is_noted(self):
        w = world.World(9820, 0)
        del w.i2c[0x68]
        self.assertEqual(Board().notes, ["No clock"])

    def test_buzzer_and_supply_led_follow(self):
        for on in (True, False):
            self.board.buzz(on)
            self.board.led(not on)
            self.assertEqual((self.w.buzzer, self.w.supply_led), (on, not on))

    def test_elapsed_ms_is_zero_at_first_and_crosses_the_wrap_of_ticks(self):
        virtual_time.sleep_ms(500)
        self.assertEqual(self.board.elapsed_ms(), 0)
        while self.w.t_ms < (1 << 30) - 1000:
            virtual_time.sleep_ms(min(1 << 28, (1 << 30) - 1000 - self.w.t_ms))
            self.board.elapsed_ms()
        virtual_time.sleep_ms(1500)
        self.assertEqual(self.board.elapsed_ms(), 1500)
        self.assertEqual(self.board.elapsed_ms(), 0)

    def test_feeding_starts_the_watchdog(self):
        virtual_time.sleep_ms(60000)  # not started: nothing bites
        self.board.feed()
        virtual_time.sleep_ms(9000)
        self.board.feed()
        virtual_time.sleep_ms(10000)
        with self.assertRaises(world.Reset):
            virtual_time.sleep_ms(1)


class PulseTest(OnTheBoard):
    def test_pulses_are_those_since_the_last_call(self):
        self.w.set_load(3600)  # one a second
        self.assertEqual(self.board.pulses(), 0)
        virtual_time.sleep_ms(3500)
        self.assertEqual(self.board.pulses(), 3)
        self.assertEqual(self.board.pulses(), 0)
        virtual_time.sleep_ms(500)
        self.assertEqual(self.board.pulses(), 1)

    def test_the_test_led_shows_a_pulse_until_the_next_look(self):
        self.w.set_load(3600)
        virtual_time.sleep_ms(1000)
        self.board.pulses()
        self.assertTrue(self.w.test_led)
        self.board.pulses()
        self.assertFalse(self.w.test_led)

    def test_pulses_before_the_start_are_not_counted(self):
        self.w.set_load(3600)
        virtual_time.sleep_ms(5000)
        self.assertEqual(Board().pulses(), 0)

    def test_a_counter_that_starts_again_gives_what_it_has(self):
        class Restarted:
            def __init__(self, *values):
                self.values = list(values)

            def value(self):
                return self.values.pop(0)

        self.board._counter = Restarted(100, 3, 5)
        self.assertEqual([self.board.pulses() for _ in range(3)], [100, 3, 2])

    def test_without_a_counter_pulses_come_by_interrupt_and_a_note_says_so(self):
        self.w = world.World(9820, 39600, counter=False)
        board = Board()
        self.assertEqual(board.notes, ["Pulses by IRQ"])
        self.w.set_load(3600)
        virtual_time.sleep_ms(3500)
        self.assertEqual(board.pulses(), 3)
        board.idle(MINUTE_MS, 2)
        self.assertEqual((board.pulses(), self.w.t_ms), (2, 5000))


class KeyTest(OnTheBoard):
    def test_each_key_has_its_bit(self):
        for bit, key in enumerate(("A", "B", "left", "right", "ok", "return")):
            self.w.press(key)
            virtual_time.sleep_ms(8)
            self.assertEqual(self.board.keys(), 1 << bit)
            self.w.release(key)
            virtual_time.sleep_ms(8)
            self.assertEqual(self.board.keys(), 0)

    def test_keys_that_are_down_together_are_all_told(self):
        seen = []
        for move, key in (
            (self.w.press, "A"),
            (self.w.press, "return"),
            (self.w.release, "A"),
            (self.w.release, "return"),
        ):
            move(key)
            virtual_time.sleep_ms(8)
            seen.append(self.board.keys())
        self.assertEqual(seen, [1, 33, 32, 0])


class StoreTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 0, flash=bytearray(b"\xff" * 3 * 4096))
        self.store = Board().store

    def read(self, addr, count):
        buf = bytearray(count)
        self.store.read(addr, buf)
        return bytes(buf)

    def test_it_has_the_size_of_the_partition(self):
        self.assertEqual((self.store.size, self.store.sector), (12288, 4096))

    def test_programming_never_erases(self):
        self.store.program(0, b"\xf0")  # the start of a block, where writeblocks could erase
        self.store.program(0, b"\x0f")
        self.store.program(4095, b"\x12\x34")  # over the border of a sector
        self.assertEqual((self.read(0, 2), self.read(4094, 4)), (b"\x00\xff", b"\xff\x12\x34\xff"))
        self.assertEqual(self.w.flash.erases, 0)

    def test_erasing_takes_one_sector(self):
        self.store.program(4095, b"\x12\x34")
        self.store.erase(1)
        self.assertEqual(self.read(4095, 2), b"\x12\xff")

    def test_the_host_sees_the_same_bytes(self):
        boot.store(self.w).program(8000, b"\xab")
        self.assertEqual(self.read(8000, 1), b"\xab")

    def test_without_the_partition_it_says_what_to_do(self):
        import esp32

        found = esp32.Partition.find
        esp32.Partition.find = lambda *args, **kwargs: []
        try:
            with self.assertRaises(RuntimeError):
                Board()
        finally:
            esp32.Partition.find = found


if __name__ == "__main__":
    unittest.main()
