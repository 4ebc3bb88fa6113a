"""What runs in every poll takes nothing from the heap, nor does the silicon below it."""
# runs on: micropython, wasm

import unittest

import micropython

import boot
import virtual_time
import world
from variants import ALL, start


class FixedBus:
    """An I2C bus that answers without taking memory, as the chip's own does."""

    def __init__(self):
        self.answer = bytes([0x00, 0x00, 0x11, 0x05, 0x20, 0x11, 0x26, 0, 0, 0, 0, 0, 0, 0, 0, 0])

    def readfrom_mem_into(self, addr, memaddr, buf):
        for i in range(len(buf)):
            buf[i] = self.answer[memaddr + i]


def polls(board):
    """-> what a poll asks of a board, 100 ms after the last one."""

    def poll():
        virtual_time.sleep_ms(100)
        board.elapsed_ms()
        board.pulses()
        board.keys()
        board.contact()
        board.dim(False)
        board.show("same")

    return poll


class HeapTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9820, 39600)
        self.w.set_load(2999)
        self.board = boot.board_class()()  # its idle jumps, whatever another test left

    def takes_nothing(self, function, times):
        """function runs `times` times with the heap locked; the first run, outside, warms up."""
        function()
        micropython.heap_lock()
        try:
            for _ in range(times):
                function()
        finally:
            micropython.heap_unlock()

    def test_a_poll(self):
        board = self.board

        def poll():
            board.elapsed_ms()
            board.idle(5000, 3)
            board.pulses()
            board.keys()
            board.contact()
            board.buzz(True)
            board.led(False)
            board.feed()
            board.show("same")

        self.takes_nothing(poll, 1000)
        self.assertTrue(self.w.t_ms > 3000000)

    def test_a_poll_of_every_kind_of_board_with_its_mark(self):
        for given in ALL:
            for mark in (1, 2):
                w, board = start(given)
                board.mark = mark
                self.takes_nothing(polls(board), 20)  # the network is not asked for the time yet
                self.assertTrue(w.t_ms >= 2100)

    def test_the_time_of_the_network_between_two_questions(self):
        w, board = start({"clock": "ntp", "wifi": {"ssid": "home", "password": "secret123"}})
        while board.rtc_read():
            virtual_time.sleep_ms(20)
            board.elapsed_ms()

        def poll():
            virtual_time.sleep_ms(1000)
            board.elapsed_ms()
            board.rtc_read()

        self.takes_nothing(poll, 3000)
        self.assertEqual(board.rtc_read(), 0)

    def test_a_poll_with_the_boards_own_idle(self):
        board = boot.board_class(jump=False)()
        self.takes_nothing(lambda: board.idle(5000, 3) or board.pulses(), 1000)

    def test_reading_the_clock(self):
        import ds3231

        clock = ds3231.DS3231(FixedBus())
        self.takes_nothing(clock.read, 100)
        self.assertEqual((clock.day, clock.second), (9820, 39600))

    def test_the_lock_is_a_lock(self):
        with self.assertRaises(MemoryError):
            self.takes_nothing(lambda: [1, 2, 3], 1)


if __name__ == "__main__":
    unittest.main()
