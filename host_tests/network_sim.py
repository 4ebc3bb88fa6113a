"""A network as bad as they come: packets are lost, come twice, late, in another order; and a broker lies.

Takes packets with where they go, gives them at their instants (s); all chance is seeded. The liar keeps
every packet it sees, sends old ones again days later and to the wrong end, and changes, cuts, grows and
invents others. Source: RELIABILITY ("link with loss, duplication, reorder, delay of days").
"""

import heapq
from random import Random

WEEK_S = 7 * 86400
PACKET_MOST = 496  # the largest there can be
KEPT = 400  # packets the liar remembers

# of a hundred packets so many come within this many seconds
DELAYS = ((45, 3), (25, 60), (15, 300), (10, 3600), (4, 86400), (1, WEEK_S))


class Network:
    """`lost`, `doubled`, `lies`, `delivered` count. send() puts in, due() takes out. Ends are any values."""

    def __init__(self, seed, loss=50, twice=50, lies=20, longest_s=WEEK_S):
        """loss, twice, lies: of a hundred packets sent."""
        self.random = Random(seed)
        self.loss, self.twice, self.lying, self.longest_s = loss, twice, lies, longest_s
        self.queue = []  # (instant, number, end, packet, is a lie)
        self.number = 0
        self.seen = []  # (end, packet)
        self.lost = self.doubled = self.lies = self.delivered = 0

    def calm(self):
        """From now on everything comes, once and soon; what is on its way stays there."""
        self.loss = self.twice = self.lying = 0
        self.longest_s = 3

    def send(self, now_s, end, packet):
        packet = bytes(packet)
        if self.chance(self.loss):
            self.lost += 1
        else:
            self._put(now_s + self.delay_s(), end, packet)
            if self.chance(self.twice):
                self.doubled += 1
                self._put(now_s + self.delay_s(), end, packet)
        self._remember(end, packet)
        if self.chance(self.lying):
            self.lies += 1
            end, lie = self.random.choice(LIES)(self)
            self._put(now_s + self.delay_s(), end, lie, True)

    def next_s(self):
        """When the next one arrives, None when nothing is on its way."""
        return self.queue[0][0] if self.queue else None

    def due(self, now_s):
        """-> (end, packet, is a lie) of all that have arrived by now."""
        while self.queue and self.queue[0][0] <= now_s:
            _, _, end, packet, is_lie = heapq.heappop(self.queue)
            self.delivered += 1
            yield end, packet, is_lie

    def chance(self, percent):
        return self.random.randrange(100) < percent

    def delay_s(self):
        longest_s = self.random.choices([d for _, d in DELAYS], [w for w, _ in DELAYS])[0]
        return self.random.randint(0, min(longest_s, self.longest_s))

    def _put(self, at_s, end, packet, is_lie=False):
        self.number += 1
        heapq.heappush(self.queue, (at_s, self.number, end, packet, is_lie))

    def _remember(self, end, packet):
        if len(self.seen) < KEPT:
            self.seen.append((end, packet))
        else:
            self.seen[self.random.randrange(KEPT)] = (end, packet)

    # What the liar does: -> (end, packet)

    def again(self):
        return self.random.choice(self.seen)

    def elsewhere(self):
        """To another end than it was for: another meter's, or the sender's own."""
        return self.random.choice(self.seen)[0], self.random.choice(self.seen)[1]

    def changed(self):
        end, packet = self.random.choice(self.seen)
        return end, changed(self.random, packet)

    def invented(self):
        return self.random.choice(self.seen)[0], noise(self.random)


LIES = (Network.again, Network.again, Network.elsewhere, Network.changed, Network.invented)


def changed(random, packet):
    """Another packet than this one, but not by much."""
    if len(packet) < 2:
        return packet + b"\0"
    how = random.randrange(5)
    if how == 0:
        return packet[: random.randrange(len(packet))]
    if how == 1:
        return packet + random.randbytes(random.randint(1, 600))
    other = bytearray(packet)
    if how == 2:  # one bit
        other[random.randrange(len(other))] ^= 1 << random.randrange(8)
    elif how == 3:  # any field, under the old MAC
        at = random.randrange(len(other))
        other[at : at + 4] = random.randbytes(len(other[at : at + 4]))
    else:  # two halves change places
        at = random.randrange(1, len(other))
        other = other[at:] + other[:at]
    return bytes(other) if bytes(other) != packet else packet[:-1]


def noise(random):
    """Bytes of any size."""
    return random.randbytes(random.choice((0, 1, 29, 45, 46, 60, 200, PACKET_MOST, PACKET_MOST + 1, 5000)))
