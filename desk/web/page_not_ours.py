"""A person says that a post is not about the school: a page of its own, with a reason and a tick, for it destroys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.acts import Busy, Done, Overtaken, RefusedHere
from desk.not_ours_port import NotOursActs, NotOursGiven, destroying_roles
from desk.not_ours_words import NOT_OURS_WORDS
from desk.web.forms import Form, sent, whole_number
from desk.web.paths import START, mention_path
from desk.web.render import Problem, go, show, speaker
from desk.web.shown_before import FIELD, prove, was_shown

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.pages import MentionDetail
    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

CORRECTED = "corrected"
DONE = "foreign_done"


def may_judge(viewer: Viewer, detail: MentionDetail) -> bool:
    """May this person destroy this post at all, whatever else stands in the way?"""
    return bool(destroying_roles(viewer)) and not detail.mention.is_withheld


def _acts(desk: Desk) -> NotOursActs:
    if desk.not_ours is None:
        raise HTTPException(404)
    return desk.not_ours


def _read(request: Request, desk: Desk, viewer: Viewer) -> MentionDetail | None:
    if not destroying_roles(viewer):
        raise HTTPException(404)
    return desk.records.mention(viewer, request.path_params["id"], viewer.lang)


def page_not_ours(request: Request, desk: Desk, viewer: Viewer) -> Response:
    detail = _read(request, desk, viewer)
    if detail is None:
        raise HTTPException(404)
    return (
        _show(request, desk, viewer, detail)
        if may_judge(viewer, detail)
        else go(mention_path(detail.mention.id))
    )


def _show(
    request: Request,
    desk: Desk,
    viewer: Viewer,
    detail: MentionDetail,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
    *,
    is_known_now: bool = True,
) -> Response:
    id_ = detail.mention.id
    there = str(sum(look.verb == CORRECTED for look in detail.looks))
    return show(
        request, "not_ours.html.j2", status, words=NOT_OURS_WORDS, problems=problems,
        back=mention_path(detail.mention.id), form=form or Form(()), roles=destroying_roles(viewer),
        tie=_acts(desk).find_tie(viewer, id_),
        revision=str(detail.mention.revision) if form is None else form.text("revision"),
        seen=there if form is None or is_known_now else form.text("seen"),
        shown=prove(viewer.account_id, id_),
    )  # fmt: skip


def take_not_ours(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form = sent(request, "as_role", "reason", "confirm", "revision", "seen", FIELD)
    say = speaker(request, NOT_OURS_WORDS)
    detail = _read(request, desk, viewer)
    if detail is None:
        return show_gone(request, desk, viewer, form)
    if not may_judge(viewer, detail):
        raise HTTPException(404)
    problems = []
    if not form.text("as_role"):
        problems.append(Problem("as_role", say("foreign_need_role")))
    if len(form.text("reason").split()) < 2:
        problems.append(Problem("reason", say("foreign_need_reason")))
    if form.text("confirm") != "yes":
        problems.append(Problem("confirm", say("foreign_need_confirm")))
    if problems:
        return _show(request, desk, viewer, detail, form, tuple(problems), 422, is_known_now=False)
    given = NotOursGiven(
        detail.mention.id, form.text("as_role"), form.text("reason"),
        whole_number(form.text("revision")), whole_number(form.text("seen")),
    )  # fmt: skip
    outcome = _acts(desk).judge(viewer, given, viewer.lang)
    if isinstance(outcome, Done):
        return go(START, DONE)
    if isinstance(outcome, Busy):
        busy = (Problem("", say("busy_now")),)
        return _show(request, desk, viewer, detail, form, busy, 503, is_known_now=False)
    now = _read(request, desk, viewer)
    if now is None:
        return show_gone(request, desk, viewer, form)
    if isinstance(outcome, RefusedHere):
        problem = Problem(outcome.field, outcome.reason)
        return _show(request, desk, viewer, now, form, (problem,), 422, is_known_now=False)
    if isinstance(outcome, Overtaken):
        told = say("foreign_corrected", role=say.role(outcome.role), when=say.moment(outcome.at))
        return _show(request, desk, viewer, now, form, (Problem("", told),), 409)
    raise HTTPException(404)


def show_gone(request: Request, desk: Desk, viewer: Viewer, form: Form) -> Response:
    """The post of a form that was sent is not there: who was shown it is told when somebody judged it not ours; else 404."""
    id_ = request.path_params["id"]
    if desk.not_ours is None or not was_shown(viewer.account_id, id_, form.text(FIELD)):
        raise HTTPException(404)
    judged = desk.not_ours.find_judged(id_)
    if judged is None:
        raise HTTPException(404)
    say = speaker(request, NOT_OURS_WORDS)
    told = say("foreign_meanwhile", role=say.role(judged.role), when=say.moment(judged.at))
    return show(
        request, "not_ours.html.j2", 409, words=NOT_OURS_WORDS, problems=(Problem("", told),), back="", form=form
    )  # fmt: skip
