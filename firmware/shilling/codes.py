"""The numbers the modules share: outcomes, states, keys, screens, intents, kinds of record.

Retired numbers stay listed and are never used again. Source: DOMAIN 5, 6, 13, 15 (GBCS codes).
"""

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
EXPIRED = 13
TOO_OLD = 14  # further back than the window of used numbers

OUTCOMES = (
    "done", "malformed", "wrong check digit", "reserved class", "locked", "not authentic",
    "duplicate", "over maximum credit", "over maximum balance", "refused", "halted", "too short",
    "checking", "expired", "too old",
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

# Keys as the board gives them (bits), and what the debouncer makes of them: a short press is the bit.
# Those of the in-home display follow in ihd.py
KEY_A = 1
KEY_B = 2
LONG = 64  # added to the bit of a long press
STUCK = 128

# The front ends on the one display, by the names they are observed by
FACE_NAMES = ("meter", "display")

# Screens (13). The first nine are the ring of the in-home display, and almost the meter's round
SCREEN_REST = 0  # balance, EC in use, supply off or 'Enable supply?', whatever is true
SCREEN_ADD_CREDIT = 1
SCREEN_ACCEPT = 2  # at the meter only if EC is offered, and before SCREEN_ADD_CREDIT
SCREEN_USAGE = 3
SCREEN_RATE = 4
SCREEN_DEBT = 5
SCREEN_REGISTER = 6
SCREEN_ALERT_LEVEL = 7
SCREEN_STATUS = 8
SCREEN_BALANCE = 9  # only while the supply is off, when the resting screen says something else
SCREEN_CODE = 10  # reached from SCREEN_ADD_CREDIT with B or OK
SCREEN_OWED = 11  # gas_weekly: the first A
SCREEN_LEFT = 12  # remote_tiered: what the balance buys
SCREEN_MESSAGE = 13

# Messages: outcomes 0..11 and these
MESSAGE_WAIT = 12
MESSAGE_NO_CREDIT = 13
MESSAGE_SUPPLY_ON = 14
MESSAGE_EC_ACCEPTED = 15

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
RECORD_DUE = 3
RECORD_SUPPLY = 4
RECORD_ATTEMPT = 5
RECORD_CLOCK = 6
RECORD_LEVEL = 7
RECORD_ALERT = 8
RECORD_WEEK_TOP_UP = 9
RECORD_ADJUST = 10
RECORD_ANSWER = 11  # an order that changed nothing else
RECORD_CHECKPOINT = 128  # of its own: what fits no record has changed
# Added to the kind of a record with a counter
KIND = 31  # what is left of it without them
BY_LINK = 32  # it came from the head-end
COMMAND = 64  # and counts in the window of commands, not of top-ups
