"""A person opens an incident for a post the software let pass: a page of its own, with a reason and a tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, Overtaken, RefusedHere
from desk.opening_port import OPENABLE, OpeningGiven
from desk.opening_words import OPENING_WORDS
from desk.step_form import LEAST_REASON
from desk.web.forms import Form, sent
from desk.web.paths import incident_path, mention_path
from desk.web.render import Problem, go, show, speaker
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.digest import MentionLine
    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer


def may_open(viewer: Viewer, mention: MentionLine) -> bool:
    """Is there anything to open, and may this person?"""
    is_free = not mention.incident and not mention.is_withheld and mention.label in OPENABLE
    return is_free and viewer.has(Right.TAKE_STEPS) and bool(viewer.protocol_roles)


def _mention(request: Request, desk: Desk, viewer: Viewer) -> MentionLine:
    found = desk.records.mention(viewer, request.path_params["id"], viewer.lang)
    if found is None or desk.opening is None:
        raise HTTPException(404)
    return found.mention


def page_opening(request: Request, desk: Desk, viewer: Viewer) -> Response:
    mention = _mention(request, desk, viewer)
    return _show(request, viewer, mention) if may_open(viewer, mention) else go(mention_path(mention.id))


def _show(
    request: Request,
    viewer: Viewer,
    mention: MentionLine,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    return show(
        request, "opening.html.j2", status, words=OPENING_WORDS, problems=problems, back=mention_path(mention.id),
        form=form or Form(()), roles=viewer.protocol_roles, is_open=may_open(viewer, mention),
        incident=incident_path(mention.incident) if mention.incident else "",
    )  # fmt: skip


def take_opening(request: Request, desk: Desk, viewer: Viewer) -> Response:
    mention = _mention(request, desk, viewer)
    form = sent(request, "as_role", "reason", "confirm")
    say = speaker(request, OPENING_WORDS)
    problems = []
    if not form.text("as_role"):
        problems.append(Problem("as_role", say("open_need_role")))
    if len(form.text("reason")) < LEAST_REASON:
        problems.append(Problem("reason", say("open_need_reason")))
    if form.text("confirm") != "yes":
        problems.append(Problem("confirm", say("open_need_confirm")))
    if problems:
        return _show(request, viewer, mention, form, tuple(problems), 422)
    given = OpeningGiven(mention.id, form.text("as_role"), form.text("reason"))
    outcome = desk.opening.open_incident(viewer, given, viewer.lang) if desk.opening else Busy()
    if isinstance(outcome, Done):
        # A matter for the police or for safeguarding is none of everybody's.
        if desk.records.incident(viewer, outcome.id, viewer.lang) is None:
            return go("/incidents", "step_taken_away")
        return go(incident_path(outcome.id), "step_taken")
    if isinstance(outcome, Busy):
        return _show(request, viewer, mention, form, (Problem("", say("busy_now")),), 503)
    if isinstance(outcome, RefusedHere):
        return _show(request, viewer, mention, form, (Problem(outcome.field, outcome.reason),), 422)
    if isinstance(outcome, Overtaken):
        told = say("open_overtaken", role=say.role(outcome.role), when=say.moment(outcome.at))
        # It has an incident now, which may be none of theirs: then the post is not there for them either.
        now = _mention(request, desk, viewer)
        return _show(request, viewer, now, form, (Problem("", told),), 409)
    raise HTTPException(404)
