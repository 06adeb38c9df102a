"""Looking after accounts: who has one, inviting, roles, disabling, beginning anew (ASVS V6.4, V7.4, V15.3.3).

The gate decides and tells the audit log; a page names each thing it sends, and nothing else is taken. A link that
opens an account stands in the answer to the form that made it, and nowhere again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from starlette.exceptions import HTTPException

from desk.account_words import ACCOUNT_WORDS
from desk.sign_in_port import Invited, NotDone, Person, WhyNot
from desk.sign_in_words import DESK_ROLES
from desk.web.context import visit_of
from desk.web.forms import Form, sent
from desk.web.render import Problem, go, said_of, show, speaker
from desk.web.sign_in import say_not_done
from mentionwatch.accounts import Account, DeskRole

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer

PATH = "/accounts"
_SAID = ("saved", "roles_changed", "disabled_now", "sessions_over")


def _known(desk: Desk, viewer: Viewer) -> tuple[Account, ...]:
    found = desk.sign_in.accounts(viewer)
    if isinstance(found, NotDone):
        raise HTTPException(404)
    return found


def _subject(request: Request, desk: Desk, viewer: Viewer) -> Account:
    """The account of this address. Raises HTTPException 404 where there is none."""
    id_ = request.path_params["id"]
    found = next((one for one in _known(desk, viewer) if one.id == id_), None)
    if found is None:
        raise HTTPException(404)
    return found


def _roles_in(form: Form) -> frozenset[DeskRole]:
    """The roles that were ticked. Raises HTTPException 400 for one there is not."""
    try:
        return frozenset(DeskRole(each) for each in form.all("roles"))
    except ValueError:
        raise HTTPException(400) from None


def _say_roles(roles: frozenset[DeskRole], lang: str) -> str:
    return ", ".join(DESK_ROLES[role][lang == "cy"] for role in DeskRole if role in roles)


def _choices(lang: str) -> tuple[tuple[str, str], ...]:
    return tuple((role.value, pair[lang == "cy"]) for role, pair in DESK_ROLES.items())


def page_accounts(request: Request, desk: Desk, viewer: Viewer) -> Response:
    joined, lang = desk.sign_in.joined(), visit_of(request).lang
    rows = tuple((one, _say_roles(one.roles, lang), _standing(one, joined)) for one in _known(desk, viewer))
    return show(request, "accounts.html.j2", words=ACCOUNT_WORDS, rows=rows)


def _standing(account: Account, joined: frozenset[str]) -> str:
    if not account.is_active:
        return "is_disabled"
    return "is_active" if account.id in joined else "is_invited"


def page_invite(request: Request, _desk: Desk, _viewer: Viewer) -> Response:
    return _invite_page(request)


def _invite_page(request: Request, form: Form | None = None, problems: tuple[Problem, ...] = ()) -> Response:
    lang = visit_of(request).lang
    return show(
        request, "account_invite.html.j2", 422 if problems else 200, words=ACCOUNT_WORDS, problems=problems,
        roles=_choices(lang), chosen=form.all("roles") if form else (),
        wanted_lang=form.text("lang") if form else lang,
        **{name: form.text(name) if form else "" for name in ("shown_as", "login", "email")},
    )  # fmt: skip


def take_invite(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form = sent(request, "shown_as", "login", "email", "lang", several=("roles",))
    say, roles = speaker(request, ACCOUNT_WORDS), _roles_in(form)
    asked = {"shown_as": "need_name", "login": "need_login"}
    missing = tuple(Problem(name, say(key)) for name, key in asked.items() if not form.text(name))
    if not roles:
        missing = (*missing, Problem("roles", say("need_roles")))
    if missing:
        return _invite_page(request, form, missing)
    person = Person(form.text("login"), form.text("shown_as"), roles, form.text("lang"), form.text("email"))
    answer = desk.sign_in.add(viewer, person, visit_of(request).now)
    if isinstance(answer, NotDone):
        return _invite_page(request, form, (say_not_done(answer.why, visit_of(request).lang),))
    return _link_page(request, desk, answer)


def _link_page(request: Request, desk: Desk, invited: Invited) -> Response:
    """The one-use link, in the answer itself: it cannot be loaded again."""
    origin = _origin(request, desk)
    return show(
        request, "account_link.html.j2", words=ACCOUNT_WORDS, invited=invited,
        link=f"{origin}/join?{urlencode({'key': invited.key})}", is_local=not origin.startswith("https://"),
    )  # fmt: skip


def _origin(request: Request, desk: Desk) -> str:
    """The desk's address as this browser called it, where it has several."""
    origins, told = sorted(desk.site.origins), request.headers.get("origin", "")
    here = urlsplit(told)
    return next((one for one in origins if one == f"{here.scheme}://{here.netloc}"), origins[0])


