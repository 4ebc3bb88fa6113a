"""What can be broken on the bench breaks as it would: clock, counter, pulse wire, interrupts, relay."""

import unittest

import machine

import virtual_time
import world

CLOCK = 0x68
OUT = machine.Pin.OUT


class FaultTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(9000, 3600)


class ClockTest(FaultTest):
    def setUp(self):
        FaultTest.setUp(self)
        self.i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))

    def registers(self, first=0, count=16):
        return self.i2c.readfrom_mem(CLOCK, first, count)

    def test_a_dead_crystal_stands_still_and_its_flag_comes_back(self):
        self.w.rtc_stop()
        before = self.registers(0, 7)
        virtual_time.sleep_ms(5000)
        self.assertEqual(self.registers(0, 7), before)
        self.i2c.writeto_mem(CLOCK, 0x0F, b"\x00")
        self.assertEqual(self.registers(0x0F, 1), b"\x80")
        self.i2c.writeto_mem(CLOCK, 0, b"\x07\x00\x12")  # it takes a time, and stays there
        virtual_time.sleep_ms(5000)
        self.assertEqual(self.registers(0, 3), b"\x07\x00\x12")
        self.w.rtc_start()
        virtual_time.sleep_ms(5000)
        self.assertEqual(self.registers(0, 3), b"\x12\x00\x12")
        self.assertEqual(self.registers(0x0F, 1), b"\x80")
        self.i2c.writeto_mem(CLOCK, 0x0F, b"\x00")
        self.assertEqual(self.registers(0x0F, 1), b"\x00")

    def test_with_eosc_set_it_stops_on_battery_and_says_so(self):
        for control, runs in ((b"\x9c", False), (b"\x1c", True)):
            w = world.World(9000, 3600)
            i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
            i2c.writeto_mem(CLOCK, 0x0E, control)
            w.unplug(CLOCK)
            virtual_time.sleep_ms(30000)
            w.plug(CLOCK)
            seconds, status = i2c.readfrom_mem(CLOCK, 0, 1), i2c.readfrom_mem(CLOCK, 0x0F, 1)
            self.assertEqual(seconds, b"\x30" if runs else b"\x00")
            self.assertEqual(status, b"\x00" if runs else b"\x80")

    def test_garbled_registers_are_read_wrong_and_are_right_again(self):
        right = self.registers()
        self.w.rtc_garble({2: 0xFF, 5: 0x13})
        wrong = self.registers()
        self.assertEqual((wrong[2], wrong[5], wrong[4]), (0xFF, 0x13, right[4]))
        self.w.rtc_garble()
        self.assertEqual(self.registers(), right)

    def test_after_register_12_comes_00(self):
        self.assertEqual(self.registers(0x12, 2)[1:], self.registers(0, 1))


class CounterTest(FaultTest):
    def setUp(self):
        FaultTest.setUp(self)
        self.w.set_load(3600)  # one a second
        self.counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))

    def test_a_reset_begins_anew_and_no_pulse_is_twice(self):
        virtual_time.sleep_ms(5000)
        self.assertEqual(self.counter.value(), 5)
        self.w.counter_set()
        self.assertEqual(self.counter.value(), 0)
        virtual_time.sleep_ms(3000)
        self.assertEqual(self.counter.value(), 3)

    def test_it_can_hold_anything(self):
        self.w.counter_set(-7)
        virtual_time.sleep_ms(2000)
        self.assertEqual(self.counter.value(), -5)

    def test_missed_pulses_were_sent_and_not_counted(self):
        self.w.miss(3)
        virtual_time.sleep_ms(5000)
        self.assertEqual((self.counter.value(), self.w.load.missed), (2, 3))

    def test_extra_pulses_were_not_sent_and_are_counted_now(self):
        virtual_time.sleep_ms(1500)
        self.w.extra(4)
        self.assertEqual((self.counter.value(), self.w.load.added), (5, 4))
        virtual_time.sleep_ms(500)
        self.assertEqual(self.counter.value(), 6)

    def test_idle_ends_at_pulses_that_nobody_sent(self):
        self.w.set_load(0)
        self.w.at(700, self.w.extra, 1)
        self.w.idle(60000, 1)
        self.w.idle(60000, 1)
        self.assertEqual((self.w.t_ms, self.counter.value()), (700, 1))
        self.w.idle(60000, 1)
        self.assertEqual(self.w.t_ms, 60700)


