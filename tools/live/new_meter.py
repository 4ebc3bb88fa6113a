"""The options of a new meter, and the settings they make: profile, prices, debts, keys.

Takes parsed arguments of `shilling run`, gives the dict for provision() but for its time. What is wrong
is said in one sentence. Source: DOMAIN 12; the figures to start with are ours, so that every profile
has something to show.
"""

from pathlib import Path

from tools import settings
from tools.errors import UserError
from tools.live.meter import typed
from tools.scenario.nodes import Fault, read
from tools.scenario.tariff import packed
from tools.scenario.values import pence_mp, pounds_mp, whole
from tools.utrn_vend import keys_of

MAX_DEBT_MP = 500 * 100_000 - 1  # DOMAIN W7: below £500
RATE_LIMIT_MP = 1_000_000
TIERS = "rates: {all: [48.83, 53.83, 78.83]}\nblocks: [240, 400]"  # kWh a month

# What a profile starts with where no option says it; text as it would be typed
PLAIN = {"balance": "10.00", "rate": "24.50", "debt": "0", "time_debt": "0", "weekly": "0"}
GAS = {**PLAIN, "rate": "6.24", "time_debt": "193.00", "weekly": "5.00"}
GAS_OWED_MP = 620_000  # standing charge that has accumulated: what its first press shows
PROFILES = {
    "smart_payg": PLAIN,
    "key_meter": {**PLAIN, "time_debt": "47.00", "weekly": "7.00"},
    "gas_weekly": GAS,
    "remote_tiered": {**PLAIN, "balance": "12.40"},
}
FIRST_BALANCE_MP = 1_000_000  # where a settings file does not say it
OPTIONS = (
    "settings", "profile", "balance", "rate", "tariff", "debt", "share", "time_debt", "weekly",
)  # fmt: skip
BY_TIME = ("key_meter", "gas_weekly")  # whose debt is collected by the week


def add_arguments(group):
    group.add_argument("--settings", metavar="FILE", type=Path,
                       help="all of it from one file: shilling settings --template")  # fmt: skip
    group.add_argument("--profile", choices=tuple(PROFILES), help="smart_payg if not given")
    group.add_argument("--balance", metavar="POUNDS", help="10.00 if not given")
    group.add_argument("--rate", metavar="PENCE", help="per kWh, 24.50 if not given")
    group.add_argument("--tariff", metavar="FILE", type=Path,
                       help="YAML with the tariff block of scenarios: rates, switch, blocks")  # fmt: skip
    group.add_argument("--debt", metavar="POUNDS", help="paid off by a share of each top-up")
    group.add_argument("--share", metavar="PERCENT", help="of each top-up, 30 if not given")
    group.add_argument("--time-debt", metavar="POUNDS",
                       help="paid off by the week: 47.00 in key_meter, 193.00 in gas_weekly")  # fmt: skip
    group.add_argument("--weekly", metavar="POUNDS", help="so much a week: 7.00, or 5.00 for gas")


def given(args):
    """The options of a new meter that were used, as they are typed."""
    names = [name for name in OPTIONS if getattr(args, name) is not None]
    return ["--" + name.replace("_", "-") for name in names]


def tariff_file(path):
    """The packed bytes of a file that is a tariff block, or has one under the key `tariff`."""
    try:
        item = read(path.read_text(encoding="utf-8"))
        if isinstance(item.value, dict) and list(item.value) == ["tariff"]:
            item = item.value["tariff"]
        return bytes.fromhex(packed(item)[0])
    except Fault as fault:
        raise UserError(f"{path}:{fault.line}: {fault.what}") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UserError(f"{path} is no UTF-8 text") from None


def prices(args, profile, start):
    """The tariff, or the one price."""
    if args.tariff and args.rate:
        raise UserError("--tariff and --rate are both given; a meter has one of them")
    if args.tariff:
        return {"tariff": tariff_file(args.tariff)}
    if profile == "remote_tiered" and not args.rate:
        return {"tariff": bytes.fromhex(packed(read(TIERS))[0])}
    return {"rate_mp": typed(pence_mp, args.rate or start["rate"], "--rate", RATE_LIMIT_MP)}


def debts(args, profile, start):
    """What is owed and how it is paid; an option that the profile has no use for is refused."""
    by_time = profile in BY_TIME
    wrong = ("debt", "share") if by_time else ("time_debt", "weekly")
    if profile == "remote_tiered":
        wrong = ("debt", "share", "time_debt", "weekly")
    for name in wrong:
        if getattr(args, name) is not None:
            raise UserError(f"--{name.replace('_', '-')} means nothing to profile {profile}")
    if by_time:
        time_debt = args.time_debt or start["time_debt"]
        debt = {
            "accumulated_mp": GAS_OWED_MP if profile == "gas_weekly" else 0,
            "time_1_mp": typed(pounds_mp, time_debt, "--time-debt", 0, MAX_DEBT_MP),
            "weekly_mp": typed(
                pounds_mp, args.weekly or start["weekly"], "--weekly", 0, MAX_DEBT_MP
            ),
        }
        if debt["time_1_mp"] and not debt["weekly_mp"]:
            raise UserError("--weekly 0 would never collect the debt; say --time-debt 0 too")
        return debt
    settings = {
        "payment_mp": typed(pounds_mp, args.debt or start["debt"], "--debt", 0, MAX_DEBT_MP)
    }
    if args.share is not None:
        settings["share"] = typed(whole, args.share, "--share", 0, 100)
    return settings


def settings_of(args, now_s):
    """What a new meter is provisioned with: public test keys and what file or options say. now_s:
    a tariff to come must start after it, UTC seconds since 2000-01-01."""
    keys = keys_of({})
    keys = {
        "meter_id": keys.meter, "originator_id": keys.originator, "secret": keys.secret,
    }  # fmt: skip
    if args.settings:
        if len(given(args)) > 1:
            raise UserError(f"--settings FILE has all of them: leave {given(args)[1]} out")
        found = settings.settings_of(args.settings, now_s)
        return {"balance_mp": FIRST_BALANCE_MP, **found, **keys}
    profile = args.profile or "smart_payg"
    start = PROFILES[profile]
    return {
        "profile": profile,
        "balance_mp": typed(pounds_mp, args.balance or start["balance"], "--balance"),
        **prices(args, profile, start),
        **debts(args, profile, start),
        **keys,
    }


def about(settings):
    """What the head-end knows of such a new meter: columns of its table (None: nothing)."""
    tariff = settings.get("tariff")
    if tariff is None and "rate_mp" in settings:
        tariff = bytes.fromhex(packed(read(f"rates: {{all: {settings['rate_mp'] / 1000:.3f}}}"))[0])
    return {
        "profile": settings.get("profile"),
        "tariff": tariff.hex() if tariff else None,
        "standing_mp": settings.get("standing_mp"),
    }
