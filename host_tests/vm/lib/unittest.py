"""The part of unittest that our tests use, for both MicroPython VMs (the unix VM has none).

Classes and methods are CPython's of the same name. Tests run in the order of their names; a failed
subTest fails its test and lets it go on.
"""


class SkipTest(Exception):
    pass


def skip(reason):
    def decorate(thing):
        if isinstance(thing, type):
            thing.skip_reason = reason
            return thing

        def skipped(*args):
            raise SkipTest(reason)

        return skipped

    return decorate


def skipIf(condition, reason):
    return skip(reason) if condition else lambda thing: thing


def skipUnless(condition, reason):
    return skipIf(not condition, reason)


class Raises:
    """The context of assertRaises; the exception caught is its attribute `exception`."""

    def __init__(self, expected):
        self.expected = expected
        self.exception = None

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        assert kind is not None, "%r was not raised" % (self.expected,)
        if not issubclass(kind, self.expected):
            return False
        self.exception = error
        return True


class SubTest:
    """The context of subTest: notes a failure with its parameters and goes on."""

    def __init__(self, case, label):
        self.case = case
        self.label = label

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        if kind is None or issubclass(kind, SkipTest) or not issubclass(kind, Exception):
            return False
        self.case.subtest_failures.append((self.label, error))
        return True


class TestCase:
    skip_reason = None
    maxDiff = None

    def __init__(self):
        self.subtest_failures = []
        self.cleanups = []

    @classmethod
    def setUpClass(cls):
        pass

    @classmethod
    def tearDownClass(cls):
        pass

    def setUp(self):
        pass

    def tearDown(self):
        pass

    def addCleanup(self, function, *args):
        self.cleanups.append((function, args))

    def subTest(self, message="", **parameters):
        names = sorted(parameters)
        shown = ["%s=%r" % (name, parameters[name]) for name in names]
        return SubTest(self, " ".join([str(message)] + shown).strip())

    def skipTest(self, reason):
        raise SkipTest(reason)

    def fail(self, message=None):
        raise AssertionError(message or "fail")

    def check(self, holds, text, values, message):
        if not holds:
            text = text % values
            raise AssertionError("%s: %s" % (text, message) if message else text)

    def assertEqual(self, a, b, message=None):
        self.check(a == b, "%r != %r", (a, b), message)

    def assertNotEqual(self, a, b, message=None):
        self.check(a != b, "%r == %r", (a, b), message)

    def assertTrue(self, a, message=None):
        self.check(a, "%r is not true", (a,), message)

    def assertFalse(self, a, message=None):
        self.check(not a, "%r is not false", (a,), message)

    def assertIs(self, a, b, message=None):
        self.check(a is b, "%r is not %r", (a, b), message)

    def assertIsNot(self, a, b, message=None):
        self.check(a is not b, "%r is %r", (a, b), message)

    def assertIsNone(self, a, message=None):
        self.check(a is None, "%r is not None", (a,), message)

    def assertIsNotNone(self, a, message=None):
        self.check(a is not None, "%r is None", (a,), message)

    def assertIn(self, a, b, message=None):
        self.check(a in b, "%r is not in %r", (a, b), message)

    def assertNotIn(self, a, b, message=None):
        self.check(a not in b, "%r is in %r", (a, b), message)

    def assertIsInstance(self, a, b, message=None):
        self.check(isinstance(a, b), "%r is not an instance of %r", (a, b), message)

    def assertLess(self, a, b, message=None):
        self.check(a < b, "%r is not less than %r", (a, b), message)

    def assertLessEqual(self, a, b, message=None):
        self.check(a <= b, "%r is not less than or equal to %r", (a, b), message)

    def assertGreater(self, a, b, message=None):
        self.check(a > b, "%r is not greater than %r", (a, b), message)

    def assertGreaterEqual(self, a, b, message=None):
        self.check(a >= b, "%r is not greater than or equal to %r", (a, b), message)

    def assertRaises(self, expected, function=None, *args, **named):
        context = Raises(expected)
        if function is None:
            return context
        with context:
            function(*args, **named)
        return None
