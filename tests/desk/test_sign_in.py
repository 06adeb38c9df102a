"""Signing in and out as people do, on the running desk: passwords, links, the hidden page, one's own account (ASVS V6, V7)."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from pathlib import Path

import httpx
import pyotp
import pytest

from desk.frame_words import FRAME_WORDS
from desk.sign_in_port import Invited, Person, SignedIn, WhyNot
from desk.sign_in_words import DESK_ROLES, NOT_DONE, SIGN_IN_WORDS
from desk.web.cookies import SESSION
from desk.words import LANGUAGES, WORDS
from flows.accounts import Gate
from flows.accounts_people import COMMAND_LINE
from flows.home import Home
from mentionwatch.accounts import DeskRole
from tests.desk.clocked import NOON, PASSWORD, Clock
from tests.desk.clocked import clock as clock
from tests.desk.clocked import desk as desk
from tests.desk.signed_in import Running, csrf_in, send, serving
from tests.desk.test_guard import few_records

OTHER = "seven kites above Nant Gwynant"


def invite(gate: Gate, login: str = "mari", role: DeskRole = DeskRole.DEPUTY) -> Invited:
    made = gate.add(COMMAND_LINE, Person(login, "Mari Jones", frozenset({role})), NOON)
    assert isinstance(made, Invited)
    return made


@pytest.fixture
def person(desk: Running) -> Invited:
    """Somebody with an account and a password."""
    made = invite(desk.gate)
    assert isinstance(desk.gate.accept(made.key, PASSWORD, NOON), SignedIn)
    return made


def try_in(
    client: httpx.Client, password: str = PASSWORD, login: str = "mari", **more: str
) -> httpx.Response:
    fields = {"login": login, "password": password, "code": "", "to": "/", **more}
    return send(client, "/sign-in", "/sign-in", **fields)


@pytest.mark.usefixtures("person")
def test_a_sign_in_leads_back_to_the_page_that_was_asked_for(desk: Running) -> None:
    with desk.visitor() as client:
        asked = client.get("/account?said=saved")
        assert asked.headers["location"] == "/sign-in?to=%2Faccount%3Fsaid%3Dsaved"
        form = client.get(asked.headers["location"]).text
        to = re.findall(r'name="to" value="([^"]+)"', form)[0]
        answer = try_in(client, to=to)
        assert answer.status_code == 303 and answer.headers["location"] == "/account?said=saved"
        assert "Mari Jones" in client.get("/account").text
        assert client.get("/sign-in").status_code == 303, "who is signed in is not asked again"


@pytest.mark.usefixtures("person")
def test_what_was_wrong_is_not_told(desk: Running) -> None:
    """ASVS V6.3.8: an unknown login and a wrong password answer the same page; no password comes back in it."""
    pages = []
    with desk.visitor() as client:
        for login, password in (("mari", "wrong but long enough"), ("nobody", PASSWORD)):
            answer = try_in(client, password, login)
            assert answer.status_code == 422 and password not in answer.text
            assert 'href="#login"' in answer.text and 'aria-invalid="true"' in answer.text
            assert "<title>Error: " in answer.text
            pages.append(answer.text.replace(login, "LOGIN"))
    assert pages[0] == pages[1]


@pytest.mark.usefixtures("person")
def test_empty_fields_are_named(desk: Running) -> None:
    with desk.visitor() as client:
        answer = try_in(client, "", "")
        assert answer.status_code == 422
        for field in ("login", "password"):
            assert f'<a href="#{field}">' in answer.text and f'id="{field}-wrong"' in answer.text


@pytest.mark.usefixtures("person")
def test_whoever_tries_too_often_has_to_wait(desk: Running, clock: Clock) -> None:
    """ASVS V6.3.1: by account and by address; the right password is not looked at meanwhile."""
    with desk.visitor() as client:
        codes = [try_in(client, f"wrong but long {number}").status_code for number in range(12)]
        assert codes[0] == 422 and codes[-1] == 429
        assert try_in(client).status_code == 429
        clock.now += timedelta(days=1)
        assert try_in(client).status_code == 303


@pytest.mark.usefixtures("person")
def test_a_session_that_somebody_set_before_is_not_taken_over(desk: Running) -> None:
    """ASVS V7.2.4, session fixation: signing in gives a new token, and ends the one before."""
    name = desk.site.cookie(SESSION)
    with desk.visitor() as client, desk.visitor() as attacker:
        client.cookies.set(name, "planted")
        assert try_in(client).status_code == 303
        first = _last(client, name)
        assert first != "planted" and len(first) >= 40
        assert try_again(client).status_code == 303
        second = _last(client, name)
        assert second != first
        for old in ("planted", first):
            attacker.cookies.set(name, old)
            assert attacker.get("/account").status_code == 303
            attacker.cookies.clear()


def _last(client: httpx.Client, name: str) -> str:
    found = [each.value for each in client.cookies.jar if each.name == name]
    value = found[-1]
    client.cookies.clear()
    assert value
    client.cookies.set(name, value)
    return value


def try_again(client: httpx.Client) -> httpx.Response:
    """The sign-in form sent by somebody who is signed in already."""
    csrf = csrf_in(client.get("/account").text)
    fields = {"login": "mari", "password": PASSWORD, "code": "", "to": "/"}
    return client.post("/sign-in", data={"csrf": csrf, **fields})


@pytest.mark.usefixtures("person")
def test_signing_out_ends_the_session_on_the_desk_too(desk: Running) -> None:
    """ASVS V7.4.1: the old cookie opens nothing."""
    name = desk.site.cookie(SESSION)
    with desk.visitor() as client:
        try_in(client)
        token = _last(client, name)
        answer = send(client, "/sign-out")
        assert answer.headers["location"] == "/sign-in?said=signed_out"
        assert "You are signed out." in client.get("/sign-in?said=signed_out").text
        client.cookies.set(name, token)
        assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    ("idle", "times", "is_in"),
    [(timedelta(minutes=29), 1, True), (timedelta(minutes=31), 1, False), (timedelta(minutes=29), 24, True), (timedelta(minutes=29), 26, False)],
)  # fmt: skip
@pytest.mark.usefixtures("person")
def test_a_session_ends_by_itself(
    desk: Running, clock: Clock, idle: timedelta, times: int, is_in: bool
) -> None:
    """ASVS V7.3.1, V7.3.2: after half an hour without a page, and twelve hours after it began."""
    with desk.visitor() as client:
        try_in(client)
        for _ in range(times):
            clock.now += idle
            status = client.get("/account").status_code
        assert (status == 200) is is_in


@pytest.mark.usefixtures("person")
def test_a_hidden_page_opens_with_the_password_alone(desk: Running) -> None:
    """Quick hide: nothing of the school in it; no page opens meanwhile; a wrong password leaves it hidden."""
    name = desk.site.cookie(SESSION)
    with desk.visitor() as client:
        try_in(client)
        old = _last(client, name)
        assert 'accesskey="h"' in client.get("/account").text
        assert send(client, "/hide").headers["location"] == "/hidden"
        hidden = client.get("/hidden")
        assert hidden.status_code == 200
        assert not re.search(r"Mari|Ysgol|school|mention", hidden.text.split("</style>")[1])
        for path in ("/", "/account", "/nothing"):
            assert client.get(path).headers["location"] == "/hidden"
        assert send(client, "/unlock", "/unlock", password=OTHER).status_code == 422
        assert client.get("/account").headers["location"] == "/hidden"
        assert send(client, "/unlock", "/unlock", password=PASSWORD).status_code == 303
        assert client.get("/account").status_code == 200
        assert _last(client, name) != old


def test_hidden_pages_mean_nothing_to_a_stranger(desk: Running) -> None:
    with desk.visitor() as client:
        assert client.get("/unlock").headers["location"] == "/"
        assert send(client, "/unlock", "/sign-in", password=PASSWORD).headers["location"] == "/sign-in"


def test_an_invitation_opens_once_and_its_person_chooses_the_password(desk: Running) -> None:
    """ASVS V6.4.1, V6.2.1, V6.2.4: short and common ones are refused, in the person's sight, field by field."""
    made = invite(desk.gate)
    with desk.visitor() as client:
        page = client.get("/join", params={"key": made.key})
        assert page.status_code == 200 and "Mari" not in page.text

        def choose(password: str, again: str = "") -> httpx.Response:
            fields = {"key": made.key, "password": password, "again": again or password}
            return client.post("/join", data={"csrf": csrf_in(page.text), **fields})

        for password, again in (("zq7!x", ""), ("password1234", ""), (PASSWORD, OTHER), ("", "")):
            answer = choose(password, again)
            assert answer.status_code == 422 and "There is a problem" in answer.text
            assert not password or password not in answer.text
        assert choose(PASSWORD).status_code == 303
        assert client.get("/account").status_code == 200
    with desk.visitor() as second:
        assert second.get("/join", params={"key": made.key}).status_code == 403
    assert desk.gate.invited(made.key, NOON) is None


