"""A first start from settings.json: what is taken, what is refused, and a power cut at any write of it."""

import binascii
import hashlib
import json
import os
import unittest

import boot
import first_start
import world
from shilling import app, ledger, remote
from shilling.meter import Meter

DAY, NOON = 9820, 43200
OLD, NEW = bytes(range(32)), bytes(range(32, 64))
FOLDER = "build"
NAMES = ("settings.json", "authority", "granted")


def settings(secret=NEW, **more):
    given = {
        "profile": "smart_payg", "day": DAY, "second": NOON, "balance_mp": 123456, "rate_mp": 24500,
        "meter_id": "00112233445566FF", "originator_id": "90B3D51F30000001",
        "secret": "".join(["%02x" % byte for byte in secret]),
    }  # fmt: skip
    given.update(more)
    return given


class FirstStart(unittest.TestCase):
    def setUp(self):
        self.w = world.World(DAY, NOON)
        self.kept = first_start.AUTHORITY, first_start.GRANTED
        try:
            os.mkdir(FOLDER)
        except OSError:
            pass
        self.paths = [FOLDER + "/first_start_" + name for name in NAMES]
        first_start.AUTHORITY, first_start.GRANTED = self.paths[1:]
        self.remove()

    def tearDown(self):
        first_start.AUTHORITY, first_start.GRANTED = self.kept
        self.remove()

    def remove(self):
        for path in [self.paths[0] + "/in_it"] + self.paths:
            for remove in (os.remove, os.rmdir):
                try:
                    remove(path)
                except OSError:
                    pass

    def write(self, content, secret=None):
        """settings.json, and the authority of who knows `secret`."""
        text = content if isinstance(content, bytes) else json.dumps(content).encode()
        with open(self.paths[0], "wb") as file:
            file.write(text)
        if secret is not None:
            proof = hashlib.sha256(secret + hashlib.sha256(text).digest()).digest()
            with open(self.paths[1], "wb") as file:
                file.write(binascii.hexlify(proof))

    def files(self):
        found = os.listdir(FOLDER)
        return [name for name in NAMES if "first_start_" + name in found]

    def start(self):
        """One start of the chip. -> True if it ended in a reset."""
        store = boot.board_class()().store
        if "settings.json" not in self.files():
            return False
        try:
            first_start.run(store, self.paths[0])
        except world.Reset:
            return True
        raise AssertionError("it must end in a reset")

    def standing(self):
        """-> what the store holds: (OPENED or not, balance, secret)."""
        meter = Meter()
        opened = ledger.Ledger(self.w.flash).recover(meter.parts)
        return opened, meter.account.balance_mp, bytes(meter.config.secret)

    def old_meter(self):
        self.write(settings(OLD, balance_mp=777))
        self.start()

    def test_a_blank_store_becomes_the_meter_and_the_file_is_forgotten(self):
        self.write(settings())
        self.assertTrue(self.start())
        self.assertEqual(self.standing(), (ledger.OPENED, 123456, NEW))
        self.assertEqual(self.files(), [])
        self.assertFalse(self.start())

    def test_S10_without_a_time_in_it_nothing_falls_due_for_the_time_before(self):
        """Of an image that lay for 90 days; a clock chip that knows the time, and one that was told."""
        for is_told in (False, True):
            self.w = world.World(DAY, NOON)
            given = settings(profile="key_meter", balance_mp=223456, standing_mp=50000)
            given.update(time_1_mp=2000000, weekly_mp=700000)
            del given["day"], given["second"]
            self.write(given)
            self.assertTrue(self.start())
            self.w.rtc_step(90 * 86400)
            if is_told:
                self.w.rtc_stop()
            meter = app.App(boot.board_class()())
            meter.poll()
            self.assertEqual(meter.meter.clock.is_trusted(), not is_told)
            if is_told:
                remote.set_clock(meter, DAY + 90, NOON)
            for charged_mp in (0, 150000):  # a standing charge and a part of 7.00
                for _ in range(30):
                    meter.poll()
                self.assertEqual(meter.meter.account.balance_mp, 223456 - charged_mp)
                if not charged_mp:
                    self.w.idle(12 * 3600000, 1)

    def wrong(self):
        without = settings()
        del without["secret"]
        return (
            b"{", b"[]", b"{}", b"", b"\xff\xfe", settings(meter_id="00"), settings(meter_id="xy"),
            settings(balance_mp="1"), settings(balance_mp=1.5), settings(balance_mp=1 << 40),
            settings(no_such_setting=1), settings(profile="none"), settings(meter_id=7),
            settings(ec_activated=None), settings(ec_activated="1"), settings(ec_activated=[]),
            settings(time_1_mp=-1), settings(day=70000), settings(second=1 << 70), without,
            settings(bytes(32)), settings(meter_id="00" * 8),
        )  # fmt: skip

    def test_a_wrong_file_writes_nothing_and_is_forgotten(self):
        for wrong in self.wrong():
            self.write(wrong)
            self.assertTrue(self.start())
            self.assertEqual((self.standing()[0], self.files()), (ledger.BLANK, []))

    def test_what_cannot_be_removed_is_no_reset_for_ever(self):
        for before in (lambda: None, self.old_meter):
            before()
            os.mkdir(self.paths[0])
            with open(self.paths[0] + "/in_it", "w"):
                pass
            standing = self.standing()
            first_start.run(boot.board_class()().store, self.paths[0])  # comes back
            self.assertEqual((self.standing(), self.files()), (standing, ["settings.json"]))
            self.remove()

    def test_a_meter_that_is_set_up_refuses(self):
        self.old_meter()
        for secret in (None, NEW, bytes(32)):
            self.write(settings(), secret)
            self.start()
            self.assertEqual(self.standing(), (ledger.OPENED, 777, OLD))
            self.assertEqual(self.files(), [])

    def test_who_knows_its_key_may_set_it_up_again(self):
        self.old_meter()
        self.write(settings(), OLD)
        self.start()
        self.assertEqual(self.standing(), (ledger.OPENED, 123456, NEW))
        self.assertEqual(self.files(), [])

    def test_authority_for_another_file_is_none(self):
        self.old_meter()
        self.write(settings(), OLD)
        with open(self.paths[0], "wb") as file:
            file.write(json.dumps(settings(balance_mp=99999999)).encode())
        self.start()
        self.assertEqual(self.standing(), (ledger.OPENED, 777, OLD))

    def test_a_wrong_file_with_authority_erases_nothing(self):
        self.old_meter()
        for wrong in self.wrong():
            self.write(wrong, OLD)
            self.start()
            self.assertEqual(self.standing(), (ledger.OPENED, 777, OLD))
            self.assertEqual(self.files(), [])

    def test_a_power_cut_at_any_write_leaves_the_old_meter_or_goes_on(self):
        for fresh in (True, False):
            for write in (1, 2, 3, 5, 40, 100, 127, 128, 129, 130, 131, 132):
                self.setUp()
                if not fresh:
                    self.old_meter()
                self.write(settings(), None if fresh else OLD)
                cut = []

                def fail(cut=cut):
                    cut.append(1)
                    raise world.PowerCut(1000)

                self.w.flash.cut_at(write, "subset", write, fail)
                try:
                    self.start()
                except world.PowerCut:
                    pass
                self.w.flash.cut_at(1 << 30, "subset", 0, fail)
                self.start()
                self.start()
                self.assertEqual(self.standing(), (ledger.OPENED, 123456, NEW))
                self.assertEqual(self.files(), [])


if __name__ == "__main__":
    unittest.main()
