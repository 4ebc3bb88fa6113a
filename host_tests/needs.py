"""Programs some tests cannot do without: skip with one line that names the Debian package.

SHILLING_STRICT=1, as .ci/run sets it, turns every skip into a failure.
"""

import os
import shutil
import unittest

DEBIAN_PACKAGES = {
    "chromium": "chromium",
    "chromedriver": "chromium-driver",
    "mosquitto": "mosquitto",
}
SERVERS = (
    ":/usr/local/sbin:/usr/sbin"  # where Debian keeps servers, and a user's path does not lead
)


def program(name):
    """Path of a program, or skip the test that asked."""
    path = shutil.which(name, path=os.environ.get("PATH", os.defpath) + SERVERS)
    if path is None:
        package = DEBIAN_PACKAGES[name]
        raise unittest.SkipTest(f"{name} is missing; on Debian: apt-get install {package}")
    return path
