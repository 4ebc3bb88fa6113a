"""What ends in the background is told and begun again: the broker, the service, the look for new meters."""
# runs on: cpython

import asyncio
import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

import aiomqtt
import pytest
from sqlalchemy.exc import OperationalError

import needs
from headend_brokers import free_port, running
from headend_kit import ALL_KEYS, NOW, OTHER, TEST, OtherSide, made, state_body
from test_headend_service import Command, be_a_meter, ended, until
from tools.errors import UserError
from tools.headend import access, bodies, broker, demo, embedded, run, service, upkeep
from tools.headend.known import Meters
from tools.headend.service import Service

WAIT_S = 20


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """A test does not wait as long as a house does."""
    monkeypatch.setattr(upkeep, "FIRST_S", 0.01)
    monkeypatch.setattr(embedded, "LOOK_S", 0.01)
    monkeypatch.setattr(embedded, "STOP_S", 0.5)


def kill_mosquitto(post):
    post.process.kill()


def cancel_broadcast(post):
    post.broker._broadcast_task.cancel()


def close_listener(post):
    post.broker._servers["default"].instance.close()


def shut_down(post):
    post.shutting = asyncio.ensure_future(post.broker.shutdown())


@pytest.mark.parametrize("name, end_it", [
    ("mosquitto", kill_mosquitto), ("amqtt", cancel_broadcast), ("amqtt", close_listener),
    ("amqtt", shut_down),
])  # fmt: skip
def test_a_broker_that_dies_is_started_again_and_orders_go_on(name, end_it, tmp_path):
    async def main():
        async with running(name, tmp_path) as (post, rights):
            headend, meter, said = made(), OtherSide(), []
            work = Service(headend, post.where, lambda: NOW, say=said.append)
            tasks = [asyncio.create_task(upkeep.broker_kept(post, said.append)),
                     asyncio.create_task(work.run())]  # fmt: skip
            await until(work.connected.is_set)
            end_it(post)
            await until(lambda: "the broker runs again" in said)
            assert any("it is started again" in text for text in said)
            await until(lambda: "the broker is there again" in said)
            tasks.append(asyncio.create_task(be_a_meter(post, rights, meter)))
            await until(lambda: meter.count)  # it has subscribed
            order = headend.top_up(TEST, 1000, NOW)
            await until(lambda: headend.order(order.id).state == "received")
            assert meter.balance_mp == 1_000_000
            await ended(*tasks)

    asyncio.run(main())


def test_a_broker_that_cannot_be_started_again_is_tried_until_it_can():
    async def main():
        said, starts, up = [], [], asyncio.Event()

        async def start():
            starts.append(1)
            if len(starts) < 4:
                raise UserError("port 1883 is in use")
            up.set()

        async def is_over():
            if not starts:
                raise UserError("the broker ended: signal 9")
            await asyncio.Event().wait()

        post = SimpleNamespace(start=start, stop=lambda: asyncio.sleep(0), ended=is_over)
        task = asyncio.create_task(upkeep.broker_kept(post, said.append))
        async with asyncio.timeout(WAIT_S):
            await up.wait()
        await until(lambda: len(said) == 3)
        await ended(task)
        assert said == ["the broker ended: signal 9; it is started again",
                        "port 1883 is in use; it is tried again", "the broker runs again"]  # fmt: skip

    asyncio.run(main())


@pytest.mark.parametrize("way", ["raise", "return", "group"])
def test_work_that_ends_is_told_and_begun_again(way):
    async def main():
        said, runs, again = [], [], asyncio.Event()

        async def work():
            runs.append(1)
            if len(runs) > 2:
                again.set()
                await asyncio.Event().wait()
            if way == "raise":
                raise KeyError("x")
            if way == "group":
                raise ExceptionGroup("of tasks", [ValueError("y")])

        task = asyncio.create_task(upkeep.kept_up("the look", work, said.append))
        async with asyncio.timeout(WAIT_S):
            await again.wait()
        await ended(task)
        why = {"raise": "KeyError: 'x', test_headend_upkeep.py line ", "return": "it ended by itself",
               "group": "ValueError: y"}  # fmt: skip
        assert len(said) == 2 and all(why[way] in text for text in said)
        assert all(text.startswith("the look has stopped (") for text in said)

    asyncio.run(main())


def test_what_fails_again_and_again_is_tried_less_and_less_often(monkeypatch):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 12:
            raise asyncio.CancelledError

    async def main():
        async def work():
            raise OSError("no")

        monkeypatch.setattr(upkeep, "FIRST_S", 1)
        monkeypatch.setattr(upkeep.asyncio, "sleep", sleep)
        with pytest.raises(asyncio.CancelledError):
            await upkeep.kept_up("it", work, lambda _: None)

    asyncio.run(main())
    assert slept[:4] == [1, 2, 4, 8] and slept[-1] == upkeep.LONGEST_S


