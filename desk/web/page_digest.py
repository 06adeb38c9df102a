"""The digest of a day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.cutting import cut
from desk.mail import BY_MAIL, has_link_ended
from desk.render import lay_out
from desk.vocabulary import LONDON, Pair
from desk.web.paths import START
from desk.web.render import go, show
from desk.words import Speaker
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

DIGEST_WORDS: dict[str, Pair] = {
    "open_it": ("Open", "Agor"),
    "open_this": ("this mention", "y neges hon"),
    "to_decide": ("Decide on the start page", "Mynd i'r dudalen gychwyn i benderfynu"),
}


def page_digest(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The digest of a day. By the link of an e-mail: on its own day the start page, where what asks is decided; when the link has
    ended, the days (protocol 5, point 7)."""
    written = request.path_params["day"]
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise HTTPException(404) from None
    if day.isoformat() != written:
        # One page has one address: weeks and days of the year are dates too.
        raise HTTPException(404)
    today = desk.clock().astimezone(LONDON).date()
    is_by_mail = request.query_params.get("by") == BY_MAIL
    if is_by_mail and day == today:
        return go(START)
    if is_by_mail and has_link_ended(day, today):
        return show(request, "start.html.j2", days=desk.records.days(viewer))
    if day not in desk.records.days(viewer):
        raise HTTPException(404)
    made = cut(desk.records.digest(viewer, day, viewer.lang))
    return show(
        request,
        "digest_page.html.j2",
        words=DIGEST_WORDS,
        d=made,
        shown=lay_out(made, Speaker(viewer.lang)),
        at_desk=True,
        opens_incidents=viewer.has(Right.INCIDENTS),
        opens_praise=viewer.has(Right.GOOD_NEWS),
        opens_mentions=viewer.has(Right.MENTIONS) and viewer.has(Right.OPEN_WORDS),
    )
