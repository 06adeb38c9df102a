"""Looking after accounts at the desk: the link once, nobody raises themselves, the last of a role not lost by mistake."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest

from desk.account_words import ACCOUNT_WORDS
from desk.web.cookies import SESSION
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import Account, DeskRole, Viewer
from tests.desk.signed_in import Running, csrf_in, make_session, serving, sign_in
from tests.incidents.homes import make_desk
from warehouse import accounts as rows

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
Fields = Mapping[str, str | list[str]]
NEW: Fields = {
    "shown_as": "Carys Lloyd",
    "login": "carys@school.example",
    "email": "",
    "lang": "cy",
    "roles": ["office"],
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("accounts") / "home")
    make_desk(made.folder)
    return made


@pytest.fixture
def desk(home: Home) -> Iterator[Running]:
    school, pack = read_school(home)
    for path in Path(home.folder, "keys").glob("accounts.sqlite*"):
        path.unlink()
    with serving(HomeRecords(home, SchoolNow(home, school, pack)), home, clock=lambda: NOW) as made:
        yield made


@pytest.fixture
def admin(desk: Running) -> Iterator[tuple[Viewer, httpx.Client]]:
    viewer, token = make_session(desk.gate, NOW, DeskRole.ADMIN)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        yield viewer, client


Admin = tuple[Viewer, httpx.Client]


def account_of(desk: Running, id_: str) -> Account:
    with desk.gate.store.look() as hold:
        found = rows.find_account(hold, id_)
    assert found is not None
    return found


def told(desk: Running) -> list[tuple[str, str]]:
    """What waits for the audit log: verb and actor."""
    with desk.gate.store.look() as hold:
        return [(one.event.verb, one.event.actor) for one in rows.waiting_audit(hold)]


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]*)"', page)
    assert found
    return unescape(found[1])


def send(
    client: httpx.Client, path: str, fields: Fields | None = None, **more: str | list[str]
) -> httpx.Response:
    """A form sent as a browser does, with a token of the desk's own page."""
    csrf = csrf_in(client.get("/account").text)
    return client.post(path, data={"csrf": csrf, **(fields or {}), **more})


def change(
    client: httpx.Client, id_: str, what: str, given: Fields | None = None, **more: str | list[str]
) -> httpx.Response:
    where, fields = f"/accounts/{id_}", {**(given or {}), **more}
    if what in ("person", "roles"):
        fields = {"seen": seen_in(client.get(where).text), **fields}
    return send(client, f"{where}/{what}", fields)


def link_in(page: str) -> str:
    found = re.search(r"(/join\?key=[^<\s]+)", unescape(page))
    assert found, "the page shows the link"
    return found[1]


def test_an_invitation_is_shown_once_and_opens_once(desk: Running, admin: Admin) -> None:
    """ASVS V6.4.1: done; the link stands in the answer, in no address and on no page afterwards."""
    viewer, client = admin
    answer = send(client, "/accounts/new", NEW)
    assert answer.status_code == 200
    link = link_in(answer.text)
    assert desk.base + link in unescape(answer.text)
    accounts = desk.gate.accounts(viewer)
    assert isinstance(accounts, tuple)
    (made,) = [one for one in accounts if one.login == NEW["login"]]
    assert made.roles == {DeskRole.OFFICE} and made.lang == "cy"
    for path in ("/accounts", f"/accounts/{made.id}", "/accounts/new"):
        assert link not in unescape(client.get(path).text)
    assert ("account_invited", viewer.account_id) in told(desk)
    with desk.visitor() as invited:
        assert invited.get(link).status_code == 200
        again = invited.get(link)
        key = link.partition("key=")[2]
        password = "five words nobody guesses here"
        joined = invited.post("/join", data={"csrf": csrf_in(again.text), "key": key, "password": password, "again": password})  # fmt: skip
        assert joined.status_code == 303
    with desk.visitor() as late:
        assert late.get(link).status_code == 403


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_what_is_wrong_with_an_invitation_is_said_at_its_field(desk: Running, lang: str) -> None:
    """Refused: nothing is made, what was typed stays."""
    with sign_in(desk, DeskRole.ADMIN, lang=lang) as client:
        wrong: tuple[tuple[Fields, str], ...] = (
            ({"shown_as": ""}, "shown_as"), ({"login": "two words"}, "login"), ({"email": "none"}, "email"),
            ({"roles": []}, "roles"), ({"login": ""}, "login"),
        )  # fmt: skip
        for changed, field in wrong:
            answer = send(client, "/accounts/new", {**NEW, **changed})
            assert answer.status_code == 422 and f'href="#{field}"' in answer.text
            assert "Carys Lloyd" in answer.text or field == "shown_as"
        assert send(client, "/accounts/new", NEW).status_code == 200
        taken = send(client, "/accounts/new", NEW)
        assert taken.status_code == 422 and 'href="#login"' in taken.text


