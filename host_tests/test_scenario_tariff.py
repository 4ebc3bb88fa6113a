"""A `tariff` block of a scenario: the bytes it packs to, by hand, and each mistake with its line."""
# runs on: cpython

import pytest

from tools.scenario import ScenarioError, compile_text

STEPS = "steps:\n- wait: 1s\n"
TWO = """\
given:
  tariff:
    rates: {day: 28.00, night: 12.00}
    switch:
    - {at: "00:30", rate: night}
    - {at: "07:30", rate: day}
"""


def given(text):
    return compile_text(text + STEPS, "x.yaml")["given"]


def tariff(text):
    """The bytes of a tariff written in one line."""
    return bytes.fromhex(given(f"given: {{tariff: {{{text}}}}}\n")["tariff"])


def hexed(text):
    """Bytes as the settings have them, here in groups."""
    return text.replace(" ", "")


def days(text):
    """The bits of a switch's days; a switch on every other day makes the week whole."""
    switch = f"{{at: 12:00, rate: a, days: {text}}}, {{at: 00:00, rate: b}}"
    return tariff(f"rates: {{a: 1, b: 2}}, switch: [{switch}]")[9]


def test_one_price():
    # 1 rate, 1 block, 24 500 = 0x005FB4 least byte first, no switch
    assert tariff("rates: {all: 24.50}") == bytes.fromhex("0101b45f0000")
    assert "rate_mp" not in given("given: {tariff: {rates: {all: 24.50}}}\n")


def test_two_rates_switched_every_day():
    # 28 000 = 0x6D60, 12 000 = 0x2EE0; every weekday is 0x7F; 00:30 is minute 30, 07:30 is 450 = 0x1C2
    assert given(TWO)["tariff"] == hexed("0201 606d00 e02e00 02 7f011e00 7f00c201")


def test_blocks_of_each_rate():
    # 100 and 200 kWh are 0x64 and 0xC8; day 28, 30, 33 p; one price holds in every block
    text = "blocks: [100, 200], rates: {day: [28, 30, 33]}"
    assert tariff(text).hex() == hexed("0103 6400c800 606d00 307500 e88000 00")
    text = "blocks: [256], rates: {day: 0.001}"
    assert tariff(text).hex() == hexed("0102 0001 010000 010000 00")


def test_days_of_a_switch():
    assert days("mon") == 0x01
    assert days("mon-fri") == 0x1F
    assert days("sat-sun") == 0x60
    assert days("[mon, wed]") == 0x05
    assert days("[mon-tue, sun]") == 0x43
    assert days("fri-mon") == 0x71  # over Sunday: Friday, Saturday, Sunday, Monday
    assert days("special") == 0x80
    assert days("[sun, special]") == 0xC0


def test_what_follows_has_its_start_in_front():
    text = TWO + "    next: {from: 2027-04-01T00:00:00, rates: {day: 30.00}}\n"
    # Midnight in London is 23:00 UTC on 31 March: day 27 x 365 + 7 + 89 = 9951 = 0x26DF, second
    # 82 800 = 0x14370; then one rate of 30 000 = 0x7530
    assert given(text)["next_tariff"] == hexed("df26 70430100 0101 307500 00")


def test_command():
    steps = "steps:\n- remote: {set_tariff: {rates: {rate: 30}}}\n"
    steps += "- remote: {set_tariff: {rates: {rate: 31}, from: 2026-11-21T00:00:00}}\n"
    played = compile_text(steps, "x.yaml")["steps"]
    assert [step["value"] for step in played] == [
        ["010130750000", 0, 0], ["010118790000", 9821, 0],
    ]  # fmt: skip


def test_rates_keep_their_names_and_order_from_tariff_to_tariff():
    names = ["day", "night", "peak"]
    at = ", ".join(f"{{at: 0{n}:00, rate: {name}}}" for n, name in enumerate(names))
    follow = f"rates: {{day: 1, night: 2, peak: 3}}, switch: [{at}]"
    text = TWO + f"    next: {{from: 2027-01-01T00:00:00, {follow}}}\n"
    assert compile_text(text + STEPS, "x.yaml")["rates"] == names


