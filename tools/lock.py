"""A folder for one process alone: a second one is told where the first is."""

import fcntl

from tools.errors import UserError


def hold(folder, what):
    """The folder's lock file, held until it is closed; its holder writes where it can be reached.
    UserError: `what` is running already, and where."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "lock").open("a+", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.seek(0)
        where = file.read().strip()
        raise UserError(f"{what} in {folder} is running already: {where}") from None
    file.truncate(0)
    return file
