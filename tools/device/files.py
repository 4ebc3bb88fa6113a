"""The files of a board's disk, through the prompt: read, write, hash, list, rename, remove.

Paths are absolute. replace() and rename() are whole or not at all, whenever the power is cut; the rest
is not.
"""

import base64
import contextlib
import errno
import hashlib

from tools.device.board_error import BoardError
from tools.errors import UserError

CHUNK_BYTES = 1024
OPEN = "import binascii\nf=open({path!r},'wb')\ndef w(t):f.write(binascii.a2b_base64(t))\n"
READ = """import binascii
with open({path!r},'rb') as f:
 while 1:
  b=f.read(768)
  if not b:break
  print(binascii.b2a_base64(b).decode(),end='')
"""
HASH = """import hashlib,binascii
h=hashlib.sha256()
b=bytearray(1024)
m=memoryview(b)
with open({path!r},'rb') as f:
 while 1:
  n=f.readinto(b)
  if not n:break
  h.update(m[:n])
print(binascii.hexlify(h.digest()).decode())
"""
WALK = """import os
def walk(p):
 try:l=list(os.ilistdir(p))
 except OSError:return []
 r=[]
 for e in l:
  q=p.rstrip('/')+'/'+e[0]
  if e[1]&0x4000:r+=walk(q)
  else:r.append((q,e[3] if len(e)>3 else os.stat(q)[6]))
 return r
"""
EXISTS = """import os
try:
 os.stat({path!r})
 print(True)
except OSError:
 print(False)
"""
COPY = """with open({path!r},'rb') as f:
 with open({to!r},'wb') as g:
  while 1:
   b=f.read(1024)
   if not b:break
   g.write(b)
"""
REMOVE = """import os
def rm(p):
 try:k=os.stat(p)[0]
 except OSError:return
 if k&0x4000:
  for n in os.listdir(p):rm(p+'/'+n)
  os.rmdir(p)
 else:os.remove(p)
"""


class Files:
    """Needs run(source) and value(expression) of the prompt."""

    def write(self, path, data, progress=None):
        """Write a file in place; progress(bytes sent). For one that matters: replace()."""
        self.run(OPEN.format(path=path))
        try:
            for start in range(0, len(data), CHUNK_BYTES):
                chunk = base64.b64encode(data[start : start + CHUNK_BYTES])
                self.run(f"w({chunk!r})")
                if progress:
                    progress(min(start + CHUNK_BYTES, len(data)))
        except BoardError:  # a full disk: the file must not stay open
            with contextlib.suppress(UserError):
                self.run("f.close()")
            raise
        self.run("f.close()")

    def replace(self, path, data):
        """Write a file so that a power cut leaves the old one or the new one."""
        self.write(path + ".new", data)
        if self.sha256(path + ".new") != hashlib.sha256(data).hexdigest():
            raise UserError(f"{path} did not arrive whole on {self.url}: run this again")
        self.rename(path + ".new", path)

    def read(self, path):
        """The bytes of a file; None when there is none."""
        try:
            return base64.b64decode(self.run(READ.format(path=path)))
        except BoardError as error:
            if error.is_os(errno.ENOENT):
                return None
            raise

    def sha256(self, path):
        """Hex text of a file's hash; None when there is no such file."""
        try:
            return self.run(HASH.format(path=path))
        except BoardError as error:
            if error.is_os(errno.ENOENT, errno.EISDIR, errno.EPERM):
                return None
            raise

    def files(self, folder="/"):
        """{absolute path: size} of every file below a folder, {} when there is no such folder."""
        self.run(WALK)
        return dict(self.value(f"walk({folder!r})", timeout_s=60))

    def exists(self, path):
        """True for a file or a folder."""
        return self.run(EXISTS.format(path=path)) == "True"

    def free_bytes(self):
        """What the disk has left."""
        return self.value("(lambda s:s[0]*s[3])(__import__('os').statvfs('/'))")

    def make_folders(self, path):
        """A folder and those above it."""
        parts = path.strip("/").split("/")
        for end in range(1, len(parts) + 1):
            try:
                self.run(f"import os\nos.mkdir({'/' + '/'.join(parts[:end])!r})")
            except BoardError as error:
                if not error.is_os(errno.EEXIST):
                    raise

    def copy(self, path, to):
        """A file once more, on the board itself."""
        self.run(COPY.format(path=path, to=to))

    def rename(self, path, to):
        self.run(f"import os\nos.rename({path!r},{to!r})")

    def remove(self, path):
        """A file or a folder with all that is in it; nothing happens when there is none."""
        self.run(REMOVE + f"rm({path!r})\n", timeout_s=60)
