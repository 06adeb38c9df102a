"""From a request to its page: the session, the right, the token of the form. One way in for every row of the table.

Without a session a page answers 303 to the sign-in page, a form 401. Without the right it answers as a page that
does not exist: the same 404, to the byte (L31; ASVS V8.2.1, V8.3.1).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from desk.web.context import GET, POST, Desk, OpenPage, Page, Visit, desk_of
from desk.web.cookies import FORM, SESSION, open_csrf, read_cookie, set_cookie
from desk.web.forms import Form, receive
from desk.web.guard import ADDRESS
from desk.web.paths import SET_UP, START, own_path
from desk.web.render import show
from desk.words import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request

Row = Page | OpenPage
_NOT_THERE = 404
_TOLD = (400, 403, _NOT_THERE, 415)
Endpoint = Callable[["Request"], Awaitable[Response]]


def entrance(rows: Mapping[str, Row]) -> Endpoint:
    """What answers one path; `rows` are its pages by method. Without any, nothing is there."""

    async def enter(request: Request) -> Response:
        desk = desk_of(request)
        visit, new_cookie, is_weak = await run_in_threadpool(_recognise, request, desk)
        request.state.visit = visit
        try:
            return await _enter(request, desk, visit, new_cookie, is_weak=is_weak)
        except HTTPException as refused:
            await run_in_threadpool(_tell_refused, request, desk, visit, rows, refused.status_code)
            raise

    async def _enter(
        request: Request, desk: Desk, visit: Visit, new_cookie: str, *, is_weak: bool
    ) -> Response:
        row = rows.get(GET if request.method == "HEAD" else request.method)
        is_open = any(isinstance(each, OpenPage) for each in rows.values())

        async def turn_away() -> Response | None:
            if visit.viewer is None and not is_open:
                return await run_in_threadpool(_send_away, request, visit)
            if is_weak and not is_open and not (isinstance(row, Page) and row.before_factor):
                return RedirectResponse(SET_UP, 303)
            return None

        if away := await turn_away():
            return away
        if row is None:
            raise _no_such_method(rows, visit, is_open=is_open)
        if request.method == POST:
            _same_site(request, desk)
            form = await receive(request, takes_files=row.takes_files)
            # A form may come as slowly as its sender likes: who they are is asked when it is whole, and so is the time.
            visit, new_cookie, is_weak = await run_in_threadpool(_recognise, request, desk)
            request.state.visit = replace(visit, form=form)
            if away := await turn_away():
                return away
            _ours(form, visit)
        response = await run_in_threadpool(_answer, request, desk, row, visit)
        if new_cookie:
            set_cookie(response, desk.site, FORM, new_cookie)
        return response

    return enter


def _tell_refused(request: Request, desk: Desk, visit: Visit, rows: Mapping[str, Row], status: int) -> None:
    """Who is signed in and asks for what is not there for them, or sends a form that is not ours, is told to the audit log.

    By the row of the table, never by the address: that may hold anything (ASVS V16.3.2, V16.3.3).
    """
    if visit.viewer is None or not rows or status not in _TOLD:
        return
    path = next(iter(rows.values())).path
    desk.sign_in.note_refused(
        visit.viewer, f"{request.method} {path}", visit.now, is_form=status != _NOT_THERE
    )


def _recognise(request: Request, desk: Desk) -> tuple[Visit, str, bool]:
    """Who comes; for a browser without a session, the new cookie its forms are bound to; and: no second factor yet."""
    site, now, address = desk.site, desk.clock(), request.scope[ADDRESS]
    token = read_cookie(request, site, SESSION)
    session = desk.sign_in.session_of(token, now) if token else None
    if session is not None and not session.is_locked:
        viewer = session.viewer
        visit = Visit(viewer, viewer.lang, address, now, False, token, desk.sign_in.csrf_of(token))
        return visit, "", session.needs_factor
    asked = request.query_params.get("lang", "")
    kept = read_cookie(request, site, FORM)
    cookie = kept or secrets.token_urlsafe(24)
    lang = session.viewer.lang if session else asked if asked in LANGUAGES else desk.lang
    visit = Visit(None, lang, address, now, session is not None, token, open_csrf(cookie))
    return visit, "" if kept else cookie, False


def _answer(request: Request, desk: Desk, row: Row, visit: Visit) -> Response:
    if isinstance(row, OpenPage):
        return row.handler(request, desk, visit.viewer)
    if visit.viewer is None or not visit.viewer.has(row.right):
        raise HTTPException(404)
    return row.handler(request, desk, visit.viewer)


def _no_such_method(rows: Mapping[str, Row], visit: Visit, *, is_open: bool) -> HTTPException:
    """405 to those who may use the path, 404 to all others."""
    viewer = visit.viewer
    if is_open or any(isinstance(row, Page) and viewer and viewer.has(row.right) for row in rows.values()):
        return HTTPException(405, headers={"Allow": ", ".join(sorted(rows))})
    return HTTPException(404)


def _send_away(request: Request, visit: Visit) -> Response:
    """No session here: to the sign-in page and back, or to the hidden page of a session that waits."""
    if request.method == POST:
        return show(request, "message.html.j2", 401, message="signed_out_meanwhile")
    if visit.is_locked:
        return RedirectResponse("/hidden", 303)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    if not visit.token and request.headers.get("sec-fetch-site", "") == "cross-site":
        # A link in an e-mail read in the browser: a strict cookie comes along only from a page of our own.
        return show(request, "onward.html.j2", onward=own_path(asked), onward_says="onward")
    to = "" if asked == START else f"?{urlencode({'to': own_path(asked)})}"
    return RedirectResponse(f"/sign-in{to}", 303)


def _same_site(request: Request, desk: Desk) -> None:
    """Forms come from our own pages. Our pages send no referrer, so a browser says `Origin: null` for them.

    Every browser that is still kept up says Sec-Fetch-Site to an address under TLS or on this machine (ASVS V3.5.1).
    """
    told, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    is_ours = told == "same-origin" if told is not None else origin in desk.site.origins
    if not is_ours or origin not in (None, "null", *desk.site.origins):
        raise HTTPException(403)


def is_csrf(given: str, own: str) -> bool:
    """Does a form carry the text of this visit's forms? Compared in constant time; no text at all is nobody's."""
    return bool(own) and hmac.compare_digest(given.encode("utf-8", "replace"), own.encode())


def _ours(form: Form, visit: Visit) -> None:
    if not is_csrf(form.csrf, visit.csrf):
        raise HTTPException(403)
