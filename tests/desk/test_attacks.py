"""What somebody tries who wants in, wants more, or wants to leave something in the logs (ASVS V1, V2, V6, V7, V14, V16)."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from pathlib import Path

import httpx
import pyotp
import pytest

from desk.second_factor import fold_recovery_code, make_recovery_codes, make_secret, typed_secret
from desk.sign_in_port import Invited, NotDone, Person, SignedIn
from desk.web.context import OpenPage, Page
from desk.web.cookies import SESSION
from desk.web.routes import TABLE
from flows.accounts_people import COMMAND_LINE
from flows.home import Home
from mentionwatch.accounts import DeskRole, Viewer
from tests.desk.clocked import NOON, PASSWORD, Clock
from tests.desk.clocked import clock as clock
from tests.desk.clocked import desk as desk
from tests.desk.signed_in import Running, csrf_in, send, serving
from tests.desk.test_guard import few_records
from warehouse.accounts_factor import offer_factor, take_factor

ADMIN = Viewer("an admin", "Admin", frozenset({DeskRole.ADMIN}), "en")


def person(desk: Running, login: str = "mari", *roles: DeskRole) -> Invited:
    """Somebody with an account and a password."""
    made = desk.gate.add(COMMAND_LINE, Person(login, "Mari Jones", frozenset(roles or {DeskRole.HEAD})), NOON)
    assert isinstance(made, Invited)
    assert isinstance(desk.gate.accept(made.key, PASSWORD, NOON), SignedIn)
    return made


def give_factor(desk: Running, account_id: str) -> tuple[bytes, tuple[str, ...]]:
    """A second factor for an account: its secret and its recovery codes."""
    secret, codes = make_secret(), make_recovery_codes()
    with desk.gate.store.change() as hold:
        offer_factor(hold, account_id, secret)
        take_factor(hold, account_id, 0, [fold_recovery_code(each) for each in codes])
    return secret, codes


def try_in(
    client: httpx.Client, login: str = "mari", password: str = PASSWORD, code: str = ""
) -> httpx.Response:
    return send(client, "/sign-in", "/sign-in", login=login, password=password, code=code, to="/")


def queued(desk: Running) -> str:
    """Everything that waits to go into the audit log, as text."""
    with desk.gate.store.look() as hold:
        return repr(hold.rows("SELECT * FROM outbox"))


def concrete(row: Page | OpenPage) -> str:
    return re.sub(r"\{[^}]+\}", "2026-11-20", row.path)


# --- a second factor, and no way round it -------------------------------------------------------------


def test_of_two_who_come_with_one_recovery_code_one_comes_in(desk: Running) -> None:
    """ASVS V6.5.1, V2.3.4: looked at and used up in one step, over the pages."""
    _, codes = give_factor(desk, person(desk).account.id)
    start, answers = threading.Barrier(3), list[int]()

    def come() -> None:
        with desk.visitor() as client:
            csrf = csrf_in(client.get("/sign-in").text)
            fields = {"csrf": csrf, "login": "mari", "password": PASSWORD, "code": codes[0], "to": "/"}
            start.wait()
            answers.append(client.post("/sign-in", data=fields).status_code)

    threads = [threading.Thread(target=come) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303, 422, 422]


def test_no_address_goes_round_the_second_factor(tmp_path: Path, clock: Clock) -> None:
    """ASVS V6.3.3: with a password alone every row of the table leads to the page that mends it, POST too."""
    with serving(few_records(), Home(tmp_path), clock) as strict, strict.visitor() as client:
        person(strict)
        assert try_in(client).status_code == 303
        csrf = csrf_in(client.get("/account/second-step").text)
        walked = 0
        for row in TABLE:
            if isinstance(row, OpenPage) or row.before_factor:
                continue
            walked += 1
            data = {"csrf": csrf} if row.method == "POST" else None
            answer = client.request(row.method, concrete(row), data=data)
            assert (answer.status_code, answer.headers["location"]) == (303, "/account/second-step"), row.path
        assert walked > 8
        assert {row.path for row in TABLE if isinstance(row, Page) and row.before_factor} == {
            "/account/second-step", "/account/second-step/code", "/language", "/hide",
        }  # fmt: skip


def test_the_code_of_one_account_opens_no_other(desk: Running, clock: Clock) -> None:
    """ASVS V6.3.3, V6.5.1: nor does a recovery code."""
    mine, codes = give_factor(desk, person(desk, "mari").account.id)
    give_factor(desk, person(desk, "huw").account.id)
    clock.now += timedelta(minutes=5)
    code = pyotp.TOTP(typed_secret(mine).replace(" ", "")).at(clock.now)
    with desk.visitor() as client:
        assert try_in(client, "huw", code=code).status_code == 422
        assert try_in(client, "huw", code=codes[0]).status_code == 422
        assert try_in(client, "mari", code=code).status_code == 303


# --- guessing -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "trick",
    [
        {"X-Forwarded-For": "198.51.100.NUMBER"},
        {"X-Real-IP": "198.51.100.NUMBER", "Forwarded": "for=198.51.100.NUMBER"},
        {"Cookie": "mentionwatch_session_1=NUMBER", "User-Agent": "browser NUMBER"},
    ],
    ids=lambda trick: next(iter(trick)),
)
def test_no_header_begins_the_count_of_guesses_anew(desk: Running, trick: dict[str, str]) -> None:
    """ASVS V6.3.1: nobody is a new address for saying so."""
    person(desk)
    with desk.visitor() as client:
        page = client.get("/sign-in")
        cookie = page.headers["set-cookie"].partition(";")[0]
        answers = []
        for number in range(12):
            told = {name: value.replace("NUMBER", str(number)) for name, value in trick.items()}
            told["Cookie"] = f"{cookie}; {told.get('Cookie', 'a=b')}"
            fields = {"csrf": csrf_in(page.text), "login": "mari", "password": f"a long wrong one {number}", "code": "", "to": "/"}  # fmt: skip
            answers.append(client.post("/sign-in", data=fields, headers=told).status_code)
        assert answers[0] == 422 and answers[-1] == 429


def test_one_login_spelt_otherwise_is_one_count(desk: Running) -> None:
    """ASVS V6.3.1: capitals, space around it and full-width letters open no new count."""
    person(desk)
    with desk.visitor() as client:
        spelt = ["mari", "MARI", " mari ", "Mari", "ｍａｒｉ", "mARI"] * 2
        codes = [try_in(client, each, f"a long wrong one {number}").status_code for number, each in enumerate(spelt)]  # fmt: skip
        assert codes[-1] == 429


def test_a_right_sign_in_of_ones_own_forgives_no_guess_at_another(desk: Running) -> None:
    """ASVS V6.3.1: whoever has an account and guesses at the head's is counted as anybody."""
    person(desk, "mari")
    person(desk, "mallory")
    with desk.visitor() as client, desk.visitor() as own:
        codes = []
        for number in range(10):
            codes.append(try_in(client, "mari", f"a long wrong one {number}").status_code)
            try_in(own, "mallory")
            own.cookies.clear()
        assert codes[0] == 422 and codes[-1] == 429


