"""The desk as an ASGI application: the guard, and behind it the table of routes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

from desk.web.again import show_busy
from desk.web.context import Desk, Page, Visit
from desk.web.entry import Row, entrance
from desk.web.guard import METHODS, Guard
from desk.web.render import show
from desk.web.routes import TABLE
from mentionwatch.errors import Retriable

if TYPE_CHECKING:
    from starlette.requests import Request

MESSAGES = {
    400: "bad_form",
    401: "signed_out_meanwhile",
    403: "stale_form",
    404: "no_such_page",
    405: "not_this_way",
    413: "too_large",
    415: "bad_form",
}


async def _refused(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    response = await run_in_threadpool(
        show, request, "message.html.j2", status, message=MESSAGES.get(status, "bad_form")
    )
    response.headers.update((isinstance(error, HTTPException) and error.headers) or {})
    if status == 413:
        response.headers["Connection"] = "close"
    return response


async def _busy(request: Request, _error: Exception) -> Response:
    if not hasattr(request.state, "visit"):  # the accounts themselves were in use: nobody was recognised
        _forget_visit(request)
    return await run_in_threadpool(show_busy, request)


async def _gone(_request: Request, _error: Exception) -> Response:
    """Whoever sent half a form has hung up: nobody hears this, and nothing broke."""
    return Response(status_code=400)


async def _crashed(request: Request, error: Exception) -> Response:
    desk: Desk = request.app.state.desk
    desk.log_crash(error)
    # Whatever was known of the visit may be what broke.
    _forget_visit(request)
    response = await run_in_threadpool(show, request, "message.html.j2", 500, message="went_wrong")
    # The server hangs up after a crash; a browser not told so would send its next form into the closed line.
    response.headers["Connection"] = "close"
    return response


def _forget_visit(request: Request) -> None:
    desk: Desk = request.app.state.desk
    request.state.visit = Visit(None, _lang(request, desk), "", desk.clock())


def _lang(request: Request, desk: Desk) -> str:
    visit: Visit | None = getattr(request.state, "visit", None)
    return visit.lang if visit else desk.lang


def build_app(desk: Desk) -> Guard:
    """The pages, to be served by uvicorn behind TLS, a declared proxy, or on this machine's own address."""
    by_path: dict[str, dict[str, Row]] = {}
    for row in TABLE:
        by_path.setdefault(row.path, {})[row.method] = row
    app = Starlette(
        routes=[
            *(Route(path, entrance(rows), methods=list(METHODS)) for path, rows in by_path.items()),
            Route("/{path:path}", entrance({}), methods=list(METHODS)),
        ],
        exception_handlers={
            HTTPException: _refused,
            Retriable: _busy,
            ClientDisconnect: _gone,
            Exception: _crashed,
        },
    )
    app.router.redirect_slashes = False
    app.state.desk = desk
    app.state.nav = tuple(row for row in TABLE if isinstance(row, Page) and row.nav)
    return Guard(app, desk.site)
