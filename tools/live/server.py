"""Serves the front panel on 127.0.0.1: static files, the usage view, one WebSocket, JSON both ways.

Takes a `meter` (subscribe, unsubscribe, command, ledger) and a port; gives pages the state as it
changes, and the meter what their hands do. No other site can drive it: Host and Origin must be ours.
"""

import asyncio
import errno
import json
import logging
from http import HTTPStatus
from pathlib import Path

from websockets.asyncio.server import serve
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Response

from tools import report
from tools.errors import UserError

ADDRESS = "127.0.0.1"
PORTS_TRIED = 100
MAX_MESSAGE_BYTES = 1024
PANEL = Path(__file__).resolve().parent.parent / "panel"
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
FILES = {
    **{f"/{file.name}": file for file in PANEL.iterdir() if file.suffix in TYPES},
    "/": PANEL / "index.html",
    "/report.css": Path(report.__file__).with_name("report.css"),
}
DRAWING_S = 60  # so long a page may wait for the usage view on a busy machine
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src data:;"
    " connect-src 'self' ws://127.0.0.1:* ws://localhost:*;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def answer(status, body=b"", kind="text/plain"):
    """One whole HTTP response that nobody may frame, sniff or keep."""
    headers = Headers()
    headers["Content-Type"] = f"{kind}; charset=utf-8"
    headers["Content-Length"] = str(len(body))
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Cache-Control"] = "no-store"
    headers["Connection"] = "close"
    return Response(status.value, status.phrase, headers, body)


class PanelServer:
    """The panel's address and everyone who looks at it."""

    def __init__(self, meter):
        self.meter = meter
        self.port = None
        self.server = None
        self.drawing = asyncio.Lock()

    async def start(self, port):
        """Listen on the first free port from `port` on; UserError when there is none."""
        last = min(port + PORTS_TRIED, 65536)
        quiet = logging.getLogger("tools.live.server")
        quiet.setLevel(logging.CRITICAL)  # a browser that goes away is no news
        for self.port in range(port, last):
            try:
                self.server = await serve(
                    self.page, ADDRESS, self.port, process_request=self.request, compression=None,
                    max_size=MAX_MESSAGE_BYTES, server_header=None, logger=quiet, close_timeout=1,
                    open_timeout=DRAWING_S,
                )  # fmt: skip
                return
            except OSError as error:
                if error.errno == errno.EACCES:
                    raise UserError(f"port {self.port} may not be used by this user") from None
                if error.errno != errno.EADDRINUSE:
                    raise
        raise UserError(f"no port from {port} to {last - 1} is free")

    async def stop(self):
        """Close every page's line and the port."""
        self.server.close()
        await self.server.wait_closed()

    def hosts(self):
        """The only names under which a browser of this machine may know us."""
        return {f"{name}:{self.port}" for name in (ADDRESS, "localhost")}

    async def request(self, connection, request):
        """Static files and the usage view; None lets the WebSocket handshake of /socket go on."""
        del connection
        hosts = self.hosts()
        if request.headers.get("Host") not in hosts:
            return answer(HTTPStatus.MISDIRECTED_REQUEST, b"This is a meter of another machine.\n")
        if request.path == "/socket":
            origin = request.headers.get("Origin", "")
            if origin.removeprefix("http://") in hosts:
                return None
            return answer(HTTPStatus.FORBIDDEN, b"Only the meter's own page may use this.\n")
        if request.path in FILES:
            file = FILES[request.path]
            return answer(HTTPStatus.OK, file.read_bytes(), TYPES[file.suffix])
        if request.path == "/usage":
            return await self.usage(report.page_of, "text/html")
        if request.path == "/usage.csv":
            return await self.usage(report.csv_of, "text/csv")
        return answer(HTTPStatus.NOT_FOUND, b"Nothing here.\n")

    async def usage(self, made_of, kind):
        """What the records tell as they are now: the report of `shilling report`."""
        try:
            async with self.drawing:  # the drawing library has one set of styles for all threads
                text = await asyncio.to_thread(made_of, self.meter.ledger)
        except UserError as error:
            return answer(HTTPStatus.SERVICE_UNAVAILABLE, f"{error}\n".encode())
        return answer(HTTPStatus.OK, text.encode(), kind)

    async def page(self, socket):
        """One page, from its connecting to its going away."""
        news = self.meter.subscribe()
        sender = asyncio.create_task(self.tell(socket, news))
        try:
            async for message in socket:
                reply = self.obey(message, news)
                if reply:
                    await socket.send(json.dumps(reply, ensure_ascii=False))
        except ConnectionClosed:
            pass
        finally:
            sender.cancel()
            self.meter.unsubscribe(news)

    def obey(self, message, news):
        """Carry out one message; what was asked wrongly comes back as a fault in one sentence."""
        about = None
        try:
            wish = json.loads(message)
            about = wish["do"]
            return self.meter.command(wish, news)
        except UserError as error:
            return {"fault": str(error), "about": about}
        except (ValueError, KeyError, TypeError):
            return {"fault": "The page sent something the meter does not know.", "about": about}

    async def tell(self, socket, news):
        """Send the page the whole state once, then what changes, many changes in one message."""
        try:
            while True:
                await news.event.wait()
                await socket.send(json.dumps(news.take(), ensure_ascii=False))
                await asyncio.sleep(0.015)
        except ConnectionClosed:
            pass
