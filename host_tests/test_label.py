"""`shilling label`: what is on it can be read by machines, and no key is."""
# runs on: cpython

import re
from xml.etree import ElementTree

import pytest
import segno
from barcode.charsets import code128

from at_the_port import shilling
from tools import keys, label
from tools.utrn_vend import PUBLIC_TEST_KEYS, keys_of

TEST = keys_of(PUBLIC_TEST_KEYS)
METER = "00DB1234567890A0"
STOP = "1100011101011"


def decoded(modules):
    """The text of a Code 128 in set B or C: symbols of 11 modules, checked by the sum of its own."""
    assert modules.endswith(STOP)
    symbols = [modules[i : i + 11] for i in range(0, len(modules) - len(STOP), 11)]
    values = [code128.CODES.index(symbol) for symbol in symbols]
    start, *body, check = values
    assert (start + sum(at * value for at, value in enumerate(body, 1))) % 103 == check
    text, charset = "", {104: "B", 105: "C"}[start]
    for value in body:
        if charset == "C" and value < 100:
            text += f"{value:02d}"
        elif value in (99, 100):
            charset = "C" if value == 99 else "B"
        else:
            text += chr(value + 32)
    return text


def test_the_barcode_is_the_meters_id():
    halves = {drawn: pair for pair, drawn in label.HALVES.items()}
    modules = "".join(halves[drawn] for drawn in label.bars(METER)).strip("0")
    assert decoded(modules) == METER


def test_the_picture_has_the_same_bars_and_the_id_to_read():
    root = ElementTree.fromstring(label.svg_label(TEST.meter, TEST.originator))
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("width") == "90mm" and root.get("viewBox") == "0 0 90 38"
    texts = "".join(each.text or "" for each in root.iter(f"{space}text"))
    assert "00DB 1234 5678 90A0" in texts
    bars = [
        (float(each.get("x")), float(each.get("width")))
        for each in root.iter(f"{space}rect") if "black" in (each.get("style") or "")
    ]  # fmt: skip
    modules, unit = "", label.BARS_MM["module_width"]
    end = bars[0][0]
    for x, width in bars:
        modules += "0" * round((x - end) / unit) + "1" * round(width / unit)
        end = x + width
    assert decoded(modules) == METER
    assert max(x + width for x, width in bars) < label.WIDTH_MM - label.QR_MM - 2  # clear of the QR


def test_the_qr_code_says_the_ids_and_nothing_else():
    qr = label.qr_of(TEST.meter, TEST.originator)
    wanted = segno.make(f"SHILLING:{METER}:90B3D51F30010000", error="m", micro=False)
    assert qr.matrix == wanted.matrix
    assert qr.error in "MQH"  # a sticker is scratched
    drawn = label.text_label(TEST.meter, TEST.originator, 200)
    assert drawn.count("\n") > qr.symbol_size()[1] // 2


def test_a_barcode_is_not_folded():
    narrow = label.text_label(TEST.meter, TEST.originator, 80)
    assert max(map(len, narrow.splitlines())) <= 80 and "--svg" in narrow


def test_it_is_printed_again_without_the_key(tmp_path):
    folder = keys.opened(tmp_path / "keys")
    made = keys.make(folder)
    meter_id = made.meter.hex().upper()
    picture = tmp_path / "label.svg"
    status, printed, _ = shilling("label", meter_id, "--keys-folder", folder, "--svg", picture)
    assert status == 0 and label.grouped(meter_id) in printed
    for text in (printed, picture.read_text(encoding="utf-8")):
        assert made.secret.hex() not in text.lower()
    status, again, _ = shilling("label", "--keys", keys.file_of(folder, meter_id))
    assert status == 0 and again in printed


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("XYZ",), "16 hexadecimal digits"), (("0" * 16,), "no keys of meter"), ((), "say which"),
     (("--keys", "/nowhere"), "cannot be read"), ((METER, "--keys", "x"), "not both")],
)  # fmt: skip
def test_a_wrong_meter_is_one_sentence(tmp_path, arguments, words):
    status, _, told = shilling("label", *arguments, "--keys-folder", tmp_path / "keys")
    assert status == 2 and words in told and told.count("\n") == 1
    assert not re.search("Traceback", told)
