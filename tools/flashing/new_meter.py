"""The settings of a new meter, for the disk of an image: a first start makes a meter of them.

Takes a settings file for people and the folder of keys; gives /settings.json. The keys are on this
computer's disk, for this user alone, before an image has them. `shilling provision` does the same over
a line.
"""

from tools import keys, provision
from tools.settings import settings_of


def settings_file(path, folder):
    """(/settings.json as bytes, the new meter's Keys)."""
    settings = settings_of(path)
    # no time: an image may lie for months, and those are nobody's standing charge (S10)
    made = keys.make(keys.opened(folder))
    return provision.settings_text(settings, made), made