def test_a_flat_meter_gets_the_names_of_its_first_tariff():
    steps = "steps:\n- remote: {set_tariff: {rates: {all: 30}}}\n- expect: {registers: {all: 0}}\n"
    assert compile_text(steps, "x.yaml")["rates"] == ["all"]


HEAD = "given:\n  tariff:\n"  # what is in the tariff begins on line 3
A_B = HEAD + "    rates: {a: 1, b: 2}\n"
DAILY = A_B + "    switch:\n    - {at: '00:00', rate: a}\n"
SWITCH = "    - {at: '0%d:00', rate: %s, days: %%s}\n"
GAPS = A_B + "    switch:\n" + SWITCH % (0, "a") + SWITCH % (1, "b")
EIGHT = ", ".join(f"r{n}: 1" for n in range(1, 9))
MINUTES = "".join(f"    - {{at: '00:{n:02d}', rate: {'ab'[n % 2]}}}\n" for n in range(33))

# (the text, the line of the fault, what is said)
FAULTS = [
    ("given:\n  tariff: {}\n", 2, "tariff must be a mapping of rates, switch, blocks"),
    (HEAD + "    blocks: [100]\n", 3, "tariff: rates is missing"),
    (HEAD + "    rates: 24.50\n", 3, "tariff rates must be a mapping of names and prices"),
    (HEAD + "    rate: {a: 1}\n", 3, "unknown key 'rate'; did you mean 'rates'?"),
    (HEAD + "    rates: {1st: 1}\n", 3, "'1st' is no name for a rate"),
    (HEAD + "    rates: {a: 1, a: 2}\n", 3, "a is given twice"),
    (HEAD + "    rates: {a: -1}\n", 3, "tariff rate a must be 0 to 1000 pence"),
    (HEAD + "    rates: {a: dear}\n", 3, "tariff rate a must be pence such as 10.00, not 'dear'"),
    ("given:\n  rate: 20\n  tariff: {rates: {a: 1}}\n", 3, "rate and tariff are both there, keep one"),
    ("given:\n  tariff: {rates: {a: 1}}\n  rate: 20\n", 3, "rate and tariff are both there, keep one"),
    # How many
    (HEAD + f"    rates: {{{EIGHT}, r9: 1}}\n", 3, "tariff has 9 rates: a meter has 8 at most"),
    (HEAD + "    blocks: [1, 2, 3, 4]\n    rates: {a: 1}\n", 3, "5 blocks: a meter has 4 at most"),
    (A_B + "    switch:\n" + MINUTES, 5, "tariff has 33 switches: a meter has 32 at most"),
    # Blocks
    (HEAD + "    blocks: [100, 100]\n    rates: {a: 1}\n", 3, "must ascend, but 100 follows 100"),
    (HEAD + "    blocks: [200,\n      100]\n    rates: {a: 1}\n", 4, "must ascend, but 100 follows 200"),
    (HEAD + "    blocks: [0]\n    rates: {a: 1}\n", 3, "tariff blocks must be 1 to 65535, not 0"),
    (HEAD + "    blocks: 100\n    rates: {a: 1}\n", 3, "tariff blocks must be a list"),
    (HEAD + "    blocks: [100]\n    rates:\n      a: [1, 2]\n      b: [1]\n", 6,
     "tariff rate b has 1 prices, but needs one price, or 2: one for each block"),
    (HEAD + "    rates:\n      a: [1, 2]\n", 4, "has 2 prices, but needs one price"),
    # Switches
    (A_B, 3, 'tariff has 2 rates: say in switch when each begins, such as {at: "00:30", rate: b}'),
    (DAILY + "    - {at: '7:30', rate: b}\n", 6, 'at must be "00:00" to "23:59", not \'7:30\''),
    (DAILY + "    - {at: '24:00', rate: b}\n", 6, 'at must be "00:00" to "23:59", not \'24:00\''),
    (DAILY + "    - {at: noon, rate: b}\n", 6, 'at must be "00:00" to "23:59", not \'noon\''),
    (DAILY + "    - {rate: b}\n", 6, "tariff switch: at is missing"),
    (DAILY + "    - {at: '01:00'}\n", 6, "tariff switch: rate is missing"),
    (DAILY + "    - {at: '01:00', rate: c}\n", 6, "no rate is called 'c'; known are a, b"),
    (DAILY + "    - {at: '00:00', rate: b}\n", 6, "there is a switch at 00:00 on mon already"),
    (DAILY + "    - {at: '00:00', rate: b, days: sun}\n", 6, "a switch at 00:00 on sun already"),
    (DAILY + "    - {at: '01:00', rate: b, days: special}\n    - {at: '01:00', rate: a, days: special}\n",
     7, "there is a switch at 01:00 on special days already"),
    (DAILY + "    - {at: '01:00', rate: b, days: weekend}\n", 6, "or special, not 'weekend'"),
    (DAILY + "    - {at: '01:00', rate: b, days: mon-}\n", 6, "or special, not 'mon-'"),
    (DAILY + "    - {at: '01:00', rate: b, days: mon-special}\n", 6, "or special, not 'mon-special'"),
    (DAILY + "    - {at: '01:00', rate: b, days: []}\n", 6, "days must name a day, or be left out"),
    (DAILY, 5, "tariff rate b is never switched to: give it a switch or leave it out"),
    (GAPS % ("mon-fri", "sun"),
     5, "leaves a gap: nothing begins on sat; each weekday needs a switch"),
    (GAPS % ("special", "special"),
     5, "nothing begins on mon tue wed thu fri sat sun"),
    # What follows
    (HEAD + "    rates: {a: 1}\n    next: {rates: {a: 2}}\n", 4, "tariff next: from is missing"),
    (HEAD + "    rates: {a: 1}\n    next: {rates: {a: 2}, from: 2026-11-20T11:00:00}\n", 4,
     "tariff from 2026-11-20T11:00:00 is no time to come: choose a later one"),
    (HEAD + "    rates: {a: 1}\n    next: {rates: {a: 2}, from: soon}\n", 4, "tariff from must be like"),
    (HEAD + "    rates: {a: 1}\n    next: {from: 2027-01-01T00:00:00, rates: {b: 1}}\n", 4,
     "rate 1 is called 'a' before, and its register goes on: keep names and their order"),
    (HEAD + "    rates: {a: 1}\n    next: {from: 2027-01-01T00:00:00, rates: {a: 1}, next: 5}\n", 4,
     "unknown key 'next'"),
    ("steps:\n- remote: {set_tariff: {rates: {a: 1, b: 2}}}\n", 2, "tariff has 2 rates: say in switch"),
    ("steps:\n- wait: 2h\n- remote: {set_tariff: {rates: {a: 1}, from: 2026-11-20T12:59:59}}\n", 3,
     "is no time to come"),
    ("steps:\n- remote: {set_tariff: {rates: {a: 1}}}\n- expect: {registers: {rate: 1}}\n", 3,
     "expect registers: no rate is called 'rate'; known are a"),
    ("steps:\n- expect: {registers: {night: 1}}\n", 2, "no rate is called 'night'; known are rate"),
]  # fmt: skip


@pytest.mark.parametrize("text, line, said", FAULTS, ids=range(len(FAULTS)))
def test_fault_is_told_with_its_line(text, line, said):
    with pytest.raises(ScenarioError) as told:
        compile_text(text if "steps" in text else text + STEPS, "house.yaml")
    assert str(told.value).startswith(f"house.yaml:{line}: ")
    assert said in str(told.value)
    assert "\n" not in str(told.value)


def test_the_most_a_tariff_can_hold():
    switches = MINUTES.splitlines(keepends=True)[:32]
    assert bytes.fromhex(given(A_B + "    switch:\n" + "".join(switches))["tariff"])[8] == 32
    eight = ", ".join(f"{{at: '0{n}:00', rate: r{n}}}" for n in range(1, 9))
    text = f"blocks: [1, 2, 65535], rates: {{{EIGHT}}}, switch: [{eight}]"
    assert tariff(text)[:2] == bytes((8, 4))
    assert len(tariff(text)) == 2 + 6 + 8 * 4 * 3 + 1 + 8 * 4
