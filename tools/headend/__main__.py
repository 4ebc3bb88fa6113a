"""`python -m tools.headend`: the same as `shilling headend`."""

import sys
from unittest import mock

from tools import cli

with mock.patch.object(cli, "COMMANDS", ("headend",)):
    sys.exit(cli.main(["headend", *sys.argv[1:]]))
