"""Background work that is never silently gone: what ends it is told, and it is begun again.

Takes coroutine functions and say(text); each runs until it is cancelled. Waits grow while something fails
again and again, so that it is told often enough and not each second.
"""

import asyncio
import traceback

from tools.errors import UserError

FIRST_S, LONGEST_S = 1, 300
GOOD_S = 60  # what ran so long begins again at once


class Wait:
    """How long to wait before the next try: longer each time, until something has run well."""

    def __init__(self):
        self.next_s = FIRST_S
        self.began_s = asyncio.get_running_loop().time()

    async def over(self):
        now_s = asyncio.get_running_loop().time()
        if now_s - self.began_s > GOOD_S + self.next_s:
            self.next_s = FIRST_S
        await asyncio.sleep(self.next_s)
        self.next_s = min(2 * self.next_s, LONGEST_S)
        self.began_s = asyncio.get_running_loop().time()


def reason(error):
    """Why something ended, in one line, and where: an error that nobody foresaw must be found."""
    text = (str(error).strip() or type(error).__name__).splitlines()[0]
    if isinstance(error, BaseExceptionGroup):
        return reason(error.exceptions[0])
    if isinstance(error, UserError):
        return text
    frames = traceback.extract_tb(error.__traceback__)
    where = f", {frames[-1].filename.rpartition('/')[2]} line {frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}: {text}{where}"


async def kept_up(name, work, say, is_over=lambda: False):
    """work() again and again, until is_over()."""
    wait = Wait()
    while True:
        try:
            await work()
            why = "it ended by itself"
        except Exception as error:  # whatever it is: the others go on
            why = reason(error)
        if is_over():
            return
        say(f"{name} has stopped ({why}); it is begun again")
        await wait.over()


async def broker_kept(post, say):
    """A broker that ends is started again, however long that takes."""
    wait, told = Wait(), None
    while True:
        try:
            await post.ended()
        except UserError as error:
            say(f"{error}; it is started again")
        while True:
            await wait.over()
            try:
                await post.stop()
                await post.start()
                break
            except (UserError, OSError) as error:
                if str(error) != told:
                    say(f"{reason(error)}; it is tried again")
                told = str(error)
        told = None
        say("the broker runs again")
