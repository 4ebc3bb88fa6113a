"""Start a program inside a MicroPython VM the way CPython would: traces on standard error.

Takes the program's argv and the import path; gives its exit status. The unix VM runs this file
with the program's name and arguments; the wasm runner calls run() itself.
"""

import gc
import sys

GARBAGE_BYTES = 1 << 20  # so much, then it is collected: the VM walks through all of it to find room


def run(argv, path):
    sys.argv[:] = argv
    sys.path[:] = ["/".join(argv[0].split("/")[:-1])] + path
    try:
        with open(argv[0]) as file:
            code = compile(file.read(), argv[0], "exec")
        exec(code, {"__name__": "__main__", "__file__": argv[0]})
    except SystemExit as end:
        status = end.args[0] if end.args else 0
        if isinstance(status, str):
            print(status, file=sys.stderr)
            return 1
        return 0 if status is None else int(status)
    except BaseException as error:
        sys.print_exception(error, sys.stderr)
        return 1
    return 0


if len(sys.argv) > 1:
    gc.threshold(GARBAGE_BYTES)  # the unix VM; the wasm VM collects when no Python runs
    sys.exit(run(sys.argv[1:], sys.path[1:]))
