"""The broker's certificate, and the authority of our own that signs it.

Takes a folder; gives paths of PEM files. Meters get ca.crt; ca.key and server.key are for this user
alone. The server's is made again when it runs out or the machine has another name or address.
"""

import ipaddress
import socket
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from tools.headend.access import write_private

AUTHORITY_DAYS = 20 * 365
SERVER_DAYS = 825
RENEW_DAYS = 60  # before it runs out


def certificates(folder, own=()):
    """(ca.crt, server.crt, server.key) in the folder, made or renewed if need be. `own`: addresses of
    this machine that it must have beside those of names()."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    paths = {name: folder / name for name in ("ca.crt", "ca.key", "server.crt", "server.key")}
    if not (paths["ca.crt"].exists() and paths["ca.key"].exists()):
        _make_authority(paths)
    if not _still_good(paths, own):
        _make_server(paths, own)
    return paths["ca.crt"], paths["server.crt"], paths["server.key"]


def names():
    """Everything this machine is called or found by."""
    host = socket.gethostname()
    found = {"localhost", host, f"{host.partition('.')[0]}.local"}
    addresses = {"127.0.0.1"}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: asks which address would be ours
            addresses.add(probe.getsockname()[0])
        except OSError:
            pass  # no network
    return sorted(found), sorted(addresses)


def _make_authority(paths):
    key = ec.generate_private_key(ec.SECP256R1())
    name = _name("Shilling head-end")
    maker = _maker(name, name, key.public_key(), AUTHORITY_DAYS)
    maker = maker.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    maker = maker.add_extension(
        x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True
    )
    _write(paths["ca.key"], key, paths["ca.crt"], maker.sign(key, hashes.SHA256()))


def _make_server(paths, own):
    authority = x509.load_pem_x509_certificate(paths["ca.crt"].read_bytes())
    signer = load_pem_private_key(paths["ca.key"].read_bytes(), None)
    key = ec.generate_private_key(ec.SECP256R1())
    hosts, addresses = names()
    addresses = sorted({*addresses, *own})
    also = [x509.DNSName(host) for host in hosts]
    also += [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]
    maker = _maker(_name(socket.gethostname()), authority.subject, key.public_key(), SERVER_DAYS)
    maker = maker.add_extension(x509.SubjectAlternativeName(also), critical=False)
    maker = maker.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    _write(paths["server.key"], key, paths["server.crt"], maker.sign(signer, hashes.SHA256()))


def _maker(name, issuer, public_key, days):
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _name(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text[:64])])


def _write(key_path, key, path, certificate):
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    write_private(key_path, pem.decode())
    write_private(path, certificate.public_bytes(Encoding.PEM).decode())


def _still_good(paths, own):
    """Is there a server's certificate of this authority, for all our names, for long enough?"""
    if not (paths["server.crt"].exists() and paths["server.key"].exists()):
        return False
    server = x509.load_pem_x509_certificate(paths["server.crt"].read_bytes())
    key = load_pem_private_key(paths["server.key"].read_bytes(), None)
    if server.public_key() != key.public_key():
        return False  # killed between the two files
    try:
        server.verify_directly_issued_by(
            x509.load_pem_x509_certificate(paths["ca.crt"].read_bytes())
        )
    except Exception:  # whatever the library says, it is made again
        return False
    also = server.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    hosts, addresses = names()
    named = set(also.get_values_for_type(x509.DNSName))
    found = {str(address) for address in also.get_values_for_type(x509.IPAddress)}
    enough = server.not_valid_after_utc - datetime.now(UTC) > timedelta(days=RENEW_DAYS)
    return enough and named >= set(hosts) and found >= {*addresses, *own}
