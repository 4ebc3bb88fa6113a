"""The simulated Wi-Fi: joining takes time, packets take their way, and a server can lie."""

import unittest

import network

import virtual_socket
import virtual_time
import world

SERVER = "192.0.2.123"
DAY, SECOND = 9820, 39600  # 2026-11-20 11:00:00 UTC
# NTP seconds of 2026-11-20 11:00:00: 36524 days to 2000, 9820 days more
STAMP = (36524 + 9820) * 86400 + 39600
QUESTION = b"\x23" + bytes(39) + b"12345678"


class NetTest(unittest.TestCase):
    def setUp(self):
        self.w = world.World(DAY, SECOND)
        self.ether = self.w.ether()
        self.lan = network.WLAN(network.STA_IF)
        self.lan.active(True)

    def join(self):
        self.lan.connect("home", "secret123")
        virtual_time.sleep_ms(2500)
        self.socket = virtual_socket.socket(virtual_socket.AF_INET, virtual_socket.SOCK_DGRAM)
        self.socket.setblocking(False)

    def answer(self):
        """What has come, or the errno."""
        try:
            return self.socket.recvfrom(512)
        except OSError as error:
            return error.args[0]


class JoinTest(NetTest):
    def test_it_takes_two_and_a_half_seconds(self):
        self.lan.connect("home", "secret123")
        virtual_time.sleep_ms(2499)
        self.assertEqual((self.lan.isconnected(), self.lan.ifconfig()[0]), (False, "0.0.0.0"))
        virtual_time.sleep_ms(1)
        self.assertEqual((self.lan.isconnected(), self.lan.ifconfig()[3]), (True, "192.168.4.1"))

    def test_a_wrong_password_never_does(self):
        self.lan.connect("home", "wrong")
        virtual_time.sleep_ms(60000)
        self.assertEqual(
            (self.lan.isconnected(), self.lan.status()), (False, network.STAT_WRONG_PASSWORD)
        )

    def test_an_access_point_that_comes_back_is_joined_again(self):
        self.join()
        self.ether.set_there(False)
        self.assertFalse(self.lan.isconnected())
        virtual_time.sleep_ms(60000)
        self.ether.set_there(True)
        self.assertFalse(self.lan.isconnected())
        virtual_time.sleep_ms(2500)
        self.assertTrue(self.lan.isconnected())

    def test_a_reset_switches_the_radio_off(self):
        self.join()
        self.w.reset_pins()
        self.assertEqual((self.lan.isconnected(), self.lan.active()), (False, False))

    def test_without_a_way_nothing_goes_out(self):
        self.join()
        self.ether.set_there(False)
        with self.assertRaises(OSError) as caught:
            self.socket.sendto(QUESTION, (SERVER, 123))
        self.assertEqual(caught.exception.args[0], 118)


class PacketTest(NetTest):
    def setUp(self):
        NetTest.setUp(self)
        self.join()

    def ask(self, after_ms=40):
        self.socket.sendto(QUESTION, (SERVER, 123))
        virtual_time.sleep_ms(after_ms)
        return self.answer()

    def test_the_answer_takes_its_way_there_and_back(self):
        self.assertEqual(self.ask(39), virtual_socket.EAGAIN)
        virtual_time.sleep_ms(1)
        packet, sender = self.answer()
        self.assertEqual((len(packet), sender), (48, (SERVER, 123)))
        self.assertEqual(self.answer(), virtual_socket.EAGAIN)

    def test_it_is_an_answer_as_rfc_5905_has_it(self):
        packet, _ = self.ask()
        self.assertEqual((packet[0], packet[1], packet[24:32]), (0x24, 2, b"12345678"))
        # joined at 2.5 s, 20 ms on the way
        self.assertEqual(int.from_bytes(packet[40:44], "big"), STAMP + 2)
        self.assertEqual(packet[44], 520 * 256 // 1000)

    def test_a_server_can_be_wrong_in_every_way(self):
        server = self.ether.times[SERVER]
        server.offset_s = 86400
        self.assertEqual(int.from_bytes(self.ask()[0][40:44], "big"), STAMP + 2 + 86400)
        server.leap, server.stratum, server.echoes = 3, 0, False
        packet, _ = self.ask()
        self.assertEqual((packet[0], packet[1], packet[24:32]), (0xE4, 0, bytes(8)))
        server.size = 20
        self.assertEqual(len(self.ask()[0]), 20)
        server.twice = True
        self.assertEqual([len(self.ask()[0]), len(self.answer()[0])], [20, 20])
        server.late_ms = 3000
        self.assertEqual(self.ask(3039), virtual_socket.EAGAIN)
        server.is_silent = True
        virtual_time.sleep_ms(1)
        self.answer(), self.answer()
        self.assertEqual(self.ask(60000), virtual_socket.EAGAIN)

    def test_a_name_is_asked_by_packet(self):
        question = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
        question += b"\x04pool\x03ntp\x03org\x00\x00\x01\x00\x01"
        self.socket.sendto(question, ("192.168.4.1", 53))
        virtual_time.sleep_ms(40)
        packet, _ = self.answer()
        self.assertEqual((packet[:4], packet[-4:]), (b"\x12\x34\x81\x80", bytes([192, 0, 2, 123])))

    def test_getaddrinfo_blocks_and_long_when_nobody_answers(self):
        begin = self.w.t_ms
        found = virtual_socket.getaddrinfo("pool.ntp.org", 123)
        self.assertEqual((found[0][-1], self.w.t_ms - begin), ((SERVER, 123), 40))
        self.ether.answers_names = False
        with self.assertRaises(OSError):
            virtual_socket.getaddrinfo("pool.ntp.org", 123)
        self.assertEqual(self.w.t_ms - begin, 14040)

    def test_a_closed_socket_gets_nothing_and_sends_nothing(self):
        self.socket.sendto(QUESTION, (SERVER, 123))
        self.socket.close()
        virtual_time.sleep_ms(100)
        self.assertEqual(self.answer(), virtual_socket.EBADF)


if __name__ == "__main__":
    unittest.main()
