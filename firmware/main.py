import sys

if "/old" not in sys.path:
    sys.path.append("/old")  # an update may be cut between its two renames
import start  # noqa: E402

meter = start.meter()
start.run(meter)