def test_a_password_is_hidden_can_be_pasted_and_is_never_put_back(desk: Running) -> None:
    """ASVS V6.2.6, V6.2.7: on the page of signing in and of one's own account, also when the form comes back."""
    person(desk)
    with desk.visitor() as client:
        pages = [client.get("/sign-in").text, try_in(client, "mari", "a long wrong one").text]
        try_in(client)
        pages += [client.get("/account").text, client.get("/account/second-step").text]
        send(client, "/hide")
        pages.append(client.get("/unlock").text)
    for page in pages:
        fields = re.findall(r"<input[^>]*name=\"[^\"]*(?:password|again)\"[^>]*>", page)
        assert fields and "a long wrong one" not in page
        for each in fields:
            assert 'type="password"' in each and 'value=""' in each
            assert re.search(r'autocomplete="(?:current|new)-password"', each)
            assert int(re.findall(r'maxlength="(\d+)"', each)[0]) >= 128 and "onpaste" not in each


def test_a_password_does_not_run_out(desk: Running, clock: Clock) -> None:
    """ASVS V6.2.10: after five years it opens as on the first day, and asks for no other."""
    person(desk)
    clock.now += timedelta(days=5 * 365)
    with desk.visitor() as client:
        answer = try_in(client)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")


# --- links that open once -----------------------------------------------------------------------------


