"""Who may connect to the broker and which topics are whose: one table for both brokers.

A meter has its own topics and no other's; the head-end all of `shilling/`; Home Assistant what it shows
and asks for. Source: REMOTE.md, HOMEASSISTANT.md.
"""

import base64
import hashlib
import os
import secrets

from tools.headend import envelope

HEADEND = "headend"
HOME = "homeassistant"
ROUNDS = 101  # Mosquitto's own; the passwords are random and long
READ, WRITE = "read", "write"

COMMON = {
    HEADEND: ((READ, "shilling/#"), (WRITE, "shilling/#")),
    HOME: (
        (READ, "shilling/+/state"), (READ, "shilling/+/availability"), (WRITE, "shilling/+/set/+"),
        (READ, "homeassistant/#"), (WRITE, "homeassistant/status"),
    ),
}  # fmt: skip
METER = (
    (READ, "shilling/{}/down"), (READ, "shilling/{}/set/+"), (READ, "homeassistant/status"),
    (WRITE, "shilling/{}/up"), (WRITE, "shilling/{}/state"), (WRITE, "shilling/{}/availability"),
    (WRITE, "homeassistant/device/shilling_{}/config"),
)  # fmt: skip


class Access:
    """The users and their passwords: the head-end's is new at each start, Home Assistant's is kept."""

    def __init__(self, folder):
        self.passwords = {HEADEND: secrets.token_hex(16), HOME: _kept(folder / "homeassistant")}

    def set_meters(self, keys_by_meter):
        """keys_by_meter: {meter_hex: Keys}. True if that changed anything."""
        before = dict(self.passwords)
        self.passwords = {user: before[user] for user in COMMON}
        for meter_hex, keys in keys_by_meter.items():
            self.passwords[meter_hex] = envelope.mqtt_password(keys)
        return self.passwords != before

    def admits(self, user, password):
        known = self.passwords.get(user)
        return known is not None and secrets.compare_digest(known.encode(), password.encode())

    def rules(self, user):
        """(action, topic filter) of what the user may do."""
        return COMMON.get(user) or [(action, topic.format(user)) for action, topic in METER]

    def allows(self, user, action, topic):
        """May this user publish to a topic, or subscribe to a topic filter?"""
        return user in self.passwords and any(
            covers(rule, topic) for may, rule in self.rules(user) if may == action
        )

    def password_lines(self):
        """Mosquitto's password file: salted hashes."""
        return "".join(f"{user}:{hashed(word)}\n" for user, word in self.passwords.items())

    def rule_lines(self):
        """Mosquitto's list of rights."""
        lines = []
        for user in self.passwords:
            lines.append(f"user {user}\n")
            lines += [f"topic {action} {topic}\n" for action, topic in self.rules(user)]
        return "".join(lines)


def covers(rule, topic):
    """Does a filter cover a topic, or everything that another filter does?"""
    rules, parts = rule.split("/"), topic.split("/")
    for at, part in enumerate(rules):
        if part == "#":
            return True
        if at >= len(parts) or parts[at] == "#":
            return False
        if part != "+" and part != parts[at]:
            return False
    return len(rules) == len(parts)


def hashed(password):
    """As mosquitto_passwd writes it: PBKDF2 with SHA-512."""
    salt = os.urandom(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ROUNDS)
    return f"$7${ROUNDS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def _kept(path):
    """A password in a file for this user alone, made at first."""
    if not path.exists():
        write_private(path, secrets.token_hex(16) + "\n")
    return path.read_text(encoding="ascii").strip()


def write_private(path, text):
    """A file that only this user can read, whole or not at all."""
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
