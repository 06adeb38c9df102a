"""The digest of a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse

from desk.mail import BY_MAIL, has_link_ended
from desk.vocabulary import LONDON
from desk.web.render import show

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def page_digest(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The digest of a day; by a link of an e-mail that has ended, the days instead (protocol 5, point 7)."""
    try:
        day = date.fromisoformat(request.path_params["day"])
    except ValueError:
        raise HTTPException(404) from None
    today = desk.clock().astimezone(LONDON).date()
    if request.query_params.get("by") == BY_MAIL and has_link_ended(day, today):
        return show(request, "start.html.j2", days=desk.records.days(viewer))
    if day not in desk.records.days(viewer):
        raise HTTPException(404)
    return HTMLResponse(desk.records.digest(viewer, day, viewer.lang))