def join(client: httpx.Client, key: str, password: str = PASSWORD) -> httpx.Response:
    csrf = csrf_in(client.get("/sign-in").text)
    return client.post("/join", data={"csrf": csrf, "key": key, "password": password, "again": password})


def test_a_reset_link_opens_once_and_none_before_it_opens_at_all(desk: Running) -> None:
    """ASVS V6.4.1, V6.4.3: used, overtaken by a newer one, or of an account that is disabled: each says the same."""
    made, _ = person(desk), person(desk, "b.head")
    older = desk.gate.reset(ADMIN, made.account.id, NOON)
    newer = desk.gate.reset(ADMIN, made.account.id, NOON)
    assert isinstance(older, Invited) and isinstance(newer, Invited)
    with desk.visitor() as client, desk.visitor() as thief:
        assert try_in(client).status_code == 422, "a reset takes the old password"
        assert join(thief, older.key).status_code == 403
        assert join(client, newer.key).status_code == 303
        again = join(thief, newer.key, "another long password of mine")
        assert again.status_code == 403
        assert join(thief, made.key).content == again.content
        last = desk.gate.reset(ADMIN, made.account.id, NOON)
        assert isinstance(last, Invited) and not isinstance(desk.gate.disable(ADMIN, made.account.id, NOON), NotDone)  # fmt: skip
        assert join(thief, last.key).status_code == 403
        assert thief.get("/account").status_code == 303


# --- sessions -----------------------------------------------------------------------------------------


def test_the_cookie_of_a_session_is_out_of_reach(desk: Running) -> None:
    """ASVS V3.3.2, V3.3.4, V7.2.3: the cookie a real sign-in gives, not only the one of the form."""
    person(desk)
    with desk.visitor() as client:
        cookies = [each.lower() for each in try_in(client).headers.get_list("set-cookie")]
    (session,) = [each for each in cookies if each.startswith(f"{desk.site.cookie(SESSION)}=")]
    assert {"httponly", "samesite=strict", "path=/"} <= set(session.split("; "))
    assert len(session.partition("=")[2].partition(";")[0]) >= 40
    assert not re.search(r"domain|expires|max-age", session)


def test_behind_a_hidden_page_no_address_shows_or_changes_anything(desk: Running) -> None:
    """Quick hide holds for every row of the table, by GET and by POST, with the token the session had before."""
    person(desk)
    with desk.visitor() as client:
        try_in(client)
        csrf = csrf_in(client.get("/account").text)
        assert send(client, "/hide").headers["location"] == "/hidden"
        for row in TABLE:
            if isinstance(row, OpenPage):
                continue
            if row.method == "POST":
                answer = client.post(concrete(row), data={"csrf": csrf, "lang": "cy", "wants_mail": "yes"})
                assert answer.status_code == 401, row.path
            else:
                answer = client.get(concrete(row))
                assert (answer.status_code, answer.headers["location"]) == (303, "/hidden"), row.path
            assert "Mari" not in answer.text


