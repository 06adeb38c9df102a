"""The review pages: read-only, for this machine's browser only, without a line of script.

Whoever starts the desk gets a link with a key; it works once and becomes a session cookie. Another user of
the machine, and a web page that makes the browser knock here (DNS rebinding), has neither key nor host name.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Awaitable, Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from desk.digest import DONE
from desk.pages import MentionQuery, Records
from desk.render import HERE, environment, raise_first, read_style, style_hash
from desk.web_words import WebSpeaker
from desk.words import LANGUAGES
from mentionwatch.errors import Retriable
from mentionwatch.labels import Label

if TYPE_CHECKING:
    from starlette.types import ASGIApp

MOST_PAGES = 2000
Next = Callable[[Request], Awaitable[Response]]


class Doorkeeper:
    """One key that opens once, and the session it opens."""

    def __init__(self) -> None:
        self.key = secrets.token_urlsafe(24)
        self._session = secrets.token_urlsafe(24)
        self._is_used = False
        self._one_at_a_time = threading.Lock()

    def enter(self, key: str) -> str:
        """The session for the right key, once; else an empty text."""
        with self._one_at_a_time:
            if self._is_used or not hmac.compare_digest(key.encode(), self.key.encode()):
                return ""
            self._is_used = True
            return self._session

    def knows(self, session: str) -> bool:
        return hmac.compare_digest(session.encode(), self._session.encode())


def cookie_name(port: int) -> str:
    """Cookies know no ports: two schools' desks on one machine would lock each other out."""
    return f"mentionwatch_{port}"


@lru_cache(maxsize=1)
def _style() -> str:
    return read_style() + (HERE / "static" / "desk.css").read_text(encoding="utf-8")


def _lang(request: Request, default: str) -> str:
    asked = request.query_params.get("lang", "")
    return asked if asked in LANGUAGES else default


class _Guard(BaseHTTPMiddleware):
    """Only this machine's names for itself, only with the session; headers that keep a page to itself."""

    def __init__(self, app: ASGIApp, doorkeeper: Doorkeeper, hosts: frozenset[str]) -> None:
        super().__init__(app)
        self._doorkeeper, self._hosts = doorkeeper, hosts

    async def dispatch(self, request: Request, call_next: Next) -> Response:
        if request.headers.get("host", "") not in self._hosts:
            response: Response = Response("not this host\n", 421, media_type="text/plain")
        elif request.method not in ("GET", "HEAD"):
            response = Response("these pages only show\n", 405, media_type="text/plain")
        elif request.url.path != "/enter" and not self._doorkeeper.knows(
            request.cookies.get(request.app.state.cookie, "")
        ):
            response = _page(request, "message.html.j2", 403, message="key_needed", is_inside=False)
        else:
            response = await call_next(request)
        return _keep_to_itself(response)


def _keep_to_itself(response: Response) -> Response:
    """Headers that let a page load nothing, be framed by nobody, and stay in no cache."""
    for name, value in (
        ("Content-Security-Policy", f"default-src 'none'; style-src {_styles()}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ):  # fmt: skip
        response.headers[name] = value
    return response


@lru_cache(maxsize=1)
def _styles() -> str:
    return " ".join(f"'sha256-{style_hash(style)}'" for style in (_style(), read_style()))


def _page(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    lang = _lang(request, request.app.state.lang)
    other = next(each for each in LANGUAGES if each != lang)
    asked = [(key, value) for key, value in request.query_params.multi_items() if key not in ("lang", "key")]
    html = environment().get_template(template).render(
        say=WebSpeaker(lang), lang=lang, other=other, raised=raise_first, style=_style(),
        elsewhere=f"{request.url.path}?{urlencode([*asked, ('lang', other)])}",
        is_inside=values.pop("is_inside", True), **values,
    )  # fmt: skip
    return HTMLResponse(html, status)


def _enter(request: Request) -> Response:
    session = request.app.state.doorkeeper.enter(request.query_params.get("key", ""))
    if not session:
        return _page(request, "message.html.j2", 403, message="key_needed", is_inside=False)
    response = RedirectResponse("/", 303)
    response.set_cookie(request.app.state.cookie, session, httponly=True, samesite="strict", path="/")
    return response


def _records(request: Request) -> Records:
    found: Records = request.app.state.records
    return found


def _start(request: Request) -> Response:
    return _page(request, "start.html.j2", days=_records(request).days())


def _digest(request: Request) -> Response:
    try:
        day = date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise HTTPException(404) from None
    if day not in _records(request).days():
        raise HTTPException(404)
    return HTMLResponse(_records(request).digest(day, _lang(request, request.app.state.lang)))


def _incidents(request: Request) -> Response:
    rows = _records(request).incidents(_lang(request, request.app.state.lang))
    return _page(
        request,
        "incidents.html.j2",
        open_rows=[row for row in rows if row.state not in DONE],
        done_rows=[row for row in rows if row.state in DONE],
    )


def _incident(request: Request) -> Response:
    lang = _lang(request, request.app.state.lang)
    page = _records(request).incident(request.path_params["id"], lang)
    if page is None:
        raise HTTPException(404)
    return _page(request, "incident.html.j2", page=page, home=request.app.state.home)


def _wanted(request: Request) -> MentionQuery:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.query_params
    page = asked.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 6 else 1
    return MentionQuery(
        label=next((label for label in Label if label.value == asked.get("label")), None),
        source=asked.get("source", ""),
        page=min(max(number, 1), MOST_PAGES),
        id=asked.get("id", ""),
    )


def _mentions(request: Request) -> Response:
    wanted, lang = _wanted(request), _lang(request, request.app.state.lang)

    def link(label: Label | None, source: str, page: int = 1) -> str:
        chosen = {"label": label.value if label else "", "source": source, "page": page if page > 1 else ""}
        kept = {key: value for key, value in chosen.items() if value}
        return "/mentions?" + urlencode(kept | {"lang": lang})

    shown = _records(request).mentions(wanted)
    return _page(request, "mentions.html.j2", shown=shown, wanted=wanted, labels=list(Label), link=link)


async def _not_found(request: Request, _error: Exception) -> Response:
    return await run_in_threadpool(_page, request, "message.html.j2", 404, message="no_such_page")


async def _busy(request: Request, _error: Exception) -> Response:
    return await run_in_threadpool(_page, request, "message.html.j2", 503, message="busy_now")


async def _crashed(request: Request, error: Exception) -> Response:
    request.app.state.log_crash(error)
    return _keep_to_itself(
        await run_in_threadpool(_page, request, "message.html.j2", 500, message="went_wrong", is_inside=False)
    )


def build_app(
    records: Records,
    doorkeeper: Doorkeeper,
    port: int,
    lang: str,
    home: str,
    log_crash: Callable[[Exception], object],
) -> Starlette:
    """The pages as an ASGI application, to be served on 127.0.0.1 at `port` and nowhere else.

    `log_crash` keeps what is known of an unexpected error; the reader sees a plain page.
    """
    hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})
    app = Starlette(
        routes=[
            Route("/enter", _enter),
            Route("/", _start),
            Route("/digest/{day}", _digest),
            Route("/incidents", _incidents),
            Route("/incidents/{id}", _incident),
            Route("/mentions", _mentions),
        ],
        middleware=[Middleware(_Guard, doorkeeper=doorkeeper, hosts=hosts)],
        exception_handlers={404: _not_found, Retriable: _busy, Exception: _crashed},
    )
    app.state.records, app.state.doorkeeper, app.state.lang, app.state.home = records, doorkeeper, lang, home
    app.state.cookie, app.state.log_crash = cookie_name(port), log_crash
    return app
