"""The service: orders reach a meter over a real broker and its answers come back, whatever breaks; the
command `shilling headend` starts all of it and ends cleanly."""
# runs on: cpython

import asyncio
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import aiomqtt
import pytest
from sqlalchemy.exc import OperationalError

import needs
from headend_brokers import client, free_port, running
from headend_kit import KEYS, NOW, TEST, OtherSide, made, state_body
from tools import headend as command
from tools import interpreters
from tools.headend import bodies, broker, demo, envelope, service
from tools.headend.service import Service
from tools.headend.tables import State

BOTH = pytest.mark.parametrize("name", ["mosquitto", "amqtt"])
WAIT_S = 20


async def until(true):
    async with asyncio.timeout(WAIT_S):
        while not true():
            await asyncio.sleep(0.02)


async def be_a_meter(post, rights, meter, deaf_to=0):
    """Answer whatever comes, but for the first `deaf_to` orders."""
    async with client(post, rights, TEST, clean_session=False) as line:
        await line.subscribe(f"shilling/{TEST}/down", qos=1)
        await line.publish(f"shilling/{TEST}/up", meter.packet(bodies.STATE, state_body()), qos=1)
        async for message in line.messages:
            answer = meter.take(bytes(message.payload))
            deaf_to -= answer is not None
            if answer and deaf_to < 0:
                await line.publish(f"shilling/{TEST}/up", answer, qos=1)


async def ended(*tasks):
    for task in tasks:
        task.cancel()
    return await asyncio.gather(*tasks, return_exceptions=True)


@BOTH
def test_an_order_goes_to_the_meter_and_its_answer_comes_back(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (post, rights):
            headend, meter = made(f"sqlite:///{tmp_path / 'headend.db'}"), OtherSide()
            service = Service(headend, post.where, lambda: NOW)
            tasks = [asyncio.create_task(service.run())]
            await until(service.connected.is_set)  # what was said before nobody keeps
            tasks.append(asyncio.create_task(be_a_meter(post, rights, meter)))
            orders = [await asyncio.to_thread(headend.top_up, TEST, 1000, NOW) for _ in range(30)]
            await until(lambda: all(headend.order(o.id).state == "received" for o in orders))
            await ended(*tasks)
            assert meter.balance_mp == 30 * 1_000_000
            with headend.reading() as session:
                assert session.get(State, TEST).told.wh == 12_345_678
            headend.close()

    asyncio.run(main())


@BOTH
def test_an_unanswered_order_is_sent_again_when_its_time_has_come(name, tmp_path):
    async def main():
        async with running(name, tmp_path) as (post, rights):
            headend, meter, now = made(), OtherSide(), [NOW]
            service = Service(headend, post.where, lambda: now[0])
            tasks = [asyncio.create_task(service.run()),
                     asyncio.create_task(be_a_meter(post, rights, meter, deaf_to=1))]  # fmt: skip
            order = headend.top_up(TEST, 1000, NOW)
            await until(lambda: len(meter.done) == 1)
            assert headend.order(order.id).state == "issued"
            now[0] += 900
            await until(lambda: headend.order(order.id).state == "received")
            assert headend.order(order.id).attempts == 2 and meter.balance_mp == 1_000_000
            await ended(*tasks)

    asyncio.run(main())


def test_a_broker_that_goes_away_and_comes_back_is_found_again(tmp_path):
    async def main():
        headend, meter = made(), OtherSide()
        async with running("mosquitto", tmp_path) as (post, rights):
            service = Service(headend, post.where, lambda: NOW)
            task = asyncio.create_task(service.run())
            await until(service.connected.is_set)
        await until(lambda: service.trouble)
        order = headend.top_up(TEST, 1000, NOW)
        post.process = None
        await post.start()
        try:
            meter_task = asyncio.create_task(be_a_meter(post, rights, meter))
            await until(lambda: headend.order(order.id).state == "received")
            await ended(task, meter_task)
        finally:
            await post.stop()

    asyncio.run(main())


def test_a_store_that_fails_is_tried_again_and_told_once(monkeypatch):
    monkeypatch.setattr(service, "TICK_S", 0.02)

    async def main():
        calls, said, loop, taken = [], [], asyncio.get_running_loop(), asyncio.Event()

        def full(now):
            calls.append(now)
            if len(calls) < 4:
                raise OperationalError("", {}, Exception("database or disk is full"))
            loop.call_soon_threadsafe(taken.set)

        where = broker.Where("127.0.0.1", free_port())
        task = asyncio.create_task(
            Service(made(), where, lambda: NOW, [full], say=said.append).run()
        )
        async with asyncio.timeout(20):
            await taken.wait()
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        assert len([text for text in said if "disk is full" in text]) == 1

    asyncio.run(main())


# --- the command


class Command:
    """`shilling headend` as a process of its own."""

    def __init__(self, folder, *more):
        self.ports = {name: free_port() for name in ("port", "mqtt-port", "mqtts-port")}
        args = [sys.executable, "-m", "tools.headend", "--data", str(folder / "data"),
                "--keys-folder", str(folder / "keys"), "--test-meter", *more]  # fmt: skip
        for name, port in self.ports.items():
            args += [f"--{name}", str(port)]
        self.process = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        text=True, cwd=interpreters.ROOT, env=os.environ.copy())  # fmt: skip

    def started(self):
        """What it prints until it is up."""
        lines = []
        while not lines or not lines[-1].startswith("stop"):
            lines.append(self.process.stdout.readline())
            assert lines[-1], self.process.stderr.read()
        return "".join(lines)

    def ask(self, path, given=None):
        address = f"http://127.0.0.1:{self.ports['port']}{path}"
        data = json.dumps(given).encode() if given else None
        asked = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=WAIT_S) as got:
            return got.read()

    def stop(self, number=signal.SIGINT):
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=WAIT_S)
        return self.process.returncode, out, err


