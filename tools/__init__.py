"""The tools around the meter: the `shilling` command, the interpreters and the checks."""
