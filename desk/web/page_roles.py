"""A head's word on roles that were given (ADR 0031; ASVS V8.2.1): confirm, see, or take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

from desk.role_words import ROLE_WORDS
from desk.sign_in_port import NotDone, WhyNot
from desk.sign_in_words import DESK_ROLES
from desk.web.context import visit_of
from desk.web.forms import sent
from desk.web.render import Problem, go, said_of, show, speaker
from mentionwatch.accounts import DeskRole

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

PATH = "/roles"
_WHY = {WhyNot.NOT_JOINED: "joined_first", WhyNot.NOT_ALLOWED: "chair_sees_only", WhyNot.LAST_ADMIN: "role_last_admin"}  # fmt: skip


def page_roles(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _show(request, desk, viewer, ())


def _show(request: Request, desk: Desk, viewer: Viewer, problems: tuple[Problem, ...]) -> Response:
    lang = visit_of(request).lang
    return show(
        request, "roles.html.j2", 422 if problems else 200, words=ROLE_WORDS, problems=problems,
        said=said_of(request, "role_confirmed", "role_declined"), given=desk.sign_in.given_roles(viewer),
        role_said=lambda role: DESK_ROLES[role][lang == "cy"],
    )  # fmt: skip


def take_word(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Confirming what waits asks for a tick: the person was asked. What a viewer is not shown is not there."""
    form, now = sent(request, "account", "role", "word", "asked"), visit_of(request).now
    shown = {(each.account.id, each.role.value): each for each in desk.sign_in.given_roles(viewer)}
    given = shown.get((form.text("account"), form.text("role")))
    if given is None:
        raise HTTPException(404)
    if form.text("word") not in ("confirm", "decline"):
        raise HTTPException(400)
    say, is_kept = speaker(request, ROLE_WORDS), form.text("word") == "confirm"
    if is_kept and not given.counts and form.text("asked") != "yes":
        return _show(request, desk, viewer, (Problem("", say("tick_asked")),))
    settle = desk.sign_in.confirm_role if is_kept else desk.sign_in.decline_role
    answer = settle(viewer, given.account.id, DeskRole(given.role), now)
    if isinstance(answer, NotDone):
        if answer.why not in _WHY:
            raise HTTPException(404)
        return _show(request, desk, viewer, (Problem("", say(_WHY[answer.why])),))
    return go(PATH, "role_confirmed" if is_kept else "role_declined")
