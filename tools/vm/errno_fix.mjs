// The wasm VM's C library numbers errors the WASI way (ENOENT is 44); a board says 2.
// Call before the VM is loaded: numbers are translated at the import boundary of the wasm module.
const BOARD_ERRNO = {
  2: 13, 6: 11, 7: 114, 8: 9, 10: 16, 20: 17, 22: 27, 28: 22, 29: 5, 31: 21, 32: 40, 33: 24,
  34: 31, 43: 19, 44: 2, 48: 12, 51: 28, 52: 38, 54: 20, 55: 39, 60: 6, 63: 1, 64: 32, 69: 30,
  70: 29, 75: 18,
};
const translate = n => BOARD_ERRNO[n] ?? n;

export function installErrnoFix() {
  const original = WebAssembly.instantiate;
  WebAssembly.instantiate = (binary, imports) => {
    for (const group of new Set(Object.values(imports))) {
      for (const [name, f] of Object.entries(group)) {
        if (typeof f !== 'function') continue;
        if (name.startsWith('__syscall_')) {
          group[name] = (...a) => {
            const r = f(...a);
            return typeof r === 'number' && r < 0 && r > -256 ? -translate(-r) : r;
          };
        } else if (name.startsWith('fd_')) {
          group[name] = (...a) => translate(f(...a));
        }
      }
    }
    return original.call(WebAssembly, binary, imports);
  };
}
