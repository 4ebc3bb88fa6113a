"""Checks board.json and makes Parts of it.

Takes the file's text and the chip it is read on ("" = unknown); gives Parts, or raises BoardError
with one sentence for each fault. Every key is optional. Source: board/README.md; Espressif data
sheets of ESP32 (strapping pins 2.4, GPIO 34-39) and ESP32-C3 (strapping pins 2.3).
"""

import json

from parts import C3, ESP32, BoardError, Parts

CHOICES = {
    "chip": (ESP32, C3),
    "display": ("ht16k33-8", "ht16k33-12", "max7219"),
    "relay": ("latching", "plain"),
    "clock": ("ds3231", "ntp"),
}
SWITCHES = ("feedback", "lab")
MQTT_KEYS = ("tls", "homeassistant", "user", "password", "port", "host")
KEYS = ("chip", "pins", "display", "relay", "pulse_ms", "feedback", "clock", "wifi", "lab", "mqtt")
SIGNALS = (
    "SDA", "SCL", "KEYS", "RELAY_SET", "RELAY_RESET", "RELAY", "FEEDBACK", "PULSE", "BUZZER",
    "SUPPLY_LED", "TEST_LED", "SPI_SCK", "SPI_MOSI", "SPI_CS",
)  # fmt: skip
KEY_NAMES = ("KEY_A", "KEY_B", "KEY_LEFT", "KEY_RIGHT", "KEY_OK", "KEY_RETURN")
PULSE_LEAST_MS, PULSE_MOST_MS = 20, 500
# By chip: GPIOs there are; what each group of the others is for
PINS = {
    ESP32: tuple(range(20)) + (21, 22, 23, 25, 26, 27) + tuple(range(32, 40)),
    C3: tuple(range(22)),
}
TAKEN = {
    ESP32: (
        ((0, 2, 5, 12, 15), "decides how the chip starts"),
        ((6, 7, 8, 9, 10, 11), "is wired to the flash chip"),
        ((1, 3), "is the serial line"),
    ),
    C3: (
        ((2, 8, 9), "decides how the chip starts"),
        (tuple(range(11, 18)), "is wired to the flash chip"),
    ),
}
C3_SERIAL = (18, 19, 20, 21)  # one pair is the serial line; both speak at a start
INPUTS_ONLY = range(34, 40)  # of the ESP32; no pulls there either
IN, OUT, KEY = 0, 1, 2


def parts_of(text: str, here: str) -> Parts:
    """The board that the text describes."""
    try:
        given = json.loads(text)
    except (ValueError, RuntimeError):  # RuntimeError: nested too deep to be read
        raise BoardError("board.json is not JSON: mend it, or remove it for the default board.")
    if not isinstance(given, dict):
        raise BoardError("board.json must be an object: {...}.")
    faults = _values(given, here)
    chip = given.get("chip", here or ESP32)
    if chip in CHOICES["chip"]:
        parts = Parts(chip)
        faults += _pins(given.get("pins", {}), parts)
        for key in KEYS[2:]:
            if key in given:
                setattr(parts, key, given[key])
        if not faults:
            _settle(parts)
            faults = _wires(parts)
    if faults:
        raise BoardError("\n".join(["board.json: " + fault for fault in faults]))
    return parts


def _values(given: dict, here: str) -> list:
    """Faults of everything but the pins."""
    faults = []
    for key in given:
        if key not in KEYS:
            faults.append("'%s' is no key; there are %s." % (key, ", ".join(KEYS)))
    for key in CHOICES:
        if key in given and given[key] not in CHOICES[key]:
            choice = " or ".join(CHOICES[key])
            faults.append("%s %r is unknown; write %s." % (key, given[key], choice))
    for key in SWITCHES:
        if key in given and not isinstance(given[key], bool):
            faults.append("%s must be true or false." % key)
    pulse_ms = given.get("pulse_ms", PULSE_LEAST_MS)
    if not _is_number(pulse_ms) or not PULSE_LEAST_MS <= pulse_ms <= PULSE_MOST_MS:
        faults.append("pulse_ms must be a number from %d to %d." % (PULSE_LEAST_MS, PULSE_MOST_MS))
    if here and given.get("chip", here) in CHOICES["chip"] and given.get("chip", here) != here:
        faults.append("chip is %s, but this is an %s." % (given["chip"], here))
    return faults + _wifi(given) + _mqtt(given)


def _wifi(given: dict) -> list:
    wifi: dict | None = given.get("wifi")
    if wifi is None:
        missing = given.get("clock") == "ntp"
        return ["clock ntp needs wifi: {'ssid': ..., 'password': ...}."] if missing else []
    texts = isinstance(wifi, dict)
    if texts:
        for key in wifi:
            texts = texts and key in ("ssid", "password", "ntp") and isinstance(wifi[key], str)
    if not texts or not 1 <= len(wifi.get("ssid", "").encode()) <= 32:
        return [
            "wifi must have ssid (1 to 32 characters) and password, and may have ntp, a server."
        ]
    if len(wifi.get("password", "").encode()) not in (0,) + tuple(range(8, 64)):
        return ["the wifi password must have 8 to 63 characters, or none."]
    if not _is_name(wifi.get("ntp", "x")):
        return ["wifi: ntp must be the name or the address of a server."]
    return []


