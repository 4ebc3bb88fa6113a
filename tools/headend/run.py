"""Everything of `shilling headend` together: store, broker, service, page; until Ctrl-C.

Takes the command's arguments; prints where everything is. What cannot be started is one sentence.
"""

import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
import time

import uvicorn
from sqlalchemy.exc import SQLAlchemyError

from tools import keys as keys_of_meters
from tools.errors import UserError
from tools.headend import access, broker, demo, sms
from tools.headend.api import make_app
from tools.headend.headend import HeadEnd
from tools.headend.known import Meters, test_keys
from tools.headend.service import Service

ADDRESS = "127.0.0.1"
METERS_S = 10  # new keys in the folder are meters after so long
CLOSE_S = 3


def clock():
    return int(time.time())


def lock(folder):
    """The data folder for this process alone; held until the file is closed."""
    file = (folder / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        where = file.read().strip()
        raise UserError(f"the head-end in {folder} is running already: {where}") from None
    file.truncate(0)
    return file


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


class Page(uvicorn.Server):
    """The page's server; signals are ours."""

    def __init__(self, headend):
        app = make_app(headend, clock)
        super().__init__(uvicorn.Config(app, log_level="error", lifespan="off",
                                        timeout_graceful_shutdown=CLOSE_S))  # fmt: skip

    @contextlib.contextmanager
    def capture_signals(self):
        yield


def listening(port):
    """A socket for the page on this machine; UserError if the port is taken."""
    broker.need_free(ADDRESS, port, "--port")
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind((ADDRESS, port))
    made.listen(128)
    return made


async def serve(args, folder, held, meters):
    """Start everything in order, wait for the first thing that ends, stop in the other order."""
    async with contextlib.AsyncExitStack() as stack:
        headend = stack.enter_context(contextlib.closing(opened_store(args, folder, meters.find)))
        rights = access.Access(folder)
        meters.look(headend, rights, clock())
        plain_host = broker.ANY if args.plain else broker.LOCAL
        ports = broker.Ports(args.mqtt_port, args.mqtts_port, plain_host)
        post = broker.make(args.broker, folder, ports, rights)
        door = stack.enter_context(listening(args.port))
        stack.push_async_callback(post.stop)
        await post.start()
        outbox = sms.Outbox(headend.store, sms.FileSender(folder / "sms"))
        service = Service(headend, post.where, clock, [outbox.tick], say=warn)
        if args.demo:
            stack.callback(demo.start_meter(post.where.port, meters.also).kill)
        held.write(f"http://{ADDRESS}:{args.port}/\n")
        held.flush()
        say(args, folder, post, rights)
        page = Page(headend)
        await _first(page, page.serve([door]), service.run(), post.ended(), _signalled(),
                     _new_meters(meters, headend, rights, post))  # fmt: skip
    print("\nstopped" if args.demo else "\nstopped; everything is kept", flush=True)


async def _new_meters(meters, headend, rights, post):
    while True:
        await asyncio.sleep(METERS_S)
        if await asyncio.to_thread(meters.look, headend, rights, clock()):
            await post.refresh()


async def _signalled():
    """Ends with Ctrl-C, SIGTERM or a closed terminal."""
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()


async def _first(page, *works):
    """Until one of the works ends; what it raised is raised when all have stopped."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    except asyncio.CancelledError:  # Ctrl-C before _signalled listens
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    page.should_exit = True
    await asyncio.wait(tasks[:1], timeout=2 * CLOSE_S)
    ended = [task for task in tasks if task.done() and not task.cancelled()]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


def warn(text):
    print(f"shilling: {text}", file=sys.stderr, flush=True)


def say(args, folder, post, rights):
    """Where everything is."""
    print(f"page        http://{ADDRESS}:{args.port}/")
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
        held = stack.enter_context(lock(folder))
        try:
            asyncio.run(serve(args, folder, held, meters))
        except* UserError as group:
            raise _one(group) from None
        except* SQLAlchemyError as group:
            raise UserError(f"the store failed: {sentence(_one(group))}") from None
    return 0


def _one(group):
    while isinstance(group, BaseExceptionGroup):
        group = group.exceptions[0]
    return group