def test_the_first_account_is_made_once(desk: Running) -> None:
    """ASVS V6.3.2: no default account, and nothing opens it but the printed key."""
    key = desk.gate.first_key(NOON)
    assert key
    with desk.visitor() as client:
        assert client.get("/first", params={"key": "guess"}).status_code == 403
        page = client.get("/first", params={"key": key}).text
        assert 'value="head"' in page and 'value="admin"' not in page
        fields = {"key": key, "shown_as": "Mari Jones", "login": "mari", "email": "", "again": PASSWORD, "lang": "cy"}  # fmt: skip

        def make(**more: str) -> httpx.Response:
            return client.post("/first", data={"csrf": csrf_in(page), **fields, **more})

        assert make(password=OTHER).status_code == 422
        assert make(password=PASSWORD, shown_as="").status_code == 422
        assert make(password=PASSWORD, is_active="1").status_code == 400
        assert make(password=PASSWORD, roles="head").status_code == 303
        assert '<html lang="cy">' in client.get("/account").text
    with desk.visitor() as second:
        assert second.get("/first", params={"key": key}).status_code == 403
    assert desk.gate.first_key(NOON) is None


@pytest.mark.usefixtures("person")
def test_a_new_password_asks_for_the_old_one_and_ends_the_other_sessions(desk: Running) -> None:
    """ASVS V6.2.2, V6.2.3, V7.4.3, V7.5.1."""
    with desk.visitor() as client, desk.visitor() as elsewhere:
        try_in(client)
        try_in(elsewhere)

        def change(old: str, new: str, again: str = "") -> httpx.Response:
            fields = {"old_password": old, "new_password": new, "again": again or new}
            return send(client, "/account/password", **fields)

        assert 'href="#old_password"' in change(OTHER, OTHER).text
        assert 'href="#new_password"' in change(PASSWORD, "short").text
        assert 'href="#again"' in change(PASSWORD, OTHER, PASSWORD).text
        assert elsewhere.get("/account").status_code == 200
        assert change(PASSWORD, OTHER).headers["location"] == "/account?said=password_changed"
        assert "Your password has been changed" in client.get("/account?said=password_changed").text
        assert elsewhere.get("/account").status_code == 303


