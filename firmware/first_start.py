"""Makes a new meter of a board whose disk has settings.json, and forgets the file: it has a key in it.

Takes the store and the file's path: the dict of provision() as JSON, bytes as hex text. A meter that is
set up already refuses, unless `/authority` beside it proves that its key is known: the hex of
SHA-256(key + SHA-256(the bytes of the file)). A power cut at any moment leaves the old meter or goes
on with the new one at the next start.
"""

import gc
import hashlib
import json
import os

import machine

from shilling.ledger import BLANK, OPENED, Ledger
from shilling.meter import Meter
from shilling.provision import BYTES, made, write

AUTHORITY = "/authority"
GRANTED = "/granted"  # the old records may go: written before the first is erased
KEYS = ("meter_id", "originator_id", "secret")
_HEX = BYTES + ("tariff", "next_tariff")


def run(store, path: str) -> None:
    """Resets in the end, so that the meter starts with all of its memory; but not, for ever, for what
    cannot be removed, such as a folder of this name."""
    text = _read(path)
    try:
        if _may_begin(store, text):
            gc.collect()
            settings = json.loads(text)
            _has_keys(settings)
            new = made(_decoded(settings))  # every fault is found before anything is erased
            _make_room(store)
            write(store, new)
            print("first start: this meter is set up now")
        else:
            print("first start: this meter is set up already; settings.json is not used")
    except Exception as fault:  # also too little memory for it: whatever it is, it must not come again
        print("first start: settings.json is not used:", repr(fault))
    for each in (GRANTED, AUTHORITY, path):  # what was granted was for this file alone
        _remove(each)
    try:
        os.stat(path)
    except OSError:
        machine.reset()


def _has_keys(settings: dict) -> None:
    """A key that everybody knows is none."""
    for name in KEYS:
        if not settings.get(name) or not any(bytes_of(settings[name])):
            raise ValueError("it has no " + name)


def set_up(store, settings: dict) -> None:
    """A new meter on a blank store. ValueError, TypeError or KeyError: what is wrong."""
    write(store, made(_decoded(settings)))


def _decoded(settings: dict) -> dict:
    """The settings with bytes in place of hex texts."""
    for name, value in settings.items():
        if isinstance(value, float):
            raise ValueError("%s must be a whole number" % name)
    for name in _HEX:
        if name in settings:
            settings[name] = bytes_of(settings[name])
    return settings


def bytes_of(text: str) -> bytes:
    """The bytes that a hex text stands for."""
    return bytes([int(text[i : i + 2], 16) for i in range(0, len(text), 2)])


def _may_begin(store, text: bytes) -> bool:
    """The store is blank, or its meter's key is known to whoever wrote the text."""
    if _read(GRANTED):
        return True
    old = Meter()
    opened = Ledger(store).recover(old.parts)
    if opened != OPENED:
        return opened == BLANK
    proof = hashlib.sha256(bytes(old.config.secret) + hashlib.sha256(text).digest()).digest()
    given = _read(AUTHORITY)
    return bool(given) and bytes_of(given.decode().strip()) == proof


def _make_room(store) -> None:
    """The old records go. From the first erase on the next start knows that it was allowed."""
    if _read(AUTHORITY):
        os.rename(AUTHORITY, GRANTED)
    if _read(GRANTED):
        _erase(store)


def _erase(store) -> None:
    for sector in range(store.size // store.sector):
        store.erase(sector)


def _read(path: str) -> bytes:
    """b"" where there is no such file."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def _remove(path: str) -> None:
    try:
        os.remove(path)
    except OSError:
        pass