def page_account_of(request: Request, desk: Desk, viewer: Viewer) -> Response:
    return _account_page(
        request, desk, viewer, _subject(request, desk, viewer), said=said_of(request, *_SAID)
    )


def _account_page(
    request: Request,
    desk: Desk,
    viewer: Viewer,
    account: Account,
    *,
    form: Form | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 422,
    said: str = "",
) -> Response:
    lang = visit_of(request).lang
    admins = [one for one in _known(desk, viewer) if one.is_active and DeskRole.ADMIN in one.roles]
    waits = desk.sign_in.waiting_roles(account.id)
    typed = form if form and "shown_as" in dict(form.pairs) else None
    return show(
        request, "account_one.html.j2", status if problems else 200, words=ACCOUNT_WORDS, problems=problems,
        said=said, account=account, standing=_standing(account, desk.sign_in.joined()),
        is_own=account.id == viewer.account_id, is_only_admin=len(admins) <= 1,
        roles=_choices(lang), roles_said=_say_roles(account.roles, lang), seen=_seal(account, waits),
        waits_said=_say_roles(waits, lang),
        chosen=form.all("roles") if form and form.all("roles") else tuple(account.roles | waits),
        shown_as=typed.text("shown_as") if typed else account.shown_as,
        email=typed.text("email") if typed else account.email,
        wanted_lang=typed.text("lang") if typed else account.lang,
    )  # fmt: skip


def _seal(account: Account, waits: frozenset[DeskRole]) -> str:
    """What the form shows of an account: another by the time it is sent, and somebody else was there first."""
    roles = "+".join(role.value for role in DeskRole if role in account.roles | waits)
    return f"{roles} {account.lang} {account.is_active} {account.email} {account.shown_as}"


def _is_overtaken(
    request: Request, desk: Desk, viewer: Viewer, account: Account, form: Form
) -> Response | None:
    if form.text("seen") == _seal(account, desk.sign_in.waiting_roles(account.id)).strip():
        return None
    says = speaker(request, ACCOUNT_WORDS)("changed_meanwhile")
    return _account_page(request, desk, viewer, account, problems=(Problem("", says),), status=409)


def _not_done(request: Request, desk: Desk, viewer: Viewer, form: Form, why: WhyNot) -> Response:
    if why is WhyNot.NO_SUCH_ACCOUNT:
        raise HTTPException(404)
    account = _subject(request, desk, viewer)
    problem = say_not_done(why, visit_of(request).lang)
    return _account_page(request, desk, viewer, account, form=form, problems=(problem,))


