"""Which part of the log is to be sent when: from what has arrived on, one packet of a stream at a time.

Takes the backlog, what has arrived, ms; gives bodies of LOG packets. Nothing is sent before the head-end
has said what it has; without an answer it goes again, each time later. Source: REMOTE; SPEC.md 9.
"""

from micropython import const

from shilling import telling

_STREAMS = const(4)
_PAUSE_MS = const(60000)
_LONGEST_MS = const(900000)


class Outbox:
    """`marks`: the last entry of each stream that has arrived; -1: the head-end has not said."""

    def __init__(self, backlog) -> None:
        self.backlog = backlog
        self.marks = [-1] * _STREAMS
        self.waits_ms = [0] * _STREAMS
        self.pauses_ms = [_PAUSE_MS] * _STREAMS

    def arrived(self, stream: int, mark: int) -> None:
        """Everything up to there is with the head-end; a replayed packet takes nothing back."""
        if mark > self.marks[stream]:
            self.pauses_ms[stream] = _PAUSE_MS
            self.again(stream, mark)
            self.backlog.go_on(stream, mark)

    def again(self, stream: int, mark: int) -> None:
        """Go on behind that entry, at once."""
        self.marks[stream] = mark
        self.waits_ms[stream] = 0

    def next(self) -> bytes:
        """The body of the next packet, b"" for none."""
        for stream in range(_STREAMS):
            if 0 <= self.marks[stream] < self.backlog.last(stream) and not self.waits_ms[stream]:
                self.waits_ms[stream] = self.pauses_ms[stream]
                self.pauses_ms[stream] = min(2 * self.pauses_ms[stream], _LONGEST_MS)
                body = telling.log(self.backlog, stream, self.marks[stream] + 1)
                if body:
                    return body
        return b""

    def poll(self, elapsed_ms: int) -> None:
        for stream in range(_STREAMS):
            if self.waits_ms[stream]:
                self.waits_ms[stream] = max(0, self.waits_ms[stream] - elapsed_ms)
        self.backlog.poll()

    def next_ms(self, wait_ms: int) -> int:
        """Until there is something to send or to note, wait_ms at most."""
        for stream in range(_STREAMS):
            if self.waits_ms[stream]:
                wait_ms = min(wait_ms, self.waits_ms[stream])
        return min(wait_ms, self.backlog.next_ms())
