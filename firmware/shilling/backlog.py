"""What the head-end may ask for much later: reads, money and alerts, in files, each stream numbered from 1.

Takes the meter and the board's files, gives entries of 24 bytes. A file is a segment of 128 entries,
each with 16 bits of a CRC; the oldest goes when none of it has to be kept. It is not money: an entry that
cannot be written is lost, and the meter goes on. Source: REMOTE; SPEC.md 9.
"""

from binascii import crc32
from struct import pack_into, unpack_from

from micropython import const

from shilling import codes
from shilling.calendar import month_of

_HALF_MS = const(1800000)
_HALF_S = const(1800)
_HALVES = const(48)  # of a day; a clock that is set back by no more has its reads already
_DAY_S = const(86400)
_BYTES = const(24)
_ON_DISK = const(26)
_MOST_MP = const(0x7FFFFFFF)  # of an i32
_SEGMENT = const(128)
# Codes of the entries, the stream of each and what is in it; the time and the code come first
_HALF_HOUR = const(1)
_DAY = const(2)
_MONTH = const(3)
_TOP_UP = const(4)
_PAID = const(5)  # and 6: adjusted, which has no register
_ALERT = const(7)
_STREAM_OF = const(b"\0\0\1\1\2\2\2\3")
_BODIES = const(("", "IHiBB", "IHiii", "IHiii", "IiiiB", "Bii", "ii", "H"))
# Whole segments behind the newest one: 14 days; 13 months and their snapshots; 128; 128
_KEPT = const(b"\6\4\1\1")
_NOTE = const("No log")


