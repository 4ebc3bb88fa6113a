"""Runs the program of a simulated ESP32's flash: host_tests/devkit.py starts it, in the unix VM.

Takes a file descriptor to talk over (live_line.py), whose first message are the settings
(live_esp32.Chip). It ends in the VM's prompt with the names of main.py at hand, as a board does.
"""

import sys

import live_esp32
from live_line import Line

live_esp32.start(Line(int(sys.argv[1])), globals())
