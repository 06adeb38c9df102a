"""A card for the person a post is about: help and what happens next, in both languages, and nothing of the post."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.support_words import SUPPORT_WORDS
from desk.web.context import visit_of
from desk.web.paths import incident_path
from desk.web.render import PageSpeaker, show
from desk.words import LANGUAGES

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def page_support(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """For those who decide, and so may know of the incident; the card itself says nothing of it, not its number."""
    page = desk.records.incident(viewer, request.path_params["id"], viewer.lang)
    if page is None:
        raise HTTPException(404)
    return show(
        request,
        "support_card.html.j2",
        words=SUPPORT_WORDS,
        # The reader's language stands first; neither is cut short.
        speakers=[
            PageSpeaker(lang, SUPPORT_WORDS) for lang in sorted(LANGUAGES, key=lambda one: one != viewer.lang)
        ],
        cards=desk.help_cards,
        today=visit_of(request).now.date(),
        back=incident_path(page.incident.id),
    )
