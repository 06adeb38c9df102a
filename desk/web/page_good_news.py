"""Good news, newest first, with how far thanking has come; what to do about it is a step of the protocol (L20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.good_words import GOOD_WORDS
from desk.summary import is_covered
from desk.web.page_mentions import MOST_PAGES
from desk.web.paging import page_asked
from desk.web.paths import incident_path
from desk.web.render import show, speaker
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.overview import Thanks
    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer
    from mentionwatch.labels import Role


def page_good_news(request: Request, desk: Desk, viewer: Viewer) -> Response:
    number = min(max(page_asked(request), 1), MOST_PAGES)
    shown = desk.records.good_news(viewer, number)
    thanks = desk.overview.thanks(viewer, tuple(row.id for row in shown.rows))
    say = speaker(request, GOOD_WORDS)
    mine: frozenset[Role] = frozenset(viewer.protocol_roles if viewer.has(Right.TAKE_STEPS) else ())
    return show(
        request,
        "good_news.html.j2",
        words=GOOD_WORDS,
        shown=shown,
        number=number,
        thanks=thanks,
        open_steps={id_: _mine(each, mine) for id_, each in thanks.items()},
        others={id_: tuple(map(say.role, _others(each, mine))) for id_, each in thanks.items()},
        path=incident_path,
        has_incidents=viewer.has(Right.INCIDENTS),
        is_covered=is_covered,
    )


def _mine(thanks: Thanks, mine: frozenset[Role]) -> tuple[str, ...]:
    """The steps this person may take now."""
    return tuple(event for event, roles in thanks.steps if mine.intersection(roles))


def _others(thanks: Thanks, mine: frozenset[Role]) -> tuple[Role, ...]:
    """Who may approve, where that is none of this person's roles."""
    for event, roles in thanks.steps:
        if event == "thank_approve" and not mine.intersection(roles):
            return roles
    return ()
