"""A core with a link on a simulated flash, and packets of a head-end that shares no code with it.

Takes orders as (kind, number, body); gives answers. What the shell does around a link is done here.
"""

from struct import pack, unpack

import chip_nor
from mac import hmac
from shilling import link
from small_core import Core, erased, set_up
from support import TEST_METER, TEST_ORIGINATOR, TEST_SECRET

DOWN = hmac(TEST_SECRET, b"SHILLING-LINK-1 down")
UP = hmac(TEST_SECRET, b"SHILLING-LINK-1 up")
TOP_UP, PAY_DEBT, ADJUST, SET_TARIFF, SET_SETTINGS, SET_DEBT, SPECIAL_DAYS = range(1, 8)
DISABLE, ARM, ENABLE, ACTIVATE_EC, SET_TIME, TEXT, CLEAR_LOCKOUT = range(8, 15)
READ_REGISTERS, READ_LOG, RECEIVED = 128, 129, 130
ANSWER, STATE, LOG, REGISTERS = 1, 2, 3, 4
SESSION = 0x80000001


def packet(kind, number, body=b"", until_s=0, version=1, meter=TEST_METER, issuer=TEST_ORIGINATOR,
           low=0, key=DOWN):  # fmt: skip
    head = bytes([version]) + meter + issuer + pack(">IIIB", number, low, until_s, kind) + body
    return head + hmac(key, head)[:16]


def top_up(number, amount_mp):
    return packet(TOP_UP, number, pack(">i", amount_mp))


class Board:
    """What a link wants of a board."""

    mark = 0

    def __init__(self, files):
        self.files = files
        self.rtc = None

    def rtc_set(self, day, second):
        self.rtc = (day, second)


class Rig(Core):
    """An App as far as a link sees it. `session` is that of this start."""

    def __init__(self, nor, files=None, session=SESSION, **kwargs):
        super().__init__(nor, **kwargs)
        self.board = Board(files)
        self.buzzer = self
        self.written = False
        self.unmuted = 0
        self.link = self.meter.link = link.Link(self, None, session)

    def unmute(self):
        self.unmuted += 1

    def tell(self, sent):
        """-> (outcome, balance_mp, flags) of each answer to one packet."""
        self.link.take(sent)
        return [(body[2], body[3], body[4]) for kind, body in self.said() if kind == ANSWER]

    def order(self, kind, number, body=b"", until_s=0):
        """-> the one answer's (outcome, flags)."""
        answers = self.tell(packet(kind, number, body, until_s))
        assert len(answers) == 1, answers
        assert answers[0][1] == self.meter.account.balance_mp or answers[0][2]
        return answers[0][0], answers[0][2]

    def said(self):
        """-> [(kind, body)] of everything the meter wants to send, each with its MAC right."""
        told = []
        sent = self.link.next()
        while sent:
            assert hmac(UP, sent[:-16])[:16] == sent[-16:] and len(sent) <= 496
            assert sent[:17] == b"\1" + TEST_METER + TEST_METER
            body = sent[30:-16]
            told.append((sent[29], unpack(">BIBiB", body) if sent[29] == ANSWER else body))
            sent = self.link.next()
        return told

    def pass_s(self, seconds, step_s=10):
        """Powered time, polled as the shell does."""
        for _ in range(seconds // step_s):
            self.poll(step_s * 1000)
            self.link.poll(step_s * 1000)


def rig(sectors=8, files=None, **settings):
    """A new meter with £10.00 (unless the settings say otherwise) and its first life."""
    nor = chip_nor.Nor(erased(sectors))
    given = {"balance_mp": 1000000, "rate_mp": 24500}
    given.update(settings)
    set_up(nor, **given)
    return Rig(nor, files)
