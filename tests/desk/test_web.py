"""The review pages over a real night's records, served by a real server on this machine."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvicorn

from desk.web import COOKIE, Doorkeeper, build_app
from flows.home import Home, read_school
from flows.showing import HomeRecords
from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Desk:
    """A running desk: its address, its key, its home."""

    base: str
    doorkeeper: Doorkeeper
    home: Home

    def visitor(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, trust_env=False, timeout=30)

    def insider(self) -> httpx.Client:
        client = self.visitor()
        client.cookies.set(COOKIE, self.doorkeeper._session)
        return client


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = Home(tmp_path_factory.mktemp("desk") / "home")
    with Town(NIGHT) as town:
        write_home(home.folder, town.base)
        sweep_plainly(home.folder, NIGHT)
    school, pack = read_school(home)
    doorkeeper = Doorkeeper()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        app = build_app(HomeRecords(home, school, pack), doorkeeper, port, "en", str(home.folder))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = time.monotonic() + 20
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        yield Desk(f"http://127.0.0.1:{port}", doorkeeper, home)
        server.should_exit = True
        thread.join(timeout=20)


PAGES = ("/", "/incidents", "/incidents/2026-0001", "/mentions", "/digest/2026-11-20")


@pytest.mark.parametrize("path", [*PAGES, "/nothing"])
def test_nobody_gets_in_without_the_key(desk: Desk, path: str) -> None:
    with desk.visitor() as client:
        answer = client.get(path)
        assert answer.status_code == 403 and "2026-0001" not in answer.text
        client.cookies.set(COOKIE, "guess")
        assert client.get(path).status_code == 403


def test_the_key_opens_once(desk: Desk) -> None:
    doorkeeper = Doorkeeper()
    assert doorkeeper.enter("wrong") == ""
    session = doorkeeper.enter(doorkeeper.key)
    assert doorkeeper.knows(session) and not doorkeeper.knows(doorkeeper.key)
    assert doorkeeper.enter(doorkeeper.key) == ""
    with desk.visitor() as client:
        answer = client.get("/enter", params={"key": desk.doorkeeper.key})
        assert answer.status_code == 303 and answer.headers["location"] == "/"
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert client.get("/").status_code == 200
    with desk.visitor() as second:
        assert second.get("/enter", params={"key": desk.doorkeeper.key}).status_code == 403


def test_a_page_elsewhere_cannot_use_another_host_name(desk: Desk) -> None:
    """DNS rebinding: the browser would knock here with the attacker's host name."""
    with desk.insider() as client:
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_pages_change_nothing(desk: Desk, method: str) -> None:
    with desk.insider() as client:
        assert client.request(method, "/incidents/2026-0001").status_code == 405


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("lang", ["en", "cy"])
def test_a_page_keeps_to_itself_and_runs_no_script(desk: Desk, path: str, lang: str) -> None:
    with desk.insider() as client:
        answer = client.get(path, params={"lang": lang})
    assert answer.status_code == 200 and f'<html lang="{lang}">' in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-") and "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-frame-options"] == "DENY"
    for forbidden in ("<script", "<img", "<iframe", "<form", " src=", "@import", "javascript:"):
        assert forbidden not in answer.text.lower()


def test_an_incident_page_says_who_decides_what_is_open_and_what_happened(desk: Desk) -> None:
    with desk.insider() as client:
        listing = client.get("/incidents").text
        page = client.get("/incidents/2026-0001").text
    assert "2026-0001" in listing
    assert "hand_over" in page and "incident move 2026-0001" in page
    assert "Decides" in page and "First steps" in page and "preserve" in page


def test_flagged_words_are_behind_a_deliberate_step(desk: Desk) -> None:
    """Every quotation of a flagged post comes after `<details>`, which is closed."""
    with desk.insider() as client:
        for path in ("/mentions", "/incidents/2026-0001"):
            text = client.get(path).text
            assert "<details open" not in text
            for piece in text.split("<blockquote>")[1:]:
                assert "</blockquote>" in piece
            before = [piece.rsplit("<article", 1)[-1] for piece in text.split("<blockquote>")[:-1]]
            assert before and all("<details>" in each for each in before)


def test_no_page_shows_a_handle(desk: Desk) -> None:
    """Handles are sealed (privacy promise)."""
    import duckdb

    with duckdb.connect(str(desk.home.folder / "warehouse.duckdb"), read_only=True) as connection:
        handles = [row[0] for row in connection.execute("SELECT DISTINCT handle FROM authors").fetchall()]
    assert len(handles) >= 5
    with desk.insider() as client:
        shown = "".join(client.get(path).text for path in PAGES)
    assert [each for each in handles if f">{each}<" in shown or f"u/{each}" in shown] == []


def test_unknown_pages_are_plain(desk: Desk) -> None:
    with desk.insider() as client:
        for path in ("/nothing", "/incidents/2020-9999", "/digest/2020-01-01", "/digest/..%2f..%2fschool"):
            answer = client.get(path)
            assert answer.status_code == 404 and "There is no such page" in answer.text


def test_a_wrong_language_falls_back(desk: Desk) -> None:
    with desk.insider() as client:
        assert '<html lang="en">' in client.get("/", params={"lang": "<b>"}).text


def test_the_home_need_not_be_quiet(desk: Desk) -> None:
    """While the night writes, a page says so instead of failing; it is whole again afterwards."""
    from warehouse.connection import Warehouse

    with desk.insider() as client:
        with Warehouse(desk.home.folder).exclusive():
            busy = httpx.get(
                f"{desk.base}/incidents", cookies=dict(client.cookies), trust_env=False, timeout=120
            )
        assert busy.status_code == 503 and "Nothing is lost" in busy.text
        assert client.get("/incidents").status_code == 200


def test_the_folder_is_not_served(desk: Desk) -> None:
    with desk.insider() as client:
        for path in ("/school.toml", "/keys/credentials.toml", "/static/digest.css", "/../school.toml"):
            assert client.get(path).status_code == 404
    assert Path(desk.home.folder / "school.toml").exists()
