"""The one exception of the tools for faults that their user can mend."""


class UserError(Exception):
    """What is wrong, in one sentence; the command that raised it ends with exit status 2."""
