"""make image: checks what a frozen image is built from, writes its board definition, prints the steps.

The build itself needs ESP-IDF, about 5 GB that are not fetched here: what it makes was never run by us. All
else is checked: each file of both manifests exists and compiles, none is missing, none is there twice.
"""

import sys
from pathlib import Path

from tools.flashing import image, manifest, table
from tools.interpreters import ROOT

FOLDER = ROOT / "build/image/SHILLING"
MICROPYTHON, IDF = "v1.25.0", "v5.2.2"  # of the official image that comes with the tools
BOARD_NAME = image.PRODUCTION.decode()  # in the greeting, where flashing looks for it
CMAKE = """set(SDKCONFIG_DEFAULTS
    boards/sdkconfig.base
    ${{SDKCONFIG_IDF_VERSION_SPECIFIC}}
    boards/SHILLING/sdkconfig.board
)
set(MICROPY_FROZEN_MANIFEST {manifest})
"""
SDKCONFIG = """CONFIG_PARTITION_TABLE_CUSTOM=y
CONFIG_PARTITION_TABLE_CUSTOM_FILENAME="boards/SHILLING/partitions.csv"
"""
HEADER = f"""#define MICROPY_HW_BOARD_NAME "{BOARD_NAME}"
#define MICROPY_HW_MCU_NAME "ESP32"
// The one thing that closes the prompt on the serial line: os.dupterm(None) does not
#define MICROPY_HW_ENABLE_UART_REPL (0)
"""
STEPS = f"""Steps, in an empty folder (about 5 GB, half an hour):
  git clone -b {IDF} --recursive https://github.com/espressif/esp-idf
  esp-idf/install.sh esp32 && . esp-idf/export.sh
  git clone -b {MICROPYTHON} https://github.com/micropython/micropython
  make -C micropython/mpy-cross
  cp -r {{folder}} micropython/ports/esp32/boards/
  make -C micropython/ports/esp32 BOARD=SHILLING submodules all
  shilling flash --port PORT --image micropython/ports/esp32/build-SHILLING/firmware.bin
The development build instead, prompt and lab port included:
  make -C micropython/ports/esp32 BOARD=ESP32_GENERIC FROZEN_MANIFEST={{development}}
Not protected by this: whoever opens the case can read the flash, keys included, or write another
program. ESP-IDF's secure boot and flash encryption close that door, for good; they burn fuses."""


def partitions():
    """The table as ESP-IDF reads it."""
    rows = (
        ("nvs", "data", "nvs", 0x9000, 0x6000), ("phy_init", "data", "phy", 0xF000, 0x1000),
        ("factory", "app", "factory", 0x10000, 0x1F0000), ("vfs", "data", "fat", *table.VFS[3:]),
        ("ledger", "data", "nvs", *table.LEDGER[3:]),
    )  # fmt: skip
    lines = [f"{name}, {kind}, {subtype}, {at:#x}, {size:#x}," for name, kind, subtype, at, size in rows]
    return "\n".join(["# Name, Type, SubType, Offset, Size, Flags", *lines]) + "\n"


def write(folder):
    """The board definition of the production build."""
    folder.mkdir(parents=True, exist_ok=True)
    production = manifest.HOME / manifest.BUILDS["production"]
    for name, text in (
        ("mpconfigboard.cmake", CMAKE.format(manifest=production)), ("mpconfigboard.h", HEADER),
        ("sdkconfig.board", SDKCONFIG), ("partitions.csv", partitions()),
    ):  # fmt: skip
        Path(folder, name).write_text(text, encoding="utf-8")


def main():
    wrong = 0
    for build, name in manifest.BUILDS.items():
        found, faults = manifest.check(build)
        said = f"{len(faults)} faults" if faults else "all there, all compile"
        print(f"{build:<12} firmware/{name}: {len(found.files)} files, {said}")
        for fault in faults:
            print(f"  {fault}", file=sys.stderr)
        wrong += len(faults)
    if wrong:
        return 2
    write(FOLDER)
    print(f"board        {FOLDER.relative_to(ROOT)}: definition and partition table written\n")
    print(STEPS.format(folder=FOLDER, development=manifest.HOME / manifest.BUILDS["development"]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
