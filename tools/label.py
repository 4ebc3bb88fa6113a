"""shilling label: a meter's label again: its id, the barcode for the till, a QR code.

Takes a meter's id or its keys file; prints text, and with --svg a picture of 90 by 38 mm to print. There
is no key in it. The barcode is Code 128 of the id; the QR code says what a phone should make of it.
"""

import io
import re
import shutil
import sys
from pathlib import Path

import segno
from barcode import Code128
from barcode.writer import SVGWriter

from tools import keys as keys_of_meters
from tools.errors import UserError
from tools.live.till import replace_file

NAME = "label"
HELP = "print a meter's label again: id, vending barcode, QR code"
WIDTH_MM, HEIGHT_MM = 90, 38
QR_MM = 28
BARS_MM = {"module_width": 0.25, "module_height": 12, "quiet_zone": 2.5}
HALVES = {"00": " ", "01": "▐", "10": "▌", "11": "█"}
MARGIN = "  "


def add_arguments(parser):
    parser.epilog = "example: shilling label 02A1B2C3D4E5F607 --svg label.svg"
    parser.add_argument(
        "meter", metavar="ID", nargs="?", help="the meter's id, 16 hexadecimal digits"
    )
    parser.add_argument("--keys", metavar="FILE", help="its keys file instead")
    keys_of_meters.add_folder(parser)
    parser.add_argument("--svg", metavar="FILE", type=Path, help="write the label as a picture too")


def grouped(text):
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def qr_of(meter, originator):
    """What the QR code says: no key, nothing that changes."""
    return segno.make(f"SHILLING:{meter.hex().upper()}:{originator.hex().upper()}", error="m",
                      micro=False)  # fmt: skip


def bars(text):
    """The barcode as a text of one line, two modules a character, quiet zones included."""
    modules = "0" * 10 + Code128(text).build()[0] + "0" * 10
    modules += "0" * (len(modules) % 2)
    return "".join(HALVES[modules[i : i + 2]] for i in range(0, len(modules), 2))


def text_label(meter, originator, columns):
    """The lines for a terminal of so many columns; a barcode that would be folded is left out."""
    meter_id = meter.hex().upper()
    lines = [MARGIN + "SHILLING prepayment meter", MARGIN + f"Meter   {grouped(meter_id)}",
             MARGIN + f"Vendor  {grouped(originator.hex().upper())}", ""]  # fmt: skip
    row = bars(meter_id)
    if len(row) <= columns:
        lines += [row] * 4 + [f"{meter_id:^{len(row)}}", ""]
    else:
        lines += [MARGIN + f"(the barcode needs {len(row)} columns; --svg FILE draws it)", ""]
    drawn = io.StringIO()
    qr_of(meter, originator).terminal(drawn, compact=True)
    return "\n".join(lines) + "\n" + drawn.getvalue().rstrip("\n")


def svg_label(meter, originator):
    """The label as one SVG picture in mm."""
    meter_id = meter.hex().upper()
    drawn = Code128(meter_id, writer=SVGWriter()).render({**BARS_MM, "write_text": False}).decode()
    width = re.search(r'<svg[^>]* width="([0-9.]+)mm"', drawn)[1]
    inner = drawn[drawn.index("<g") : drawn.rindex("</svg>")].replace("mm", "")
    inner = inner.replace('width="100%" height="100%"', f'width="{width}" height="15"')
    qr = qr_of(meter, originator)
    size = qr.symbol_size(border=4)[0]
    code = qr.svg_inline(border=4, omitsize=True, light="white")
    code = re.sub(r"<svg[^>]*>", f'<svg x="{WIDTH_MM - QR_MM - 2}" y="7" width="{QR_MM}"'
                  f' height="{QR_MM}" viewBox="0 0 {size} {size}">', code, count=1)  # fmt: skip
    text = 'font-family="monospace" font-size="3.2"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH_MM}mm" height="{HEIGHT_MM}mm"'
        f' viewBox="0 0 {WIDTH_MM} {HEIGHT_MM}"><title>Meter {meter_id}</title>'
        f'<rect width="{WIDTH_MM}" height="{HEIGHT_MM}" fill="white" stroke="black"'
        f' stroke-width="0.2"/><text x="3" y="6" {text} font-weight="bold">SHILLING prepayment'
        f' meter</text><svg x="0.5" y="9" width="{width}" height="16">{inner}</svg>'
        f'<text x="3" y="29" {text}>Meter  {grouped(meter_id)}</text>'
        f'<text x="3" y="34" {text}>Vendor {grouped(originator.hex().upper())}</text>{code}</svg>\n'
    )


def show(meter, originator, svg=None):
    """Print the label; write the picture if wanted."""
    piped = not sys.stdout.isatty()
    print(text_label(meter, originator, 200 if piped else shutil.get_terminal_size().columns))
    if svg:
        replace_file(svg, svg_label(meter, originator))
        print(f"\nlabel          {svg}")


def chosen(args):
    """The Keys of the meter that was asked for."""
    if args.keys and args.meter:
        raise UserError("give the meter's id or --keys, not both")
    if args.keys:
        return keys_of_meters.read(args.keys)
    folder = keys_of_meters.opened(args.keys_folder)
    known = keys_of_meters.known(folder)
    if args.meter is None:
        raise UserError(f"say which meter; keys are here of {', '.join(known) or 'none'}")
    meter_id = args.meter.replace(" ", "").upper()
    if not re.fullmatch(f"[0-9A-F]{{{keys_of_meters.ID_DIGITS}}}", meter_id):
        raise UserError(f"a meter's id has 16 hexadecimal digits, not {args.meter!r}")
    keys = keys_of_meters.find(folder, meter_id)
    if keys is None:
        raise UserError(f"there are no keys of meter {meter_id} in {folder}")
    return keys


def main(args):
    keys = chosen(args)
    show(keys.meter, keys.originator, args.svg)
    return 0
