"""The pages of letters, evidence and exhibits in a real browser: no axe violation, fit for a telephone, small enough."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mentionwatch.accounts import DeskRole
from tests.desk.letters_home import (
    DOCUMENTS,
    ID,
    NOW,
    REMOVAL,
    commands,
    make,
    make_letter_home,
    serving_letters,
)
from tests.desk.looks import check_looks
from tests.desk.signed_in import Running, browser_of, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PATHS = {
    "incident": f"/incidents/{ID}",
    "documents": DOCUMENTS,
    "new": REMOVAL,
    "closed": f"{DOCUMENTS}/new/thank_you",
    "letter": f"{DOCUMENTS}/1/en",
    "anew": f"{DOCUMENTS}/2/en",
    "brief": f"{DOCUMENTS}/1/cy",
    "reading": f"/incidents/{ID}/steps/letter_read",
    "asked": "/",
    "exhibit": f"/incidents/{ID}/exhibit",
}


ANEW = {
    "change_request_en": "Would you take them down by {deadline_at}?",
    "change_request_cy": "A wnewch chi eu tynnu i lawr erbyn {deadline_at}?",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serving_letters(make_letter_home(tmp_path_factory.mktemp("looks"))) as running:
        with sign_in(running, DeskRole.HEAD) as client:
            assert make(client, field_recipient="Mrs A. Parent\n1 The Street").status_code == 303
            assert make(client, **ANEW).status_code == 303
        said = commands(running.home).move("letter_check_asked", "operator", "look at the tone", "--now", NOW.isoformat())  # fmt: skip
        assert said.code == 0, said.err
        yield running


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_no_axe_violation_no_side_scroll_and_targets_of_a_fair_size(
    desk: Running, browser: Browser, lang: str
) -> None:
    """WCAG 2.2 AA as far as a program sees it: in both languages, on a telephone in the dark and at a desk."""
    check_looks(desk, browser, PATHS, lang, DeskRole.HEAD, DeskRole.DSL)


def test_a_letter_is_fetched_by_keyboard_alone_without_script(desk: Running, browser: Browser) -> None:
    """WCAG 2.1.1; the browser keeps the file under the name the program chose and shows nothing of it (ASVS V5.4.1)."""
    with browser_of(desk, browser, DeskRole.HEAD) as context:
        page = context.new_page()
        page.goto(f"{DOCUMENTS}/1/en")
        page.get_by_role("button", name="Fetch the PDF").focus()
        with page.expect_download() as waiting:
            page.keyboard.press("Enter")
        assert waiting.value.suggested_filename == f"{ID}-1-removal-en.pdf"
        assert Path(waiting.value.path()).read_bytes().startswith(b"%PDF-")
        assert page.url.endswith(f"{DOCUMENTS}/1/en")


def test_a_passage_is_worded_anew_looked_at_and_made_by_keyboard_alone_without_script(
    desk: Running, browser: Browser
) -> None:
    """WCAG 2.1.1, L41: the passages are opened, one is changed in both languages, seen beside the template's, and made."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    with browser_of(desk, browser, DeskRole.HEAD) as context:
        page = context.new_page()
        page.goto(REMOVAL)
        page.locator("summary", has_text="Say passages in other words").focus()
        page.keyboard.press("Enter")
        for lang, text in (("en", "Please take them down by {deadline_at}."), ("cy", "Tynnwch nhw i lawr erbyn {deadline_at}, os gwelwch yn dda.")):  # fmt: skip
            if lang == "en":
                page.locator("summary", has_text="I therefore ask you").focus()
                page.keyboard.press("Enter")
            page.locator(f"#change_request_{lang}").focus()
            page.keyboard.press("Control+A")
            page.keyboard.type(text)
        page.get_by_role("button", name="Look at it first").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "Please take them down by 6 pm" in page.locator("article.letter").first.inner_text()
        assert "I therefore ask you" in page.content()
        page.locator("#confirm").focus()
        page.keyboard.press("Space")
        page.get_by_role("button", name="Make the draft").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/en?said=draft_made") and "Worded anew" in page.content()
    with browser_of(desk, browser, DeskRole.HEAD, lang="cy", script=True) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 320, "height": 900})
        page.goto(REMOVAL)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.locator("#change_request_en").fill("Please take them down by {deadline_at}.")
        with page.expect_navigation():
            page.get_by_role("button", name="Edrych arno yn gyntaf").click()
        assert page.locator("#change_request_cy-wrong").count() == 1
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
