"""A head's word on given roles, at the desk: shown on the start page, asked with a tick, told to nobody it does not concern (ADR 0031)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx
import pytest

from desk.role_words import ROLE_WORDS
from desk.sign_in_port import Invited, Person
from desk.web.cookies import SESSION
from flows.accounts_people import COMMAND_LINE
from flows.home import Home
from mentionwatch.accounts import DeskRole, Viewer
from tests.desk.signed_in import Running, make_session, send, serving, sign_in
from tests.desk.test_guard import few_records
from warehouse import accounts as rows
from warehouse.accounts_sessions import start_session

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
R = DeskRole


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Running]:
    with serving(few_records(), Home(tmp_path), clock=lambda: NOW) as made:
        yield made


def come_in(desk: Running, account_id: str) -> None:
    """The person chose a password: how it is hashed is tested elsewhere."""
    with desk.gate.store.change() as hold:
        rows.set_password(hold, account_id, "kept")


def client_of(desk: Running, *roles: DeskRole, joined: bool = True) -> tuple[Viewer, httpx.Client]:
    viewer, token = make_session(desk.gate, NOW, *roles)
    if joined:
        come_in(desk, viewer.account_id)
    client = desk.visitor()
    client.cookies.set(desk.site.cookie(SESSION), token)
    return viewer, client


def invite(desk: Running, by: Viewer, *roles: DeskRole, name: str = "Eirlys Owen") -> str:
    made = desk.gate.add(by, Person("eirlys@school.example", name, frozenset(roles)), NOW)
    assert isinstance(made, Invited)
    return made.account.id


def test_a_head_is_told_on_the_start_page_and_confirms_after_asking(desk: Running) -> None:
    """Invited by an administrator at the desk, come in, asked, confirmed: four acts of three people."""
    _, head = client_of(desk, R.HEAD)
    admin, _ = client_of(desk, R.ADMIN)
    with head:
        assert "/roles" not in head.get("/").text
        lead = invite(desk, admin, R.DSL, R.OFFICE)
        assert ROLE_WORDS["roles_to_see"][0].format(n=2) in unescape(head.get("/").text)
        page = head.get("/roles").text
        assert "Eirlys Owen" in page and ROLE_WORDS["role_waits"][0].capitalize() in page
        sent = {"account": lead, "role": "dsl", "word": "confirm"}
        assert ROLE_WORDS["tick_asked"][0] in send(head, "/roles", **sent).text
        early = send(head, "/roles", **sent, asked="yes")
        assert early.status_code == 422 and ROLE_WORDS["joined_first"][0] in early.text
        come_in(desk, lead)
        done = send(head, "/roles", **sent, asked="yes")
        assert done.status_code == 303 and done.headers["location"] == "/roles?said=role_confirmed"
        seen = send(head, "/roles", account=lead, role="office", word="confirm")
        assert seen.status_code == 303
        assert ROLE_WORDS["none_given_yet"][0] in head.get("/roles").text
    with desk.gate.store.look() as hold:
        found = rows.find_account(hold, lead)
    assert found is not None and found.roles == {R.DSL, R.OFFICE}


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_who_waits_is_told_so_and_opens_nothing(desk: Running, lang: str) -> None:
    """ASVS V8.2.1: an account whose only role waits has its own page, the way out, and nothing else."""
    client_of(desk, R.HEAD)
    admin, _ = client_of(desk, R.ADMIN)
    viewer, client = client_of(desk, joined=False)
    assert type(desk.gate.change_roles(admin, viewer.account_id, frozenset({R.DSL}), NOW)).__name__ == "Done"
    with desk.gate.store.change() as hold:
        token = start_session(hold, viewer.account_id, NOW, is_strong=True)
    with client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        send(client, "/language", lang=lang, back="/")
        page = unescape(client.get("/").text)
        begins = ROLE_WORDS["your_role_waits"][lang == "cy"].partition("{roles}")[0]
        assert begins in page and "/sign-out" in page
        assert client.get("/account").status_code == 200
        for path in (
            "/incidents",
            "/mentions",
            "/figures",
            "/audit",
            "/accounts",
            "/roles",
            "/sources",
            "/report",
        ):
            assert client.get(path).status_code == 404, path


def test_who_has_no_word_finds_nothing_and_changes_nothing(desk: Running) -> None:
    """The administrator who gave it, a deputy, the lead themselves; the chair of what an administrator gave."""
    client_of(desk, R.HEAD)
    admin, giver = client_of(desk, R.ADMIN)
    lead = invite(desk, admin, R.DSL)
    come_in(desk, lead)
    _, deputy = client_of(desk, R.DEPUTY)
    _, chair = client_of(desk, R.CHAIR)
    for client in (giver, deputy, chair):
        with client:
            answer = send(client, "/roles", account=lead, role="dsl", word="confirm", asked="yes")
            assert answer.status_code == 404
            assert "Eirlys" not in client.get("/roles").text
    assert desk.gate.waiting_roles(lead) == {R.DSL}


def test_a_head_takes_away_what_should_not_be_and_hostile_names_stay_words(desk: Running) -> None:
    _, head = client_of(desk, R.HEAD)
    lead = invite(desk, COMMAND_LINE, R.DEPUTY, name="<b>Eirlys</b> {{7*7}}")
    with head:
        page = head.get("/roles").text
        assert "<b>" not in page and "{{7*7}}" in page and ROLE_WORDS["at_machine"][0] in page
        assert send(head, "/roles", account=lead, role="deputy", word="perhaps").status_code == 400
        assert send(head, "/roles", account=lead, role="head", word="decline").status_code == 404
        assert send(head, "/roles", account=lead, role="deputy", word="decline").status_code == 303
    with desk.gate.store.look() as hold:
        found = rows.find_account(hold, lead)
    assert found is not None and found.roles == frozenset()


def test_the_administrator_sees_what_waits(desk: Running) -> None:
    client_of(desk, R.HEAD)
    admin, client = client_of(desk, R.ADMIN)
    lead = invite(desk, admin, R.DSL)
    with client:
        page = unescape(client.get(f"/accounts/{lead}").text)
    assert "Waits for a head to confirm it" in page


def test_every_word_is_there_in_both_languages() -> None:
    for key, (english, welsh) in ROLE_WORDS.items():
        assert english and welsh and english != welsh, key
        assert english.count("{") == welsh.count("{")


def test_without_the_right_there_is_no_such_page(desk: Running) -> None:
    for role in set(DeskRole) - {R.HEAD, R.CO_HEAD, R.CHAIR}:
        with sign_in(desk, role) as client:
            assert client.get("/roles").status_code == 404
