"""Incidents: the list. One of them is desk/web/page_incident.py."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk.digest import DONE
from desk.incident_words import INCIDENT_WORDS
from desk.web.render import said_of, show

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def page_incidents(request: Request, desk: Desk, viewer: Viewer) -> Response:
    rows = desk.records.incidents(viewer, viewer.lang)
    return show(
        request,
        "incidents.html.j2",
        words=INCIDENT_WORDS,
        said=said_of(request, "step_taken_away"),
        open_rows=[row for row in rows if row.state not in DONE],
        done_rows=[row for row in rows if row.state in DONE],
    )