def test_the_look_for_new_meters_outlives_the_store_and_the_brokers_files(monkeypatch):
    """Neither a full disk nor a meter whose password the broker could not be told is forgotten."""
    monkeypatch.setattr(run, "METERS_S", 0.01)
    monkeypatch.setattr(service, "TICK_S", 0.01)

    async def main():
        headend, said, told, looks = made(), [], [], []
        rights = SimpleNamespace(set_meters=lambda keys: len(looks) == 2)
        meters = Meters(None, ALL_KEYS)
        look = meters.look

        def failing(*given):
            looks.append(1)
            if len(looks) == 1:
                raise OperationalError("", {}, Exception("database or disk is full"))
            look(*given)

        async def refresh():
            told.append(len(looks))
            if len(told) == 1:
                raise OSError(28, "No space left on device")

        meters.look = failing
        work = Service(
            headend, broker.Where("127.0.0.1", free_port()), lambda: NOW, say=said.append
        )
        post = SimpleNamespace(refresh=refresh)
        task = asyncio.create_task(upkeep.kept_up(
            "the look for new meters", lambda: run._new_meters(meters, work, rights, post), said.append
        ))  # fmt: skip
        await until(lambda: len(told) == 2 and not meters.is_news)
        await ended(task)
        assert any("disk is full" in text for text in said)
        assert any("No space left" in text for text in said)
        assert OTHER in meters.added

    asyncio.run(main())


def test_what_a_broker_took_with_it_is_sent_again(tmp_path, monkeypatch):
    monkeypatch.setattr(service, "TICK_S", 0.02)

    async def main():
        headend, meter, now = made(), OtherSide(), [NOW]
        headend.take(meter.packet(bodies.STATE, state_body()), NOW)
        async with running("amqtt", tmp_path) as (post, rights):
            work = Service(headend, post.where, lambda: now[0])
            task = asyncio.create_task(work.run())
            await until(work.connected.is_set)
            mute = asyncio.create_task(be_a_meter(post, rights, meter, deaf_to=99))
            order = headend.top_up(TEST, 1000, NOW)
            await until(lambda: meter.done)  # its answer is lost
            await ended(mute)
            await post.stop()
            await until(lambda: work.trouble)
            await post.start()
            told = meter.count
            heard = asyncio.create_task(be_a_meter(post, rights, meter))
            await until(lambda: work.again_s and meter.count > told)
            now[0] += service.AGAIN_S
            await until(lambda: headend.order(order.id).state == "received")
            await ended(task, heard)
        assert headend.order(order.id).attempts == 2 and meter.balance_mp == 1_000_000

    asyncio.run(main())


def test_a_simulated_meter_that_ends_is_told_and_another_is_begun(monkeypatch):
    monkeypatch.setattr(demo, "LOOK_S", 0.01)

    async def main():
        begun, said = [], []

        def start(port, meters):
            begun.append((port, meters))
            still = len(begun) > 1
            poll = (lambda: None) if still else (lambda: -9)
            return SimpleNamespace(process=SimpleNamespace(poll=poll), kill=lambda: None)

        monkeypatch.setattr(demo, "start_meter", start)
        with demo.Meter(1883, {}) as meter:
            task = asyncio.create_task(
                upkeep.kept_up("the simulated meter", meter.run, said.append)
            )
            await until(lambda: len(begun) == 2)
            await ended(task)
        assert said == ["the simulated meter has stopped (its process has ended; the next one holds"
                        " nothing); it is begun again"]  # fmt: skip

    asyncio.run(main())


@pytest.mark.skipif(not Path("/proc").exists(), reason="Linux only: /proc")
def test_the_demonstration_goes_on_when_its_broker_is_killed(tmp_path):
    needs.program("mosquitto")
    shown = Command(tmp_path, "--demo")
    try:
        told = shown.started()
        folder = Path(
            next(line.split()[1] for line in told.splitlines() if line.startswith("data")).rstrip(
                ","
            )
        )
        children = Path(f"/proc/{shown.process.pid}/task/{shown.process.pid}/children").read_text()
        killed = [pid for pid in map(int, children.split())
                  if Path(f"/proc/{pid}/comm").read_text() == "mosquitto\n"]  # fmt: skip
        assert len(killed) == 1
        os.kill(killed[0], signal.SIGKILL)
        lines = []
        while "the broker runs again" not in "".join(lines):
            lines.append(shown.process.stderr.readline())
            assert lines[-1]
        assert "shilling: the broker ended: signal 9; it is started again\n" in lines

        async def back():
            """The meter is connected again, and gets what is sold to it."""
            word = (folder / access.HOME).read_text().strip()
            port = int(told.partition("without on port ")[2].split()[0])
            async with aiomqtt.Client(
                "127.0.0.1", port, username=access.HOME, password=word
            ) as home:
                await home.subscribe(f"shilling/{demo.METER}/availability", qos=1)
                async with asyncio.timeout(WAIT_S):
                    async for message in home.messages:
                        if message.payload == b"online":
                            break

        asyncio.run(back())
        path = f"/api/meters/{demo.METER}"
        shown.ask(f"{path}/topups", {"amount": "10.00"})
        end_s = time.monotonic() + WAIT_S
        while b'"received"' not in shown.ask(f"{path}/orders"):
            assert time.monotonic() < end_s
            time.sleep(0.05)
    finally:
        status, _, _ = shown.stop()
    assert status == 0 and not folder.exists()
