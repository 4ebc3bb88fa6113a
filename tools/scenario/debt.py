"""The `debt` and `emergency` parts of `given`: what is owed at the start, and how it is collected.

Take the located mapping (or None) and the profile's name; give settings of provision() in mp. What
the file leaves out stays out, so that the profile's own default holds. Source: SCENARIO.md, DOMAIN
4, 7, 12.
"""

from tools.scenario.nodes import Fault
from tools.scenario.values import MP_PER_POUND, pounds_mp, truth, whole, word

KNOWN = (
    "payment", "share", "weekly_cap", "time1", "weekly", "parts", "accumulated",
    "suspend_emergency", "suspend_disabled",
)  # fmt: skip
MONEY = {
    "payment": "payment_mp", "weekly_cap": "weekly_cap_mp", "time1": "time_1_mp",
    "weekly": "weekly_mp", "accumulated": "accumulated_mp",
}  # fmt: skip
FLAGS = {
    "suspend_emergency": "suspend_debt_emergency",
    "suspend_disabled": "suspend_debt_disabled",
}
PAYMENT_BASED = ("payment", "share", "weekly_cap")
PARTS = ("7", "100")
NO_RECOVERY = ("smart_payg", "remote_tiered")  # profiles that collect nothing by time themselves
WEEKLY_PARTS = 1  # setting recovery: W1
LIMIT_MP = 10_000 * MP_PER_POUND
WEEKLY_LIMIT_MP = 500 * MP_PER_POUND
EC_LIMIT_MP = 100 * MP_PER_POUND
EC_DEFAULT_MP = {"remote_tiered": 0}  # limit of the others: £5.00
EC_USUAL_MP = 5 * MP_PER_POUND


def debt_of(item, profile):
    """Settings of a `debt` block; a weekly amount makes any profile collect by W1."""
    if item is None:
        return {}
    fields = item.fields("debt", KNOWN)
    debt = {}
    for name, value in fields.items():
        if profile == "gas_weekly" and name in PAYMENT_BASED:
            line = item.key_lines[name]
            raise Fault(line, f"debt {name}: gas_weekly has no payment-based debt, say time1")
        if name in MONEY:
            limit_mp = WEEKLY_LIMIT_MP if name == "weekly" else LIMIT_MP
            debt[MONEY[name]] = pounds_mp(value, f"debt {name}", 0, limit_mp)
        elif name in FLAGS:
            debt[FLAGS[name]] = int(truth(value, f"debt {name}"))
        elif name == "share":
            debt["share"] = whole(value, "debt share", 0, 100)
        else:
            debt["parts"] = int(word(value, "debt parts", PARTS))
    if "weekly" in fields and profile in NO_RECOVERY:
        debt["recovery"] = WEEKLY_PARTS
    return debt


def emergency_of(item, profile):
    """Settings of an `emergency` block."""
    if item is None:
        return {}
    fields = item.fields("emergency", ("limit", "threshold", "activated", "left"))
    emergency = {}
    limit_mp = EC_DEFAULT_MP.get(profile, EC_USUAL_MP)
    if "limit" in fields:
        limit_mp = pounds_mp(fields["limit"], "emergency limit", 0, EC_LIMIT_MP)
        emergency["ec_limit_mp"] = limit_mp
    if "threshold" in fields:
        threshold_mp = pounds_mp(fields["threshold"], "emergency threshold", 0, EC_LIMIT_MP)
        emergency["ec_threshold_mp"] = threshold_mp
    activated = "activated" in fields and truth(fields["activated"], "emergency activated")
    if "activated" in fields:
        emergency["ec_activated"] = int(activated)
    if "left" in fields:
        left_mp = pounds_mp(fields["left"], "emergency left", 0, limit_mp)
        if left_mp < limit_mp and not activated:
            raise Fault(
                fields["left"].line,
                "emergency left is below its limit, so something is owed: say activated: true",
            )
        emergency["ec_left_mp"] = left_mp
    return emergency
