"""What no browser sends, or sends so slowly that the world has changed meanwhile (ASVS V2, V4, V7)."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest

from desk import passwords
from desk.sign_in_port import Done, Session
from desk.web import build_app
from desk.web.context import Site
from desk.web.cookies import SESSION
from flows.home import Home
from mentionwatch.accounts import DeskRole, Viewer
from tests.desk.clocked import NOON, PASSWORD, Clock
from tests.desk.clocked import clock as clock
from tests.desk.clocked import desk as desk
from tests.desk.signed_in import Running, csrf_in, make_session, serving
from tests.desk.test_attacks import person
from tests.desk.test_guard import FORM_TYPE, few_records
from warehouse import accounts_file

ADMIN = Viewer("an admin", "Admin", frozenset({DeskRole.ADMIN}), "en")


# --- a form that comes slowly -------------------------------------------------------------------------


@pytest.fixture
def is_known(desk: Running, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set whenever the desk has looked up whose a request is."""
    looked, look = threading.Event(), desk.gate.session_of

    def session_of(token: str, now: datetime) -> Session | None:
        found = look(token, now)
        looked.set()
        return found

    monkeypatch.setattr(desk.gate, "session_of", session_of)
    return looked


def hide(desk: Running, clock: Clock, viewer: Viewer, token: str) -> None:
    desk.gate.lock(token)


def leave(desk: Running, clock: Clock, viewer: Viewer, token: str) -> None:
    desk.gate.sign_out(token, clock.now)


def disable(desk: Running, clock: Clock, viewer: Viewer, token: str) -> None:
    assert desk.gate.disable(ADMIN, viewer.account_id, clock.now) == Done()


def wait(desk: Running, clock: Clock, viewer: Viewer, token: str) -> None:
    clock.now += timedelta(hours=13)


@pytest.mark.parametrize("meanwhile", [hide, leave, disable, wait], ids=lambda each: each.__name__)
def test_a_form_that_comes_slowly_is_of_nobody_once_its_session_is_over(
    desk: Running,
    clock: Clock,
    is_known: threading.Event,
    meanwhile: Callable[[Running, Clock, Viewer, str], None],
) -> None:
    """ASVS V7.3.2, V7.4.1, V7.4.2: a form begun before and ended after is no way to act when one may not any more."""
    make_session(desk.gate, clock.now, DeskRole.ADMIN, DeskRole.HEAD)
    viewer, token = make_session(desk.gate, clock.now, DeskRole.HEAD)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        form = urlencode({"csrf": csrf_in(client.get("/account").text), "lang": "cy", "back": "/"}).encode()

        is_known.clear()

        def slowly() -> Iterator[bytes]:
            yield form[:20]
            assert is_known.wait(60)
            meanwhile(desk, clock, viewer, token)
            yield form[20:]

        answer = client.post("/language", content=slowly(), headers=FORM_TYPE)
    assert answer.status_code == 401 and "Nothing was changed" in answer.text
    (account,) = [one for one in desk.gate.accounts(ADMIN) if one.id == viewer.account_id]  # type: ignore[union-attr]
    assert account.lang == "en"


def test_a_form_that_comes_slowly_is_acted_on_with_the_roles_of_its_end(
    desk: Running, clock: Clock, is_known: threading.Event
) -> None:
    """ASVS V8.3.2: a right that was taken away meanwhile opens nothing, on a session that goes on."""
    viewer, token = make_session(desk.gate, clock.now, DeskRole.HEAD, DeskRole.ADMIN)
    made = person(desk, "huw", DeskRole.SLT)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        form = urlencode({"csrf": csrf_in(client.get("/account").text), "sure_reset": "yes"}).encode()

        is_known.clear()

        def slowly() -> Iterator[bytes]:
            yield form[:20]
            assert is_known.wait(60)
            with desk.gate.store.change() as hold:
                hold.run("UPDATE accounts SET roles = 'head' WHERE id = ?", viewer.account_id)
            yield form[20:]

        answer = client.post(f"/accounts/{made.account.id}/reset", content=slowly(), headers=FORM_TYPE)
    assert answer.status_code == 404 and "/join?key=" not in answer.text


# --- what is no address, no form, no file of accounts ---------------------------------------------------


