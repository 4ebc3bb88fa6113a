"""The keys of meters: makes them, keeps one file a meter for this user alone, finds them again.

Keys are {meter, originator, secret} as tools/utrn_vend.py has them, the file what `shilling vend --keys`
takes. The secret is Z of UTRN.md: ECDH on P-256 between the vendor's key and the meter's, made here;
both private keys are forgotten. The folder is outside of every repository.
"""

import json
import os
import re
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from tools.errors import UserError
from tools.interpreters import ROOT
from tools.utrn_vend import KEY_BYTES, PUBLIC_TEST_KEYS, VendError, keys_of

ORIGINATOR = "originator"  # file with the vendor's id
BEGUN = ".begun"  # beside a keys file: the meter has not confirmed them yet
ID_DIGITS = 2 * KEY_BYTES["meter"]


def default_folder():
    """Where keys are kept if nothing else is said."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(data) / "shilling" / "keys"


def add_folder(parser):
    parser.add_argument("--keys-folder", metavar="DIR", type=Path, default=default_folder(),
                        help=f"where the keys of meters are kept ({default_folder()})")  # fmt: skip


def opened(folder):
    """The folder, made if need be; UserError where keys might get into a repository."""
    folder = Path(folder).absolute()
    refuse_repository(folder)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"the keys' folder {folder} cannot be made: {error.strerror}; say another"
                        " one with --keys-folder") from None  # fmt: skip
    return folder


def refuse_repository(path):
    """UserError for a file or folder with keys in it where a repository might take them in."""
    path = Path(path).absolute()
    for above in (path, *path.parents):
        if above == ROOT or (above / ".git").exists():
            raise UserError(f"{path} is inside of the repository {above}: keys must not be there;"
                            " say another place")  # fmt: skip


def new_id():
    """8 random bytes marked as a locally administered address of one device."""
    made = bytearray(secrets.token_bytes(8))
    made[0] = made[0] & 0xFC | 0x02
    return bytes(made)


def originator_of(folder):
    """The vendor's id of this folder, made at first."""
    path = folder / ORIGINATOR
    if not path.exists():
        _write_new(path, new_id().hex().upper() + "\n")
    text = path.read_bytes().strip().decode("latin-1")
    if not re.fullmatch("[0-9A-Fa-f]{16}", text) or not int(text, 16):
        raise UserError(f"{path} does not hold the vendor's id, 16 hexadecimal digits: every keys file"
                        " beside it has it as \"originator\"; without one, remove this file")  # fmt: skip
    return text


def make(folder):
    """Keys for a new meter, on disk before anything else knows of them."""
    vendor = ec.generate_private_key(ec.SECP256R1())
    meter = ec.generate_private_key(ec.SECP256R1())
    shared = vendor.exchange(ec.ECDH(), meter.public_key())
    texts = {
        "meter": new_id().hex().upper(),
        "originator": originator_of(folder),
        "secret": shared.hex(),
    }
    path = file_of(folder, texts["meter"])
    _write_new(path.with_suffix(BEGUN), "")
    _write_new(path, json.dumps(texts, indent=1) + "\n")
    return keys_of(texts)


def confirm(folder, meter_id):
    """The meter has them."""
    file_of(folder, meter_id).with_suffix(BEGUN).unlink(missing_ok=True)


def is_begun(folder, meter_id):
    return file_of(folder, meter_id).with_suffix(BEGUN).exists()


def file_of(folder, meter_id):
    return folder / f"{meter_id.upper()}.json"


def read(path):
    """The Keys of a file."""
    try:
        given = json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"the keys in {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise UserError(f"{path} is no file of keys") from None
    if not isinstance(given, dict) or set(given) != set(KEY_BYTES):
        raise UserError(f"{path} is no file of keys: it must hold {', '.join(KEY_BYTES)}")
    try:
        return keys_of(given)
    except VendError as error:
        name = str(error).partition(" ")[0]  # the text has the value, which may be the secret
        raise UserError(f"{path} is no file of keys: {name} has a wrong form") from None


def find(folder, meter_id):
    """The Keys of a meter (hex id), those of the public test set included; None if unknown."""
    path = file_of(folder, meter_id)
    if path.exists():
        return read(path)
    if meter_id.upper() == PUBLIC_TEST_KEYS["meter"]:
        return keys_of(PUBLIC_TEST_KEYS)
    return None


def known(folder):
    """Hex ids of the meters whose keys are here."""
    return sorted(path.stem for path in folder.glob("*.json"))


def _write_new(path, text):
    """A file for this user alone, whole or not at all; one that is there already is an error."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)
    except FileExistsError:
        raise UserError(f"{path} is there already: run this again") from None
    finally:
        part.unlink()
