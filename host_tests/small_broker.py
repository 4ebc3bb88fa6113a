"""A small, strict broker on the simulated network: MQTT 3.1.1, QoS 0 and 1, sessions, retained, wills.

Takes connections of Ether.servers; gives messages as a broker does. What the client must not do is kept
in `faults`, one text each. Written from the standard (OASIS MQTT 3.1.1), and shares nothing with the client.
"""

LEVELS = "/"


def text(data):
    data = data if isinstance(data, bytes) else data.encode()
    return len(data).to_bytes(2, "big") + data


def packet(head, content):
    size, length = len(content), b""
    while True:
        length += bytes([size % 128 | (128 if size > 127 else 0)])
        size //= 128
        if not size:
            return bytes([head]) + length + content


def matches(topic_filter, topic):
    wanted, given = topic_filter.split(LEVELS), topic.split(LEVELS)
    for i, level in enumerate(wanted):
        if level == "#":
            return True
        if i >= len(given) or level not in ("+", given[i]):
            return False
    return len(wanted) == len(given)


class Session:
    """What a broker keeps of a client: outlives connections."""

    def __init__(self):
        self.topics = {}  # filter -> QoS
        self.waiting = []  # [number, topic, payload] that have no answer yet
        self.last = 0
        self.line = None  # the Line it is on


class Broker:
    """ether.servers[address, 1883] = broker.accept"""

    def __init__(self):
        self.users = None  # {user: password}; None: everybody
        self.sessions = {}
        self.retained = {}
        self.heard = []  # (client, topic, payload, qos, retain, dup)
        self.faults = []
        self.lines = []  # every connection there was
        self.answers = True  # False: it takes and says nothing yet
        self.refuses_topics = False

    def accept(self, peer):
        line = Line(self, peer)
        self.lines.append(line)
        return line

    def publish(self, topic, payload, qos=1, retain=False):
        """Somebody tells something to all who want it."""
        if retain:
            self.retained[topic] = payload
        for session in self.sessions.values():
            granted = [level for wanted, level in session.topics.items() if matches(wanted, topic)]
            if granted:
                self._deliver(session, topic, payload, min(qos, max(granted)))

    def _deliver(self, session, topic, payload, qos, retain=0):
        if not qos:
            if session.line is not None:
                session.line.send(packet(0x30 | retain, text(topic) + payload))
            return
        session.last += 1
        session.waiting.append([session.last, topic, payload])
        if session.line is not None:
            content = text(topic) + session.last.to_bytes(2, "big") + payload
            session.line.send(packet(0x32 | retain, content))

    def give_retained(self, session, topic_filter, qos):
        for topic in self.retained:
            if matches(topic_filter, topic):
                self._deliver(session, topic, self.retained[topic], qos, 1)


class Line:
    """One connection."""

    def __init__(self, broker, peer):
        self.broker, self.peer = broker, peer
        self.data = self.held = b""
        self.name = None
        self.session = None
        self.will = None
        self.packets = []  # first bytes, in order
        self.is_closed = False

    def send(self, data=b""):
        """Whatever was held back goes first."""
        self.held += data
        if self.broker.answers and not self.is_closed:
            self.peer.send(self.held)
            self.held = b""

    def lost(self):
        """The client went without a word: its will is done."""
        if self.is_closed:
            return
        self.is_closed = True
        if self.session is not None and self.session.line is self:
            self.session.line = None
            topic, payload, retain = self.will
            self.broker.publish(topic, payload, 1, retain)

    def reset(self):
        self.peer.reset()
        self.lost()

    def received(self, data):
        self.data += data
        while not self.is_closed:
            size, at = self._size()
            if at is None or len(self.data) < at + size:
                return
            head, content = self.data[0], self.data[at : at + size]
            self.data = self.data[at + size :]
            self.packets.append(head)
            if (self.session is None) != (head == 0x10):
                self.fault("%02x comes in the wrong state" % head)
            else:
                self._obey(head, content)

    def _size(self):
        size = 0
        for at in range(1, min(5, len(self.data))):
            size |= (self.data[at] & 127) << 7 * (at - 1)
            if self.data[at] < 128:
                return size, at + 1
        return 0, None

    def fault(self, what):
        self.broker.faults.append(what)
        self.is_closed = True

    def _obey(self, head, content):
        if head == 0x10:
            self._connect(content)
        elif head >> 4 == 3:
            self._publish(head, content)
        elif head == 0x40 and len(content) == 2:
            number = int.from_bytes(content, "big")
            waiting = self.session.waiting
            self.session.waiting = [message for message in waiting if message[0] != number]
        elif head == 0x82:
            self._subscribe(content)
        elif head == 0xC0 and not content:
            self.send(b"\xd0\x00")
        elif head == 0xE0 and not content:
            self.will = None
        else:
            self.fault("no client says %02x" % head)

    def _connect(self, content):
        fields, at = [], 10
        flags = content[7]
        if content[:7] != b"\x00\x04MQTT\x04" or flags & 1 or flags & 0xC4 != 0xC4:
            self.fault("CONNECT: %r" % content[:10])
            return
        while at < len(content):
            size = int.from_bytes(content[at : at + 2], "big")
            fields.append(content[at + 2 : at + 2 + size].decode())
            at += 2 + size
        if at != len(content) or len(fields) != 5 or not 1 <= len(fields[0]) <= 23:
            self.fault("CONNECT: %r" % fields)
            return
        self.name, topic, payload, user, password = fields
        self.keepalive_s = content[8] << 8 | content[9]
        broker = self.broker
        if broker.users is not None and broker.users.get(user) != password:
            self.send(b"\x20\x02\x00\x05")
            self.peer.close()
            self.is_closed = True
            return
        self.will = (topic, payload.encode(), bool(flags & 0x20))
        if flags & 2:
            broker.sessions.pop(self.name, None)
        known = self.name in broker.sessions
        self.session = broker.sessions.setdefault(self.name, Session())
        if self.session.line is not None:
            self.session.line.is_closed = True  # taken over
        self.session.line = self
        self.send(b"\x20\x02" + bytes([known, 0]))
        for number, topic, payload in self.session.waiting:  # again, as duplicates
            self.send(packet(0x3A, text(topic) + number.to_bytes(2, "big") + payload))

    def _publish(self, head, content):
        size = int.from_bytes(content[:2], "big")
        topic, at, qos = content[2 : 2 + size].decode(), 2 + size, head >> 1 & 3
        number = content[at : at + 2]
        if qos > 1 or "+" in topic or "#" in topic or (qos and number == b"\0\0"):
            self.fault("PUBLISH %02x %s" % (head, topic))
            return
        payload = content[at + 2 * qos :]
        retain, dup = bool(head & 1), bool(head & 8)
        self.broker.heard.append((self.name, topic, payload, qos, retain, dup))
        self.broker.publish(topic, payload, qos, retain)
        if qos:
            self.send(b"\x40\x02" + number)

    def _subscribe(self, content):
        at, codes, asked = 2, b"", []
        while at < len(content):
            size = int.from_bytes(content[at : at + 2], "big")
            asked.append((content[at + 2 : at + 2 + size].decode(), content[at + 2 + size]))
            at += 3 + size
        if at != len(content) or not asked or content[:2] == b"\0\0":
            self.fault("SUBSCRIBE %r" % content)
            return
        for _, qos in asked:
            codes += b"\x80" if self.broker.refuses_topics else bytes([qos])
        self.send(packet(0x90, content[:2] + codes))
        for topic_filter, qos in asked:
            self.session.topics[topic_filter] = qos
            self.broker.give_retained(self.session, topic_filter, qos)
