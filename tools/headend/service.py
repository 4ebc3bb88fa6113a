"""Joins a HeadEnd to its broker: what meters publish is taken, what is due is published.

Takes a HeadEnd, where the broker is and a clock (UTC seconds since 1970); runs until it is cancelled. A
broker that goes away is looked for again; nothing depends on what is only in here.
"""

import asyncio
import contextlib
import ssl

import aiomqtt
from sqlalchemy.exc import SQLAlchemyError

from tools.headend import orders

TICK_S = 5
LOOK_S = 1  # what became due by time is looked for this often
RETRY_S = 30  # at most, between two attempts to connect
CONNECT_S = 10
AGAIN_S = 60  # after a broker was gone: meters are back by then, what they have not got goes again
IN_FLIGHT = 100
TAKEN_AT_ONCE = 200
UP_TOPIC = "shilling/+/up"


class Service:
    """ticks: more to call with the time every few seconds. `connected`: an Event for those who wait."""

    def __init__(self, headend, where, clock, ticks=(), authority=None, say=None):
        self.headend, self.where, self.clock = headend, where, clock
        self.ticks = (headend.tick, *ticks)
        self.authority = authority  # PEM file of who signed the broker's certificate
        self.connected = asyncio.Event()
        self.work = asyncio.Event()
        self.unsent = []  # noted as sent, but the broker went away: first of all next time
        self.trouble = None
        self.again_s = None
        self.say = say or (
            lambda text: None
        )  # told once when the broker is gone, and when it is back

    async def run(self):
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        self.headend.on_work = lambda: _wake(loop, self.work)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.tick())
            tasks.create_task(self.stay_connected())

    async def tick(self):
        while True:
            now = self.clock()
            for call in self.ticks:
                await self.kept(call, now)
            if self.again_s is not None and now >= self.again_s:
                self.again_s = None
                await self.kept(self.send_again, now)
            await asyncio.sleep(TICK_S)

    def send_again(self, now):
        """The broker was gone, and with it what it had for meters."""
        with self.headend.store.writing() as session:
            orders.lost(session, now)

    async def stay_connected(self):
        wait_s = 0.5
        while True:
            try:
                async with self.client() as client:
                    await client.subscribe(UP_TOPIC, qos=1)
                    if self.trouble:
                        self.say("the broker is there again")
                        self.again_s = self.clock() + AGAIN_S
                    self.trouble, wait_s = None, 0.5
                    self.connected.set()
                    await _both(self.listen(client), self.speak(client))
            except (aiomqtt.MqttError, OSError) as error:
                if not self.trouble:
                    self.say(f"the broker at {self.where.host} cannot be reached ({error}); nothing is"
                             " lost, it is tried again")  # fmt: skip
                self.trouble = str(error) or type(error).__name__
            self.connected.clear()
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, RETRY_S)

    async def kept(self, call, *given):
        """A call on the store, again until the store takes it: a full disk or a restart is no end."""
        said = False
        while True:
            try:
                return await asyncio.to_thread(call, *given)
            except SQLAlchemyError as error:
                if not said:
                    why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
                    self.say(f"the store cannot be used ({why}); it is tried again")
                said = True
                await asyncio.sleep(TICK_S)

    def client(self):
        where = self.where
        client = aiomqtt.Client(
            where.host, where.port, username=where.user, password=where.password,
            identifier="headend", clean_session=False, timeout=CONNECT_S,
            tls_context=ssl.create_default_context(cafile=self.authority) if where.tls else None,
            max_inflight_messages=IN_FLIGHT, max_concurrent_outgoing_calls=IN_FLIGHT,
        )  # fmt: skip
        client.pending_calls_threshold = 10 * IN_FLIGHT  # more than that would be said to be a lot
        return client

    async def listen(self, client):
        """Everything that has come goes into one commit."""
        messages = client.messages
        async for message in messages:
            packets = [bytes(message.payload)]
            while len(messages) and len(packets) < TAKEN_AT_ONCE:
                packets.append(bytes((await anext(messages)).payload))
            await self.kept(self.headend.take_all, packets, self.clock())

    async def speak(self, client):
        """Publish what is due; at least each LOOK_S it is looked for."""
        while True:
            if not self.unsent:
                self.work.clear()
                self.unsent = await self.kept(self.headend.packets, self.clock())
            sending = [
                client.publish(f"shilling/{meter}/down", packet, qos=1)
                for meter, packet in self.unsent
            ]
            if sending:
                await asyncio.gather(*sending)
                self.unsent = []
                continue
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):  # wait_for may swallow a cancellation
                    await self.work.wait()


def _wake(loop, event):
    with contextlib.suppress(RuntimeError):  # the loop is closed: nobody is there to send
        loop.call_soon_threadsafe(event.set)


async def _both(*works):
    """Two works until one ends; then neither goes on."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
