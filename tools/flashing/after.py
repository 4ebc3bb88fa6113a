"""After the board was written: its clock is set, its self-test run, a new meter set up, all at its prompt.

Takes the port's URL; gives [(what, how it went)] and the parts that are faulty. The flash is right
without any of it: each may be done again by the command that is named.
"""

from argparse import Namespace

from tools import keys, provision, selftest
from tools.device import Device
from tools.flashing.money import METER
from tools.scenario.values import DAY_S

CLOCK = "print(meter.board.rtc_set({day}, {second}))\n"


def finish(url, ledger, settings, folder, say):
    """Clock, self-test, settings (None: none were given), the meter's first words."""
    done = []
    with Device(url) as device:
        say("waiting for MicroPython")
        device.enter(fresh=False)
        say("setting the clock")
        done.append(("clock", set_clock(device)))
        say("self-test")
        said, faulty = self_test(device)
        done += said
        if settings is not None:
            say("settings")
            done.append(("settings", set_up(device, ledger, settings, folder, say)))
            if device.is_stopped:
                device.restart()
    return done, faulty


def set_clock(device):
    """The board's own, whether a meter is set up or not."""
    day, second = divmod(provision.now_s(), DAY_S)
    if device.run(CLOCK.format(day=day, second=second)) == "True":
        return "set to the present"
    return "no clock chip answers: see the troubleshooting in board/README.md"


def self_test(device):
    """[(part, result)] of every part that can be tested without hands, and the names of those that are
    faulty; it ends in a start."""
    device.enter()
    _, results = selftest.run(device, pulse_s=1)
    device.restart()
    faulty = [each.part for each in results if each.result == selftest.FAULT]
    said = [(f"  {each.part}", f"{each.result}: {each.what}") for each in results]
    ended = f"{len(faulty)} faulty" if faulty else "nothing is faulty"
    with_hands = f"with hands: shilling selftest --port {device.url}"
    return [("self-test", f"{ended}; {with_hands}"), *said], faulty


def set_up(device, ledger, settings, folder, say):
    """As shilling provision does; a meter that was there before keeps what it has."""
    folder = keys.opened(folder)
    if ledger.kind == METER and not keys.is_begun(folder, ledger.meter):
        return f"not used: this is meter {ledger.meter} already"
    never = Namespace(replace=False, yes_lose_the_money=False, old_keys=None)
    made = provision.provision(device, folder, settings, never, say)
    return f"meter {made.meter.hex().upper()}: shilling label prints its label"
