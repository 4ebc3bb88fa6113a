"""The serial loader of the simulated chip: the ROM's, and the stub that esptool puts into its RAM.

Takes what arrives (feed), gives SLIP packets to send(bytes), works on a flash (devkit_flash.py) and on
registers (devkit_chips.py), calls restart() when told to leave. Numbers and layouts: esptool 5.6,
loader.py; Espressif's 'Serial Protocol'. Out of its depth it answers as the loader does.
"""

import hashlib
import struct

from devkit_flash import SECTOR
from devkit_image import fold
from devkit_writer import FlashWriter, WriteError

END, ESCAPE = b"\xc0", b"\xdb"
CHECKSUM_SEED = 0xEF
ROM_SYNC_VALUE = 0x20120707
ROM_INVALID, ROM_BAD_CRC = 5, 7
STUB_INVALID, STUB_BAD_CRC = 0xC3, 0xC1
SLOW_READ_BYTES = 64
REPEATS = 8  # of the answer to a sync, and of a refusal
GREETING = b"OHAI"


class Refused(Exception):
    """A command fails with this number."""


def slip(packet):
    """One packet as it goes over the line."""
    return END + packet.replace(ESCAPE, b"\xdb\xdd").replace(END, b"\xdb\xdc") + END


def unslip(frame):
    return frame.replace(b"\xdb\xdc", END).replace(b"\xdb\xdd", ESCAPE)


def checked(data):
    """The payload of a data command: what follows its four words."""
    return data[16 : 16 + struct.unpack_from("<I", data)[0]]


