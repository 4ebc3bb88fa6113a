"""New firmware files on a board, so that a power cut at any moment leaves a version that runs.

Takes an entered Device and {path: bytes} as payload.py gives them. The new version is complete in /new
before anything changes; then /lib becomes /old and /new becomes /lib, and main.py looks into /old too.
/old goes when the new version has been seen to run (finish), or it comes back (go_back).
"""

import errno
import hashlib

from tools.device.board_error import BoardError
from tools.device.payload import LIB, MAIN
from tools.errors import UserError

NEW, OLD = "/new", "/old"
BLOCK = 4096  # of the disk: each file takes whole ones
FOLDERS = 8  # blocks of the folders of a version
FINDS_OLD = b'import sys\n\n"/old" in sys.path or sys.path.append("/old")\n'
LIB_FIRST = b'import sys\n\nsys.path.insert(0, "/lib")\n'  # before what an older version left in /
HASH_ALL = """import hashlib,binascii,os
def hashes(p):
 b=bytearray(1024)
 m=memoryview(b)
 try:l=list(os.ilistdir(p))
 except OSError:return
 for e in l:
  q=p+'/'+e[0]
  if e[1]&0x4000:
   hashes(q)
   continue
  h=hashlib.sha256()
  with open(q,'rb') as f:
   while 1:
    n=f.readinto(b)
    if not n:break
    h.update(m[:n])
  print(q,binascii.hexlify(h.digest()).decode())
"""


def digest(data):
    return hashlib.sha256(data).hexdigest()


def room(files):
    """Bytes of the disk for the data of so many files, and for their names in folders."""
    return BLOCK * (sum(-(-len(data) // BLOCK) for data in files) + FOLDERS + len(files) // 16)


class Update:
    """One update; each step may be cut off, and a new Update goes on from what it left."""

    def __init__(self, device, files, say=lambda text: None):
        self.device = device
        self.main = files[MAIN]
        self.files = {path: data for path, data in files.items() if path != MAIN}
        self.say = say
        self.sent = self.kept = 0
        self.removed = []  # what was in the way

    # ---- what is there

    def hashes(self, folder):
        """{path: sha256} of the files below a folder."""
        self.device.run(HASH_ALL)
        printed = self.device.run(f"hashes({folder!r})", timeout_s=60)
        return dict(line.rsplit(" ", 1) for line in printed.splitlines())

    def is_needed(self):
        """False when the board has just these files and nothing is left of an older version."""
        return not (
            self._is_in_place()
            and self.device.sha256(MAIN) == digest(self.main)
            and not any(self.device.exists(folder) for folder in (NEW, OLD))
            and not self._in_the_way()
        )

    def _is_in_place(self):
        """/lib is the new version already."""
        there = {path: sha for path, sha in self.hashes(LIB).items() if self._is_ours(path)}
        return there == {path: digest(data) for path, data in self.files.items()}

    def _is_ours(self, path):
        """Whether a path below /lib is, or was, of the firmware; other packages stay."""
        names = {self._top(each) for each in self.files}
        return self._top(path) in names

    def _top(self, path):
        return path.split("/")[2].partition(".")[0]

    def _in_the_way(self):
        """Modules right in / that would be found before those in /lib."""
        names = {self._top(path) for path in self.files}
        found = self.device.value("__import__('os').listdir('/')")
        return sorted(f"/{name}" for name in found if name.partition(".")[0] in names)

    # ---- step 1: all of it in /new

    def stage(self):
        """Everything into /new, compared; what an earlier try brought there is used."""
        device = self.device
        if device.exists(OLD) and not device.exists(LIB):  # cut between the two renames
            device.rename(OLD, LIB)
        if self._is_in_place():  # cut after them
            return
        wanted = {NEW + path.removeprefix(LIB): data for path, data in self.files.items()}
        there, old = self.hashes(NEW), self.hashes(LIB)
        for path, sha in there.items():
            if path not in wanted or digest(wanted[path]) != sha:
                device.remove(path)
        missing = {p: d for p, d in wanted.items() if there.get(p) != digest(d)}
        foreign = [path for path in old if not self._is_ours(path)]
        try:
            self._fill(missing, old, foreign)
        except BoardError as error:
            if not error.is_os(errno.ENOSPC):
                raise
            device.remove(NEW)
            raise UserError(self._full()) from None
        there = self.hashes(NEW)
        if any(there.get(path) != digest(data) for path, data in wanted.items()):
            raise UserError("the files did not arrive whole: run this again")

    def _fill(self, missing, old, foreign):
        device = self.device
        if room(missing.values()) > device.free_bytes():
            raise BoardError(device.url, f"OSError: {errno.ENOSPC}")
        on_board = {sha: path for path, sha in old.items()}
        folders = {path.rpartition("/")[0] for path in missing}
        folders |= {NEW + path.removeprefix(LIB).rpartition("/")[0] for path in foreign}
        for folder in sorted(folders):
            device.make_folders(folder)
        for count, (path, data) in enumerate(missing.items(), 1):
            self.say(f"copying {count} of {len(missing)}: {path.removeprefix(NEW + '/')}")
            same = on_board.get(digest(data))
            if same:
                device.copy(same, path)
                self.kept += 1
            else:
                device.write(path, data)
                self.sent += 1
        for path in foreign:
            device.copy(path, NEW + path.removeprefix(LIB))

    def _full(self):
        device = self.device
        files = device.files("/")
        own = sorted((p for p in files if not p.startswith((LIB, OLD, NEW, MAIN))), key=files.get)
        which = f", the largest is {own[-1]} with {files[own[-1]]} bytes" if own else ""
        return (
            f"the board's disk is full: {device.free_bytes()} bytes are free and that is not enough;"
            f" remove files of yours{which}. The meter runs on with what it had"
        )

    # ---- step 2: from the old version to the new one

    def switch(self):
        """Two renames and main.py. At each moment what main.py imports is one whole version."""
        device = self.device
        main = device.read(MAIN)
        if main is not None and main != self.main and b'"/old"' not in main:
            device.replace(MAIN, FINDS_OLD + main)
        if not self._is_in_place():
            if device.exists(LIB):
                device.remove(OLD)
                device.rename(LIB, OLD)
            device.rename(NEW, LIB)
        self.removed = self._in_the_way()
        if self.removed:
            device.replace(MAIN, LIB_FIRST + self.main)
            for path in self.removed:
                device.remove(path)
        if device.read(MAIN) != self.main:
            device.replace(MAIN, self.main)
        device.remove(NEW)

    # ---- step 3: after the new version was tried

    def finish(self):
        """The new version is good: the old one may go."""
        self.device.remove(OLD)

    def go_back(self):
        """The new version does not start: the old one again. False when there is none."""
        device = self.device
        if not device.exists(OLD):
            return False
        device.remove(NEW)
        device.rename(LIB, NEW)
        device.rename(OLD, LIB)
        device.remove(NEW)
        return True
