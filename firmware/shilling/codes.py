"""The numbers the modules share: alerts, outcomes, supply states, keys, screens, commands.

Retired numbers stay listed and are never used again. Source: DOMAIN 5, 6, 13, 15 (GBCS codes).
"""

# Alerts (GBCS); those from F001 on are ours: GBCS has no code for them
ALERT_LOW_CREDIT = 0x810D
ALERT_CREDIT_ADDED = 0x810E
ALERT_EC_AVAILABLE = 0x8119
ALERT_EC_ARMED_SUPPLY = 0x8168
ALERT_PAYMENT_DEBT_DONE = 0x81A9
ALERT_EC_EXHAUSTED = 0x81AA
ALERT_EC_ACTIVATED = 0x81AB
ALERT_STORE_FAULT = 0x81AE
ALERT_CODE_ENTRY_SUSPENDED = 0x81C4
ALERT_CODE_LOCKED_OUT = 0x81C5
ALERT_NO_CREDIT = 0x8F0F  # credit fell below the disablement threshold
ALERT_ARMED = 0x8F32
ALERT_OVER_MAX_BALANCE = 0x8F47
ALERT_DUPLICATE = 0x8F51
ALERT_OVER_MAX_CREDIT = 0x8F5B
ALERT_NOT_AUTHENTIC = 0x8F63
ALERT_DISABLEMENT_SUSPENDED = 0x8F83
ALERT_KEY_STUCK = 0xF001

# Outcomes of a top-up or a command (T1, in the order of the checks)
DONE = 0
MALFORMED = 1
WRONG_CHECK_DIGIT = 2
RESERVED_CLASS = 3
LOCKED = 4
NOT_AUTHENTIC = 5
DUPLICATE = 6
OVER_MAX_CREDIT = 7
OVER_MAX_BALANCE = 8
REFUSED = 9
HALTED = 10
TOO_SHORT = 11
CHECKING = 12  # the attempt is on flash, the MAC comes next

OUTCOMES = (
    "done", "malformed", "wrong check digit", "reserved class", "locked", "not authentic",
    "duplicate", "over maximum credit", "over maximum balance", "refused", "halted", "too short",
    "checking",
)  # fmt: skip

# Supply states (S2) and emergency credit states (E3), with the names they are observed by
ENABLED = 0
DISABLED = 1
ARMED = 2
REMOTE_OFF = 3
FAULT = 4
SUPPLY_NAMES = ("enabled", "disabled", "armed", "remote_off", "fault")

EC_NONE = 0
EC_OFFERED = 1
EC_ACTIVE = 2
EC_IN_USE = 3
EC_EXHAUSTED = 4
EC_NAMES = ("none", "offered", "active", "in_use", "exhausted")

# Trust in the clock (10)
CLOCK_VALID = 0
CLOCK_HOLDOVER = 1
CLOCK_INVALID = 2
CLOCK_NAMES = ("valid", "holdover", "invalid")

# Keys as the board gives them (bits) and what the debouncer makes of them
KEY_A = 1
KEY_B = 2
PRESS_NONE = 0
SHORT_A = 1
SHORT_B = 2
LONG_A = 3
LONG_B = 4
STUCK = 5

# Screens in the order of the round (13)
SCREEN_REST = 0  # balance, EC in use, supply off or 'Enable supply?', whatever is true
SCREEN_ACCEPT = 1  # only if EC is offered
SCREEN_ADD_CREDIT = 2
SCREEN_USAGE = 3
SCREEN_RATE = 4
SCREEN_DEBT = 5
SCREEN_REGISTER = 6
SCREEN_ALERT_LEVEL = 7
SCREEN_STATUS = 8
SCREEN_BALANCE = 9  # only while the supply is off, when the resting screen says something else
SCREEN_CODE = 10  # reached from SCREEN_ADD_CREDIT with B, not part of the round
SCREEN_MESSAGE = 11

# Messages: outcomes 0..12 and these
MESSAGE_WAIT = 16
MESSAGE_EC_ACCEPTED = 17
MESSAGE_NO_CREDIT = 18
MESSAGE_SUPPLY_ON = 19

# What the consumer asks of the meter at the buttons
INTENT_NONE = 0
INTENT_ACCEPT = 1
INTENT_ENABLE = 2
INTENT_SEND = 3
INTENT_MUTE = 4
INTENT_LEVEL = 5

# Kinds of record (SPEC.md); 0 and 255 are never a kind: erased or torn flash
RECORD_CHARGE = 1
RECORD_TOP_UP = 2
RECORD_DAY = 3
RECORD_SUPPLY = 4
RECORD_ATTEMPT = 5
RECORD_CLOCK = 6
RECORD_LEVEL = 7
RECORD_ALERT = 8
