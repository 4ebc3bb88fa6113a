"""The package for `mip install`: firmware/package.json, made from the tree; all addresses relative.

`python -m tools.flashing.package` writes it; `--mpy FOLDER` writes the same package compiled, for a
server of one's own. A classic ESP32 needs the compiled one: its heap of 164 KB is too small to compile
the sources. main.py lands beside /lib, where the board looks for it.
"""

import argparse
import json
import posixpath
from pathlib import Path

from tools.checks import mpy
from tools.device.payload import FROZEN_ONLY, LIB, MAIN, firmware_files, on_board
from tools.interpreters import ROOT

HOME = "firmware"
FILE = ROOT / HOME / "package.json"


def _version():
    scope = {}
    exec((ROOT / "firmware/shilling/__init__.py").read_text(encoding="utf-8"), scope)
    return scope["VERSION"]


def _text(urls):
    whole = {"version": _version(), "deps": [], "urls": sorted(urls)}
    rows = ",\n  ".join(json.dumps(row) for row in whole.pop("urls"))
    head = json.dumps(whole)[1:-1]
    return f'{{{head}, "urls": [\n  {rows}\n]}}\n'


def sources():
    """package.json of the sources in this tree."""
    urls = [["../main.py", "main.py"]]
    for source in mpy.sources(ROOT):
        if str(source) not in FROZEN_ONLY:
            target = Path(on_board(source)).relative_to(LIB).with_suffix(".py").as_posix()
            urls.append([target, posixpath.relpath(source.as_posix(), HOME)])
    return _text(urls)


def compiled(folder):
    """Write package.json and the compiled files below the folder; gives how many."""
    urls = []
    files = firmware_files()
    for path, data in files.items():
        inside = posixpath.relpath(path, LIB)
        beside = path.lstrip("/") if path == MAIN else inside
        target = Path(folder, beside)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        urls.append([inside, beside])
    Path(folder, "package.json").write_text(_text(urls), encoding="utf-8")
    return len(files)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mpy", metavar="FOLDER", type=Path, help="write it compiled, below FOLDER")
    args = parser.parse_args()
    if args.mpy:
        print(f"{args.mpy}: package.json and {compiled(args.mpy)} files")
    else:
        FILE.write_text(sources(), encoding="utf-8")
        print(FILE)


if __name__ == "__main__":
    main()