@pytest.mark.parametrize("target", ["http://HOST/alive", "http://evil.example/alive", "alive", "*", "?to=/"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_what_is_no_path_is_refused_in_a_line_and_is_no_crash(
    desk: Running, method: str, target: str
) -> None:
    """ASVS V4.1.1, V16.5.1: as one asks a proxy, and worse: no stranger fills the log of crashes."""
    host = f"127.0.0.1:{desk.site.port}"
    with socket.create_connection(("127.0.0.1", desk.site.port), timeout=60) as line:
        line.sendall(
            f"{method} {target.replace('HOST', host)} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\n\r\n".encode()
        )
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ") and b"content-security-policy: default-src 'none'" in answer
    assert desk.crashes == []


@pytest.mark.parametrize("length", ["Content-Length: 100", "Transfer-Encoding: chunked"])
def test_who_hangs_up_over_a_form_is_no_crash(desk: Running, length: str) -> None:
    """ASVS V16.3.4: a browser that was closed is nothing unexpected; no stranger fills the log of what is."""
    port = desk.site.port
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: same-origin\r\n{length}\r\n"
    for _ in range(3):
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(f"{head}Content-Type: application/x-www-form-urlencoded\r\n\r\n3\r\na=b".encode())
    with desk.visitor() as client:
        # What came before on the same loop has been dealt with.
        for _ in range(20):
            assert client.get("/sign-in").status_code == 200
    assert desk.crashes == []


@pytest.mark.parametrize("charset", ["undefined", "punycode", "utf-16", "unicode_escape", "UTF-8"])
def test_no_sender_of_files_chooses_how_our_fields_are_read(desk: Running, charset: str) -> None:
    """ASVS V1.1.1, V4.1: the desk's forms are UTF-8; another word on it is no form of ours, and no crash."""
    _, token = make_session(desk.gate, NOON, DeskRole.HEAD)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        csrf = csrf_in(client.get("/account").text)
        body = f'--b\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{csrf}\r\n--b--\r\n'.encode()
        kind = {"Content-Type": f'multipart/form-data; boundary=b; Charset="{charset}"'}
        assert client.post("/report/post", content=body, headers=kind).status_code == 415
    assert desk.crashes == []


def test_while_the_accounts_themselves_are_in_use_the_desk_says_so(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS V16.5.2: a backup that holds the file too long is no unexpected error, whoever comes."""
    monkeypatch.setattr(accounts_file, "_WAIT_S", 0.05)
    _, token = make_session(desk.gate, NOON, DeskRole.HEAD)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        other = sqlite3.connect(desk.gate.store.path, isolation_level=None)
        try:
            other.execute("BEGIN EXCLUSIVE")
            answer = client.get("/account")
        finally:
            other.close()
        assert answer.status_code == 503 and "<html" in answer.text
        assert client.get("/account").status_code == 200
    assert desk.crashes == []


def test_a_stranger_has_no_password_hashed_for_the_first_account(
    desk: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ASVS V2.4.1, V15.2.2, V6.3.2: without the printed key the page of the first account is not there, by POST either."""
    worked: list[str] = []
    really = passwords.hash_password

    def count(password: str) -> str:
        worked.append(password)
        return really(password)

    monkeypatch.setattr("flows.accounts_signing.hash_password", count)
    fields = {"key": "guess", "shown_as": "Mari", "login": "mari", "email": "", "password": PASSWORD, "lang": "en"}  # fmt: skip
    with desk.visitor() as client:
        csrf = csrf_in(client.get("/sign-in").text)
        for again in (PASSWORD, "another"):
            answer = client.post("/first", data={"csrf": csrf, **fields, "again": again})
            assert answer.status_code == 403 and 'name="password"' not in answer.text
        assert worked == []
        key = desk.gate.first_key(NOON)
        assert key
        made = client.post("/first", data={"csrf": csrf, **fields, "key": key, "again": PASSWORD})
    assert made.status_code == 303 and worked == [PASSWORD]


# --- a proxy that adds lines ----------------------------------------------------------------------------


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Callable[..., int]]:
    """One wrong guess, or only the page, of a desk behind a proxy on this machine; gives the status."""
    with serving(few_records(), Home(tmp_path), lambda: NOON) as running:
        site = Site(frozenset({"https://desk.example"}), 8710, (ip_network("127.0.0.0/24"),))
        app = build_app(replace(running.desk, site=site))

        async def ask(login: str, told: list[tuple[str, str]]) -> int:
            headers = [("Host", "desk.example"), ("Sec-Fetch-Site", "same-origin"), *told]
            transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 4711))
            async with httpx.AsyncClient(transport=transport, base_url="https://desk.example") as web:
                page = await web.get("/sign-in", headers=headers)
                if not login or page.status_code != 200:
                    return page.status_code
                fields = {"csrf": csrf_in(page.text), "login": login, "password": "a long wrong one", "code": "", "to": "/"}  # fmt: skip
                return (await web.post("/sign-in", data=fields, headers=headers)).status_code

        yield lambda login, *told: asyncio.run(ask(login, list(told)))


def test_of_two_lines_the_one_below_is_the_proxys(behind: Callable[..., int]) -> None:
    """ASVS V4.1.3, V15.3.4, V6.3.1: some proxies add a header line and leave the browser's own above it."""
    under_tls = ("X-Forwarded-Proto", "https")
    answers = [
        behind(f"nobody {number}", under_tls, ("X-Forwarded-For", f"198.51.100.{number}"), ("X-Forwarded-For", "203.0.113.9"))
        for number in range(23)
    ]  # fmt: skip
    assert answers[:20] == [422] * 20 and answers[-1] == 429
    assert behind("", under_tls) == 200
    assert behind("", under_tls, ("X-Forwarded-Proto", "http")) == 421


@pytest.mark.parametrize("told", ["198.51.100.{n}:4711", "[2001:db8:{n}::7]:4711", "2001:db8:{n}::7"])
def test_a_proxy_that_names_the_port_too_is_understood(behind: Callable[..., int], told: str) -> None:
    """ASVS V6.3.1: else all the world would be one address, and whoever guesses would keep everybody out."""
    for n in range(23):
        told_now = ("X-Forwarded-For", told.format(n=n))
        assert behind(f"nobody {n}", ("X-Forwarded-Proto", "https"), told_now) == 422
