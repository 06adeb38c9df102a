"""Incidents: the list, and one of them with its next lawful steps and its history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.digest import DONE
from desk.web.render import show

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
        open_rows=[row for row in rows if row.state not in DONE],
        done_rows=[row for row in rows if row.state in DONE],
    )


def page_incident(request: Request, desk: Desk, viewer: Viewer) -> Response:
    page = desk.records.incident(viewer, request.path_params["id"], viewer.lang)
    if page is None:
        raise HTTPException(404)
    return show(request, "incident.html.j2", page=page, home=desk.home)
