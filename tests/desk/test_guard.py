"""In front of every page: who may knock, by what name and how, and what every answer carries (ASVS V3, V4, V8, V13)."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from ipaddress import ip_network
from pathlib import Path
from typing import cast

import httpx
import pytest

from desk.digest import Digest, IncidentLine, compose
from desk.pages import IncidentPage, MentionPage, MentionQuery, Records
from desk.start import StartPage
from desk.web import build_app
from desk.web.context import OpenPage, Page, Site
from desk.web.cookies import FORM, SESSION
from desk.web.forms import MOST_FORM, MOST_UPLOAD
from desk.web.paths import START, own_path
from desk.web.routes import TABLE
from flows.home import Home
from mentionwatch.accounts import RIGHTS, DeskRole, Viewer
from mentionwatch.errors import Retriable
from tests.desk.signed_in import Running, csrf_in, make_session, send, serving, sign_in

OPEN = {
    "/alive", "/first", "/hidden", "/join", "/sign-in", "/sign-in/openid", "/sign-in/openid/back", "/sign-out", "/unlock",
}  # fmt: skip
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


class Few:
    """One day; a list of incidents that breaks; a digest that is in use. Other pages have tests of their own."""

    def start(self, viewer: Viewer, lang: str, at: datetime) -> StartPage:
        quiet = compose("", at.date(), None, (), (), "", pack_is_stale=False, pack_is_undated=False)
        return StartPage(quiet, (), (), (), (), (), (), has_more=False, at=at)

    def days(self, viewer: Viewer) -> tuple[date, ...]:
        return (date(2026, 11, 20),)

    def digest(self, viewer: Viewer, day: date, lang: str) -> Digest:
        raise Retriable("in use")

    def incidents(self, viewer: Viewer, lang: str) -> tuple[IncidentLine, ...]:
        raise ZeroDivisionError("a post's words")

    def incident(self, viewer: Viewer, id_: str, lang: str) -> IncidentPage | None:
        return None

    def mentions(self, viewer: Viewer, wanted: MentionQuery) -> MentionPage:
        return MentionPage((), (), False)


def few_records() -> Records:
    """As the desk asks for them; what is not there is asked by no test that uses it."""
    return cast(Records, Few())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(few_records(), Home(tmp_path_factory.mktemp("guard"))) as running:
        yield running


def _path(row: Page | OpenPage) -> str:
    return re.sub(r"\{[^}]+\}", "2026-11-20", row.path)


def test_only_these_pages_need_no_session() -> None:
    """ASVS V8.2.1: a page somebody adds is closed unless it is named here."""
    assert {row.path for row in TABLE if isinstance(row, OpenPage)} == OPEN
    assert len({(row.path, row.method) for row in TABLE}) == len(TABLE), "one answer for one question"


@pytest.mark.parametrize("row", [row for row in TABLE if isinstance(row, Page)], ids=lambda row: f"{row.method} {row.path}")  # fmt: skip
def test_no_page_opens_without_a_session(desk: Running, row: Page) -> None:
    """ASVS V4.1, V7.2.1, V8.3.1: every row of the table, with no session and with a guessed one."""
    with desk.visitor() as client:
        for guess in ("", "guess", "x" * 5000):
            client.cookies.set(desk.site.cookie(SESSION), guess)
            answer = client.request(row.method, _path(row), data={} if row.method == "POST" else None)
            if row.method == "GET":
                to = answer.headers["location"]
                assert answer.status_code == 303 and to.startswith("/sign-in") and "://" not in to
            else:
                assert answer.status_code == 401 and "Nothing was changed" in answer.text


@pytest.mark.parametrize("role", list(DeskRole))
def test_without_the_right_a_page_is_not_there_to_the_byte(desk: Running, role: DeskRole) -> None:
    """L31, ASVS V8.2.1, V8.2.2: role by route; what is shut and what does not exist answer alike, in every header."""
    with sign_in(desk, role) as client:
        nothing = client.get("/no/such/page")
        csrf = csrf_in(nothing.text)
        assert nothing.status_code == 404
        shut = 0
        for row in TABLE:
            if not isinstance(row, Page) or row.right in RIGHTS[role]:
                continue
            shut += 1
            sent = {"data": {"csrf": csrf}} if row.method == "POST" else {}
            answer = client.request(row.method, _path(row), **sent)  # type: ignore[arg-type]
            assert (answer.status_code, answer.content) == (404, nothing.content), row.path
            assert _told(answer) == _told(nothing)
        assert shut or role not in (DeskRole.ANALYST, DeskRole.ADMIN, DeskRole.REVIEWER)


def _told(answer: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name != "date"}


def _answers(desk: Running) -> Iterator[tuple[int, httpx.Response]]:
    with sign_in(desk, DeskRole.HEAD) as client, desk.visitor() as stranger:
        csrf = csrf_in(client.get("/account").text)
        yield 200, client.get("/")
        yield 200, stranger.get("/sign-in")
        yield 200, stranger.get("/alive")
        yield 303, stranger.get("/")
        yield 401, stranger.post("/language", data={"lang": "cy"})
        yield 400, client.post("/language", data={"csrf": csrf, "role": "admin"})
        yield 403, client.post("/language", data={"lang": "cy"})
        yield 404, client.get("/nothing")
        yield 405, client.get("/language")
        yield 405, client.put("/")
        yield 413, client.post("/language", content=b"a=" + b"b" * MOST_FORM, headers=FORM_TYPE)
        yield 413, client.post("/language", content=b"x" * (MOST_UPLOAD + 1), headers=FORM_TYPE)
        yield 414, client.get("/", params={"q": "x" * 3000})
        yield 415, client.post("/language", json={"lang": "cy"})
        yield 415, client.post("/language", files={"lang": b"cy"})
        yield 421, client.get("/", headers={"Host": "evil.example"})
        yield 500, client.get("/incidents")
        yield 503, client.get("/digest/2026-11-20")


def test_every_answer_keeps_to_itself(desk: Running) -> None:
    """ASVS V3.2.1, V3.4.3 to V3.4.6, V4.1.1, V14.2.2, V14.3.2: whatever the status."""
    seen = set()
    for status, answer in _answers(desk):
        assert answer.status_code == status, answer.url
        seen.add(status)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
        for part in ("base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"):
            assert part in policy
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cross-origin-opener-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers and "server" not in answer.headers
        assert status == 303 or "charset=utf-8" in answer.headers["content-type"]
        assert "a post's words" not in answer.text and "Traceback" not in answer.text
        assert len(answer.content) < 100_000
    assert seen == {200, 303, 400, 401, 403, 404, 405, 413, 414, 415, 421, 500, 503}
    assert {type(each) for each in desk.crashes} == {ZeroDivisionError}


def test_after_a_crash_the_browser_is_told_that_the_line_is_closed(desk: Running) -> None:
    """The server hangs up then: what a browser sent next on the same line would be lost."""
    with sign_in(desk, DeskRole.HEAD) as client:
        answer = client.get("/incidents")
        assert (answer.status_code, answer.headers.get("connection")) == (500, "close")
        for _ in range(20):
            assert client.get("/incidents").status_code == 500
            assert client.get("/sign-in").status_code == 303


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FOO"])
def test_other_methods_are_refused(desk: Running, method: str) -> None:
    """ASVS V13.4.4, V4.1.4: no TRACE, and nothing that is neither shown nor sent by a form."""
    with sign_in(desk, DeskRole.HEAD) as client:
        answer = client.request(method, "/account")
        assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD, POST"


def test_get_changes_nothing(desk: Running) -> None:
    """ASVS V3.5.3: what changes has no GET."""
    with sign_in(desk, DeskRole.HEAD, DeskRole.ADMIN) as client:
        for row in TABLE:
            if isinstance(row, Page) and row.method == "POST" and not any(
                other.path == row.path and other.method == "GET" for other in TABLE
            ):  # fmt: skip
                assert client.get(_path(row)).status_code == 405


def test_a_form_needs_its_own_token(desk: Running) -> None:
    """ASVS V3.5.1: missing, forged, twice, of another session, of a browser without one: each is refused."""
    with sign_in(desk, DeskRole.HEAD) as client, sign_in(desk, DeskRole.HEAD) as other:
        mine, theirs = (csrf_in(each.get("/account").text) for each in (client, other))
        assert mine != theirs
        with desk.visitor() as stranger:
            open_token = csrf_in(stranger.get("/sign-in").text)
        for token in ([], [""], ["x"], [theirs], [open_token], [mine, mine], [mine[:-1]], ["ŵ"]):
            answer = client.post("/language", data={"csrf": token, "lang": "cy", "back": "/"})
            assert answer.status_code == 403, token
        assert '<html lang="en">' in client.get("/account").text
        assert client.post("/language", data={"csrf": mine, "lang": "cy", "back": "/"}).status_code == 303
        assert '<html lang="cy">' in client.get("/account").text, "kept with the account"


@pytest.mark.parametrize(
    ("headers", "is_taken"),
    [
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "OWN"}, True),
        ({"Origin": "OWN"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "https://evil.example"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "OWN"}, False),
        ({"Origin": "null"}, False),
        ({}, False),
    ],
)
def test_a_form_comes_from_our_own_page(desk: Running, headers: dict[str, str], is_taken: bool) -> None:
    """ASVS V3.5.1: the browser's own word on where a form came from, besides the token."""
    with sign_in(desk, DeskRole.HEAD) as client:
        csrf = csrf_in(client.get("/account").text)
        del client.headers["Sec-Fetch-Site"]
        told = {name: value.replace("OWN", desk.base) for name, value in headers.items()}
        answer = client.post("/language", data={"csrf": csrf, "lang": "en", "back": "/"}, headers=told)
        assert answer.status_code == (303 if is_taken else 403)


