"""Putting an incident off to the next school morning in one's own queue, and taking that back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, Outcome, RefusedHere, SnoozePage
from desk.incident_words import INCIDENT_WORDS
from desk.web.forms import sent
from desk.web.page_incident import steps_of
from desk.web.paths import START, from_start, incident_path
from desk.web.render import PageSpeaker, Problem, go, show, speaker

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def _read(request: Request, desk: Desk, viewer: Viewer) -> SnoozePage:
    found = steps_of(desk).snooze_page(viewer, request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return found


def page_snooze(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, _read(request, desk, viewer))


def why_not(page: SnoozePage, say: PageSpeaker) -> str:
    """Why it cannot be put off; empty when it can."""
    if page.is_urgent:
        return say("snooze_urgent")
    if page.clock is not None and page.due_at is not None:
        return say("snooze_due", what=say.clock(page.clock), when=say.moment(page.due_at))
    return ""


def _show(
    request: Request, page: SnoozePage, problems: tuple[Problem, ...] = (), status: int = 200
) -> Response:
    say = speaker(request, INCIDENT_WORDS)
    return show(
        request, "snooze.html.j2", status, words=INCIDENT_WORDS, problems=problems,
        page=page, why_not=why_not(page, say), back=incident_path(page.id),
        came="?from=start" if from_start(request) else "",
    )  # fmt: skip


def take_snooze(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form = sent(request, "confirm")
    if form.text("confirm") != "yes":
        problem = Problem("confirm", speaker(request, INCIDENT_WORDS)("need_snooze_confirm"))
        return _show(request, _read(request, desk, viewer), (problem,), 422)
    outcome = steps_of(desk).snooze(viewer, request.path_params["id"])
    return _answer(request, desk, viewer, outcome, "snoozed")


def take_snooze_end(request: Request, desk: Desk, viewer: Viewer) -> Response:
    sent(request)
    outcome = steps_of(desk).end_snooze(viewer, request.path_params["id"])
    return _answer(request, desk, viewer, outcome, "snooze_ended")


def _answer(request: Request, desk: Desk, viewer: Viewer, outcome: Outcome, said: str) -> Response:
    if isinstance(outcome, Done):
        if from_start(request):
            return go(START, said)
        return go(incident_path(request.path_params["id"]), said)
    page, say = _read(request, desk, viewer), speaker(request, INCIDENT_WORDS)
    if isinstance(outcome, Busy):
        return _show(request, page, (Problem("", say("busy_now")),), 503)
    if isinstance(outcome, RefusedHere):
        return _show(request, page, (Problem("", why_not(page, say)),), 422)
    raise HTTPException(404)
