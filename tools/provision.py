"""shilling provision: makes a meter of a flashed board: id, keys, profile, prices; prints its label.

Takes a settings file and the board's port. The keys are on this computer's disk before the meter gets
them; the meter writes its first records itself at its next start, and is read back. One that is set up
already is only made anew by whoever has its keys and says so twice.
"""

import errno
import hashlib
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from tools import keys as keys_of_meters
from tools import label
from tools.device import BoardError, Device, add_port, chosen_port
from tools.device.state import differences, read_back
from tools.errors import UserError
from tools.scenario.values import DAY_S, EPOCH
from tools.settings import settings_of

NAME = "provision"
HELP = "set up a new meter on a board: its id, keys, profile and prices"
SETTINGS, AUTHORITY = "/settings.json", "/authority"
DONE = "this meter is set up now"
HAS_ALREADY = "this meter is set up already"


def add_arguments(parser):
    parser.epilog = "example: shilling provision --port /dev/ttyUSB0 my_meter.yaml"
    add_port(parser)
    parser.add_argument("settings", metavar="FILE.yaml", type=Path,
                        help="the meter's settings: shilling settings --template makes one")  # fmt: skip
    keys_of_meters.add_folder(parser)
    parser.add_argument("--svg", metavar="FILE", type=Path, help="write the label as a picture too")
    anew = parser.add_argument_group("a meter that is set up already")
    anew.add_argument("--replace", action="store_true", help="throw its records and money away")
    anew.add_argument("--yes-lose-the-money", action="store_true",
                      help="do not ask for the meter's id once more")  # fmt: skip
    anew.add_argument("--old-keys", metavar="FILE", help="its keys, if not in the keys' folder")


def now_s():
    """UTC seconds since 2000-01-01."""
    return int((datetime.now(UTC) - EPOCH).total_seconds())


def settings_text(settings, keys, utc_s=None):
    """/settings.json as bytes: what the board's first start takes. Without a time the meter begins when
    it first knows one."""
    time = {} if utc_s is None else dict(zip(("day", "second"), divmod(utc_s, DAY_S), strict=True))
    whole = {
        **settings, **time, "meter_id": keys.meter,
        "originator_id": keys.originator, "secret": keys.secret,
    }  # fmt: skip
    texts = {name: v.hex() if isinstance(v, bytes) else v for name, v in whole.items()}
    return json.dumps(texts, sort_keys=True, separators=(",", ":")).encode()


def authority(old_keys, text):
    """What proves that a meter's keys are known to whoever wrote these settings."""
    return hashlib.sha256(old_keys.secret + hashlib.sha256(text).digest()).hexdigest().encode()


class Provisioning:
    """One board being set up; say(text) for each thing done."""

    def __init__(self, device, folder, settings, say=print):
        self.device, self.folder, self.settings, self.say = device, folder, settings, say

    def found(self):
        """What the board is now, after a first start that was waiting."""
        device = self.device
        device.enter(fresh=False)
        if not device.has_disk:
            raise UserError("the board's disk cannot be read: run shilling deploy first")
        state = read_back(device)
        if state is None:  # it was just starting, or does not start
            printed, state = device.try_start(read_back)
            if state is None:
                last = printed.strip().rpartition("\n")[2]
                raise UserError(f"no meter runs on the board ({last}): run shilling deploy first")
        if state["store"] not in ("blank", "opened"):
            raise UserError("the records on this board cannot be read: shilling flash"
                            " --erase-ledger throws them away, money included")  # fmt: skip
        return state

    def old_keys(self, state, args):
        """The keys of the meter that is to be thrown away, after it was said twice."""
        meter_id, pounds = state["meter_id"], state["balance_mp"] / 100_000
        if not args.replace:
            raise UserError(f"this board is meter {meter_id} already, balance {pounds:.2f}: --replace"
                            " throws it away with its money, if you have its keys")  # fmt: skip
        known = keys_of_meters.find(self.folder, meter_id)
        keys = keys_of_meters.read(args.old_keys) if args.old_keys else known
        if keys is None or keys.meter.hex().upper() != meter_id:
            raise UserError(f"without the keys of meter {meter_id} nobody may set it up anew; say"
                            " --old-keys FILE if they are somewhere else")  # fmt: skip
        if not args.yes_lose_the_money:
            if not sys.stdin.isatty():
                raise UserError("say --yes-lose-the-money too, as nobody is here to be asked")
            typed = input(f"This throws away {pounds:.2f}. The meter's id, to do it: ")
            if typed.strip().upper() != meter_id:
                raise UserError("that is not its id; nothing was changed")
        return keys

    def write(self, keys, old_keys=None):
        """Hand the settings over, and wait until the board has made a meter of them."""
        device = self.device
        text = settings_text(self.settings, keys, now_s())
        device.enter()
        try:
            device.remove(SETTINGS)
            device.remove(AUTHORITY)
            if old_keys:
                device.replace(AUTHORITY, authority(old_keys, text))
            device.replace(SETTINGS, text)
        except BoardError as error:
            if error.is_os(errno.ENOSPC):
                raise UserError("the board's disk is full: remove files of yours") from None
            raise
        self.say("settings       written; the meter starts with them")
        printed = device.restart(limit_s=90, until=("first start:", "Traceback"))
        if HAS_ALREADY in printed:
            raise UserError("the meter refused: it is set up already, with other keys")
        if DONE not in printed:
            last = printed.strip().rpartition("\n")[2].removeprefix("first start: ")
            raise UserError(f"the meter did not take the settings: {last or 'it says nothing'}")
        device.enter(fresh=False)

    def check(self, keys):
        """Read back and compare; set the clock."""
        state = read_back(self.device) or self.device.try_start(read_back)[1]
        if state is None or state["store"] != "opened":
            raise UserError("the meter does not run: run this again, it goes on from there")
        faults = differences(state, self.settings, keys)
        if faults:
            raise UserError(f"the meter has other settings than it was given: {'; '.join(faults)}")
        day, second = divmod(now_s(), DAY_S)
        self.device.run(f"print(meter.command('set_time',({day},{second})))")
        keys_of_meters.confirm(self.folder, keys.meter.hex())
        self.say(f"read back      profile {state['profile']}, balance {state['balance_mp'] / 1e5:.2f},"
                 " tariff, id and keys as given; clock set")  # fmt: skip


def provision(device, folder, settings, args, say=print):
    """The keys of the meter that `device` is now."""
    job = Provisioning(device, folder, settings, say)
    state = job.found()
    old_keys = None
    if state["store"] == "opened":
        keys = keys_of_meters.find(folder, state["meter_id"])
        if keys and keys_of_meters.is_begun(folder, state["meter_id"]):
            say(f"meter          {state['meter_id']}: finishing what was cut off")
            job.check(keys)
            return keys
        old_keys = job.old_keys(state, args)
    keys = keys_of_meters.make(folder)
    say(f"keys           {keys_of_meters.file_of(folder, keys.meter.hex())}, for you alone")
    job.write(keys, old_keys)
    job.check(keys)
    return keys


def main(args):
    port = chosen_port(args.port)
    settings = settings_of(args.settings)
    folder = keys_of_meters.opened(args.keys_folder)
    with Device(port) as device:
        print(f"board          {port}")
        keys = provision(device, folder, settings, args)
    path = keys_of_meters.file_of(folder, keys.meter.hex())
    print(f"top-ups        .venv/bin/shilling vend --keys {path} --counter 1 --amount 10.00\n")
    label.show(keys.meter, keys.originator, args.svg)
    return 0
