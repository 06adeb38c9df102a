"""Signing in and out, the first account, an invitation, the directory, and the hidden page.

A new session always has a new token (ASVS V7.2.4); a password is never put back into a form; what was wrong is said
in one sentence that does not tell a login that exists from one that does not (V6.3.8).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, RedirectResponse

from desk.sign_in_port import Declined, NotDone, Person, SignedIn, WhyDeclined, WhyNot
from desk.sign_in_words import DESK_ROLES, NOT_DONE, SIGN_IN_WORDS, TOO_MANY, WRONG
from desk.web.context import visit_of
from desk.web.cookies import FORM, SESSION, drop_cookie, forget_all, set_cookie
from desk.web.forms import Form, sent
from desk.web.paths import START, own_path
from desk.web.render import PageSpeaker, Problem, go, said_of, show, speaker
from mentionwatch.accounts import DeskRole

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk, Site
    from mentionwatch.accounts import Viewer

FIELD_OF = {
    WhyNot.TOO_SHORT: "password",
    WhyNot.TOO_LONG: "password",
    WhyNot.COMMON: "password",
    WhyNot.WRONG_PASSWORD: "password",
    WhyNot.WRONG_CODE: "code",
    WhyNot.LOGIN_TAKEN: "login",
    WhyNot.BAD_LOGIN: "login",
    WhyNot.BAD_NAME: "shown_as",
    WhyNot.BAD_EMAIL: "email",
    WhyNot.NO_ROLE: "roles",
}


def say_not_done(why: WhyNot, lang: str, field: str | None = None) -> Problem:
    """The sentence for a page's error summary, and the field it is about."""
    return Problem(FIELD_OF.get(why, "") if field is None else field, NOT_DONE[why][lang == "cy"])


def say_declined(why: WhyDeclined, lang: str, field: str) -> Problem:
    """The one sentence a failed sign-in gets, and another for whoever tries too often."""
    return Problem(field, (TOO_MANY if why is WhyDeclined.TOO_MANY else WRONG)[lang == "cy"])


def give_session(response: Response, site: Site, signed_in: SignedIn) -> Response:
    """The browser now carries this session, and nothing of the one before."""
    set_cookie(response, site, SESSION, signed_in.token)
    drop_cookie(response, site, FORM)
    return response


def begin_session(request: Request, desk: Desk, response: Response, signed_in: SignedIn) -> Response:
    """The same, for somebody who came in anew: who was signed in here already, hidden perhaps, is no more (ASVS V7.2.4)."""
    visit = visit_of(request)
    if visit.token:
        desk.sign_in.sign_out(visit.token, visit.now)
    return give_session(response, desk.site, signed_in)


def page_sign_in(request: Request, desk: Desk, viewer: Viewer | None) -> Response:
    to = own_path(request.query_params.get("to", START))
    if viewer is not None:
        return RedirectResponse(to, 303)
    return sign_in_page(request, desk, to=to, said=said_of(request, "signed_out"))


def sign_in_page(
    request: Request,
    desk: Desk,
    status: int = 200,
    *,
    to: str,
    login: str = "",
    said: str = "",
    problems: tuple[Problem, ...] = (),
) -> Response:
    """The sign-in page; `to` is where it leads."""
    return show(
        request, "sign_in.html.j2", status, words=SIGN_IN_WORDS, problems=problems,
        to=to, login=login, said=said, has_directory=desk.sign_in.has_directory,
    )  # fmt: skip


