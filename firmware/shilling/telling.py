"""What the meter tells the head-end: the bodies of its packets. Every byte is in SPEC.md 9.

Takes the link and the meter, gives bytes, big-endian. Source: REMOTE (events, state on change).
"""

from struct import pack, pack_into

from micropython import const

from shilling import VERSION

_ENTRY_BYTES = const(24)
_ON_DISK = const(26)
_ENTRIES = const(18)
_LOG_HEAD = const(5)


def state(link) -> bytes:
    """Everything a head-end keeps a copy of."""
    meter = link.meter
    account, tariff, clock, supply = meter.account, meter.tariff, meter.clock, meter.supply
    flags = (
        (1 if meter.is_suspended() else 0)
        | (2 if meter.halted else 0)
        | (4 if meter.contact.fault else 0)
        | (8 if getattr(link.wire, "tls", False) else 0)
        | (16 if supply.closed else 0)
        | (32 if link.app.board.mark else 0)
    )
    meter.usage.period(0)
    usage = meter.usage
    told = pack(">IIBBBB", link.session, link.uptime_s, clock.trust, supply.state,
                account.ec_state(), flags)  # fmt: skip
    told += pack(">iiiiiii", account.balance_mp, account.ec_left_mp(), account.ec_owed_mp(),
                 -account.payment_mp, -account.time_1_mp, -account.time_2_mp,
                 -account.accumulated_mp)  # fmt: skip
    told += pack(">IHIBBIIII", meter.energy.kwh, meter.energy.wh,
                 meter.power.now_w() if supply.closed else 0, tariff.rate, tariff.block,
                 tariff.price, usage.shown_wh, usage.shown_mp,
                 meter.debt.owed_to_restore_mp(meter.protection.week()))  # fmt: skip
    told += pack(">IIH", meter.window.highest, meter.orders.highest, link.refused)
    for number in (link.backlog.last, link.backlog.first):
        told += pack(">IIII", number(0), number(1), number(2), number(3))
    return told + VERSION.encode()


def registers(meter) -> bytes:
    """Total import of each rate and block."""
    tariff = meter.tariff
    blocks = tariff.table.blocks
    told = bytes([tariff.rates, blocks])
    for rate in range(tariff.rates):
        for block in range(blocks):
            wh = meter.registers.block_wh(rate, block)
            told += pack(">IH", wh // 1000, wh % 1000)
    return told


def log(backlog, stream: int, number: int) -> bytes:
    """Entries of a stream from that number on, or from the first that is still kept; b"": none."""
    number = max(number, backlog.first(stream))
    buf = bytearray(_LOG_HEAD + _ENTRIES * _ON_DISK)
    pack_into(">BI", buf, 0, stream, number)
    count = backlog.read(stream, number, buf, _LOG_HEAD)
    return bytes(buf[: _LOG_HEAD + count * _ENTRY_BYTES]) if count else b""
