"""The head-end of a play: brings its packets to the meter's link, and reads what the meter sends.

Takes `remote` steps of tools/scenario (packets in hex; ms); gives answers as texts. A packet may come late,
many times, changed on its way or never. Source: SCENARIO.md; SPEC.md 9.
"""

from struct import pack, unpack

from hands import Stuck
from mac import hmac
from world import PowerCut

MAC_BYTES = 16
BODY_AT, KIND_AT = 30, 29
ANSWER, LOG, REGISTERS = 1, 3, 4
OUTCOMES = {
    0: "done", 6: "duplicate", 7: "over maximum credit", 8: "over maximum balance", 9: "refused",
    10: "halted", 13: "expired", 14: "too old",
}  # fmt: skip
REPEATED = 1
NOTHING = "nothing"  # that the meter said
LOST, ON_ITS_WAY = "lost", "on its way"
# What App.command takes too, and what it does not know of
PLAIN = ("top_up", "set_time", "disable", "arm", "clear_lockout", "pay_debt", "set_tariff")
WAY = ("lost", "copies", "after_ms", "mac", "again")
SESSION_BYTES = 8  # at the end of the body of set_time: u32 session, u32 uptime


def bytes_of(text):
    """The bytes that a hex text stands for."""
    return bytes(int(text[i : i + 2], 16) for i in range(0, len(text), 2))


def said(packet):
    """-> what a packet of the meter answers, or None."""
    kind = packet[KIND_AT]
    if kind == ANSWER:
        _, number, outcome, _, flags = unpack(">BIBiB", packet[BODY_AT:-MAC_BYTES])
        text = OUTCOMES.get(outcome, "outcome %d" % outcome)
        return number, text + (" again" if flags & REPEATED else "")
    if kind in (LOG, REGISTERS):
        return 0, "log" if kind == LOG else "registers"
    return None


class Post:
    """Needs `world`, meter() and `result` of the Player it is a part of."""

    def __init__(self):
        self.mail = []  # (instant, packet) that comes later, earliest first
        self.answers = []  # since the last expect, oldest first
        self.kept = {}  # name of an order: its packet

    def link(self):
        """The meter's link; None at a port that has none."""
        meter = self.meter()
        if meter.link is None:
            meter.connect(None)
        return meter.link

    def can_post(self, step):
        """Whether this step is a packet; else it is a command, as a port without a link takes them."""
        if "packet" not in step:
            return False
        link = self.link()
        if link is not None and ("key" not in step or link.session is not None):
            return True
        if step["name"] in PLAIN and not [name for name in WAY if name in step]:
            return False
        raise Stuck("this lab port has no link to bring a packet to")

    def post(self, step):
        """Send it; yields 0 for each packet that arrives."""
        if step.get("lost"):
            self.result = LOST
            return
        packet = self._packet(step)
        if "after_ms" in step:
            self._put(self.world.t_ms + step["after_ms"], packet)
            self.result = ON_ITS_WAY
            return
        answers = []
        for _ in range(step.get("copies", 1)):
            try:
                answers += self._bring(packet)
            except PowerCut:
                return  # Player._cut has told; it comes when this step yields
            yield 0
        self.result = ", ".join([text for number, text in answers if number == step["number"]])
        self.result = self.result or NOTHING

    def deliveries(self, wait_ms):
        """-> the parts of a wait between which late packets come."""
        world = self.world
        end_ms = world.t_ms + wait_ms
        while self.mail and self.mail[0][0] <= max(end_ms, world.t_ms):
            yield max(0, self.mail[0][0] - world.t_ms)
            try:
                self._bring(self.mail.pop(0)[1])
            except PowerCut:
                pass
        yield max(0, end_ms - world.t_ms)

    def _put(self, at_ms, packet):
        place = len(self.mail)
        while place and self.mail[place - 1][0] > at_ms:
            place -= 1
        self.mail.insert(place, (at_ms, packet))

    def _packet(self, step):
        packet = self.kept.get(step.get("again"))
        if packet is None:
            packet = bytes_of(step["packet"])
            if "key" in step:
                packet = self._in_this_life(packet, bytes_of(step["key"]))
        if "as" in step:
            self.kept[step["as"]] = packet
        if "mac" in step:
            packet = packet[:-1] + bytes([packet[-1] ^ 1])
        return packet

    def _in_this_life(self, packet, key):
        """A time is right at an uptime of a session, as the meter's state has told them."""
        link = self.link()
        packet = packet[:-SESSION_BYTES] + pack(">II", link.session, link.uptime_s)
        return packet + hmac(key, packet)[:MAC_BYTES]

    def _bring(self, packet):
        """-> [(number, answer)] of what the meter sends then."""
        link = self.link()
        link.take(packet)
        answers = []
        packet = link.next()
        while packet:
            answer = said(packet)
            if answer is not None:
                answers.append(answer)
                self.answers.append(answer[1])
            packet = link.next()
        return answers
