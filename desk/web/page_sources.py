"""Sources: what was looked at, what could not be, since when, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.not_ours_words import RULES
from desk.overview import GIGABYTE
from desk.source_words import MENDS, NIGHT_MARKS, NIGHTS_SAID, SOURCE_WORDS
from desk.web.paging import part_of
from desk.web.render import show

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.overview import Health
    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

PER_PAGE = 15


def page_sources(request: Request, desk: Desk, viewer: Viewer) -> Response:
    health = desk.overview.health(viewer)
    at = int(viewer.lang == "cy")
    return show(
        request,
        "sources.html.j2",
        words=SOURCE_WORDS,
        health=health,
        # What somebody has to look after comes first, and stands on the first page whatever its name is.
        part=part_of(
            request, sorted(health.sources, key=lambda one: (one.is_well, one.is_listed is False)), PER_PAGE
        ),
        doubtful=sum(not one.is_well for one in health.sources),
        standing=_standing(health),
        room=f"{health.free / GIGABYTE:.1f}".replace(".0", ""),
        said_of_night={verdict: pair[at] for verdict, pair in NIGHTS_SAID.items()},
        marks=NIGHT_MARKS,
        mends={kind: pair[at] for kind, pair in MENDS.items()},
        rules={rule: pair[at] for rule, pair in RULES.items()},
        known_kinds=("feed", "reddit", "wikipedia"),
    )


def _standing(health: Health) -> tuple[str, str]:
    """The one sentence the page begins with, and how it is marked. A run that did not happen comes before all else."""
    run = health.run
    if run is None:
        return "none_yet", "blind"
    if run.is_late:
        return "is_late", "blind"
    if run.finished_at is None:
        return "not_finished", "degraded"
    return (
        ("all_well", "clear") if all(one.is_well for one in health.sources) else ("some_unseen", "degraded")
    )