def test_fields_nobody_asked_for_are_refused(desk: Running) -> None:
    """ASVS V15.3.3, V15.3.7: no mass assignment, no field twice."""
    with sign_in(desk, DeskRole.HEAD) as client:
        assert send(client, "/account/wishes", wants_mail="yes").status_code == 303
        assert send(client, "/account/wishes", wants_mail="yes", roles="admin").status_code == 400
        assert send(client, "/account/wishes", wants_mail=["yes", "yes"]).status_code == 400
        assert send(client, "/account/wishes", wants_mail="y\0es").status_code == 400
        many = {f"f{number}": "x" for number in range(300)}
        assert send(client, "/account/wishes", **many).status_code == 400
        bad = "csrf=%ff%fe&wants_mail=%c3%28"
        assert client.post("/account/wishes", content=bad, headers=FORM_TYPE).status_code == 400


def test_a_body_that_names_no_length_is_cut_off(desk: Running) -> None:
    """ASVS V5.2.1: chunked, so that no length is claimed; no more than the cap is read."""

    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"a" * 4096

    with sign_in(desk, DeskRole.HEAD) as client:
        assert client.post("/language", content=endless(), headers=FORM_TYPE).status_code == 413


@pytest.mark.parametrize("size", [MOST_FORM * 40, MOST_UPLOAD + 1, 2 * MOST_UPLOAD])
def test_who_sends_too_much_is_told_so_after_sending(desk: Running, size: int) -> None:
    """A browser sends first and reads then: one whose sending is cut off shows no answer at all."""
    with sign_in(desk, DeskRole.HEAD) as client:
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
    head = (
        f"POST /language HTTP/1.1\r\nHost: 127.0.0.1:{desk.site.port}\r\nCookie: {cookie}\r\n"
        f"Sec-Fetch-Site: same-origin\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {size}\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", desk.site.port), timeout=120) as line:
        line.sendall(head.encode())
        for _ in range(size // MOST_FORM):
            line.sendall(b"x" * MOST_FORM)
        line.sendall(b"x" * (size % MOST_FORM))
        assert line.recv(64).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost", "localhost.evil.example:PORT", "", "127.0.0.1:PORT@evil"],
)  # fmt: skip
def test_a_foreign_host_name_gets_nothing(desk: Running, host: str) -> None:
    """ASVS V4.1.3, DNS rebinding: the browser would knock here with the attacker's name."""
    given = host.replace("PORT", str(desk.site.port))
    with sign_in(desk, DeskRole.HEAD) as client:
        answer = client.get("/", headers={"Host": given})
        assert answer.status_code == 421 and "<html" not in answer.text


