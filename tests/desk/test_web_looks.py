"""Signing in and one's own account in a real browser: by keyboard, without script, at 320 px, in both languages (issue 6, point 7)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desk.sign_in_port import Invited, Person, SignedIn
from desk.web.cookies import SESSION
from flows.accounts_people import COMMAND_LINE
from flows.home import Home
from mentionwatch.accounts import DeskRole
from tests.desk.signed_in import Running, browser_of, serving
from tests.desk.test_guard import few_records
from tests.desk.test_looks import CONTRAST, SMALL_TARGETS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PASSWORD = "three herons over Aberglaslyn"
PAGES = ("/", "/account", "/account/second-step", "/mentions", "/nothing")
OPEN = ("/sign-in", "/join?key=KEY", "/first?key=none")
TARGETS = SMALL_TARGETS.replace("'a, summary'", "'a, summary, button, input:not([type=hidden]), textarea'")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving(few_records(), Home(tmp_path_factory.mktemp("looks")), needs_factor=False) as running:
        yield running


def _invited(desk: Running, login: str) -> str:
    made = desk.gate.add(
        COMMAND_LINE, Person(login, "Mari Jones", frozenset({DeskRole.DSL})), datetime.now(UTC)
    )
    assert isinstance(made, Invited)
    return made.key


def _look(page: Page, path: str) -> list[str]:
    """What is wrong with this page: axe (WCAG 2.2 A and AA), width, contrast, targets."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    found: list[str] = []
    for width, scheme in ((320, "dark"), (1280, "light")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path}: wider than {width}")
        found += [f"{path} {scheme}: {each}" for each in page.evaluate(CONTRAST) + page.evaluate(TARGETS)]
        ran = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})  # fmt: skip
        found += [
            f"{path} {scheme}: {each['id']} {each['nodes'][0]['html'][:120]}"
            for each in ran.response["violations"]
        ]
    if page.locator("h1").count() != 1:
        found.append(f"{path}: not one h1")
    return found


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_every_page_of_signing_in_and_of_the_account_is_accessible(
    desk: Running, browser: Browser, lang: str
) -> None:
    """WCAG 2.2 AA: no violation that axe finds, at 320 and 1280 px, light and dark, with and without errors."""
    faults: list[str] = []
    with browser_of(desk, browser, DeskRole.DSL, lang=lang, script=True) as context:
        page = context.new_page()
        for path in PAGES:
            page.goto(path)
            assert page.evaluate("document.documentElement.lang") == lang
            faults += _look(page, path)
    context = browser.new_context(base_url=desk.base, bypass_csp=True)
    page = context.new_page()
    key = _invited(desk, f"looks-{lang}")
    for path in OPEN:
        page.goto(f"{path.replace('KEY', key)}{'&' if '?' in path else '?'}lang={lang}")
        faults += _look(page, path)
    page.goto(f"/sign-in?lang={lang}")
    with page.expect_navigation():
        page.locator("main button").click()
    assert page.evaluate("document.documentElement.lang") == lang
    faults += _look(page, "/sign-in with errors")
    joined = desk.gate.accept(key, PASSWORD, datetime.now(UTC))
    assert isinstance(joined, SignedIn)
    name = desk.site.cookie(SESSION)
    context.add_cookies([{"name": name, "value": joined.token, "url": desk.base, "httpOnly": True, "sameSite": "Strict"}])  # fmt: skip
    page.goto("/account")
    faults += _look(page, "/account with a password")
    with page.expect_navigation():
        page.locator("form[action='/account/password'] button").click()
    assert page.locator(".problems").count() == 1
    faults += _look(page, "/account with errors")
    page.goto("/account/second-step")
    page.locator("#password").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main button").click()
    assert page.locator("svg").count() == 1
    faults += _look(page, "the second step's picture")
    context.close()
    assert not faults, "\n".join(faults)


def test_somebody_signs_in_and_hides_the_page_by_keyboard_alone(desk: Running, browser: Browser) -> None:
    """ASVS V3.5.1 with a real browser's headers: our own forms are taken although our pages send no referrer.

    No script runs, and nothing is asked of any other address.
    """
    key = _invited(desk, "mari")
    assert isinstance(desk.gate.accept(key, PASSWORD, datetime.now(UTC)), SignedIn)
    context = browser.new_context(base_url=desk.base, java_script_enabled=False, service_workers="block")
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page = context.new_page()
    page.goto("/mentions")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("href") == "#content"
    page.locator("#login").focus()
    page.keyboard.type("mari")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/mentions")
    page.get_by_role("button", name="Cymraeg").press("Enter")
    page.wait_for_url("**/mentions")
    assert page.locator("html").get_attribute("lang") == "cy"
    page.get_by_role("button", name="Cuddio").press("Enter")
    page.wait_for_url("**/hidden")
    page.goto("/account")
    assert page.url.endswith("/hidden")
    page.get_by_role("link", name="Parhau").press("Enter")
    page.locator("#password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.base}/")
    cookie = next(each for each in context.cookies() if each["name"] == desk.site.cookie(SESSION))
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict" and cookie["expires"] == -1
    page.get_by_role("button", name="Allgofnodi").press("Enter")
    page.wait_for_url("**/sign-in?said=signed_out")
    context.close()
    assert [each for each in asked if not each.startswith(desk.base)] == []


def test_a_form_on_another_site_changes_nothing(desk: Running, browser: Browser, tmp_path: Path) -> None:
    """ASVS V3.5.1: a page elsewhere sends our form with a token that was right; the browser says where it came from."""
    with browser_of(desk, browser, DeskRole.DSL) as context:
        page = context.new_page()
        page.goto("/account")
        token = page.locator("[name=csrf]").first.get_attribute("value")
        evil = tmp_path / "evil.html"
        evil.write_text(
            f'<form method="post" action="{desk.base}/language"><input name="csrf" value="{token}">'
            '<input name="lang" value="cy"><input name="back" value="/"><button>x</button></form>',
            encoding="utf-8",
        )
        page.goto(evil.as_uri())
        with page.expect_navigation() as gone:
            page.locator("button").click()
        assert gone.value and gone.value.status in (401, 403)
        page.goto("/account")
        assert page.locator("html").get_attribute("lang") == "en"


def test_on_paper_there_are_no_buttons(desk: Running, browser: Browser) -> None:
    """Print: black on white, without what cannot be pressed; pages are numbered by the style's @page."""
    with browser_of(desk, browser, DeskRole.DSL, script=True) as context:
        page = context.new_page()
        page.goto("/account")
        page.emulate_media(media="print", color_scheme="dark")
        assert page.get_by_role("button").first.is_visible() is False
        assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
        assert re.search(r"counter\(page\)", page.content())