def test_no_field_but_those_of_the_form_is_taken(desk: Running, admin: Admin) -> None:
    """ASVS V15.3.3: no mass assignment; no role there is not."""
    _, client = admin
    for extra in ("id", "is_active", "reads_first", "password"):
        assert send(client, "/accounts/new", {**NEW, extra: "yes"}).status_code == 400
    assert send(client, "/accounts/new", {**NEW, "roles": ["pipeline"]}).status_code == 400
    other, _ = make_session(desk.gate, NOW, DeskRole.OFFICE)
    assert change(client, other.account_id, "person", shown_as="A", email="", lang="en", roles="admin").status_code == 400  # fmt: skip
    assert account_of(desk, other.account_id).roles == {DeskRole.OFFICE}


def test_roles_change_end_the_sessions_and_are_audited(desk: Running, admin: Admin) -> None:
    """ASVS V7.4.5."""
    viewer, client = admin
    other, token = make_session(desk.gate, NOW, DeskRole.OFFICE)
    make_session(desk.gate, NOW, DeskRole.OFFICE)
    done = change(client, other.account_id, "roles", roles=["dsl", "reviewer"])
    assert (done.status_code, done.headers["location"]) == (
        303,
        f"/accounts/{other.account_id}?said=roles_changed",
    )
    assert ACCOUNT_WORDS["roles_changed"][0] in client.get(done.headers["location"]).text
    assert account_of(desk, other.account_id).roles == {DeskRole.DSL, DeskRole.REVIEWER}
    assert desk.gate.session_of(token, NOW) is None
    assert ("roles_changed", viewer.account_id) in told(desk)


def test_the_last_of_a_role_is_not_taken_away_by_mistake(desk: Running, admin: Admin) -> None:
    """A school without its head decides nothing: said in words, and done only with a tick."""
    _, client = admin
    head, _ = make_session(desk.gate, NOW, DeskRole.HEAD)
    refused = change(client, head.account_id, "roles", roles=["office"])
    assert refused.status_code == 422 and "Nobody else is: head" in refused.text
    refused = change(client, head.account_id, "disable", sure_disable="yes")
    assert refused.status_code == 422 and 'href="#sure_last"' in refused.text
    assert change(client, head.account_id, "disable").status_code == 422
    assert account_of(desk, head.account_id).is_active
    assert account_of(desk, head.account_id).roles == {DeskRole.HEAD}
    make_session(desk.gate, NOW, DeskRole.HEAD)
    assert change(client, head.account_id, "disable", sure_disable="yes").status_code == 303
    assert not account_of(desk, head.account_id).is_active


def test_nobody_changes_their_own_roles_or_shuts_themselves_out(desk: Running, admin: Admin) -> None:
    """The last administrator stays; where there is only one, the page says what to do."""
    viewer, client = admin
    page = unescape(client.get(f"/accounts/{viewer.account_id}").text)
    assert ACCOUNT_WORDS["own_roles"][0] in page and ACCOUNT_WORDS["only_admin"][0] in page
    assert 'action="/accounts/' + viewer.account_id + '/roles"' not in page
    make_session(desk.gate, NOW, DeskRole.ADMIN)
    assert ACCOUNT_WORDS["only_admin"][0] not in unescape(client.get(f"/accounts/{viewer.account_id}").text)
    tries: tuple[tuple[str, Fields], ...] = (
        ("roles", {"roles": ["head", "admin"]}), ("disable", {"sure_disable": "yes", "sure_last": "yes"}),
        ("reset", {"sure_reset": "yes"}),
    )  # fmt: skip
    for what, fields in tries:
        assert change(client, viewer.account_id, what, fields).status_code == 422
    assert account_of(desk, viewer.account_id).roles == {DeskRole.ADMIN}


def test_the_last_administrator_stays_whatever_is_ticked(desk: Running, admin: Admin) -> None:
    """Also for a session whose own account stopped being one a moment ago."""
    viewer, _ = admin
    answer = desk.gate.change_roles(
        Viewer("command-line", "", frozenset({DeskRole.ADMIN}), "en"), viewer.account_id,
        frozenset({DeskRole.OFFICE}), NOW,
    )  # fmt: skip
    assert getattr(answer, "why", None) == "last_admin"