def _key_in(page: str) -> pyotp.TOTP:
    found = re.search(r"<dt>Key</dt><dd><code>([A-Z2-7 ]+)</code>", page)
    assert found
    return pyotp.TOTP(found.group(1).replace(" ", ""))


@pytest.mark.usefixtures("person")
def test_the_second_step_is_set_up_and_then_asked_for(desk: Running, clock: Clock) -> None:
    """ASVS V6.3.3, V6.5.1, V6.5.4: counts once a code was typed; recovery codes once; a code works once."""
    with desk.visitor() as client:
        try_in(client)
        assert send(client, "/account/second-step", password=OTHER).status_code == 422
        page = send(client, "/account/second-step", password=PASSWORD).text
        app = _key_in(page)
        assert "<svg" in page and "style=" not in page.split("</style>")[1]
        sent = {"csrf": csrf_in(page)}
        assert client.post("/account/second-step/code", data=sent | {"code": "12345"}).status_code == 422
        shown = client.post("/account/second-step/code", data=sent | {"code": app.at(clock.now)})
        codes = re.findall(r"<li><code>([^<]+)</code>", shown.text)
        assert shown.status_code == 200 and len(set(codes)) == 10
        assert "Recovery codes left: 10" in client.get("/account").text
    clock.now += timedelta(minutes=1)
    with desk.visitor() as client:
        assert try_in(client).status_code == 422
        assert try_in(client, code=app.at(clock.now)).status_code == 303
    with desk.visitor() as client:
        assert try_in(client, code=app.at(clock.now)).status_code == 422
        assert try_in(client, code=codes[0]).status_code == 303


