"""The sentences of tools/device: ports that do not open, boards that do not answer."""
# runs on: cpython

import errno
import os
import threading
import tty

import pytest

from tools.device import BoardError, Device
from tools.device.port import why_not
from tools.errors import UserError


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.EACCES, "Permission denied"), "dialout"),
        (OSError(errno.ENOENT, "No such file"), "there is no port"),
        (OSError(errno.EBUSY, "Device or resource busy"), "in use by another program"),
        (
            OSError("Could not exclusively lock port /dev/x: [Errno 11] Resource"),
            "in use by another",
        ),
    ],
)
def test_a_port_that_does_not_open_is_one_sentence(error, words):
    told = why_not("/dev/x", error)
    assert words in told and "/dev/x" in told and "\n" not in told


@pytest.mark.parametrize(
    ("last", "number", "is_it"),
    [("OSError: 28", errno.ENOSPC, True), ("OSError: [Errno 28] ENOSPC", errno.ENOSPC, True),
     ("OSError: (28, 'x')", errno.ENOSPC, True), ("OSError: [Errno 2] ENOENT", errno.ENOSPC, False),
     ("ValueError: 28", errno.ENOSPC, False), ("OSError: -28", errno.ENOENT, False)],
)  # fmt: skip
def test_the_boards_errors_are_known_by_their_number(last, number, is_it):
    assert BoardError("x", "Traceback\n" + last).is_os(number) is is_it


class Line:
    """A pty whose other end answers as `answer(bytes)` says."""

    def __init__(self, answer):
        self.master, slave = os.openpty()
        tty.setraw(slave)
        self.name = os.ttyname(slave)
        self.slave = slave
        self.answer = answer
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self.talk, daemon=True)

    def talk(self):
        os.set_blocking(self.master, False)
        while not self.ended.wait(0.01):
            try:
                heard = os.read(self.master, 1000)
            except OSError:
                continue
            os.write(self.master, self.answer(heard))

    def __enter__(self):
        self.thread.start()
        return self.name

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        os.close(self.master)
        os.close(self.slave)


@pytest.mark.parametrize(
    ("answer", "words"),
    [(lambda heard: b"", "nothing answers"),
     (lambda heard: b"Welcome to Linux. login: ", "does not come to MicroPython's prompt")],
)  # fmt: skip
def test_whoever_is_no_board_is_told(monkeypatch, answer, words):
    monkeypatch.setattr("tools.device.ENTER_S", 2)
    with Line(answer) as name, Device(name) as device:
        with pytest.raises(UserError, match=words):
            device.enter()


def test_a_cable_that_is_pulled_is_told():
    line = Line(lambda heard: b"")
    device = Device(line.name)
    os.close(line.master)
    os.close(line.slave)
    with pytest.raises(UserError, match="broke: plug it in again"):
        device.enter()
    device.close()
