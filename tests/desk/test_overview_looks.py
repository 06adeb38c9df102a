"""Sources, good news and figures in a real browser: axe, 320 and 1280 px, light and dark, both languages (issue 6, point 7)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole
from mentionwatch.labels import FaultKind, Verdict
from tests.desk.signed_in import Running, browser_of, serving
from tests.desk.test_page_sources import look, night
from tests.desk.test_web_looks import _look as look_at
from tests.flows.swept import write_swept_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PATHS = ("/sources", "/good-news", "/figures", "/figures?weeks=52")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("overview") / "home")
    write_swept_home(home.folder, NIGHT)
    for back, verdict in ((13, Verdict.CLEAR), (9, Verdict.DEGRADED), (5, Verdict.BLIND), (1, Verdict.CLEAR)):
        at = NIGHT - timedelta(days=back)
        night(
            home, at, look("Llanfairpwllgwyngyll" * 4, verdict), look("closed", Verdict.BLIND, FaultKind.DNS)
        )
    school, pack = read_school(home)
    records = HomeRecords(home, SchoolNow(home, school, pack))
    with serving(records, home, clock=lambda: NIGHT + timedelta(hours=6)) as made:
        yield made


SIZES = "[...document.querySelectorAll('svg.chart')].map(s => parseFloat(getComputedStyle(s).fontSize) * s.getBoundingClientRect().width / s.viewBox.baseVal.width)"  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_words_in_a_chart_can_be_read_on_a_telephone_and_are_no_headlines_on_a_desk(
    desk: Running, browser: Browser, lang: str
) -> None:
    """A picture that is scaled scales its words: at 320 px they were 10 px high, at 1280 px 21."""
    with browser_of(desk, browser, DeskRole.DSL, lang=lang, script=True) as context:
        page = context.new_page()
        for width in (320, 375, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            page.goto("/figures?weeks=26")
            found = page.evaluate(SIZES)
            assert len(found) >= 2 and all(12 <= size <= 18 for size in found), (width, found)


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_the_pages_about_the_whole_are_accessible(desk: Running, browser: Browser, lang: str) -> None:
    """WCAG 2.2 AA, with everything that opens opened too."""
    faults: list[str] = []
    with browser_of(desk, browser, DeskRole.DSL, lang=lang, script=True) as context:
        page = context.new_page()
        for path in PATHS:
            page.goto(path)
            assert page.evaluate("document.documentElement.lang") == lang
            assert page.locator("details[open]").count() == 0
            page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
            faults += look_at(page, path)
    assert not faults, "\n".join(faults)
