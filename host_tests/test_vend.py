"""`shilling vend`: public vectors, what is refused and how; the meter reads what is sold."""
# runs on: cpython

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shilling import codes, utrn
from shilling.config import Config
from tools import cli
from tools.utrn_vend import (
    COUNTER_MAX,
    PUBLIC_TEST_KEYS,
    VERHOEFF_D,
    VERHOEFF_P,
    Keys,
    VendError,
    amount_of,
    check_digit,
    derive_key,
    derive_tag,
    fit,
    keys_of,
    make_code,
)

TEN = ["vend", "--amount", "10.00", "--counter", "7"]
# counter, value, class, code, key, tag. Source: UTRN.md, "Public vectors"
VECTORS = [
    (1, 100, "pounds", "73943333457189043313",
     "63ff76381818753a346645be7adac537", "43fcb7edd806c2cacd81b0d6d51ca60b"),
    (4, 1234, "pence", "73947252416745201637",
     "1461cf01ebdd28ce9634741b8901905f", "30ed431f2e0517663cb25cbe3855d663"),
]  # fmt: skip


def vend(capsys, *args):
    """(exit status, standard output, standard error) of the command."""
    try:
        status = cli.main([*args])
    except SystemExit as ended:
        status = ended.code
    return (status, *capsys.readouterr())


def refusal(capsys, *args):
    """The one sentence of a refused sale."""
    status, out, err = vend(capsys, *args)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    return err.strip()


@pytest.mark.parametrize("counter, value, value_class, code, key, tag", VECTORS)
def test_public_vectors_are_reproduced(counter, value, value_class, code, key, tag):
    keys = keys_of({})
    upper = counter << 15 | (value_class == "pounds") << 13 | value
    assert derive_key(keys, counter).hex() == key
    assert derive_tag(keys, counter, upper).hex() == tag
    assert make_code(keys, counter, value_class, value) == code


def test_public_vectors_are_sold_by_the_command(capsys):
    status, out, _ = vend(capsys, "vend", "--amount", "100", "--class", "pounds", "--counter", "1")
    assert status == 0
    assert "7394 3333 4571 8904 3313" in out
    status, out, _ = vend(capsys, "vend", "--amount", "12.34", "--counter", "4")
    assert status == 0
    assert "7394 7252 4167 4520 1637" in out


def test_receipt_says_what_a_person_needs(capsys):
    status, out, err = vend(capsys, *TEN)
    assert (status, err) == (0, "")
    for text in ("£10.00", "00DB1234567890A0", "Public test keys"):
        assert text in out
    assert PUBLIC_TEST_KEYS["secret"] not in out


def test_json_holds_the_sale_and_no_secret(capsys):
    status, out, _ = vend(capsys, *TEN, "--json")
    sale = json.loads(out)
    assert status == 0
    assert (sale["amount"], sale["class"], sale["counter"]) == ("10.00", "pence", 7)
    assert sale["groups"].replace(" ", "") == sale["code"]
    assert len(sale["groups"].split()) == 5
    assert PUBLIC_TEST_KEYS["secret"] not in out


@pytest.mark.parametrize(
    "amount, value_class, sold",
    [
        ("1", None, ("pence", 100)),
        ("10.5", None, ("pence", 1050)),
        ("£10.50", None, ("pence", 1050)),
        ("10.5000", None, ("pence", 1050)),
        ("81.91", None, ("pence", 8191)),
        ("82", None, ("pounds", 82)),
        ("149.00", None, ("pounds", 149)),
        ("10.00", "pounds", ("pounds", 10)),
    ],
)
def test_class_is_pence_where_it_fits(amount, value_class, sold):
    assert fit(amount_of(amount), value_class) == sold


@pytest.mark.parametrize(
    "amount, value_class, said",
    [
        ("0.99", None, "is outside £1.00 to £149.00; the nearest that can be vended: £1.00"),
        ("149.01", None, "is outside £1.00 to £149.00; the nearest that can be vended: £149.00"),
        ("90.50", None, "the nearest that can be vended: £90.00 and £91.00"),
        ("81.92", None, "the nearest that can be vended: £81.91 and £82.00"),
        ("10.50", "pounds", "in whole pounds; the nearest that can be vended: £10.00 and £11.00"),
        ("100.00", "pence", "in whole pence; the nearest that can be vended: £81.91"),
    ],
)
def test_refused_amount_names_the_nearest(capsys, amount, value_class, said):
    options = ["--class", value_class] if value_class else []
    assert refusal(capsys, "vend", "--amount", amount, "--counter", "1", *options).endswith(said)


def test_without_limits_a_code_carries_up_to_8191_pounds(capsys):
    for amount in ("0.01", "8191.00"):
        assert vend(capsys, "vend", "--amount", amount, "--counter", "1", "--no-limits")[0] == 0
    for amount, near in (("0", "£0.01"), ("8192", "£8191.00"), ("500.50", "£500.00 and £501.00")):
        said = refusal(capsys, "vend", "--amount", amount, "--counter", "1", "--no-limits")
        assert said.endswith(near)


@pytest.mark.parametrize("amount", ["ten", "", "1e1", "-5", "10,00", "10.005", "1_0", "٣", "NaN"])
def test_text_that_is_no_amount_is_refused(capsys, amount):
    assert "shilling vend: " in refusal(capsys, "vend", f"--amount={amount}", "--counter", "1")


