"""The device that Home Assistant is shown, held to Home Assistant's published rules.

The rules are data here, from home-assistant.io/integrations/mqtt (device discovery payload, supported
abbreviations, discovery topic), /integrations/{sensor,binary_sensor,text,button}.mqtt and
developers.home-assistant.io/docs/core/entity/sensor (device classes, state classes), and what its code
refuses: homeassistant/components/mqtt/{schemas,sensor,text}.py, sensor/const.py.
"""
# runs on: cpython

import json
import re
from datetime import UTC, datetime

import jinja2
import pytest

from host_tests.test_hass import CONFIG, ID, POUND, STATE, Rig
from shilling import codes
from tools.interpreters import ROOT as ROOT_FOLDER

ABBREVIATIONS = {
    "dev": "device", "o": "origin", "cmps": "components", "p": "platform", "stat_t": "state_topic",
    "avty_t": "availability_topic", "cmd_t": "command_topic", "uniq_id": "unique_id",
    "val_tpl": "value_template", "lrst_val_tpl": "last_reset_value_template", "dev_cla": "device_class",
    "stat_cla": "state_class", "unit_of_meas": "unit_of_measurement", "ops": "options",
    "ptrn": "pattern", "ent_cat": "entity_category", "name": "name", "max": "max", "min": "min",
}  # fmt: skip
OF_DEVICE = {"ids": "identifiers", "name": "name", "mf": "manufacturer", "mdl": "model",
             "sn": "serial_number", "sw": "sw_version", "hw": "hw_version"}  # fmt: skip
OF_ORIGIN = {"name": "name", "sw": "sw_version", "url": "support_url"}
TOPIC = re.compile(r"homeassistant/device/(?P<object_id>[a-zA-Z0-9_-]+)/config")
# At the root: anything else, even the topic base ~, makes Home Assistant refuse the whole device
ROOT = {"device", "origin", "components", "state_topic", "availability_topic"}
COMMON = {"platform", "name", "unique_id", "value_template", "device_class", "entity_category"}
OF_PLATFORM = {
    "sensor": COMMON
    | {"state_class", "unit_of_measurement", "options"}
    | {"last_reset_value_template"},
    "binary_sensor": COMMON,
    "text": COMMON - {"device_class"} | {"command_topic", "min", "max", "pattern"},
    "button": COMMON - {"value_template"} | {"command_topic"},
}
# device class: (state classes, units); None: no class at all
SENSOR_CLASSES = {
    "energy": ({"total", "total_increasing"}, {"Wh", "kWh", "MWh", "MJ", "GJ"}),
    "power": ({"measurement"}, {"W", "kW"}),
    "monetary": ({"total"}, {"GBP", "CNY", "ZAR", "EUR", "USD"}),  # ISO 4217
    "enum": (set(), {None}),
    None: (set(), {None}),
}
BINARY_CLASSES = {"power"}  # on: power is there
LONGEST_STATE = 255
CURRENCIES = ("GBP", "CNY", "ZAR", "EUR", "USD")
STATES = (
    {}, {"balance_mp": -POUND, "payment_mp": 7}, {"balance_mp": 2 * POUND},
    {"balance_mp": 0, "ec_limit_mp": 0, "friendly": 0},
)  # fmt: skip


def long(mapping, names):
    """The mapping with whole names; an abbreviation that is not published is a KeyError."""
    return {names[name]: value for name, value in mapping.items()}


def published(**settings):
    """(topic of the device, the device with whole names, its state as text) of a meter."""

    def script(rig):
        yield 120_000
        rig.home.online()
        found.extend(rig.published())
        found.append(rig.home._body.decode())

    found = []
    Rig(**settings).play(script)
    (topic, device), (_, _), state = found
    device = long(device, ABBREVIATIONS)
    device["device"] = long(device["device"], OF_DEVICE)
    device["origin"] = long(device["origin"], OF_ORIGIN)
    parts = device["components"].items()
    device["components"] = {key: long(part, ABBREVIATIONS) for key, part in parts}
    return topic, device, state


def rendered(template, state):
    """What Home Assistant makes of a state message: value_json, and its filter timestamp_utc."""
    environment = jinja2.Environment()
    environment.filters["timestamp_utc"] = lambda s: datetime.fromtimestamp(s, UTC).isoformat()
    return environment.from_string(template).render(value=state, value_json=json.loads(state))


@pytest.fixture(scope="module")
def meter():
    return published()


def sensors(device):
    parts = device["components"].items()
    return {key: part for key, part in parts if part["platform"] == "sensor"}


def test_the_topic_is_one_of_device_discovery(meter):
    assert TOPIC.fullmatch(meter[0].decode())["object_id"] == "shilling_" + ID
    assert meter[0] == CONFIG