def take_sign_in(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    form, visit, say = sent(request, "login", "password", "code", "to"), visit_of(request), _say(request)
    to, login = own_path(form.text("to")), form.text("login")
    if missing := _missing(form, {"login": say("need_login"), "password": say("need_password")}):
        return sign_in_page(request, desk, 422, to=to, login=login, problems=missing)
    answer = desk.sign_in.sign_in(login, form.raw("password"), form.text("code"), visit.address, visit.now)
    if isinstance(answer, Declined):
        status = 429 if answer.why is WhyDeclined.TOO_MANY else 422
        problem = say_declined(answer.why, visit.lang, "login")
        return sign_in_page(request, desk, status, to=to, login=login, problems=(problem,))
    return begin_session(request, desk, RedirectResponse(to, 303), answer)


def _say(request: Request) -> PageSpeaker:
    return speaker(request, SIGN_IN_WORDS)


def _missing(form: Form, asked: dict[str, str]) -> tuple[Problem, ...]:
    return tuple(Problem(field, says) for field, says in asked.items() if not form.raw(field).strip())


def take_sign_out(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    """Ends the session on the server too; a hidden one as well (ASVS V7.4.1)."""
    sent(request)
    if visit_of(request).token:
        desk.sign_in.sign_out(visit_of(request).token, visit_of(request).now)
    response = go("/sign-in", "signed_out")
    drop_cookie(response, desk.site, SESSION)
    forget_all(response)
    return response


def _person_page(
    request: Request,
    desk: Desk,
    template: str,
    key: str,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
) -> Response:
    lang = visit_of(request).lang
    return show(
        request, template, 422 if problems else 200, words=SIGN_IN_WORDS, problems=problems, key=key,
        has_directory=desk.sign_in.has_directory,
        roles=tuple((role.value, pair[lang == "cy"]) for role, pair in DESK_ROLES.items() if role is not DeskRole.ADMIN),
        chosen=form.all("roles") if form else (),
        shown_as=form.text("shown_as") if form else "",
        login=form.text("login") if form else "",
        email=form.text("email") if form else "",
        wanted_lang=form.text("lang") if form else lang,
    )  # fmt: skip


def page_first(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    """The first account; nothing at all once there is one."""
    key = request.query_params.get("key", "")
    if not desk.sign_in.is_first_key(key, visit_of(request).now):
        return _link_over(request)
    return _person_page(request, desk, "first.html.j2", key)


def take_first(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    fields = ("key", "shown_as", "login", "email", "password", "again", "lang")
    form, visit = sent(request, *fields, several=("roles",)), visit_of(request)
    key, say = form.text("key"), _say(request)
    if not desk.sign_in.is_first_key(key, visit.now):
        return _link_over(request)
    missing = _missing(form, {"shown_as": say("need_name"), "login": say("need_login")})
    roles = frozenset(role for role in DeskRole if role.value in form.all("roles"))
    if problems := (*missing, *_wrong_passwords(form, say)):
        return _person_page(request, desk, "first.html.j2", key, form, problems)
    person = Person(form.text("login"), form.text("shown_as"), roles, form.text("lang"), form.text("email"))
    answer = desk.sign_in.open_first(key, person, form.raw("password"), visit.now)
    return _joined(request, desk, "first.html.j2", form, answer)


def page_join(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    """What an invitation, or a reset, opens."""
    key = request.query_params.get("key", "")
    if desk.sign_in.invited(key, visit_of(request).now) is None:
        return _link_over(request)
    return _person_page(request, desk, "join.html.j2", key)


def take_join(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    form = sent(request, "key", "password", "again")
    if problems := _wrong_passwords(form, _say(request)):
        return _person_page(request, desk, "join.html.j2", form.text("key"), form, problems)
    answer = desk.sign_in.accept(form.text("key"), form.raw("password"), visit_of(request).now)
    return _joined(request, desk, "join.html.j2", form, answer)


def _joined(request: Request, desk: Desk, template: str, form: Form, answer: SignedIn | NotDone) -> Response:
    if isinstance(answer, SignedIn):
        return begin_session(request, desk, RedirectResponse(START, 303), answer)
    if answer.why is WhyNot.LINK_OVER:
        return _link_over(request)
    problem = say_not_done(answer.why, visit_of(request).lang)
    return _person_page(request, desk, template, form.text("key"), form, (problem,))


def _link_over(request: Request) -> Response:
    return show(request, "message.html.j2", 403, words=SIGN_IN_WORDS, message="link_gone")


def _wrong_passwords(form: Form, say: PageSpeaker) -> tuple[Problem, ...]:
    if missing := _missing(form, {"password": say("need_password")}):
        return missing
    if form.raw("password") != form.raw("again"):
        return (Problem("again", say("not_the_same")),)
    return ()


def take_hide(request: Request, desk: Desk, _viewer: Viewer) -> Response:
    """Quick hide: the session stays, and shows nothing until the password is given."""
    sent(request)
    desk.sign_in.lock(visit_of(request).token)
    response = RedirectResponse("/hidden", 303)
    forget_all(response)
    return response


def page_hidden(request: Request, _desk: Desk, viewer: Viewer | None) -> Response:
    return RedirectResponse(START, 303) if viewer else show(request, "hidden.html.j2", words=SIGN_IN_WORDS)


def page_unlock(request: Request, _desk: Desk, _viewer: Viewer | None) -> Response:
    if not visit_of(request).is_locked:
        return RedirectResponse(START, 303)
    return show(request, "unlock.html.j2", words=SIGN_IN_WORDS)


def take_unlock(request: Request, desk: Desk, _viewer: Viewer | None) -> Response:
    form, visit = sent(request, "password"), visit_of(request)
    if not visit.is_locked:
        return RedirectResponse("/sign-in", 303)
    answer = desk.sign_in.unlock(visit.token, form.raw("password"), visit.address, visit.now)
    if isinstance(answer, SignedIn):
        return give_session(RedirectResponse(START, 303), desk.site, answer)
    problem = say_declined(answer.why, visit.lang, "password")
    return show(request, "unlock.html.j2", 422, words=SIGN_IN_WORDS, problems=(problem,))


def page_alive(_request: Request, _desk: Desk, _viewer: Viewer | None) -> Response:
    """Does the desk answer? It says that and nothing else, to whoever watches over the machine."""
    return PlainTextResponse("alive\n")
