"""Production build: _boot.py is ours and never returns, so there is no prompt to come to.

For FROZEN_MANIFEST of MicroPython's ESP32 port; `make image` checks it and prints the steps. Of the port's
own modules only those that the meter needs: its _boot.py must not be there, nor what main.py could use.
"""

# mypy: ignore-errors
# ruff: noqa: F821

freeze("$(PORT_DIR)/modules", "flashbdev.py")
try:
    freeze("$(PORT_DIR)/modules", "machine.py")  # machine.Counter, from MicroPython 1.26 on
except Exception:
    pass
include("manifest_meter.py", without=("lab", "selftest"))
module("_boot.py", opt=3)
