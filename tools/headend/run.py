"""Everything of `shilling headend` together: store, broker, service, page; until Ctrl-C.

Takes the command's arguments; prints where everything is. What cannot be started is one sentence.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time

from sqlalchemy.exc import SQLAlchemyError

from tools import keys as keys_of_meters
from tools import lock
from tools.errors import UserError
from tools.headend import access, broker, demo, sms
from tools.headend.door import CLOSE_S, Door, checked, password_of
from tools.headend.headend import HeadEnd
from tools.headend.known import Meters, test_keys
from tools.headend.service import Service
from tools.headend.upkeep import broker_kept, kept_up

METERS_S = 10  # new keys in the folder are meters after so long


def clock():
    return int(time.time())


def opened_store(args, folder, find):
    """A HeadEnd; UserError in one sentence where the store cannot be had, without passwords."""
    url = args.db or f"sqlite:///{folder / 'headend.db'}"
    try:
        return HeadEnd(url.replace("postgresql://", "postgresql+psycopg://", 1), find)
    except ValueError:  # a port that is none; the text may hold a password
        raise UserError("--db is no URL of a store") from None
    except (SQLAlchemyError, ImportError) as error:
        raise UserError(f"the store cannot be opened: {sentence(error)}") from None


def sentence(error):
    """The first line of what a library has to say."""
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0]


async def serve(args, folder, held, meters, password):
    """Start everything in order, run until Ctrl-C, stop in the other order."""
    async with contextlib.AsyncExitStack() as stack:
        headend = stack.enter_context(contextlib.closing(opened_store(args, folder, meters.find)))
        rights = access.Access(folder)
        meters.look(headend, rights, clock())
        plain_host = broker.ANY if args.plain else broker.LOCAL
        ports = broker.Ports(args.mqtt_port, args.mqtts_port, plain_host)
        post = broker.make(args.broker, folder, ports, rights)
        door = stack.enter_context(Door(headend, clock, args, folder, password))
        stack.push_async_callback(post.stop)
        await post.start()
        outbox = sms.Outbox(headend.store, sms.FileSender(folder / "sms"))
        service = Service(headend, post.where, clock, [outbox.tick], say=warn)
        works = [
            kept_up("the page", door.run, warn, lambda: door.is_over),
            kept_up("the link with the meters", service.run, warn),
            kept_up("the look for new meters", lambda: _new_meters(meters, service, rights, post), warn),
            broker_kept(post, warn),
        ]  # fmt: skip
        if args.demo:
            meter = stack.enter_context(demo.Meter(post.where.port, meters.also))
            works.append(kept_up("the simulated meter", meter.run, warn))
        held.write(f"{door.url}\n")
        held.flush()
        say(args, folder, post, rights, door, password)
        await _first(door, *works, _signalled())
    print("\nstopped" if args.demo else "\nstopped; everything is kept", flush=True)


async def _new_meters(meters, service, rights, post):
    while True:
        if meters.is_news:
            await post.refresh()
            meters.is_news = False
        await asyncio.sleep(METERS_S)
        await service.kept(meters.look, service.headend, rights, clock())


async def _signalled():
    """Ends with Ctrl-C, SIGTERM or a closed terminal."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def _first(door, *works):
    """Until one of the works ends; what it raised is raised when all have stopped."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:  # Ctrl-C before _signalled listens
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    door.close()
    await asyncio.wait(tasks[:1], timeout=2 * CLOSE_S)
    ended = [task for task in tasks if task.done() and not task.cancelled()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


def warn(text):
    with contextlib.suppress(OSError):  # nobody reads it any more: no reason to end
        print(f"shilling: {text}", file=sys.stderr, flush=True)


def say(args, folder, post, rights, door, password):
    """Where everything is."""
    print(f"page        {door.url}{', user operator' if password else ''}")
    if isinstance(post, broker.Elsewhere):
        print(f"broker      {post.name}")
    else:
        reach = "for everyone" if args.plain else "for this machine only"
        print(f"broker      {post.name}: TLS on port {args.mqtts_port}, without on port"
              f" {post.where.port} {reach}")  # fmt: skip
        print(f"for meters  {folder / 'tls' / 'ca.crt'}")
    count = len(rights.passwords) - len(access.COMMON)
    print(f"meters      {count}{', simulated: ' + demo.METER if args.demo else ''}")
    print(f"data        {folder}{', gone afterwards' if args.demo else ''}")
    if args.demo:
        print(f"why         .venv/bin/shilling explain {demo.METER} --data {folder}")
    print("stop        Ctrl-C", flush=True)


def main(args):
    os.umask(0o077)  # names, phone numbers and readings are for this user alone
    args.address = checked(args.address)
    password = password_of(args)
    with contextlib.ExitStack() as stack:
        if args.demo:
            if args.broker not in (None, "mosquitto", "amqtt"):
                raise UserError("--demo has a broker of its own: leave --broker out")
            demo.choose_ports(args)
            folder, meters = stack.enter_context(demo.folder()), Meters(None, demo.keys())
        else:
            folder = keys_of_meters.opened(args.data)
            also = test_keys() if args.test_meter else {}
            meters = Meters(keys_of_meters.opened(args.keys_folder), also)
        held = stack.enter_context(lock.hold(folder, "the head-end"))
        try:
            asyncio.run(serve(args, folder, held, meters, password))
        except* UserError as group:
            raise _one(group) from None
        except* SQLAlchemyError as group:
            raise UserError(f"the store failed: {sentence(_one(group))}") from None
    return 0


def _one(group):
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