def test_two_host_headers_are_two_opinions(desk: Running) -> None:
    own = f"127.0.0.1:{desk.site.port}"
    with socket.create_connection(("127.0.0.1", desk.site.port), timeout=120) as line:
        line.sendall(
            f"GET / HTTP/1.1\r\nHost: {own}\r\nHost: evil.example\r\nConnection: close\r\n\r\n".encode()
        )
        assert line.recv(200).split(b" ")[1] in (b"400", b"421")


def test_without_a_declared_proxy_forwarded_headers_mean_nothing(desk: Running) -> None:
    """ASVS V4.1.3: a spoofed X-Forwarded-Host opens no other name."""
    with sign_in(desk, DeskRole.HEAD) as client:
        forged = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "1.2.3.4",
        }
        answer = client.get("/account", headers=forged)
        assert answer.status_code == 200 and "evil.example" not in answer.text
        assert client.get("/", headers={"Host": "evil.example", "X-Forwarded-Host": f"127.0.0.1:{desk.site.port}"}).status_code == 421  # fmt: skip


OWN = ["/", "/incidents", "/incidents/2026-0001?label=concern&page=2", "/digest/2026-11-20"]
FOREIGN = [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/%0d%0aX: y\r\nX: y",
    "/a//evil.example", "/ evil", "evil.example", "", "/sign-in?to=/", "/sign-out", "/ŵ", "/\tevil", "/<b>", "/" + "a" * 2000, "/a#b",
]  # fmt: skip