def test_a_new_sign_in_ends_a_hidden_session_of_this_browser(desk: Running) -> None:
    """ASVS V7.2.4: a colleague signs in where the page was hidden; the hidden session does not live on."""
    person(desk, "mari")
    person(desk, "huw")
    name = desk.site.cookie(SESSION)
    with desk.visitor() as client, desk.visitor() as thief:
        try_in(client, "mari")
        hidden = next(each.value for each in client.cookies.jar if each.name == name)
        assert hidden
        send(client, "/hide")
        assert try_in(client, "huw").status_code == 303
        thief.cookies.set(name, hidden)
        assert thief.get("/unlock").headers.get("location") == "/"
        assert desk.gate.session_of(hidden, NOON) is None


def test_an_invitation_opened_here_ends_the_hidden_session_too(desk: Running) -> None:
    """ASVS V7.2.4: whichever way the colleague comes in."""
    person(desk, "mari")
    made = desk.gate.add(COMMAND_LINE, Person("huw", "Huw", frozenset({DeskRole.SLT})), NOON)
    assert isinstance(made, Invited)
    with desk.visitor() as client:
        try_in(client, "mari")
        hidden = next(each.value for each in client.cookies.jar if each.name == desk.site.cookie(SESSION))
        assert hidden
        send(client, "/hide")
        assert join(client, made.key).status_code == 303
        assert desk.gate.session_of(hidden, NOON) is None


def test_the_token_of_a_form_ends_with_its_session(desk: Running) -> None:
    """ASVS V3.5.1: signed in anew, what a page held before is refused."""
    person(desk)
    with desk.visitor() as client:
        try_in(client)
        old = csrf_in(client.get("/account").text)
        send(client, "/sign-out")
        client.cookies.clear()
        try_in(client)
        assert client.post("/language", data={"csrf": old, "lang": "cy", "back": "/"}).status_code == 403


# --- logs, names, addresses ---------------------------------------------------------------------------

BROKEN = ("a\nb", "a\r\nSet-Cookie: x=y", "a\x1b[31mb", "a\u2028b", "a\u202eb", "a\x85b")


@pytest.mark.parametrize("line", BROKEN)
def test_no_line_is_put_into_a_log_by_a_login(
    desk: Running, line: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """ASVS V16.4.1, V16.2.5: what a stranger types as a login, password or code is in no log at all."""
    person(desk)
    with desk.visitor() as client:
        assert try_in(client, f"evil{line}", f"evil{line}", f"evil{line}").status_code == 422
        client.get(f"/sign-in?to=/evil{httpx.QueryParams({'a': line})}")
        client.get("/evil", headers={"User-Agent": "evil", "Referer": "https://evil.example/"})
    assert "evil" not in queued(desk) + "".join(capfd.readouterr())
    assert not [each for each in desk.home.folder.rglob("*.log") if "evil" in each.read_text("utf-8")]
    assert desk.crashes == []


@pytest.mark.parametrize("line", BROKEN)
def test_no_name_login_or_address_of_an_account_holds_a_line_end(desk: Running, line: str) -> None:
    """ASVS V1.3.11, V16.4.1: they go into pages, and an address into the head of an e-mail."""
    for bad in (
        Person(f"mari{line}", "Mari", frozenset({DeskRole.HEAD})),
        Person("mari", f"Mari{line}", frozenset({DeskRole.HEAD})),
        Person("mari", "Mari", frozenset({DeskRole.HEAD}), "en", f"mari{line}@school.example"),
    ):
        assert isinstance(desk.gate.add(COMMAND_LINE, bad, NOON), NotDone)


def test_every_page_answers_head_as_get_without_its_body(desk: Running) -> None:
    """ASVS V4.1.1, V13.4.4: HEAD is no way round a guard; every answer says what it is made of."""
    with desk.visitor() as client:
        for row in TABLE:
            if row.method == "GET":
                get, head = (client.request(how, concrete(row)) for how in ("GET", "HEAD"))
                assert (head.status_code, head.content) == (get.status_code, b""), row.path
                assert get.status_code == 303 or re.search("charset=utf-8", get.headers["content-type"]), (
                    row.path
                )
