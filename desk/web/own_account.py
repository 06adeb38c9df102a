"""A person's own page: language, wishes, password, second factor, and an end to every session of theirs.

Whatever makes an account weaker or stronger asks for the password again (ASVS V7.5.1, V6.5).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse

from desk.sign_in_port import NotDone, OwnAccount, SignedIn, WhyNot, Wishes
from desk.sign_in_words import DESK_ROLES, SIGN_IN_WORDS
from desk.web.context import visit_of
from desk.web.cookies import SESSION, drop_cookie, forget_all
from desk.web.forms import sent
from desk.web.paths import own_path
from desk.web.render import Problem, go, said_of, show, speaker
from desk.web.sign_in import give_session, say_not_done
from desk.words import LANGUAGES
from mentionwatch.accounts import DeskRole

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

PATH = "/account"


def page_account(request: Request, desk: Desk, _viewer: Viewer) -> Response:
    return _account_page(request, desk, said=said_of(request, "saved", "password_changed"))


def _own(request: Request, desk: Desk) -> OwnAccount:
    """The account behind this visit. Raises HTTPException 401 when its session ended a moment ago."""
    visit = visit_of(request)
    own = desk.sign_in.own_account(visit.token, visit.now)
    if own is None:
        raise HTTPException(401)
    return own


def _account_page(
    request: Request, desk: Desk, *, problems: tuple[Problem, ...] = (), said: str = ""
) -> Response:
    own, visit = _own(request, desk), visit_of(request)
    roles = [DESK_ROLES[role][visit.lang == "cy"] for role in DeskRole if role in own.account.roles]
    return show(
        request, "account.html.j2", 422 if problems else 200, words=SIGN_IN_WORDS, problems=problems, said=said,
        own=own, roles=", ".join(roles), sessions=desk.sign_in.own_sessions(visit.token, visit.now),
    )  # fmt: skip


def take_lang(request: Request, desk: Desk, _viewer: Viewer) -> Response:
    """The language switch in the frame of every page; kept with the account."""
    form, visit, account = sent(request, "lang", "back"), visit_of(request), _own(request, desk).account
    if form.text("lang") in LANGUAGES:
        wishes = Wishes(
            form.text("lang"),
            account.wants_mail,
            account.reads_first,
            account.reader_wanted_since is not None,
        )
        desk.sign_in.change_settings(visit.token, wishes, visit.now)
    return RedirectResponse(own_path(form.text("back")), 303)


def take_wishes(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form, visit = sent(request, "reads_first", "wants_mail", "wants_reader"), visit_of(request)
    ticked = (form.text(name) == "yes" for name in ("wants_mail", "reads_first", "wants_reader"))
    desk.sign_in.change_settings(visit.token, Wishes(viewer.lang, *ticked), visit.now)
    return go(PATH, "saved")


def take_password(request: Request, desk: Desk, _viewer: Viewer) -> Response:
    """A new password ends every other session, and this one goes on under a new token (ASVS V7.4.3)."""
    form, visit = sent(request, "old_password", "new_password", "again"), visit_of(request)
    if form.raw("new_password") != form.raw("again"):
        problem = Problem("again", speaker(request, SIGN_IN_WORDS)("not_the_same"))
        return _account_page(request, desk, problems=(problem,))
    answer = desk.sign_in.change_password(
        visit.token, form.raw("old_password"), form.raw("new_password"), visit.address, visit.now
    )
    if isinstance(answer, NotDone):
        field = "old_password" if answer.why is WhyNot.WRONG_PASSWORD else "new_password"
        return _account_page(request, desk, problems=(say_not_done(answer.why, visit.lang, field),))
    return give_session(go(PATH, "password_changed"), desk.site, answer)


def page_second(request: Request, desk: Desk, _viewer: Viewer) -> Response:
    return _second_page(request, desk)


def _second_page(
    request: Request, desk: Desk, *, asks_code: bool = False, problems: tuple[Problem, ...] = ()
) -> Response:
    return show(
        request, "second_step.html.j2", 422 if problems else 200, words=SIGN_IN_WORDS, problems=problems,
        own=_own(request, desk), asks_code=asks_code, offer=None,
    )  # fmt: skip


def take_second(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The password brings the picture. It holds a secret, so it is shown in the answer and cannot be loaded again."""
    form, visit = sent(request, "password"), visit_of(request)
    answer = desk.sign_in.offer_factor(visit.token, form.raw("password"), visit.address, visit.now)
    if isinstance(answer, NotDone):
        return _second_page(request, desk, problems=(say_not_done(answer.why, visit.lang),))
    signed_in, offer = answer
    _go_on_as(request, desk, viewer, signed_in)
    page = show(request, "second_step.html.j2", words=SIGN_IN_WORDS, asks_code=True, offer=offer)
    return give_session(page, desk.site, signed_in)


def _go_on_as(request: Request, desk: Desk, viewer: Viewer, signed_in: SignedIn) -> None:
    """The page that is shown with a new session carries the new session's token in its forms."""
    request.state.visit = replace(
        visit_of(request), viewer=viewer, token=signed_in.token, csrf=desk.sign_in.csrf_of(signed_in.token)
    )


def take_code(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """In use with its first right code. The answer holds the recovery codes, so it is shown and not redirected to."""
    form, visit = sent(request, "code"), visit_of(request)
    answer = desk.sign_in.prove_factor(visit.token, form.text("code"), visit.now)
    if isinstance(answer, NotDone):
        return _second_page(
            request, desk, asks_code=True, problems=(say_not_done(answer.why, visit.lang, "code"),)
        )
    _go_on_as(request, desk, viewer, answer.signed_in)
    page = show(request, "recovery_codes.html.j2", words=SIGN_IN_WORDS, codes=answer.codes)
    return give_session(page, desk.site, answer.signed_in)


def take_end_all(request: Request, desk: Desk, viewer: Viewer) -> Response:
    sent(request)
    desk.sign_in.end_all(viewer, viewer.account_id, visit_of(request).now)
    response = go("/sign-in", "signed_out")
    drop_cookie(response, desk.site, SESSION)
    forget_all(response)
    return response
