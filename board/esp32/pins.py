"""GPIO numbers and bus addresses of the ESP32 board; the wiring table is in board/README.md."""

SDA = 21
SCL = 22
# Keys to ground, pull-ups inside: A, B; left, right, ok, return of the in-home display, if any
KEYS = (32, 33, 18, 19, 23, 4)
RELAY_SET = 25  # 10 kOhm pull-down outside
RELAY_RESET = 26  # 10 kOhm pull-down outside
FEEDBACK = 35  # high = contact closed
PULSE = 34  # pull-up outside, RC and Schmitt trigger for an S0 contact
BUZZER = 27
SUPPLY_LED = 14
TEST_LED = 13

DISPLAY_LEFT = 0x70
DISPLAY_RIGHT = 0x71
CLOCK = 0x68