def _mqtt(given: dict) -> list:
    mqtt = given.get("mqtt")
    if mqtt is None:
        return []
    if not isinstance(mqtt, dict) or not _is_name(mqtt.get("host")):
        return ["mqtt must have host, the name or the address of a broker."]
    faults = [] if given.get("wifi") else ["mqtt needs wifi: {'ssid': ..., 'password': ...}."]
    for key in mqtt:
        value = mqtt[key]
        if key not in MQTT_KEYS:
            faults.append("mqtt: '%s' is no key; there are %s." % (key, ", ".join(MQTT_KEYS)))
        elif key in MQTT_KEYS[:2] and not isinstance(value, bool):
            faults.append("mqtt: %s must be true or false." % key)
        elif key in MQTT_KEYS[2:4] and not (isinstance(value, str) and len(value.encode()) <= 64):
            faults.append("mqtt: %s must be a text of 64 characters at most." % key)
        elif key == "port" and not (_is_number(value) and 1 <= value <= 65535):
            faults.append("mqtt: port must be a number from 1 to 65535.")
    return faults


def _is_name(server) -> bool:
    """What may be asked of a name server, or an address."""
    if not isinstance(server, str) or not 1 <= len(server) <= 63:
        return False
    return all(["!" <= character <= "~" for character in server])


def _pins(given, parts: Parts) -> list:
    """Takes the numbers over. -> faults."""
    if not isinstance(given, dict):
        return ["pins must be an object: {'SDA': 21, ...}."]
    faults = []
    for signal in given:
        value = given[signal]
        if signal not in SIGNALS:
            faults.append("pins: '%s' is no signal; there are %s." % (signal, ", ".join(SIGNALS)))
        elif signal == "KEYS":
            good = isinstance(value, list) and len(value) in (2, 6)
            if not good or not all([_is_number(number) for number in value]):
                names = "A, B, or A, B, left, right, ok, return"
                faults.append("pins: KEYS must be a list of 2 or 6 numbers: %s." % names)
        elif value is not None and not _is_number(value):
            faults.append("pins: %s must be a GPIO number, or null if it is absent." % signal)
        parts.moved[signal] = value
    return faults


def _settle(parts: Parts) -> None:
    """What follows from other choices."""
    if parts.pin("FEEDBACK") is None:
        parts.feedback = False
    if parts.display == "max7219" and "KEYS" not in parts.moved:
        parts.moved["KEYS"] = parts.pin("KEYS")[:2]  # the others' pins are the display's


def _wires(parts: Parts) -> list:
    """Faults of the pins that these parts use."""
    faults = []
    used = [("PULSE", parts.pin("PULSE"), IN)]
    used += [(KEY_NAMES[i], pin, KEY) for i, pin in enumerate(parts.pin("KEYS"))]
    coils = ("RELAY",) if parts.relay == "plain" else ("RELAY_SET", "RELAY_RESET")
    used += [(signal, parts.pin(signal), OUT) for signal in coils]
    if parts.clock == "ds3231" or parts.display != "max7219":
        used += [(signal, parts.pin(signal), OUT) for signal in ("SDA", "SCL")]
    if parts.display == "max7219":
        used += [(signal, parts.pin(signal), OUT) for signal in ("SPI_SCK", "SPI_MOSI", "SPI_CS")]
    for signal, pin, _ in used:
        if pin is None:
            faults.append("pins: %s has no GPIO; give it one." % signal)
    if parts.feedback:
        used.append(("FEEDBACK", parts.pin("FEEDBACK"), IN))
    used += [(signal, parts.pin(signal), OUT) for signal in ("BUZZER", "SUPPLY_LED", "TEST_LED")]
    owner: dict = {}
    for signal, pin, kind in used:
        if pin is None:
            continue
        why = _refuse(parts.chip, signal, pin, kind)
        if why:
            faults.append("pins: %s cannot be GPIO %d: it %s." % (signal, pin, why))
        if pin in owner:
            faults.append("pins: GPIO %d is given to %s and %s." % (pin, owner[pin], signal))
        owner[pin] = signal
    return faults


def _refuse(chip: str, signal: str, pin: int, kind: int) -> str:
    """Why a signal cannot be on a GPIO; "": it can."""
    if pin not in PINS[chip]:
        return "is no GPIO of an " + chip
    for pins, why in TAKEN[chip]:
        if pin in pins:
            return why
    if chip == C3 and pin in C3_SERIAL and signal.startswith("RELAY"):
        return "may be a serial line, which moves at each start"
    if chip == ESP32 and pin in INPUTS_ONLY and kind != IN:
        return "is an input only" if kind == OUT else "has no pull-up inside"
    return ""


def _is_number(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
