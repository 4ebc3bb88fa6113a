"""What can be asked through the lab port: takes a line of JSON, does it, answers with a line of JSON.

{"id": 7, "do": "load", "w": 3000} -> {"id": 7, "ok": true, ...}, or {"id": 7, "ok": false, "error":
"one sentence"}: then nothing was done. `wait`, `press` and `new` are answered when their time is over;
a request that comes before breaks them off. Source: SPEC.md, lab port.
"""

import gc
import json
import sys

from micropython import const

from lab_line import MAX_BYTES
from lab_values import argument, key_bit, of_new_meter, packet, whole

PROTOCOL = const(1)
_PARTS_BYTES = const(4000)  # of a request that comes in parts
_MAX_MS = 100 * 366 * 86400000
_MAX_W = const(100000)
_MAX_PULSES = const(1000000)
_PACKETS = const(4)  # in one answer


class Orders:
    """serve() and over() are called by the board."""

    def __init__(self, board, app, set_up) -> None:
        self._board = board
        self._app = app
        self._set_up = set_up
        self._id = None  # of the request at hand
        self._waits = False  # it is answered when its time is over
        self._key = -1  # which is let go then
        self._told = 0  # alerts of self._watched, which the other end knows
        self._watched = None
        self._parts = ""
        self._do = {
            "hello": self._hello, "text": self._text, "cells": self._cells, "relay": self._relay,
            "contact": self._relay, "observe": self._observe, "dump": self._dump,
            "key": self._move, "press": self._press, "load": self._load, "inject": self._inject,
            "set_time": self._set_time, "command": self._command, "wait": self._wait,
            "new": self._new, "end": self._end, "reset": self._reset, "part": self._part,
            "link": self._link,
        }  # fmt: skip

    # Lines

    def serve(self, wait_ms: int) -> bool:
        """Answer a request, if one comes within wait_ms. -> True: one came."""
        line = self._board.line.read(wait_ms)
        if line is None:
            return False
        if self._waits:
            self._let_go()
            self._board.halt()
            self._refuse("broken off: another request came")
        self._obey(line)
        return True

    def over(self) -> None:
        """The time of `wait`, `press` or `new` is over."""
        if self._waits:
            self._let_go()
            self._answer(self._news())

    def _let_go(self) -> None:
        self._waits = False
        if self._key >= 0:
            self._board.fingers.touch(self._key, False, self._board.now_ms)
            self._key = -1

    def _obey(self, line) -> None:
        self._id = None
        try:
            request = json.loads(line)
            if not isinstance(request, dict):
                raise ValueError
            json.dumps(request)  # what cannot be written again cannot be answered
        except (ValueError, UnicodeError, RuntimeError):  # RuntimeError: too deep to be read
            self._refuse("no JSON object in a line of %d bytes at most" % MAX_BYTES)
            return
        self._id = request.get("id")
        do = self._do.get(str(request.get("do")))
        if do is None:
            self._refuse("do must be one of: " + " ".join(sorted(self._do)))
            return
        try:
            answer = do(request)
        except (ValueError, RuntimeError) as fault:
            self._refuse(str(fault))
        except MemoryError:
            self._refuse("not enough memory on the board")
        else:
            if answer is not None:
                self._answer(answer)

    def _answer(self, answer: dict) -> None:
        answer["id"] = self._id
        answer["ok"] = True
        self._board.line.send(answer)

    def _refuse(self, why: str) -> None:
        self._board.line.send({"id": self._id, "ok": False, "error": why})

    def _news(self) -> dict:
        """What goes with the end of a wait: the time, and the alerts if there are new ones."""
        meter = self._app.meter
        if meter is not self._watched:
            self._watched, self._told = meter, 0
        news = {"t_ms": self._board.now_ms, "alert_count": meter.alert_count}
        if meter.alert_count != self._told:
            self._told = meter.alert_count
            news["alerts"] = list(meter.alerts)
        return news

    # What is seen

    def _hello(self, _) -> dict:
        board = self._board
        self._watched = None  # whoever says hello knows of no alert yet
        return {
            "lab": PROTOCOL, "version": self._app.observe()["version"], "test": board.is_test,
            "interpreter": sys.implementation.name, "maxsize": sys.maxsize,
            "micropython": ".".join([str(part) for part in sys.implementation.version[:3]]),
            "cells": board.cells, "segments": board.segments, "line": MAX_BYTES, "can": sorted(self._do),
        }  # fmt: skip

    def _text(self, _) -> dict:
        return {"text": self._app.observe()["screen"]}

    def _cells(self, _) -> dict:
        return {"cells": self._board.lit()}

    def _relay(self, _) -> dict:
        return {"wanted": self._app.meter.supply.closed, "contact": self._board.contact()}

    def _observe(self, _) -> dict:
        return {"state": self._app.observe()}

    def _dump(self, _) -> dict:
        """All that is known and no secret."""
        board = self._board
        dump = {"state": self._app.observe(), "history": self._app.history()}
        dump.update(self._news())
        dump["alerts"] = list(self._app.meter.alerts)
        dump["notes"] = board.notes
        dump["store"] = [board.store.size, board.store.sector]
        free = getattr(gc, "mem_free", None)  # CPython has none
        dump["free_bytes"] = free() if free else 0
        return dump

    # What is done

    def _move(self, request: dict) -> dict:
        bit = key_bit(request.get("key"))
        down = whole(request.get("down"), "down", 1)
        self._board.fingers.touch(bit, down == 1, self._board.now_ms)
        return {}

    def _press(self, request: dict) -> None:
        bit = key_bit(request.get("key"))
        self._go_on(whole(request.get("ms"), "ms", _MAX_MS, 1))
        self._key = bit
        self._board.fingers.touch(bit, True, self._board.now_ms)

    def _wait(self, request: dict) -> None:
        self._go_on(whole(request.get("ms"), "ms", _MAX_MS))

    def _go_on(self, ms: int) -> None:
        self._board.go_on(ms)
        self._waits = True

    def _load(self, request: dict) -> dict:
        self._board.load.set_watts(whole(request.get("w"), "w", _MAX_W), self._board.now_ms)
        return {}

    def _inject(self, request: dict) -> dict:
        """Energy at once; a pulse cannot be divided."""
        load = self._board.load
        thousandths = whole(request.get("wh"), "wh", _MAX_PULSES, 1) * load.imp_per_kwh
        if thousandths % 1000:
            raise ValueError("wh must make whole pulses, of which there are %d in 1000" % load.imp_per_kwh)
        load.inject(whole(thousandths // 1000, "pulses", _MAX_PULSES))
        return {"pulses": thousandths // 1000}

    def _set_time(self, request: dict) -> dict:
        return self._ordered("set_time", [request.get("day"), request.get("second")])

    def _command(self, request: dict) -> dict:
        return self._ordered(request.get("name"), request.get("value"))

    def _ordered(self, name, value) -> dict:
        return {"result": self._app.command(name, argument(name, value))}

    def _link(self, request: dict) -> dict:
        """A packet of the head-end, if there is one, and what the meter has for it."""
        taken = packet(request.get("packet", ""))
        if self._app.link is None:
            self._app.connect(None)
        link = self._app.link
        if taken:
            link.take(taken)
        packets: list = []
        sent = link.next()
        while sent:
            packets.append(sent.hex())
            sent = link.next() if len(packets) < _PACKETS else b""
        return {"packets": packets}

    def _new(self, request: dict) -> None:
        settings = of_new_meter(request.get("settings"))
        try:
            self._board.begin(self._set_up, settings)
        except (KeyError, TypeError) as fault:
            raise ValueError("settings: " + str(fault))
        self._waits = True

    def _end(self, _) -> dict:
        self._board.end()
        return {}

    def _reset(self, _) -> None:
        self._answer({})
        self._board.reset()

    def _part(self, request: dict) -> dict | None:
        """A piece of a request that is longer than a line; with "last" the whole is obeyed."""
        text = request.get("text")
        if not isinstance(text, str) or len(self._parts) + len(text) > _PARTS_BYTES:
            self._parts = ""
            raise ValueError("text must be a text, all parts at most %d bytes" % _PARTS_BYTES)
        self._parts += text
        if not request.get("last"):
            return {}
        whole_text, self._parts = self._parts, ""
        self._obey(whole_text)
        return None
