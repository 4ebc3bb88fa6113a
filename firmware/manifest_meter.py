"""The meter, its board and what puts them together: part of both builds.

`without`: beginnings of the board's modules that a build leaves out.
"""

# mypy: ignore-errors
# ruff: noqa: F821

import os

package("shilling", opt=3)
module("start.py", opt=3)
module("first_start.py", opt=3)
for name in sorted(os.listdir("../board/esp32")):
    if name.endswith(".py") and not name.startswith(options.without or ()):
        freeze("../board/esp32", name, opt=3)
