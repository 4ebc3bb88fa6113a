"""The head-end's REST API and page: make_app(headend, clock) gives an ASGI application.

clock() -> UTC seconds since 1970. Host and Origin must be ours, so that no page of another site can use it.
With a `password` (user: operator) no other user of the machine can; `names`: more names of this machine.
"""

import asyncio
import base64
import hmac
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from tools.headend import routes
from tools.headend.desk import Desk, Missing
from tools.headend.intents import Unknown
from tools.headend.sms import TIMES
from tools.headend.tables_desk import ensure
from tools.utrn_vend import VendError

PAGE = Path(__file__).with_name("page")
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript"}
FILES = {
    **{f"/{file.name}": file for file in PAGE.iterdir() if file.suffix in TYPES},
    "/": PAGE / "index.html",
}
NAMES = ("127.0.0.1", "localhost")
USUAL_PORTS = {"http": 80, "https": 443}
WRONG_S = 0.2  # after each wrong password, one after the other: nobody tries many
BODY_MAX = 20_000  # bytes of a request
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self';"
    " style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
BASIC = 'Basic realm="Shilling: user operator", charset="UTF-8"'
SAFE = ("GET", "HEAD", "OPTIONS")
STORE_FAULT = (
    "the store cannot be used now; it is not known what was done: repeat it under the same key, or"
    " look at the meter's orders first"
)


def fault(status, text, **headers):
    return JSONResponse({"detail": text}, status, headers=headers or None)


def is_ours(host, scheme, server, names):
    """Is this a name under which a browser knows us, or the very address that it has reached?"""
    address, port = server
    known = {*NAMES, *names, address}
    return host in {f"{name}:{port}" for name in known} or (
        port == USUAL_PORTS[scheme] and host in known
    )


def stopped(request, password, names=()):
    """The answer to a request that may not pass; None: it may."""
    host, scheme = request.headers.get("host", ""), request.scope["scheme"]
    if not is_ours(host, scheme, request.scope.get("server") or ("", None), names):
        return fault(421, "this is the head-end of another machine")
    origin = request.headers.get("origin")
    if origin is not None and origin != f"{scheme}://{host}":
        return fault(403, "only the head-end's own page may use this")
    if request.method not in SAFE and request.headers.get("sec-fetch-site", "none") not in (
        "none", "same-origin",
    ):  # fmt: skip
        return fault(403, "only the head-end's own page may use this")
    if password and not knows(request.headers.get("authorization", ""), password):
        return fault(401, "who are you?", **{"WWW-Authenticate": BASIC})
    if not request.headers.get("content-length", "0").isdecimal() or (
        int(request.headers.get("content-length", "0")) > BODY_MAX
        or "transfer-encoding" in request.headers
    ):
        return fault(413, "a request has its length, and is short")
    return None


def knows(authorization, password):
    kind, _, text = authorization.partition(" ")
    wanted = base64.b64encode(b"operator:" + password.encode())
    return kind.lower() == "basic" and hmac.compare_digest(text.strip().encode(), wanted)


def make_app(headend, clock, password=None, times=TIMES, names=()):
    """The application; its desk is in app.state.desk."""
    ensure(headend.store)
    app = FastAPI(
        title="Shilling head-end", version="1", docs_url=None, redoc_url=None,
        openapi_url="/openapi.json",
        description="Meters, orders, bills, SMS. Money is mp (milli-pence) with the text beside it.",
    )  # fmt: skip
    app.state.desk = Desk(headend, clock, times)
    app.include_router(routes.router)
    app.add_exception_handler(Missing, lambda _, error: fault(404, error.args[0]))
    app.add_exception_handler(VendError, lambda _, error: fault(409, str(error)))
    app.add_exception_handler(Unknown, lambda _, error: fault(503, error.args[0]))
    app.add_exception_handler(SQLAlchemyError, lambda *_: fault(503, STORE_FAULT))
    app.add_exception_handler(RequestValidationError, lambda _, error: fault(422, wrong(error)))

    one_by_one = asyncio.Lock()

    @app.middleware("http")
    async def guard(request: Request, call_next):
        answer = stopped(request, password, names) or await call_next(request)
        if answer.status_code == 401 and "authorization" in request.headers:
            async with one_by_one:
                await asyncio.sleep(WRONG_S)
        answer.headers.update(HEADERS)
        return answer

    for path, file in FILES.items():
        app.add_api_route(path, page(file), include_in_schema=False)
    return app


def wrong(error):
    """What is wrong in a request, in one sentence; what was sent is not said again."""
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    return f"{where or 'the request'}: {first['msg']}"


def page(file):
    """A route that gives one file of the page."""
    content, kind = file.read_bytes(), TYPES[file.suffix]

    def serve():
        return Response(content, media_type=f"{kind}; charset=utf-8")

    return serve
