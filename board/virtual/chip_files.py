"""A disk of files, which survives power cuts; a write that is cut leaves what came before.

Takes paths and modes as open() does, gives files and what the module `os` gives. What one byte more, a
new, an emptied or a removed file makes of the disk is one step; power can be planned to go at any of
them, and the disk can be full or fail. Errors are OSError with the numbers of MicroPython.
"""

ENOENT, EIO, EEXIST, EISDIR, ENOSPC = 2, 5, 17, 21, 28


class PowerLoss(BaseException):
    """Power went in the middle of a write. Not an Exception: the firmware must not catch it."""


class Disk:
    """`files`: {path: bytearray}, to be looked at and spoilt by a test; paths begin with "/"."""

    def __init__(self, room=1 << 20):
        self.files = {}
        self.folders = {"/"}
        self.room = room  # bytes of all files together
        self.failing = set()  # paths that cannot be read or written; "/": nothing can
        self.steps = 0
        self.writes = 0  # files that were open for it
        self._cut = None
        self._on_cut = None

    def cut_at(self, step, on_cut=None):
        """Power goes instead of the step-th step from now: on_cut(), which must raise, or PowerLoss.
        None takes the plan back."""
        self._cut = None if step is None else self.steps + step
        self._on_cut = on_cut

    def listdir(self, path):
        self._check("/")
        path = path.rstrip("/") + "/"
        if path.rstrip("/") not in self.folders and path not in self.folders:
            raise OSError(ENOENT)
        everything = list(self.files) + [folder for folder in self.folders if folder != "/"]
        inside = [one[len(path) :] for one in everything if one.startswith(path)]
        return [name for name in inside if "/" not in name]

    def mkdir(self, path):
        if path in self.folders or path in self.files:
            raise OSError(EEXIST)
        self._step()
        self.folders.add(path)

    def stat(self, path):
        """-> as MicroPython: the size is the seventh."""
        self._check(path)
        is_file = path in self.files
        if not is_file and path not in self.folders:
            raise OSError(ENOENT)
        size = len(self.files[path]) if is_file else 0
        return (0x8000 if is_file else 0x4000, 0, 0, 0, 0, 0, size, 0, 0, 0)

    def remove(self, path):
        self._check(path)
        if path not in self.files:
            raise OSError(ENOENT)
        self._step()
        del self.files[path]

    def open(self, path, mode="r"):
        """rb, r+b or wb."""
        self._check(path)
        if path in self.folders:
            raise OSError(EISDIR)
        if mode == "wb":
            if path.rsplit("/", 1)[0] not in self.folders:
                raise OSError(ENOENT)
            if self.files.get(path) != b"":
                self._step()
                self.files[path] = bytearray()
        elif mode not in ("rb", "r+b"):
            raise ValueError("no such mode on this disk: " + mode)
        elif path not in self.files:
            raise OSError(ENOENT)
        self.writes += mode != "rb"
        return File(self, path, mode != "rb")

    def put(self, path, at, data):
        """Bytes into a file, one after the other; zeros before them where it is too short."""
        self._check(path)
        content = self.files[path]
        gap = bytes(max(0, at - len(content)))
        for place, byte in enumerate(gap + bytes(data), at - len(gap)):
            if place == len(content):
                if sum([len(one) for one in self.files.values()]) >= self.room:
                    raise OSError(ENOSPC)
                self._step()
                content.append(byte)
            else:
                self._step()
                content[place] = byte

    def _check(self, path):
        if path in self.failing or "/" in self.failing:
            raise OSError(EIO)

    def _step(self):
        self._check("/")
        self.steps += 1
        if self.steps == self._cut:
            self._cut = None
            if self._on_cut is not None:
                self._on_cut()
            raise PowerLoss()


class File:
    """An open file; what is written is on the disk at once."""

    def __init__(self, disk, path, writes):
        self._disk, self._path, self._writes = disk, path, writes
        self._at = 0

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.close()

    def seek(self, at):
        if at < 0:
            raise OSError(22)
        self._at = at
        return at

    def readinto(self, buf):
        self._disk._check(self._path)
        data = self._disk.files[self._path][self._at : self._at + len(buf)]
        buf[: len(data)] = data
        self._at += len(data)
        return len(data)

    def write(self, data):
        if not self._writes:
            raise OSError(9)
        self._disk.put(self._path, self._at, data)
        self._at += len(data)
        return len(data)

    def close(self):
        self._writes = False