class Backlog:
    """Money is given to note(), everything else is found by poll(). A time of 0: nobody knows."""

    def __init__(self, meter, files) -> None:
        self.meter = meter
        self.files = files
        self.seed = crc32(
            meter.config.meter_id
        )  # the log of the meter that was here before is none
        self.end = [0, 0, 0, 0]  # last number of each stream
        self.half = self.day = -1  # of the last reads; -1: there is none
        self.alerted = 0  # alerts that have their entry
        self.waiting: list = []
        names: list = []
        try:
            names = files.names()
        except Exception:  # no disk, or none that can be read: it must not be written over
            self.files = None
            self._note(files is None)
        for name in names:
            try:
                self._resume(name)
            except Exception:  # it is none of ours, or the disk does not give it
                pass
        if self.day < 0:
            self.day = self.half // _HALVES

    def _resume(self, name: str) -> None:
        """Go on behind this segment, unless nothing of it can be read."""
        stream, first = int(name[0]), int(name[2:])
        was = self.end[stream]
        number = end = first + min(self.files.size(name) // _ON_DISK, _SEGMENT) - 1
        entry = bytearray(_ON_DISK)
        while number >= first and number > was:
            self.end[stream] = number
            self.read(stream, number, entry, 0)
            if entry[4]:
                was = end  # a number is not given twice
                half = unpack_from(">I", entry)[0] // _HALF_S
                if not stream:
                    self.half = half
                elif stream == 1:
                    self.day = half // _HALVES
            number -= 1
        self.end[stream] = was

    # --- in

    def poll(self) -> None:
        """Once a poll, after all else; writes one entry at most."""
        meter = self.meter
        clock = meter.clock
        half = clock.day * _HALVES + clock.ms // _HALF_MS
        if half != self.half and clock.is_trusted() and not (meter.halted or meter.schedule.owes()):
            self._turn(half)
        if self.alerted != meter.alert_count:
            at = len(meter.alerts) - meter.alert_count + self.alerted
            self.alerted += 1
            if at >= 0:
                self._push(_ALERT, meter.alerts[at])
        if self.waiting:
            self._append(self.waiting.pop(0))

    def _turn(self, half: int) -> None:
        """Another half-hour. One entry however far the clock has gone; none where nothing is known of
        before, and none again when it was set back. The half-hour is the last: until it is written a
        start finds that the day is due (or has it, and a snapshot that was cut would say the same)."""
        meter = self.meter
        account = meter.account
        was = self.day
        day = half // _HALVES
        if not was - 1 <= day <= was:
            self.day = day
            if day > was >= 0:
                for code in (_DAY, _MONTH):
                    if code == _DAY or month_of(day) > month_of(was):
                        self._read(code, min(account.debt_mp(), _MOST_MP), account.ec_owed_mp())
        was = self.half
        if not was - _HALVES <= half <= was:
            self.half = half
            if half > was >= 0:
                self._read(_HALF_HOUR, meter.tariff.rate, meter.tariff.block)

    def _read(self, code: int, *rest) -> None:
        energy = self.meter.energy
        self._push(code, energy.kwh, energy.wh, self.meter.account.balance_mp, *rest)

    def note(self, code: int, *fields) -> None:
        """Money has moved, after its record: a top-up's counter or a debt's register (else 0), mp, mp
        that are left, mp of a top-up to debts."""
        if code == _TOP_UP:
            by_link = self.meter.orders.find(fields[0], False) & codes.BY_LINK
            self._push(code, *fields, not by_link)
        else:
            self._push(code, *fields[code - _PAID : 3])

    def _push(self, code: int, *fields) -> None:
        clock = self.meter.clock
        time_s = clock.day * _DAY_S + clock.second() if clock.is_trusted() else 0
        entry = bytearray(_ON_DISK)
        pack_into(">IB" + _BODIES[code], entry, 0, time_s, code, *fields)
        self.waiting.append(entry)

    def _append(self, entry: bytearray) -> None:
        stream = _STREAM_OF[entry[4]]
        number = self.end[stream] + 1
        place = (number - 1) % _SEGMENT
        pack_into(">H", entry, _BYTES, _crc(entry, 0, self.seed ^ number * 4 + stream))
        try:
            if not place:
                self.files.remove(_name(stream, number - _SEGMENT * (_KEPT[stream] + 1)))
            self.files.write(_name(stream, number), place * _ON_DISK, entry)
            self.end[stream] = number
            self._note(True)
        except Exception:  # a full or a failing disk, or none
            if self.files:
                self._note(False)

    def _note(self, is_kept: bool) -> None:
        notes = self.meter.notes
        if is_kept == (_NOTE in notes):
            (notes.remove if is_kept else notes.append)(_NOTE)

    def next_ms(self) -> int:
        """Until there is something to write."""
        if self.waiting or self.alerted != self.meter.alert_count:
            return 1
        return _HALF_MS - self.meter.clock.ms % _HALF_MS

    # --- out

    def first(self, stream: int) -> int:
        """The number of the first entry that is kept."""
        last = self.end[stream]
        return max(1, last - last % _SEGMENT - _SEGMENT * _KEPT[stream] + 1)

    def last(self, stream: int) -> int:
        return self.end[stream]

    def go_on(self, stream: int, mark: int) -> None:
        """The head-end has entries up to there. Of a disk that was lost: no number is given again."""
        self.end[stream] = max(self.end[stream], mark)

    def read(self, stream: int, number: int, buf: bytearray, at: int) -> int:
        """Entries from `number` on into buf[at:], 26 bytes of it each; how many. One that is lost is
        all zeros."""
        place = (number - 1) % _SEGMENT
        count = min((len(buf) - at) // _ON_DISK, self.end[stream] + 1 - number, _SEGMENT - place)
        try:
            view = memoryview(buf)[at : at + count * _ON_DISK]
            self.files.read(_name(stream, number), place * _ON_DISK, view)
        except MemoryError:  # another time
            return 0
        except Exception:
            pass
        to = at
        for each in range(number, number + count):
            crc = _crc(buf, at, self.seed ^ each * 4 + stream)
            is_whole = unpack_from(">H", buf, at + _BYTES)[0] == crc
            buf[to : to + _BYTES] = buf[at : at + _BYTES] if is_whole else bytes(_BYTES)
            at += _ON_DISK
            to += _BYTES
        return max(0, count)


def _name(stream: int, number: int) -> str:
    """Of the segment that has it: the stream, and the first number."""
    return "%d-%d" % (stream, number - (number - 1) % _SEGMENT)


def _crc(buf: bytearray, at: int, seed: int) -> int:
    """Of an entry as the one of this meter, stream and number: another's does not do."""
    return crc32(memoryview(buf)[at : at + _BYTES], seed) & 0xFFFF
