"""The board.json of a board whose disk is being written, so that a pulled cable does not lose it.

Takes the chip's MAC; the file lies in build/flash until the disk was written whole.
"""

from tools.interpreters import ROOT

FOLDER = ROOT / "build/flash"


def _file(mac):
    return FOLDER / f"board-{mac.replace(':', '')}.json"


def load(mac):
    """The bytes kept, or None."""
    try:
        return _file(mac).read_bytes()
    except FileNotFoundError:
        return None


def save(mac, data):
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = _file(mac)
    file.touch(mode=0o600)  # it may hold the password of a Wi-Fi
    file.write_bytes(data)


def forget(mac):
    _file(mac).unlink(missing_ok=True)