@BOTH
def test_the_command_starts_everything_and_ctrl_c_ends_it(name, tmp_path):
    if name == "mosquitto":
        needs.program(name)
    run = Command(tmp_path, "--broker", name)
    try:
        told = run.started()
        assert name in told and f"http://127.0.0.1:{run.ports['port']}/" in told
        assert b"<!doctype html>" in run.ask("/").lower()[:200]
        assert "paths" in json.loads(run.ask("/openapi.json"))

        async def say():
            where = {"username": TEST, "password": envelope.mqtt_password(KEYS), "identifier": TEST}
            async with aiomqtt.Client("127.0.0.1", run.ports["mqtt-port"], **where) as line:
                await line.subscribe(f"shilling/{TEST}/down", qos=1)
                packet = OtherSide().packet(bodies.STATE, state_body())
                await line.publish(f"shilling/{TEST}/up", packet, qos=1)
                async with asyncio.timeout(WAIT_S):
                    return envelope.read_down(
                        KEYS, bytes((await anext(line.messages)).payload)
                    ).kind

        assert asyncio.run(say()) == bodies.RECEIVED
        if name == "mosquitto":
            second = Command(tmp_path, "--broker", name)
            _, err = second.process.communicate(timeout=WAIT_S)
            assert second.process.returncode == 2 and "is running already: http://" in err
    finally:
        status, out, err = run.stop()
    assert (status, err) == (0, "") and "everything is kept" in out
    for port in run.ports.values():
        broker.need_free("127.0.0.1", port)


def test_the_demonstration_has_a_meter_that_gets_what_is_sold_to_it(tmp_path):
    needs.program("mosquitto")
    run = Command(tmp_path, "--demo")
    try:
        told = run.started()
        assert demo.METER in told
        folder = Path(re.search(r"^data +(\S+),", told, re.MULTILINE)[1])
        path = f"/api/meters/{demo.METER}"
        run.ask(f"{path}/topups", {"amount": "10.00"})

        async def received():
            await until(lambda: json.loads(run.ask(f"{path}/orders"))[0]["state"] == "received")

        asyncio.run(received())
    finally:
        status, _, err = run.stop()
    assert (status, err) == (0, "") and not folder.exists()


def test_what_cannot_be_started_is_one_sentence(tmp_path):
    wrong = (
        (("--broker", "ftp://x"), "--broker takes"),
        (("--db", "sqlite:////nowhere/at/all.db"), "the store cannot be opened"),
        (
            ("--db", f"postgresql://u:secret@127.0.0.1:{free_port()}/x"),
            "the store cannot be opened",
        ),
        (("--data", str(interpreters.ROOT / "build")), "must not be there"),
    )
    runs = [Command(tmp_path / str(at), *more) for at, (more, _) in enumerate(wrong)]
    for run, (_, words) in zip(runs, wrong):
        out, err = run.process.communicate(timeout=2 * WAIT_S)
        assert (run.process.returncode, out) == (2, ""), err
        assert words in err and err.count("\n") == 1 and "secret" not in err


def test_a_port_that_cannot_be_is_one_sentence():
    import argparse

    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    with pytest.raises(command.UserError, match="--mqtt-port"):
        command.main(parser.parse_args(["--mqtt-port", "0"]))