def test_who_comes_second_is_told_and_changes_nothing(desk: Running, admin: Admin) -> None:
    """Overtaken: 409; the form shows the account as it is now (ASVS V2.3.4)."""
    viewer, client = admin
    other, _ = make_session(desk.gate, NOW, DeskRole.OFFICE)
    make_session(desk.gate, NOW, DeskRole.OFFICE)
    seen = seen_in(client.get(f"/accounts/{other.account_id}").text)
    desk.gate.change_roles(viewer, other.account_id, frozenset({DeskRole.REVIEWER}), NOW)
    late = send(client, f"/accounts/{other.account_id}/roles", seen=seen, roles=["admin"])
    assert late.status_code == 409
    assert ACCOUNT_WORDS["changed_meanwhile"][0] in late.text
    assert account_of(desk, other.account_id).roles == {DeskRole.REVIEWER}
    person = {"shown_as": "A", "email": "", "lang": "en"}
    assert send(client, f"/accounts/{other.account_id}/person", person, seen=seen).status_code == 409


def test_beginning_an_account_anew_takes_what_it_had(desk: Running, admin: Admin) -> None:
    """Password, second factor and sessions go; the link is shown once; also for a disabled account."""
    viewer, client = admin
    other, token = make_session(desk.gate, NOW, DeskRole.OFFICE)
    assert change(client, other.account_id, "reset").status_code == 422, "not without a tick"
    answer = change(client, other.account_id, "reset", sure_reset="yes")
    assert answer.status_code == 200
    link_in(answer.text)
    assert desk.gate.session_of(token, NOW) is None
    assert ("account_reset", viewer.account_id) in told(desk)
    again = change(client, other.account_id, "invite")
    assert link_in(again.text) != link_in(answer.text)


def test_sessions_end_and_a_name_and_language_change(desk: Running, admin: Admin) -> None:
    viewer, client = admin
    other, token = make_session(desk.gate, NOW, DeskRole.OFFICE)
    done = change(client, other.account_id, "person", shown_as="Mari Huws", email="", lang="cy")
    assert done.status_code == 303
    assert account_of(desk, other.account_id).shown_as == "Mari Huws"
    assert account_of(desk, other.account_id).lang == "cy"
    assert desk.gate.session_of(token, NOW) is not None
    assert change(client, other.account_id, "end-sessions").status_code == 303
    assert desk.gate.session_of(token, NOW) is None
    assert [verb for verb, actor in told(desk) if actor == viewer.account_id] == [
        "account_changed", "sessions_ended",
    ]  # fmt: skip


def test_whoever_has_joined_is_begun_anew_and_not_invited_again(desk: Running, admin: Admin) -> None:
    _, client = admin
    other, _ = make_session(desk.gate, NOW, DeskRole.OFFICE)
    with desk.gate.store.change() as hold:
        rows.set_password(hold, other.account_id, "$argon2id$x")
    answer = change(client, other.account_id, "invite")
    assert answer.status_code == 422 and "/join?key=" not in answer.text


@pytest.mark.parametrize("role", [role for role in DeskRole if role is not DeskRole.ADMIN])
def test_who_may_not_look_after_accounts_finds_nothing_and_changes_nothing(
    desk: Running, admin: Admin, role: DeskRole
) -> None:
    """ASVS V8.2.1: wrong role: 404 for reading and for writing."""
    viewer, _ = admin
    with sign_in(desk, role) as client:
        for path in ("/accounts", "/accounts/new", f"/accounts/{viewer.account_id}"):
            assert client.get(path).status_code == 404
        assert send(client, "/accounts/new", NEW).status_code == 404
        for what in ("person", "roles", "disable", "reset", "invite", "end-sessions"):
            assert send(client, f"/accounts/{viewer.account_id}/{what}").status_code == 404


def test_no_such_account_and_no_token(desk: Running, admin: Admin) -> None:
    """ASVS V3.5.1."""
    viewer, client = admin
    assert client.get("/accounts/nobody").status_code == 404
    assert send(client, "/accounts/nobody/disable", sure_disable="yes").status_code == 404
    for path in ("new", *(f"{viewer.account_id}/{one}" for one in ("person", "roles", "disable", "reset", "invite", "end-sessions"))):  # fmt: skip
        assert client.post(f"/accounts/{path}", data={"shown_as": "x"}).status_code == 403


def test_hostile_names_stay_words(desk: Running, admin: Admin) -> None:
    _, client = admin
    evil = "<script>alert(1)</script>{{7*7}}"
    assert send(client, "/accounts/new", {**NEW, "shown_as": evil}).status_code == 200
    page = client.get("/accounts").text
    assert "<script" not in page and "{{7*7}}" in page


def test_a_status_line_that_is_none_of_the_page_is_not_shown(admin: Admin) -> None:
    viewer, client = admin
    assert 'role="status"' not in client.get(f"/accounts/{viewer.account_id}?said=signed_out").text
