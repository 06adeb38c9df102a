"""A desk that really runs, and people signed in to it: for the tests of every page.

    with serving(records, home) as desk, sign_in(desk, DeskRole.HEAD) as client:
        page = client.get("/incidents").text
        answer = send(client, "/account/wishes", wants_mail="yes")

`sign_in` makes an account with these roles and gives an httpx client with its session (a token straight from the
gate: no password is hashed). `browser_of` does the same for a Playwright context. The sign-in page itself is tested
in tests/desk/test_sign_in.py, with passwords.
"""

from __future__ import annotations

import re
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

import httpx

from desk.web import Desk, Site, build_app
from desk.web.cookies import SESSION
from flows.accounts import Gate
from flows.commands.serving import listen, make_server
from flows.home import Home, read_school
from flows.overview import HomeOverview
from mentionwatch.accounts import Account, DeskRole, Viewer
from warehouse import accounts as rows
from warehouse.accounts_sessions import start_session
from warehouse.connection import Warehouse

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from desk.acts import StepActs
    from desk.audit_port import AuditLog
    from desk.document_port import DocumentActs
    from desk.evidence_port import EvidenceActs
    from desk.mention_port import MentionActs
    from desk.pages import Records
    from desk.report_port import Reports


@dataclass
class Running:
    """A running desk: its address, its home, its gate; `crashes` is what its log was told."""

    base: str
    home: Home
    desk: Desk
    gate: Gate
    crashes: list[Exception]

    @property
    def site(self) -> Site:
        return self.desk.site

    @property
    def clock(self) -> Callable[[], datetime]:
        return self.desk.clock

    def visitor(self) -> httpx.Client:
        """A browser nobody has signed in with; forms come from the desk's own pages."""
        return httpx.Client(
            base_url=self.base, trust_env=False, timeout=300, headers={"Sec-Fetch-Site": "same-origin"}
        )


@contextmanager
def listening_for(desk: Desk, listening: socket.socket) -> Iterator[None]:
    """The desk's server on this socket, as the command runs it, started when the block begins and ended with it."""
    server = make_server(build_app(desk))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    until = time.monotonic() + 120
    while not server.started and time.monotonic() < until:
        time.sleep(0.02)
    try:
        with Warehouse(desk.home).kept_open():
            yield
    finally:
        server.should_exit = True
        thread.join(timeout=120)


@contextmanager
def serving(
    records: Records,
    home: Home,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    needs_factor: bool = True,
    reports: Reports | None = None,
    audit: AuditLog | None = None,
    steps: StepActs | None = None,
    mentions: MentionActs | None = None,
    documents: DocumentActs | None = None,
    evidence: EvidenceActs | None = None,
) -> Iterator[Running]:
    """These records, served as the command serves them, on a free port of this machine."""
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        base = f"http://127.0.0.1:{port}"
        site = Site(frozenset({base, f"http://localhost:{port}"}), port)
        gate, crashes = Gate(home.folder, needs_factor=needs_factor), list[Exception]()
        desk = Desk(
            school="Ysgol Cwm Eithin", home=str(home.folder), lang="en", site=site, records=records,
            overview=HomeOverview(home, partial(read_school, home), clock), sign_in=gate, clock=clock, log_crash=crashes.append,
            reports=reports, audit=audit, steps=steps, mentions=mentions,
            documents=documents, evidence=evidence,
        )  # fmt: skip
        with listening_for(desk, listening):
            yield Running(base, home, desk, gate, crashes)


def make_session(gate: Gate, now: datetime, *roles: DeskRole, lang: str = "en") -> tuple[Viewer, str]:
    """An account with these roles, signed in with its second factor: who it is, and its session's token."""
    id_ = secrets.token_hex(8)
    account = Account(
        id_, f"{id_}@school.example", "Mari Jones", frozenset(roles), lang, "", True, False, False, now
    )
    with gate.store.change() as hold:
        rows.put_account(hold, account)
        token = start_session(hold, id_, now, is_strong=True)
    return Viewer(id_, account.shown_as, account.roles, lang), token


@contextmanager
def sign_in(desk: Running, *roles: DeskRole, lang: str = "en") -> Iterator[httpx.Client]:
    """A client with the session of a new account that has these roles."""
    _, token = make_session(desk.gate, desk.clock(), *roles, lang=lang)
    with desk.visitor() as client:
        client.cookies.set(desk.site.cookie(SESSION), token)
        yield client


@contextmanager
def browser_of(
    desk: Running, browser: Browser, *roles: DeskRole, lang: str = "en", script: bool = False
) -> Iterator[BrowserContext]:
    """A context of a real browser with such a session. Pages need no script; axe, which looks at them, does."""
    _, token = make_session(desk.gate, desk.clock(), *roles, lang=lang)
    context = browser.new_context(
        base_url=desk.base, java_script_enabled=script, bypass_csp=script, service_workers="block"
    )
    context.add_cookies(
        [
            {
                "name": desk.site.cookie(SESSION), "value": token, "domain": "127.0.0.1", "path": "/",
                "httpOnly": True, "sameSite": "Strict",
            }
        ]
    )  # fmt: skip
    try:
        yield context
    finally:
        context.close()


def csrf_in(page: str) -> str:
    """The token in the forms of a page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found, "the page has a form with a token"
    return found.group(1)


def send(
    client: httpx.Client, path: str, page: str = "/account", **fields: str | list[str]
) -> httpx.Response:
    """A form sent as a browser does, with the token of `page`."""
    csrf = csrf_in(client.get(page).text)
    return client.post(path, data={"csrf": csrf, **fields})
