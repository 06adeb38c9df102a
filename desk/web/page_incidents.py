"""Incidents: the list. One of them is desk/web/page_incident.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.incident_words import INCIDENT_WORDS
from desk.web.paging import part_of
from desk.web.render import said_of, show
from mentionwatch.labels import SETTLED

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

PER_PAGE = 100


def page_incidents(request: Request, desk: Desk, viewer: Viewer) -> Response:
    rows = desk.records.incidents(viewer, viewer.lang)
    # What is open comes first, however much has been closed since.
    ordered = sorted(rows, key=lambda row: row.state in SETTLED)
    done = sum(row.state in SETTLED for row in rows)
    return show(
        request,
        "incidents.html.j2",
        words=INCIDENT_WORDS,
        said=said_of(request, "step_taken_away"),
        part=part_of(request, ordered, PER_PAGE),
        open_count=len(rows) - done,
        done_count=done,
        done=SETTLED,
    )
