"""Opening an incident and the support card in a real browser: no axe violation, fit for a telephone and for paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from flows.home import Home
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import Label
from tests.desk.looks import check_looks
from tests.desk.matrix_home import serving_whole
from tests.desk.signed_in import Running, browser_of
from tests.flows.swept import write_swept_home
from town.story import Venue
from warehouse.connection import Warehouse
from warehouse.reading import MentionFilter, list_mentions

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("care") / "home")
    write_swept_home(home.folder, NIGHT, Venue.REDDIT)
    with serving_whole(home) as made:
        yield made


def paths(desk: Running) -> tuple[str, ...]:
    with Warehouse(desk.home.folder).live_reader() as reading:
        rows = list_mentions(reading, MentionFilter(label=Label.NEUTRAL))
    free = next(row.id for row in rows if not row.incident)
    return f"/mentions/{free}", f"/mentions/{free}/incident", "/incidents/2026-0001/support-card"


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_no_axe_violation_no_side_scroll_and_targets_of_a_fair_size(
    desk: Running, browser: Browser, lang: str
) -> None:
    """WCAG 2.2 AA as far as a program sees it: in both languages, on a telephone in the dark and at a desk."""
    names = ("mention", "opening", "card")
    named = dict(zip(names, paths(desk), strict=True))
    check_looks(desk, browser, named, lang, DeskRole.DSL, DeskRole.OFFICE)


def test_a_post_is_opened_by_keyboard_alone_without_script(desk: Running, browser: Browser) -> None:
    """WCAG 2.1.1: from the page of the post to its incident with Tab, Space and Enter."""
    mention, opening, _ = paths(desk)
    with browser_of(desk, browser, DeskRole.DSL) as context:
        page = context.new_page()
        page.goto(mention)
        page.locator(f'a[href="{opening}"]').focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{opening}")
        page.get_by_label("Why").focus()
        page.keyboard.type("written without a mouse")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents/*?said=step_taken")
        assert "Your step has been recorded." in (page.text_content("[role=status]") or "")


def test_on_paper_the_card_is_a_page_for_each_language_without_the_desks_own_links(
    desk: Running, browser: Browser
) -> None:
    with browser_of(desk, browser, DeskRole.DSL) as context:
        page = context.new_page()
        page.goto("/incidents/2026-0001/support-card")
        page.emulate_media(media="print")
        assert not page.locator(".no-print").first.is_visible() and not page.locator("nav").is_visible()
        breaks = page.evaluate(
            "[...document.querySelectorAll('.card')].map(each => getComputedStyle(each).breakBefore)"
        )
        assert breaks == ["auto", "page"]
