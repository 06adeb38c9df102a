"""The start page: the verdict of the night, then what asks this person for something, a click from its form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.queue_words import QUEUE_WORDS, say_affected, say_offer
from desk.render import tone
from desk.web.context import visit_of
from desk.web.render import show
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def page_start(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Where everybody arrives."""
    visit = visit_of(request)
    start = desk.records.start(viewer, visit.lang, visit.now)
    return show(
        request,
        "queue.html.j2",
        words=QUEUE_WORDS,
        start=start,
        tone=tone(start.digest),
        has_digest=viewer.has(Right.DIGEST),
        may_step=viewer.has(Right.TAKE_STEPS),
        sees_mentions=viewer.has(Right.MENTIONS),
        sees_good_news=viewer.has(Right.GOOD_NEWS),
        offer=say_offer,
        affected=say_affected,
        days=desk.records.days(viewer) if viewer.has(Right.DIGEST) else (),
    )
