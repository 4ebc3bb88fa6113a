"""shilling headend: the head-end with its broker and page: sells, sends orders, keeps what meters tell.

headend.py is the whole of it without a network; service.py joins it to a broker. It shares no code
with the firmware. Source: REMOTE.md, firmware/SPEC.md 9.
"""

import os
from pathlib import Path

from tools import keys
from tools.errors import UserError

NAME = "headend"
HELP = "run the head-end: broker, orders, readings and a page"
OPERATOR = "SHILLING_OPERATOR"  # the environment variable with the operator's password
PORTS = {"port": 8080, "mqtt_port": 1883, "mqtts_port": 8883}


def default_data():
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share"
    return Path(data) / "shilling" / "headend"


def add_arguments(parser):
    parser.epilog = "example: shilling headend --broker mosquitto --port 8080"
    parser.add_argument("--data", metavar="DIR", type=Path, default=default_data(),
                        help=f"where everything is kept ({default_data()})")  # fmt: skip
    parser.add_argument("--db", metavar="URL", help="the store, such as postgresql://host/name; SQLite"
                        " in the data folder if not said")  # fmt: skip
    parser.add_argument("--broker", metavar="WHICH", help="mosquitto (if installed), amqtt, or"
                        " mqtt://user:password@host:1883")  # fmt: skip
    parser.add_argument("--port", type=int, default=PORTS["port"], help="the page's (8080)")
    parser.add_argument("--mqtt-port", type=int, default=PORTS["mqtt_port"], metavar="PORT",
                        help="the broker's without TLS, on this machine only (1883)")  # fmt: skip
    parser.add_argument("--mqtts-port", type=int, default=PORTS["mqtts_port"], metavar="PORT",
                        help="the broker's with TLS, for everyone (8883)")  # fmt: skip
    parser.add_argument("--plain", action="store_true", help="without TLS for everyone, too")
    parser.add_argument("--test-meter", action="store_true",
                        help="serve the meter of the public test keys, too")  # fmt: skip
    parser.add_argument("--demo", action="store_true",
                        help="with a simulated meter, on free ports, and nothing is kept")  # fmt: skip
    parser.add_argument("--bench", action="store_true",
                        help="measure 10 to 1000 simulated meters on one head-end, and end")  # fmt: skip
    keys.add_folder(parser)
    parser.add_argument("--address", default="127.0.0.1", help="the page's, such as 0.0.0.0 for every"
                        " network, with TLS; any but 127.0.0.1 needs a password")  # fmt: skip
    parser.add_argument("--password-file", metavar="FILE", type=Path, help="the operator's password"
                        f" is its first line; else the environment variable {OPERATOR}")  # fmt: skip


def main(args):
    for name in PORTS:
        port = getattr(args, name)
        if not 1 <= port <= 65535:
            raise UserError(f"--{name.replace('_', '-')} must be 1 to 65535, not {port}")
    if args.bench:
        from tools.headend import bench

        return bench.main()
    from tools.headend import run  # the web and the broker are much to import

    return run.main(args)
