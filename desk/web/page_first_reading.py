"""Asking that somebody reads a covered post first, and taking it back: a button each, which sends nothing outside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, NoSuch, Outcome
from desk.web.forms import sent
from desk.web.paths import from_start, incident_path, mention_path
from desk.web.render import go, show

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from desk.summary import SummaryActs
    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def take_ask(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _take(request, desk, viewer, lambda acts, id_: acts.ask(viewer, id_), "first_noted")


def take_ask_end(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _take(request, desk, viewer, lambda acts, id_: acts.take_back(viewer, id_), "first_ended")


def _take(
    request: Request, desk: Desk, viewer: Viewer, act: Callable[[SummaryActs, str], Outcome], said: str
) -> Response:
    """Done: back to the page the button stood on. Need-to-know is asked first: what is not theirs is not there (L31)."""
    sent(request)
    detail = desk.records.mention(viewer, request.path_params["id"], viewer.lang)
    if detail is None or desk.summaries is None:
        raise HTTPException(404)
    id_ = detail.mention.id
    outcome = act(desk.summaries, id_)
    if isinstance(outcome, Busy):
        return show(request, "message.html.j2", 503, message="busy_now")
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if request.query_params.get("from") == "incident" and detail.mention.incident:
        return go(incident_path(detail.mention.incident), said)
    return go(f"{mention_path(id_)}{'?from=start' if from_start(request) else ''}", said)