def take_person(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form, account = sent(request, "shown_as", "email", "lang", "seen"), _subject(request, desk, viewer)
    if overtaken := _is_overtaken(request, desk, viewer, account, form):
        return overtaken
    answer = desk.sign_in.change_person(
        viewer, account.id, form.text("shown_as"), form.text("email"), form.text("lang"), visit_of(request).now
    )  # fmt: skip
    if isinstance(answer, NotDone):
        return _not_done(request, desk, viewer, form, answer.why)
    return go(f"{PATH}/{account.id}", "saved")


def take_roles(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """The last of a role is not taken away by mistake: it is said, and asks for a tick."""
    form, account = sent(request, "seen", "sure_roles", several=("roles",)), _subject(request, desk, viewer)
    roles = _roles_in(form)
    if overtaken := _is_overtaken(request, desk, viewer, account, form):
        return overtaken
    if form.text("sure_roles") != "yes" and (
        alone := _alone_in(desk, viewer, account, account.roles - roles)
    ):
        return _last_page(request, desk, viewer, account, form, "sure_roles", alone)
    answer = desk.sign_in.change_roles(viewer, account.id, roles, visit_of(request).now)
    if isinstance(answer, NotDone):
        return _not_done(request, desk, viewer, form, answer.why)
    return go(f"{PATH}/{account.id}", "roles_changed")


def _alone_in(desk: Desk, viewer: Viewer, account: Account, lost: frozenset[DeskRole]) -> frozenset[DeskRole]:
    """Those of these roles that no other active account has."""
    others = [one for one in _known(desk, viewer) if one.is_active and one.id != account.id]
    return frozenset(role for role in lost if not any(role in one.roles for one in others))


def _last_page(
    request: Request,
    desk: Desk,
    viewer: Viewer,
    account: Account,
    form: Form,
    field: str,
    alone: frozenset[DeskRole],
) -> Response:
    says = speaker(request, ACCOUNT_WORDS)("last_with_role", roles=_say_roles(alone, visit_of(request).lang))
    return _account_page(request, desk, viewer, account, form=form, problems=(Problem(field, says),))


def take_disable(request: Request, desk: Desk, viewer: Viewer) -> Response:
    """Two ticks where nobody else has one of the roles: a school without its head decides nothing."""
    form, account = sent(request, "sure_disable", "sure_last"), _subject(request, desk, viewer)
    if form.text("sure_disable") != "yes":
        return _unsure(request, desk, viewer, account, "sure_disable")
    if form.text("sure_last") != "yes" and (alone := _alone_in(desk, viewer, account, account.roles)):
        return _last_page(request, desk, viewer, account, form, "sure_last", alone)
    answer = desk.sign_in.disable(viewer, account.id, visit_of(request).now)
    if isinstance(answer, NotDone):
        return _not_done(request, desk, viewer, form, answer.why)
    return go(f"{PATH}/{account.id}", "disabled_now")


def _unsure(request: Request, desk: Desk, viewer: Viewer, account: Account, field: str) -> Response:
    problem = Problem(field, speaker(request, ACCOUNT_WORDS)("tick_sure"))
    return _account_page(request, desk, viewer, account, problems=(problem,))


def take_reset(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form, account = sent(request, "sure_reset"), _subject(request, desk, viewer)
    if form.text("sure_reset") != "yes":
        return _unsure(request, desk, viewer, account, "sure_reset")
    answer = desk.sign_in.reset(viewer, account.id, visit_of(request).now)
    if isinstance(answer, NotDone):
        return _not_done(request, desk, viewer, form, answer.why)
    return _link_page(request, desk, answer)


def take_invite_again(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form, account = sent(request), _subject(request, desk, viewer)
    answer = desk.sign_in.invite_again(viewer, account.id, visit_of(request).now)
    if isinstance(answer, NotDone):
        return _not_done(request, desk, viewer, form, answer.why)
    return _link_page(request, desk, answer)


def take_end_sessions(request: Request, desk: Desk, viewer: Viewer) -> Response:
    form, account = sent(request), _subject(request, desk, viewer)
    answer = desk.sign_in.end_all(viewer, account.id, visit_of(request).now)
    if isinstance(answer, NotDone):
        return _not_done(request, desk, viewer, form, answer.why)
    return go(f"{PATH}/{account.id}", "sessions_over")
