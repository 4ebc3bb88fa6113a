"""The Wi-Fi station, and names: what everything that talks to the network has in common.

Takes the wifi object of board.json. Joining is the radio's work and goes on by itself. Names are
asked for by packets of our own, as getaddrinfo blocks: of the name server, or, if they end in
'.local', of everybody in the house. Source: RFC 1035 4.1; RFC 6762 5.1 and 6.7.
"""

import random
import socket

import network
from micropython import const

_DNS_PORT = const(53)
_MDNS_PORT = const(5353)
_EVERYBODY = "224.0.0.251"


def station() -> network.WLAN:
    """The one there is."""
    return network.WLAN(network.STA_IF)


def join(wifi: dict) -> None:
    """Begins to join, whoever asks first. Raises OSError or RuntimeError: the radio does not start."""
    lan = station()
    if not lan.active():
        lan.active(True)  # the one thing that takes a while
        lan.connect(wifi["ssid"], wifi.get("password", ""))


def open_socket() -> socket.socket:
    """-> a UDP socket that never waits."""
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.setblocking(False)
    return made


def random_bytes(count: int) -> bytes:
    """Bytes that nobody foresees who has not seen those before."""
    return bytes([random.getrandbits(8) for _ in range(count)])


def is_address(text: str) -> bool:
    """Four numbers with dots between."""
    return text.replace(".", "").isdigit() and len(text.split(".")) == 4


def ask_name(box: socket.socket, name: str) -> bytes:
    """Sends the question for a name's address. -> the number its answer must have."""
    number = random_bytes(2)
    question = number + b"\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"  # recursion, please
    for part in name.split("."):
        question += bytes([len(part)]) + part.encode()
    where = (_EVERYBODY, _MDNS_PORT)
    if not name.endswith(".local"):
        where = (station().ifconfig()[3], _DNS_PORT)
    box.sendto(question + b"\x00\x00\x01\x00\x01", where)
    return number


def address_of(packet: bytes, number: bytes) -> str:
    """The first address in an answer of a name server; "": there is none, or it is not ours."""
    if len(packet) < 12 or packet[:2] != number or not packet[2] & 0x80 or packet[3] & 0x0F:
        return ""
    at = 12
    try:
        for _ in range(packet[4] << 8 | packet[5]):
            at = after_name(packet, at) + 4  # our question
        for _ in range(packet[6] << 8 | packet[7]):
            at = after_name(packet, at)
            kind, size = packet[at] << 8 | packet[at + 1], packet[at + 8] << 8 | packet[at + 9]
            at += 10
            if kind == 1 and size == 4:
                return "%d.%d.%d.%d" % tuple(packet[at : at + 4])
            at += size
    except (IndexError, TypeError):  # it ends too early
        pass
    return ""


def after_name(packet: bytes, at: int) -> int:
    """Where a name ends: after a 0, or after two bytes that point elsewhere."""
    while packet[at]:
        if packet[at] >= 0xC0:
            return at + 2
        at += packet[at] + 1
    return at + 1
