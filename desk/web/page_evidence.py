"""A check of a few captures, and exhibits: never one click, always on record, never a byte of evidence in a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, NoSuch, RefusedHere
from desk.evidence_port import EvidenceActs, ExhibitGiven, ExhibitPage
from desk.evidence_words import EVIDENCE_WORDS, PURPOSES, say_refused
from desk.incident_words import INCIDENT_WORDS
from desk.web.forms import Form, sent
from desk.web.paths import incident_path, mention_path
from desk.web.render import Problem, go, hand_out, show, speaker

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

WORDS = {**INCIDENT_WORDS, **EVIDENCE_WORDS}
MOST_NAMES = 50


def _acts(desk: Desk) -> EvidenceActs:
    if desk.evidence is None:
        raise HTTPException(404)
    return desk.evidence


def _back(request: Request, desk: Desk, viewer: Viewer, path: str) -> Response:
    if _acts(desk).evidence(viewer, request.path_params["id"]) is None:
        raise HTTPException(404)
    return go(path)


def page_back(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The address of a form, loaded as a page: back to the incident."""
    return _back(request, desk, viewer, incident_path(request.path_params["id"]))


def page_back_to_mention(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The address of a form, loaded as a page: back to the mention."""
    return _back(request, desk, viewer, mention_path(request.path_params["id"]))


def _check(request: Request, desk: Desk, viewer: Viewer, path: str) -> Response:
    if _acts(desk).evidence(viewer, request.path_params["id"]) is None:
        raise HTTPException(404)
    sent(request)
    outcome = _acts(desk).check(viewer, request.path_params["id"])
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if isinstance(outcome, Busy):
        return show(request, "message.html.j2", 503, message="busy_now")
    return go(path, "now_as_stored" if outcome.is_whole else "now_changed")


def take_check(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _check(request, desk, viewer, incident_path(request.path_params["id"]))


def take_check_of_mention(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _check(request, desk, viewer, mention_path(request.path_params["id"]))


def _exhibit(request: Request, desk: Desk, viewer: Viewer) -> ExhibitPage:
    found = _acts(desk).exhibit_page(viewer, request.path_params["id"])
    if found is None:
        raise HTTPException(404)
    return found


def _exhibit_of_post(request: Request, desk: Desk, viewer: Viewer) -> ExhibitPage:
    found = _exhibit(request, desk, viewer)
    if not found.of_post:
        raise HTTPException(404)
    return found


def _exhibit_of_incident(request: Request, desk: Desk, viewer: Viewer) -> ExhibitPage:
    found = _exhibit(request, desk, viewer)
    if not found.of_incident:
        raise HTTPException(404)
    return found


def page_exhibit(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, _exhibit_of_incident(request, desk, viewer), Form(()))


def page_exhibit_of_post(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, _exhibit_of_post(request, desk, viewer), Form(()), of_post=True)


def _show(
    request: Request,
    page: ExhibitPage,
    form: Form,
    problems: Sequence[Problem] = (),
    status: int = 200,
    *,
    of_post: bool = False,
) -> Response:
    say = speaker(request, WORDS)
    return show(
        request, "exhibit.html.j2", status, words=WORDS, problems=problems, page=page, form=form,
        of_post=of_post, back=mention_path(page.id) if of_post else incident_path(page.id), say_refused=say_refused,
        purposes=tuple((key, PURPOSES[key][say.lang == "cy"]) for key in page.purposes),
    )  # fmt: skip


def take_exhibit(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The ZIP itself is the answer: each time it is fetched, it is made anew and entered in the custody log."""
    return _take(request, desk, viewer, _exhibit_of_incident(request, desk, viewer), of_post=False)


def take_exhibit_of_post(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The same of a post that is in no incident."""
    return _take(request, desk, viewer, _exhibit_of_post(request, desk, viewer), of_post=True)


def _take(request: Request, desk: Desk, viewer: Viewer, page: ExhibitPage, *, of_post: bool) -> Response:
    form = sent(request, "as_role", "purpose", "which", "names", "picture", "confirm")
    say = speaker(request, WORDS)
    is_covered = form.text("which") == "covered"
    names = tuple(line.strip() for line in form.text("names").split("\n") if line.strip())
    problems = []
    if not form.text("as_role"):
        problems.append(Problem("as_role", say("need_role")))
    if form.text("purpose") not in page.purposes:
        problems.append(Problem("purpose", say("need_purpose")))
    if form.text("which") not in ("whole", "covered"):
        problems.append(Problem("which", say("need_which")))
    if is_covered and not 0 < len(names) <= MOST_NAMES:
        problems.append(Problem("names", say("need_names")))
    if form.text("confirm") != "yes":
        problems.append(Problem("confirm", say("need_exhibit_confirm")))
    if problems:
        return _show(request, page, form, problems, 422, of_post=of_post)
    given = ExhibitGiven(
        page.id,
        form.text("as_role"),
        form.text("purpose"),
        names if is_covered else None,
        form.text("picture") == "yes",
    )
    outcome = _acts(desk).make_exhibit(viewer, given, viewer.lang)
    if isinstance(outcome, NoSuch):
        raise HTTPException(404)
    if isinstance(outcome, Busy):
        return _show(request, page, form, (Problem("", say("busy_now")),), 503, of_post=of_post)
    if isinstance(outcome, RefusedHere):
        problem = Problem(outcome.field, outcome.reason)
        return _show(request, page, form, (problem,), 422, of_post=of_post)
    return hand_out(outcome.name, outcome.media_type, outcome.body)
