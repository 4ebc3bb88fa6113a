"""What the Python of a board raised, as an error that tools may look into."""

import errno
import re

from tools.errors import UserError


class BoardError(UserError):
    """What the board's Python raised; `last` is the traceback's last line."""

    def __init__(self, url, traceback):
        lines = traceback.strip().splitlines() or ["an error without a text"]
        self.last = lines[-1].strip()
        super().__init__(f"the board at {url} says: {self.last}")

    def is_os(self, *numbers):
        """True for an OSError of one of these numbers (errno.ENOSPC and so on)."""
        name, _, rest = self.last.partition(":")
        found = re.search(r"\d+", rest)
        said = int(found[0]) if found else None
        return name == "OSError" and any(n == said or errno.errorcode[n] in rest for n in numbers)