def test_the_root_has_what_it_must_have_and_nothing_that_is_refused(meter):
    _, device, _ = meter
    assert set(device) == ROOT
    assert device["device"]["identifiers"] == "shilling_" + ID
    assert device["origin"]["name"]
    assert device["state_topic"] == STATE.decode()
    assert device["availability_topic"] == f"shilling/{ID}/availability"


def test_every_part_has_a_platform_its_own_id_and_only_what_its_platform_takes(meter):
    _, device, _ = meter
    ids = [part["unique_id"] for part in device["components"].values()]
    assert len(set(ids)) == len(ids)
    assert all(ID in each for each in ids)
    for part in device["components"].values():
        assert set(part) <= OF_PLATFORM[part["platform"]], part
        assert part["name"]


def test_classes_state_classes_and_units_fit_together(meter):
    _, device, _ = meter
    for part in sensors(device).values():
        state_classes, units = SENSOR_CLASSES[part.get("device_class")]
        assert part.get("unit_of_measurement") in units, part
        assert "state_class" in part or not state_classes, part
        assert part.get("state_class") in state_classes | {None}, part


def test_a_last_reset_is_only_with_total_and_options_only_with_enum(meter):
    _, device, _ = meter
    for key, part in sensors(device).items():
        assert ("last_reset_value_template" in part) == (key == "cost_today")
        if "last_reset_value_template" in part:
            assert part["state_class"] == "total"
        assert ("options" in part) == (part.get("device_class") == "enum")
        if "options" in part:
            assert part["options"]
            assert "unit_of_measurement" not in part


def test_the_supply_can_be_read_and_not_switched(meter):
    _, device, _ = meter
    part = device["components"]["supply"]
    assert part["platform"] == "binary_sensor"
    assert part["device_class"] in BINARY_CLASSES
    platforms = {part["platform"] for part in device["components"].values()}
    assert platforms == {"sensor", "binary_sensor", "text", "button"}
    topics = {part.get("command_topic") for part in device["components"].values()} - {None}
    assert topics == {f"shilling/{ID}/set/{name}" for name in ("code", "accept_ec", "arm")}


def test_the_money_is_in_the_meters_own_currency():
    for number, currency in enumerate(CURRENCIES):
        _, device, _ = published(currency=number)
        units = {part.get("unit_of_measurement") for part in sensors(device).values()}
        assert units == {None, "kWh", "W", currency}


@pytest.mark.parametrize("settings", STATES)
def test_every_template_makes_a_value_of_its_class_of_the_state(settings):
    _, device, state = published(**settings)
    for key, part in sensors(device).items():
        value = rendered(part["value_template"], state)
        assert 0 < len(value) <= LONGEST_STATE
        if "options" in part:
            assert value in (*part["options"], "None"), key  # None: not known
        elif "unit_of_measurement" in part:
            assert float(value) == json.loads(state)[key]
        if "last_reset_value_template" in part:
            since = datetime.fromisoformat(rendered(part["last_reset_value_template"], state))
            assert since == datetime(2026, 11, 20, tzinfo=UTC)
    supply = device["components"]["supply"]
    assert rendered(supply["value_template"], state) in ("ON", "OFF")


def test_every_key_of_the_state_is_shown(meter):
    _, device, state = meter
    shown = set(sensors(device)) | {"supply", "since"}
    assert set(json.loads(state)) == shown


def test_every_outcome_of_a_code_is_an_option(meter):
    _, device, _ = meter
    assert sensors(device)["last_code"]["options"] == list(codes.OUTCOMES)


def test_the_field_of_the_code_takes_codes_and_is_empty_again_after_each(meter):
    _, device, state = meter
    field = device["components"]["code"]
    empty = rendered(field["value_template"], state)
    assert empty == ""
    # Home Assistant: min <= len <= max, and pattern.match, of what is typed and of the state
    fits = re.compile(field["pattern"]).match
    for text in (empty, "1" * 20, "1234 5678 9012 3456 7890", "1234-5678-9012-3456-7890"):
        assert fits(text) and field.get("min", 0) <= len(text) <= field["max"] <= LONGEST_STATE
    for text in ("1" * 19, "1" * 21, "1234 5678 9012 3456 789x"):
        assert not fits(text)


def test_the_page_names_every_part_with_its_key_and_every_state_of_credit(meter):
    _, device, _ = meter
    page = (ROOT_FOLDER / "docs/HOMEASSISTANT.md").read_text()
    rows = re.findall(r"^\| ([^|]+) \| `(\w+)` \|", page, re.M)
    assert rows == [(part["name"], key) for key, part in device["components"].items()]
    credit = re.search(r"\| enum: (Good[^|]*) \|", page)[1].split(", ")
    assert set(credit) == set(sensors(device)["credit"]["options"])
