"""Run one test file inside a MicroPython VM: run_tests.py host_tests/test_x.py

Prints a line for each test, result: {"test", "result": passed | failed | skipped, "detail"}, then
one with {"done": true}. Exit status 0 whatever the results: they are for the caller to count.
"""

import io
import json
import sys
import unittest


def report(name, result, detail=""):
    print("result: " + json.dumps({"test": name, "result": result, "detail": detail}))


def traceback(error):
    text = io.StringIO()
    sys.print_exception(error, text)
    return text.getvalue()


def run_method(case, name):
    """Run one test; return its error or None. tearDown and the clean-ups run whatever happens."""
    first = None
    try:
        case.setUp()
        try:
            getattr(case, name)()
        finally:
            case.tearDown()
    except Exception as error:
        first = error
    while case.cleanups:
        function, args = case.cleanups.pop()
        try:
            function(*args)
        except Exception as error:
            first = first or error
    return first


def run_test(cls, name):
    case = cls()
    label = "%s.%s" % (cls.__name__, name)
    error = run_method(case, name)
    if isinstance(error, unittest.SkipTest):
        report(label, "skipped", str(error))
        return
    faults = ["[%s] %s" % (where, traceback(e)) for where, e in case.subtest_failures]
    if error is not None:
        faults.append(traceback(error))
    report(label, "failed" if faults else "passed", "\n".join(faults))


def run_class(cls):
    names = [name for name in sorted(set(dir(cls))) if name.startswith("test")]
    reason = cls.skip_reason
    try:
        if reason is None:
            cls.setUpClass()
    except unittest.SkipTest as skipped:
        reason = str(skipped)
    if reason is not None:
        for name in names:
            report("%s.%s" % (cls.__name__, name), "skipped", reason)
        return
    for name in names:
        run_test(cls, name)
    cls.tearDownClass()


def test_classes(module):
    for name in sorted(dir(module)):
        thing = getattr(module, name)
        if isinstance(thing, type) and issubclass(thing, unittest.TestCase):
            if thing is not unittest.TestCase:
                yield thing


def main(path):
    name = path.split("/")[-1].split(".")[0]
    try:
        for cls in test_classes(__import__(name)):
            run_class(cls)
    except unittest.SkipTest as skipped:
        report(name, "skipped", str(skipped))
    except Exception as error:
        report(name, "failed", traceback(error))
    print("result: " + json.dumps({"done": True}))


if __name__ == "__main__":
    main(sys.argv[1])
