"""`mentionwatch desk` as a school starts it: the command, its link, and a real browser."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pyotp
import pytest

from desk.web import Site
from desk.web.cookies import SESSION
from flows.accounts import Gate
from flows.commands.serving import listen
from flows.home import Home
from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import csrf_in, make_session
from tests.desk.test_looks import CONTRAST, SMALL_TARGETS
from tests.flows.swept import write_swept_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[2]
NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PATHS = ("/", "/incidents", "/incidents/2026-0001", "/mentions", "/mentions?label=concern")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = Home(tmp_path_factory.mktemp("serving") / "home")
    write_swept_home(made.folder, NIGHT)
    return made


def _command(home: Home, port: int) -> list[str]:
    return [sys.executable, "-P", "-m", "flows.cli", "desk", "--home", str(home.folder), "--port", str(port)]


def _start(home: Home, port: int = 0) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        _command(home, port),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def running(home: Home) -> Iterator[str]:
    """The command, running; the link it printed."""
    with _start(home) as process:
        try:
            assert process.stdout is not None
            yield next(line.strip() for line in process.stdout if "http://" in line).rpartition(" ")[2]
        finally:
            process.terminate()
            process.communicate(timeout=300)


PASSWORD = "three herons over Aberglaslyn"


def _code(page: str) -> str:
    """What an app shows that has read the key on this page."""
    found = re.search(r"<dt>Key</dt><dd><code>([A-Z2-7 ]+)</code>", page)
    assert found
    return pyotp.TOTP(found.group(1).replace(" ", "")).now()


def _first_account(client: httpx.Client, link: str) -> httpx.Response:
    """What the printed link opens, filled in; then the second step. The client is signed in afterwards."""

    def send(path: str, page: str, **fields: str) -> httpx.Response:
        return client.post(path, data={"csrf": csrf_in(page), **fields}, follow_redirects=True)

    client.headers["Sec-Fetch-Site"] = "same-origin"
    person = {"roles": "head", "shown_as": "Mari Jones", "login": "mari", "email": "", "password": PASSWORD, "again": PASSWORD, "lang": "en"}  # fmt: skip
    page = send("/first", client.get(link).text, key=link.partition("key=")[2], **person).text
    page = send("/account/second-step", page, password=PASSWORD).text
    return send("/account/second-step/code", page, code=_code(page))


def test_the_printed_link_makes_the_first_account_once_and_only_this_machine_can_knock(home: Home) -> None:
    """ASVS V6.3.2, V13.4: no default account; the address is loopback; with an account no key is printed any more."""
    with running(home) as link:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/first\?key=[\w-]{32,}", link)
        port = int(link.split(":")[2].split("/")[0])
        with httpx.Client(base_url=link.split("/first")[0], trust_env=False, timeout=300) as client:
            answer = _first_account(client, link)
            assert answer.status_code == 200 and len(re.findall(r"<li><code>", answer.text)) == 10
            assert "/digest/2026-11-20" in client.get("/").text
            assert "server" not in answer.headers
        assert httpx.get(link, trust_env=False, timeout=300).status_code == 403
        # 127.0.0.2 is this machine too, but not the address that was opened: nothing wider listens.
        with socket.socket() as knock, pytest.raises(OSError):
            knock.settimeout(5)
            knock.connect(("127.0.0.2", port))
    with running(home) as address:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", address)


def test_no_part_of_a_page_waits_until_the_part_before_it_has_arrived() -> None:
    """Head and body of a page are two packets: without this every page of an open connection came 40 ms late."""
    with (
        listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as visit,
    ):
        assert visit.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_port_in_use_is_one_plain_line(home: Home) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held, _start(home, held.getsockname()[1]) as process:
        said, error = process.communicate(timeout=300)
    assert process.returncode == 2 and said == ""
    assert "--port" in error and "Name another one" in error and error.count("\n") == 1


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_pages_fit_a_telephone_ask_for_nothing_and_work_by_keyboard(
    home: Home, browser: Browser, lang: str
) -> None:
    """At 320 px, light and dark, no script, no foreign address, first Tab is the skip link."""
    with running(home) as link:
        base = re.split(r"/(?:first|$)", link)[0]
        context = browser.new_context(service_workers="block")
        site = Site(frozenset({base}), int(base.rpartition(":")[2]))
        token = make_session(Gate(home.folder), datetime.now(UTC), DeskRole.DSL, lang=lang)[1]
        context.add_cookies([{"name": site.cookie(SESSION), "value": token, "url": base, "httpOnly": True, "sameSite": "Strict"}])  # fmt: skip
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        faults: list[str] = []
        page.on("console", lambda message: faults.append(message.text))
        for width, scheme in ((320, "dark"), (1280, "light")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            for path in PATHS:
                opened = page.goto(f"{base}{path}")
                assert opened and opened.status == 200, path
                assert page.evaluate("document.documentElement.lang") == lang
                assert page.locator("details[open]").count() == 0
                page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
                assert page.evaluate(CONTRAST) == [], path
                assert page.evaluate(SMALL_TARGETS) == [], path
        page.goto(f"{base}/mentions")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#content"
        page.get_by_role("link", name={"en": "Incidents", "cy": "Digwyddiadau"}[lang], exact=True).focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents")
        context.close()
        assert [each for each in asked if not each.startswith(base)] == []
        assert [each for each in faults if "favicon" not in each] == []