class Loader:
    """From one reset into download mode to the next."""

    def __init__(self, registers, flash, send, restart):
        self.registers, self.flash, self.restart = registers, flash, restart
        self.send = lambda packet: send(slip(packet))
        self.stub = False
        self.writer = None
        self.reading = None  # [next to send, acknowledged, start, length, packet, window]
        self.partial = b""
        self.op = 0
        self.ram_left = 0
        self.commands = {
            0x02: self.flash_begin, 0x03: self.flash_data, 0x04: self.flash_end,
            0x05: self.mem_begin, 0x06: self.mem_end, 0x07: self.mem_data, 0x08: self.sync,
            0x09: self.write_reg, 0x0A: self.read_reg, 0x0B: self.nothing, 0x0D: self.nothing,
            0x0E: self.read_slow, 0x0F: self.nothing, 0x10: self.deflate_begin,
            0x11: self.flash_data, 0x12: self.flash_end, 0x13: self.md5, 0x14: self.security,
        }  # fmt: skip
        self.stub_commands = {
            0xD0: self.erase_all, 0xD1: self.erase_region, 0xD2: self.read_flash, 0xD3: self.leave,
        }  # fmt: skip

    # ---- packets

    def feed(self, data):
        """Bytes of the line: whole packets are obeyed, noise between them is dropped."""
        *frames, self.partial = (self.partial + data).split(END)
        for frame in frames:
            packet = unslip(frame)
            if self.reading and len(packet) == 4:
                self.acknowledge(struct.unpack("<I", packet)[0])
            elif len(packet) >= 8 and packet[0] == 0:
                self.obey(packet)

    def obey(self, packet):
        _, op, length, checksum = struct.unpack_from("<BBHI", packet)
        data = packet[8 : 8 + length]
        self.op = op
        command = self.commands.get(op)
        if command is None and self.stub:
            command = self.stub_commands.get(op)
        if command is None or len(data) < length:
            self.refuse(op)
            return
        try:
            if op in (0x03, 0x07, 0x11):
                self.check(data, checksum)
            value, reply = command(data) or (0, b"")
        except (Refused, WriteError) as error:
            self.answer(op, 0, b"", error.args[0])
            return
        except struct.error:
            self.refuse(op)
            return
        if reply is not None:
            self.answer(op, value, reply, 0)
        if op == 0xD2:
            self.send_read()

    def answer(self, op, value, data, status):
        """The ROM has two status bytes and two more that mean nothing; the stub has the two."""
        end = bytes([1 if status else 0, status]) + (b"" if self.stub else b"\0\0")
        self.send(struct.pack("<BBHI", 1, op, len(data) + len(end), value) + data + end)

    def refuse(self, op):
        """A command it does not know: the ROM says so over and over, and not under its number."""
        if self.stub:
            self.answer(op, 0, b"", STUB_INVALID)
            return
        for _ in range(REPEATS):
            self.answer(0, 0, b"", ROM_INVALID)

    def check(self, data, checksum):
        if CHECKSUM_SEED ^ fold(checked(data)) != checksum:
            raise Refused(STUB_BAD_CRC if self.stub else ROM_BAD_CRC)

    # ---- the chip

    def sync(self, _):
        value = 0 if self.stub else ROM_SYNC_VALUE
        for _ in range(REPEATS - 1):
            self.answer(0x08, value, b"", 0)
        return value, b""

    def nothing(self, _):
        """Settings that change nothing here: the flash's pins and size, the baud rate."""

    def read_reg(self, data):
        return self.registers.read(struct.unpack_from("<I", data)[0]), b""

    def write_reg(self, data):
        for at in range(0, len(data), 16):
            addr, value, mask, _ = struct.unpack_from("<IIII", data, at)
            self.registers.write(addr, value, mask)

    def security(self, _):
        """The ESP32 has no such command; the later chips say by it what they are."""
        chip_id = self.registers.chip.chip_id
        if chip_id is None:
            self.refuse(0x14)
            return 0, None
        return 0, struct.pack("<IB7sII", 0, 0, bytes(7), chip_id, 0)

    # ---- RAM: nobody but esptool's stub is ever put there

    def mem_begin(self, data):
        self.ram_left = struct.unpack_from("<I", data)[0]

    def mem_data(self, data):
        self.ram_left -= len(checked(data))

    def mem_end(self, data):
        stay, entry = struct.unpack_from("<II", data)
        if self.ram_left > 0:
            raise Refused(ROM_INVALID)
        self.answer(0x06, 0, b"", 0)
        if entry and not stay:
            self.stub = True
            self.send(GREETING)
        return 0, None

    # ---- flash

    def begin(self, data, compressed):
        size, blocks, block_size, offset = struct.unpack_from("<IIII", data)
        self.writer = FlashWriter(self.flash, offset, size, compressed)
        if not self.stub:  # erases before, the stub while it writes
            self.writer.erase_to(offset + size)

    def flash_begin(self, data):
        self.begin(data, False)

    def deflate_begin(self, data):
        self.begin(data, True)

    def flash_data(self, data):
        if self.writer is None:
            raise Refused(0xC6 if self.stub else ROM_INVALID)
        self.writer.take(checked(data))

    def flash_end(self, data):
        stay = struct.unpack_from("<I", data)[0]
        self.writer = None
        if not (stay and self.stub):
            self.answer(self.op, 0, b"", 0)
            self.restart()
            return 0, None
        return 0, b""

    def md5(self, data):
        addr, size = struct.unpack_from("<II", data)
        digest = hashlib.md5(self.flash.read(addr, size))
        return 0, digest.digest() if self.stub else digest.hexdigest().encode()

    def erase_all(self, _):
        self.flash.erase(0, self.flash.size)

    def erase_region(self, data):
        addr, size = struct.unpack_from("<II", data)
        if addr % SECTOR or size % SECTOR:
            raise Refused(0xC0)
        self.flash.erase(addr, size)

    def leave(self, _):
        self.restart()
        return 0, None

    # ---- reading

    def read_slow(self, data):
        if self.stub:
            raise Refused(STUB_INVALID)
        addr, length = struct.unpack_from("<II", data)
        found = self.flash.read(addr, min(length, SLOW_READ_BYTES))
        return 0, found + bytes(SLOW_READ_BYTES - len(found))

    def read_flash(self, data):
        """The answer first (obey), then packets, no more of them on the way than the host allows."""
        addr, length, packet, window = struct.unpack_from("<IIII", data)
        self.reading = [0, 0, addr, length, packet, window]

    def send_read(self):
        sent, acknowledged, addr, length, packet, window = self.reading
        while sent < length and sent - acknowledged < window * packet:
            step = min(packet, length - sent)
            self.send(self.flash.read(addr + sent, step))
            sent += step
        self.reading[0] = sent

    def acknowledge(self, total):
        self.reading[1] = total
        addr, length = self.reading[2:4]
        if total < length:
            self.send_read()
            return
        self.reading = None
        self.send(hashlib.md5(self.flash.read(addr, length)).digest())
