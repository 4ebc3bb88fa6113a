"""Development build: everything frozen, MicroPython's own start, prompt on the serial line.

For FROZEN_MANIFEST of MicroPython's ESP32 port; `make image` checks it and prints the steps.
"""

# mypy: ignore-errors
# ruff: noqa: F821

include("$(PORT_DIR)/boards/manifest.py")
include("manifest_meter.py")
module("main.py", opt=3)
