"""Mentions, newest first, chosen by what they are and where they were found; never by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from desk.pages import MentionQuery
from desk.summary import is_covered
from desk.web.paging import page_asked
from desk.web.render import show
from mentionwatch.labels import Label

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

MOST_PAGES = 2000


def _wanted(request: Request) -> MentionQuery:
    """What the address asks for; what it cannot mean is left out."""
    asked = request.query_params
    return MentionQuery(
        label=next((label for label in Label if label.value == asked.get("label")), None),
        source=asked.get("source", ""),
        page=min(max(page_asked(request), 1), MOST_PAGES),
        id=asked.get("id", ""),
    )


def _link(label: Label | None, source: str, page: int = 1) -> str:
    chosen = {
        "label": label.value if label else "",
        "source": source,
        "page": str(page) if page > 1 else "",
    }
    kept = urlencode({key: value for key, value in chosen.items() if value})
    return f"/mentions?{kept}" if kept else "/mentions"


def page_mentions(request: Request, desk: Desk, viewer: Viewer) -> Response:
    wanted = _wanted(request)
    shown = desk.records.mentions(viewer, wanted)
    return show(
        request,
        "mentions.html.j2",
        shown=shown,
        wanted=wanted,
        labels=list(Label),
        link=_link,
        is_covered=is_covered,
    )