@pytest.mark.parametrize("asked", OWN)
def test_a_path_of_the_desk_is_gone_back_to(asked: str) -> None:
    assert own_path(asked) == asked


@pytest.mark.parametrize("asked", FOREIGN)
def test_nobody_is_sent_elsewhere(desk: Running, asked: str) -> None:
    """ASVS V1.5, V15.3.1: open redirects and split headers, in the function and through the page."""
    assert own_path(asked) == START
    with sign_in(desk, DeskRole.HEAD) as client:
        answer = send(client, "/language", lang="en", back=asked)
        assert answer.status_code == 303 and answer.headers["location"] == START
        assert client.get("/sign-in", params={"to": asked[:500]}).headers["location"].startswith("/")


def test_cookies_are_out_of_reach(desk: Running) -> None:
    """ASVS V3.3.2, V3.3.4; V3.3.1 and V3.3.3 under TLS, where the name itself is guarded."""
    with desk.visitor() as client:
        cookie = client.get("/sign-in").headers["set-cookie"]
    assert cookie.startswith(f"{desk.site.cookie(FORM)}=")
    told = cookie.lower().split("; ")
    assert {"httponly", "samesite=strict", "path=/"} <= set(told)
    assert not any(each.startswith(("domain", "expires", "max-age")) for each in told)
    assert Site(frozenset({"https://desk.example"}), 8710).cookie(SESSION).startswith("__Host-")


def test_a_link_from_elsewhere_goes_on_from_our_own_page(desk: Running) -> None:
    """A strict cookie stays behind on a link in a web mailer: the page goes on by itself, and then it is there."""
    with desk.visitor() as client:
        answer = client.get("/incidents?a=b", headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 200 and 'content="0; url=/incidents?a=b"' in answer.text
        assert (
            client.get("//evil.example", headers={"Sec-Fetch-Site": "cross-site"}).text.count("evil.example")
            == 0
        )


def test_behind_a_proxy_only_it_is_believed(tmp_path: Path) -> None:
    """ASVS V4.1.3, V12.2.1, V6.3.1: its word on host, scheme and address counts; anybody else's is not heard."""
    with serving(few_records(), Home(tmp_path)) as running:
        site = Site(frozenset({"https://desk.example"}), 8710, (ip_network("127.0.0.0/24"),))
        app = build_app(replace(running.desk, site=site))
        token = make_session(running.gate, running.clock(), DeskRole.HEAD)[1]

    async def get(client: str, **headers: str) -> httpx.Response:
        transport = httpx.ASGITransport(app=app, client=(client, 4711))
        cookies = {site.cookie(SESSION): token}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://10.0.0.9:8710", cookies=cookies
        ) as web:
            return await web.get(
                "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
            )

    told = {"X_Forwarded_Host": "desk.example", "X_Forwarded_Proto": "https", "X_Forwarded_For": "9.9.9.9"}
    answer = asyncio.run(get("127.0.0.1", **told))
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert asyncio.run(get("127.0.0.1", **{**told, "X_Forwarded_Proto": "http"})).status_code == 421
    assert asyncio.run(get("127.0.0.1", **{**told, "X_Forwarded_Host": "evil.example"})).status_code == 421
    assert asyncio.run(get("10.0.0.7", **told)).status_code == 421
