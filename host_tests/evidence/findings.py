"""What a check of the evidence has counted and found, in the form the command adds up.

A failure is one line and the unit narrowed to its single case; each adds 1 to a count that ends in
`_errors`. An exception of the firmware is a failure like any other.
"""

from contextlib import contextmanager


class Findings:
    """`errors` is the name of the count of failures."""

    def __init__(self, errors):
        self.errors = errors
        self.counts = {errors: 0}
        self.failures = []

    def add(self, name, count=1):
        self.counts[name] = self.counts.get(name, 0) + count

    def fail(self, text, unit):
        self.add(self.errors)
        self.failures.append({"text": text, "unit": unit})

    @contextmanager
    def watch(self, what, unit):
        """Whatever goes wrong inside is a failure of this unit; `what` begins its text."""
        try:
            yield
        except Exception as fault:
            kind = "" if isinstance(fault, AssertionError) else type(fault).__name__ + ": "
            self.fail(f"{what}: {kind}{fault}".replace("\n", " "), unit)

    def result(self):
        return {"counts": self.counts, "failures": self.failures}