class InterruptTest(FaultTest):
    def setUp(self):
        FaultTest.setUp(self)
        self.seen = 0
        machine.Pin(34, machine.Pin.IN).irq(self.edge, machine.Pin.IRQ_RISING)
        self.w.set_load(36000)  # ten a second

    def edge(self, _pin):
        self.seen += 1

    def test_sleeping_python_takes_every_edge(self):
        virtual_time.sleep_ms(5000)
        self.assertEqual((self.seen, self.w.load.lost), (50, 0))

    def test_python_that_stands_still_keeps_eight(self):
        self.w.block_ms(700)
        self.assertEqual((self.seen, self.w.load.lost), (7, 0))
        self.w.block_ms(2000)
        self.assertEqual((self.seen, self.w.load.lost), (15, 12))
        virtual_time.sleep_ms(1000)
        self.assertEqual(self.seen, 25)

    def test_a_blocked_bus_loses_them_too(self):
        i2c = machine.I2C(0, scl=machine.Pin(22), sda=machine.Pin(21))
        self.w.hold_line("SDA")
        with self.assertRaises(OSError):
            i2c.writeto(0x70, bytes(17))
        self.assertEqual((self.seen, self.w.load.lost), (8, 10))

    def test_flash_that_is_erased_keeps_one(self):
        import esp32

        w = world.World(9000, 3600, takes_time=True)
        machine.Pin(34, machine.Pin.IN).irq(self.edge, machine.Pin.IRQ_RISING)
        w.set_load(360000)  # a hundred a second: nobody's house
        part = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="ledger")[0]
        part.ioctl(6, 0)
        self.assertEqual((w.t_ms, self.seen, w.load.lost), (45, 1, 3))

    def test_a_counter_loses_nothing_meanwhile(self):
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        self.w.block_ms(5000)
        self.assertEqual(counter.value(), 50)


class RelayTest(FaultTest):
    def setUp(self):
        FaultTest.setUp(self)
        self.coils = {True: machine.Pin(25, OUT, value=0), False: machine.Pin(26, OUT, value=0)}
        self.feedback = machine.Pin(35, machine.Pin.IN)

    def order(self, closed):
        self.coils[closed].value(1)
        virtual_time.sleep_ms(100)
        self.coils[closed].value(0)
        virtual_time.sleep_ms(100)
        return self.w.contact_closed, self.feedback.value()

    def test_a_welded_one_stays_closed_and_current_flows(self):
        self.w.weld()
        self.w.set_load(3600)
        counter = machine.Counter(0, machine.Pin(34, machine.Pin.IN))
        self.assertEqual(self.order(False), (True, 1))
        virtual_time.sleep_ms(9800)
        self.assertEqual((counter.value(), self.w.relay_operations), (10, 1))
        self.w.free_relay()
        self.assertEqual(self.order(False), (False, 0))

    def test_a_jammed_one_stays_where_it_is(self):
        self.order(False)
        self.w.jam()
        self.assertEqual(self.order(True), (False, 0))

    def test_the_auxiliary_contact_can_disagree_in_every_way(self):
        for kind, closed, opened in (("inverted", 0, 1), ("open", 0, 0), ("closed", 1, 1)):
            self.w.set_feedback(kind)
            self.assertEqual(self.order(True), (True, closed))
            self.assertEqual(self.order(False), (False, opened))
        self.w.set_feedback("true")
        self.assertEqual(self.feedback.value(), 0)

    def test_a_broken_wire_floats_till_it_is_mended(self):
        self.w.set_feedback("floating")
        levels = set()
        for _ in range(50):
            virtual_time.sleep_ms(40)
            levels.add(self.feedback.value())
        self.assertEqual(levels, {0, 1})
        self.w.set_feedback("true")
        virtual_time.sleep_ms(1000)
        self.assertEqual(self.feedback.value(), 1)
        self.w.idle(10**6, 10**6)  # and nothing goes on changing
        self.assertEqual(self.w.t_ms, 2000 + 1000 + 10**6)

    def test_what_is_no_feedback_is_refused(self):
        with self.assertRaises(ValueError):
            self.w.set_feedback("wrong")


if __name__ == "__main__":
    unittest.main()