def test_where_a_second_step_is_asked_for_nothing_opens_before(tmp_path: Path, clock: Clock) -> None:
    """ASVS V6.3.3: signed in with a password alone, a person reaches the page that mends it, and no other."""
    with serving(few_records(), Home(tmp_path), clock) as strict, strict.visitor() as client:
        made = invite(strict.gate)
        assert isinstance(strict.gate.accept(made.key, PASSWORD, NOON), SignedIn)
        assert try_in(client).status_code == 303
        for path in ("/", "/account", "/incidents", "/mentions", "/nothing"):
            assert client.get(path).headers["location"] == "/account/second-step"
        page = client.get("/account/second-step").text
        answer = client.post("/account/wishes", data={"csrf": csrf_in(page), "reads_first": "yes"})
        assert answer.headers["location"] == "/account/second-step"
        page = client.post("/account/second-step", data={"csrf": csrf_in(page), "password": PASSWORD}).text
        code = _key_in(page).at(clock.now)
        client.post("/account/second-step/code", data={"csrf": csrf_in(page), "code": code})
        assert client.get("/account").status_code == 200


@pytest.mark.usefixtures("person")
def test_everywhere_means_everywhere(desk: Running) -> None:
    """ASVS V7.5.2."""
    with desk.visitor() as client, desk.visitor() as elsewhere:
        try_in(client)
        try_in(elsewhere)
        assert send(client, "/account/end-sessions").headers["location"] == "/sign-in?said=signed_out"
        assert [each.get("/account").status_code for each in (client, elsewhere)] == [303, 303]


@pytest.mark.usefixtures("person")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_person_reads_where_they_are_signed_in(desk: Running, clock: Clock, lang: str) -> None:
    """ASVS V7.5.2: each session with its beginning and its last use, this one named; none of anybody else's."""
    invite(desk.gate, "other")
    with desk.visitor() as elsewhere, desk.visitor() as client:
        try_in(elsewhere)
        clock.now = NOON + timedelta(minutes=10)
        try_in(client)
        send(client, "/language", lang=lang, back="/account")
        page = unescape(client.get("/account").text)
    here = SIGN_IN_WORDS["session_here"][lang == "cy"]
    assert page.count(here) == 1
    places = page.split(SIGN_IN_WORDS["sessions_open"][lang == "cy"])[1].split("</ul>")[0]
    first, *others = places.split("<li>")[1:]
    assert "12:10" in first and here in first
    assert len(others) == 2, "the other browser, and the one in which the invitation was taken up"
    assert all("12:00" in each and "12:10" not in each and here not in each for each in others)


def test_without_a_directory_nobody_is_sent_to_one(desk: Running) -> None:
    with desk.visitor() as client:
        assert "openid" not in client.get("/sign-in").text
        assert send(client, "/sign-in/openid", "/sign-in", key="").status_code == 403
        assert client.get("/sign-in/openid/back?state=x&code=y").status_code == 403


@pytest.mark.parametrize(
    ("words", "inside"), [(SIGN_IN_WORDS, FRAME_WORDS), (FRAME_WORDS, WORDS)], ids=["sign-in", "frame"]
)
def test_every_sentence_is_there_in_both_languages(
    words: dict[str, tuple[str, str]], inside: dict[str, tuple[str, str]]
) -> None:
    same = {"english", "welsh"}
    for key, (english, welsh) in words.items():
        assert english and welsh and (english != welsh or key in same), key
        assert sorted(re.findall(r"\{\w+\}", english)) == sorted(re.findall(r"\{\w+\}", welsh)), key
    assert not words.keys() & inside.keys()


def test_every_reason_and_role_has_its_words() -> None:
    assert set(NOT_DONE) == set(WhyNot) and set(DESK_ROLES) == set(DeskRole)
