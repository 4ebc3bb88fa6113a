// Run one Python file in the MicroPython wasm VM, one VM a process.
// Takes a JSON plan as its argument (see interpreters.wasm_command): the folders to copy into the
// VM's own file system at the same absolute paths, import path, argv, heap limit in bytes or null.
// Gives standard output and error, and the exit status as MicroPython's unix port would.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { installErrnoFix } from './errno_fix.mjs';

const PYSTACK_BYTES = 32 * 1024;
const FREE_HEAP_BYTES = 8 << 20; // first heap area when there is no limit; it grows by itself

function writeAll(fd, bytes) {
  for (let done = 0; done < bytes.length;) {
    try {
      done += fs.writeSync(fd, bytes, done);
    } catch (e) {
      if (e.code === 'EPIPE') process.exit(141); // the reader went away
      if (e.code !== 'EAGAIN') throw e; // EAGAIN: the pipe is full, try again
    }
  }
}

function byteReader() {
  const buffer = Buffer.alloc(65536);
  let at = 0, end = 0;
  return () => {
    while (at === end) {
      try {
        [at, end] = [0, fs.readSync(0, buffer, 0, buffer.length, null)];
        if (end === 0) return null;
      } catch (e) {
        if (e.code === 'EOF') return null;
        if (e.code !== 'EAGAIN') throw e;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2); // nothing yet: rest 2 ms
      }
    }
    return buffer[at++];
  };
}

function copyIn(FS, from) {
  if (!fs.existsSync(from) || path.basename(from) === '__pycache__') return;
  if (fs.statSync(from).isDirectory()) {
    FS.mkdirTree(from);
    for (const name of fs.readdirSync(from)) copyIn(FS, path.join(from, name));
  } else {
    FS.mkdirTree(path.dirname(from));
    FS.writeFile(from, fs.readFileSync(from));
  }
}

// A hard limit: memory may not grow, and the C arena is filled up so that no second heap fits.
function capHeap(module, reserve = 32 * 1024) {
  WebAssembly.Memory.prototype.grow = () => { throw new RangeError('heap limit'); };
  capped = true;
  const keep = module._malloc(reserve);
  for (let n = 1 << 24; n >= 1024;) if (!module._malloc(n)) n >>= 1;
  module._free(keep);
}

const plan = JSON.parse(process.argv[2]);
let capped = false;
const report = console.error;
console.error = (...a) => { if (!capped) report(...a); }; // Emscripten reports each growth refused
installErrnoFix();
await import(pathToFileURL(plan.vm));
const mp = await globalThis.loadMicroPython({
  url: plan.wasm, // another build of the VM; undefined: the usual one
  heapsize: plan.heap ?? FREE_HEAP_BYTES,
  pystack: PYSTACK_BYTES,
  linebuffer: false,
  stdin: byteReader(),
  stdout: bytes => writeAll(1, bytes),
  stderr: bytes => writeAll(2, bytes),
});
for (const item of plan.copy) copyIn(mp.FS, path.resolve(plan.root, item));
mp.FS.mkdirTree(plan.root);
mp.FS.chdir(plan.root);
if (plan.heap !== null) capHeap(mp._module);
mp.globals.set('_plan', JSON.stringify([plan.argv, plan.path]));
mp.runPython(fs.readFileSync(new URL('start.py', import.meta.url), 'utf8')
  + '\nimport json\n_status = run(*json.loads(_plan))');
process.exitCode = mp.globals.get('_status');
