"""The whole meter on the simulated network: the shell, its link, the wire, and a broker at the end."""

import json
import unittest

import boot
from shilling import guest
from shilling.app import App
from shilling.provision import provision
from small_broker import Broker
from variants import WIFI, start

ADDRESS = "192.168.4.7"
METER = "00DB1234567890A0"
BASE = "shilling/%s/" % METER
SETTINGS = {
    "meter_id": bytes.fromhex(METER),
    "originator_id": bytes.fromhex("90B3D51F30010000"),
    "secret": bytes(range(32)),
    "day": 9820,
    "second": 39600,
    "balance_mp": 1000000,
}


class MeterTest(unittest.TestCase):
    home = True

    def setUp(self):
        given = {"wifi": WIFI, "mqtt": {"host": ADDRESS, "homeassistant": self.home}}
        self.w, board = start(given)
        board.mark = 1
        provision(boot.store(self.w), SETTINGS)
        self.broker = Broker()
        self.w.ether().servers[ADDRESS, 1883] = self.broker.accept
        self.app = App(board)
        self.app.connect(board.wire)
        board.elapsed_ms()

    def poll_for(self, ms):
        """As App.run, without its watchdog."""
        end_ms = self.w.t_ms + ms
        while self.w.t_ms < end_ms:
            wait_ms = self.app.poll()
            self.app.board.idle(max(1, min(wait_ms, end_ms - self.w.t_ms)), self.app.asked_pulses)
        self.assertEqual(self.broker.faults, [])

    def heard(self, topic):
        return [payload for _, known, payload, _, _, _ in self.broker.heard if known == topic]


class Link(MeterTest):
    def test_soon_after_a_start_the_state_is_told_and_then_each_five_minutes(self):
        self.poll_for(30000)
        kinds = [packet[29] for packet in self.heard(BASE + "up")]
        self.assertEqual(kinds[0], 2)
        before = len(kinds)
        self.poll_for(600000)
        kinds = [packet[29] for packet in self.heard(BASE + "up")]
        self.assertEqual(kinds[before:], [2] * (len(kinds) - before))
        self.assertTrue(len(kinds) >= before + 2)
        self.assertEqual(len(self.broker.lines), 1)

    def test_what_is_not_authentic_is_counted_and_changes_nothing(self):
        self.poll_for(10000)
        balance_mp = self.app.meter.account.balance_mp
        for size in (0, 1, 45, 46, 100, 496, 497, 560):
            self.broker.publish(BASE + "down", bytes(size))
        self.poll_for(10000)
        self.assertEqual(self.app.link.refused, 8)
        self.assertEqual(self.app.meter.account.balance_mp, balance_mp)
        self.assertEqual(self.broker.sessions[METER].waiting, [])


class HomeAssistant(MeterTest):
    def test_the_device_and_its_state_are_there_whole_and_retained(self):
        self.poll_for(10000)
        device = json.loads(self.broker.retained["homeassistant/device/shilling_%s/config" % METER])
        self.assertEqual(device["avty_t"], BASE + "availability")
        self.assertEqual(device["stat_t"], BASE + "state")
        self.assertIn("balance", json.loads(self.broker.retained[BASE + "state"]))
        topics = self.broker.sessions[METER].topics
        self.assertEqual(topics, {BASE + "down": 1, BASE + "set/+": 0, "homeassistant/status": 0})

    def test_it_is_told_again_when_home_assistant_comes_or_the_line_does(self):
        self.poll_for(10000)
        topic = "homeassistant/device/shilling_%s/config" % METER
        before = len(self.heard(topic))
        self.broker.publish("homeassistant/status", b"online", 0)
        self.poll_for(5000)
        self.assertEqual(len(self.heard(topic)), before + 1)
        self.broker.lines[-1].reset()
        self.poll_for(10000)
        self.assertEqual(len(self.heard(topic)), before + 2)

    def test_packets_of_the_link_come_between_its_messages_and_never_into_them(self):
        self.w.ether().segment = 50
        self.poll_for(6000)
        for _ in range(5):
            self.broker.publish("homeassistant/status", b"online", 0)
            self.broker.publish(BASE + "down", bytes(60))
            self.poll_for(400)
        self.poll_for(5000)
        json.loads(self.broker.retained["homeassistant/device/shilling_%s/config" % METER])
        self.assertEqual(self.app.link.refused, 5)

    def test_a_retained_order_is_no_order(self):
        tried = []
        own = guest.top_up
        guest.top_up = lambda app, digits: tried.append(bytes(digits)) or 0
        try:
            self.try_retained(tried)
        finally:
            guest.top_up = own

    def try_retained(self, tried):
        self.poll_for(10000)
        self.broker.publish(BASE + "set/code", b"1234 5678 9012 3456 7890", 0, True)
        self.poll_for(5000)
        self.assertEqual(tried, [bytes([1, 2, 3, 4, 5, 6, 7, 8, 9, 0] * 2)])  # a new one is one
        self.broker.lines[-1].reset()
        self.poll_for(30000)
        self.assertEqual((len(tried), len(self.broker.lines)), (1, 2))


if __name__ == "__main__":
    unittest.main()
