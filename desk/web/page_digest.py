"""The start page, and the digest of a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from desk.mail import BY_MAIL, has_link_ended
from desk.vocabulary import LONDON
from desk.web.render import show
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def page_start(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Where everybody arrives; the days that have a digest, for those whose roles open it."""
    has_digest = viewer.has(Right.DIGEST)
    return show(
        request,
        "start.html.j2",
        has_digest=has_digest,
        has_link_ended=False,
        days=desk.records.days(viewer) if has_digest else (),
    )


def page_digest(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The digest of a day; by a link of an e-mail that has ended, the days instead (protocol 5, point 7)."""
    try:
        day = date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise HTTPException(404) from None
    today = desk.clock().astimezone(LONDON).date()
    if request.query_params.get("by") == BY_MAIL and has_link_ended(day, today):
        return show(
            request, "start.html.j2", has_digest=True, has_link_ended=True, days=desk.records.days(viewer)
        )
    if day not in desk.records.days(viewer):
        raise HTTPException(404)
    return HTMLResponse(desk.records.digest(viewer, day, viewer.lang))