@pytest.mark.parametrize("counter", ["0", str(COUNTER_MAX + 1), "-1", "x", "1.0", "99999999999"])
def test_counter_out_of_range_is_refused(capsys, counter):
    said = refusal(capsys, "vend", "--amount", "10", f"--counter={counter}")
    assert f"the counter must be 1 to {COUNTER_MAX}" in said


def test_highest_counter_can_be_sold(capsys):
    assert vend(capsys, "vend", "--amount", "10", "--counter", str(COUNTER_MAX))[0] == 0


@pytest.mark.parametrize(
    "option, value",
    [("--meter", "00DB"), ("--meter", "00DB1234567890A0FF"), ("--originator", "90B3D51F3001000G"),
     ("--secret", "5c00"), ("--secret", "")],
)  # fmt: skip
def test_malformed_key_is_refused(capsys, option, value):
    said = refusal(capsys, *TEN, option, value)
    assert f"{option[2:]} must be " in said
    assert "hexadecimal digits" in said


KEY_FILES = {
    "keys.json": json.dumps(PUBLIC_TEST_KEYS),
    "keys.yaml": "".join(f"{name}: {value}\n" for name, value in PUBLIC_TEST_KEYS.items()),
}


@pytest.mark.parametrize("name", KEY_FILES)
def test_keys_file_is_json_or_yaml(tmp_path, capsys, name):
    path = tmp_path / name
    path.write_text(KEY_FILES[name])
    assert vend(capsys, *TEN, "--keys", str(path), "--json") == vend(capsys, *TEN, "--json")


def test_id_of_digits_only_stays_text(tmp_path, capsys):
    path = tmp_path / "keys.yaml"
    path.write_text(KEY_FILES["keys.yaml"].replace("00DB1234567890A0", "0012345678901234"))
    status, out, _ = vend(capsys, *TEN, "--keys", str(path), "--json")
    assert status == 0
    assert json.loads(out)["meter"] == "0012345678901234"


@pytest.mark.parametrize(
    "text, said",
    [
        ("meter: 00DB1234567890A0", "must hold meter, originator, secret and nothing else"),
        (KEY_FILES["keys.yaml"] + "pin: 1234\n", "must hold meter, originator, secret and nothing"),
        (KEY_FILES["keys.yaml"].replace("00DB", "XXXX"), "meter must be 16 hexadecimal digits"),
        ("[1, 2", "is neither JSON nor YAML"),
        ("", "must hold"),
    ],
)
def test_wrong_keys_file_is_refused(tmp_path, capsys, text, said):
    path = tmp_path / "keys"
    path.write_text(text)
    assert said in refusal(capsys, *TEN, "--keys", str(path))


def test_missing_keys_file_is_refused(tmp_path, capsys):
    assert "cannot read" in refusal(capsys, *TEN, "--keys", str(tmp_path / "none"))


def test_keys_are_never_mixed_from_file_and_options(tmp_path, capsys):
    path = tmp_path / "keys.json"
    path.write_text(KEY_FILES["keys.json"])
    said = refusal(capsys, *TEN, "--keys", str(path), "--meter", "0011223344556677")
    assert "--keys or --meter, not both" in said


def is_right(code):
    """Twenty digits against the vending side's tables: the sum of all of them is 0."""
    state = 0
    for place, digit in enumerate(code):
        state = int(VERHOEFF_D[state][int(VERHOEFF_P[(4 + place) % 8][int(digit)])])
    return state == 0


def test_check_digit_catches_every_wrong_digit_and_every_swap():
    seeded = random.Random(14)
    for _ in range(1000):
        code = make_code(
            keys_of({}), seeded.randint(1, COUNTER_MAX), "pence", seeded.randint(0, 8191)
        )
        assert is_right(code)
        for at in range(20):
            wrong = {code[:at] + digit + code[at + 1 :] for digit in "0123456789"} - {code}
            assert not any(map(is_right, wrong))
            swapped = code[:at] + code[at : at + 2][::-1] + code[at + 2 :]
            assert swapped == code or not is_right(swapped)


ids = st.binary(min_size=8, max_size=8)


@given(
    ids, ids, st.binary(min_size=32, max_size=32), st.integers(1, COUNTER_MAX),
    st.sampled_from(["pence", "pounds"]), st.integers(0, 8191),
)  # fmt: skip
def test_meter_reads_what_is_sold(meter, originator, secret, counter, value_class, value):
    sold = make_code(Keys(meter, originator, secret), counter, value_class, value)
    config = Config()
    config.meter_id, config.originator_id, config.secret = meter, originator, secret
    read = utrn.Code(bytes(int(digit) for digit in sold))
    assert read.outcome == codes.DONE
    assert read.low_counter == counter % 1024
    assert read.amount_mp == value * (1000 if value_class == "pence" else 100_000)
    assert utrn.mac(config, counter, read.high) == read.mac
    assert utrn.mac(config, counter ^ 1, read.high) != read.mac


def test_reserved_class_has_a_good_check_digit():
    assert check_digit("7430182583759667200") == "5"


def test_value_past_13_bits_fits_no_code():
    with pytest.raises(VendError, match="0 to 8191"):
        make_code(keys_of({}), 1, "pence", 8192)
