# runs on: cpython, micropython
"""On a live board the firmware's sockets are this machine's own, and still hold up nobody."""

import socket
import unittest

import network

import virtual_select
import virtual_socket
import world
from ether import EHOSTUNREACH
from live_ether import LiveEther

HERE = "127.0.0.1"
TURNS = 100000  # looks until something has to be there


class RealWorld(world.World):
    ether_class = LiveEther


class LiveSockets(unittest.TestCase):
    def setUp(self):
        self.w = RealWorld(9820, 39600)
        lan = network.WLAN()
        lan.active(True)
        lan.connect("whatever", "there is")
        self.assertTrue(lan.isconnected())
        self.port, self.server = self.listen()

    def listen(self):
        for port in range(20000, 60000, 97):
            made = socket.socket()
            try:
                made.bind(socket.getaddrinfo(HERE, port)[0][-1])
            except OSError:  # somebody has it
                made.close()
                continue
            made.listen(1)
            return port, made
        raise OSError("no port is free")

    def tearDown(self):
        self.server.close()

    def begin(self, port):
        made = virtual_socket.socket(virtual_socket.AF_INET, virtual_socket.SOCK_STREAM)
        made.setblocking(False)
        with self.assertRaises(OSError):
            made.connect((HERE, port))
        poll = virtual_select.poll()
        poll.register(made, virtual_select.POLLOUT)
        self.until(lambda: poll.poll(0))
        return made

    def until(self, work):
        for _ in range(TURNS):
            found = work()
            if found:
                return found
        raise AssertionError("it never came")

    def test_bytes_go_there_and_back(self):
        made = self.begin(self.port)
        other = self.server.accept()[0]
        self.assertEqual(made.write(b"hello"), 5)
        self.assertEqual(other.recv(5), b"hello")
        buf = bytearray(8)
        self.assertEqual(made.readinto(buf), None)
        other.send(b"back")
        self.assertEqual(self.until(lambda: made.readinto(buf)), 4)
        self.assertEqual(buf[:4], b"back")
        other.close()
        self.until(lambda: made.readinto(buf) == 0)
        made.close()

    def test_who_is_refused_is_told_when_it_writes(self):
        self.server.close()
        made = self.begin(self.port)
        with self.assertRaises(OSError):
            made.write(b"x")
        made.close()

    def test_a_world_whose_time_flies_does_not_storm_the_broker(self):
        self.begin(self.port).close()
        made = virtual_socket.socket(virtual_socket.AF_INET, virtual_socket.SOCK_STREAM)
        made.setblocking(False)
        with self.assertRaises(OSError) as caught:
            made.connect((HERE, self.port))
        self.assertEqual(caught.exception.args[0], EHOSTUNREACH)

    def test_a_name_is_asked_of_this_machine(self):
        self.assertEqual(self.w.ether().names.get("localhost"), HERE)
        self.assertEqual(self.w.ether().names.get("pool.ntp.org"), "192.0.2.123")  # simulated
        self.assertEqual(self.w.ether().names.get("no-such-host.invalid"), None)


if __name__ == "__main__":
    unittest.main()
