"""The incident's page and the forms of its steps in a real browser: no axe violation, fit for a telephone, by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from flows.desk_steps import HomeSteps
from flows.home import Home, read_school
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole
from tests.desk.looks import check_looks
from tests.desk.signed_in import Running, browser_of, serving
from tests.flows.swept import write_swept_home

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
INCIDENT = "/incidents/2026-0003"
STEPS = ("hand_over", "merge", "legal_advice_asked", "no_case")
PATHS = {
    "incident": INCIDENT,
    **{step: f"{INCIDENT}/steps/{step}" for step in STEPS},
    "snooze": f"{INCIDENT}/snooze",
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = Home(tmp_path_factory.mktemp("looks") / "home")
    write_swept_home(home.folder, NIGHT)
    school, pack = read_school(home)
    now = SchoolNow(home, school, pack)
    steps = HomeSteps(home, now, lambda: datetime.now(UTC))
    with serving(HomeRecords(home, now), home, steps=steps) as made:
        yield made


@pytest.mark.parametrize("lang", ["en", "cy"])
def test_no_axe_violation_no_side_scroll_and_targets_of_a_fair_size(
    desk: Running, browser: Browser, lang: str
) -> None:
    """WCAG 2.2 AA as far as a program sees it: in both languages, on a telephone in the dark and at a desk."""
    check_looks(desk, browser, PATHS, lang, DeskRole.HEAD, DeskRole.DSL)


def test_a_step_is_taken_by_keyboard_alone_without_script(desk: Running, browser: Browser) -> None:
    """WCAG 2.1.1: from the incident's page to the recorded step with Tab, Space and Enter."""
    with browser_of(desk, browser, DeskRole.DSL) as context:
        page = context.new_page()
        page.goto("/incidents/2026-0003")
        page.get_by_role("link", name="A note for the record").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/steps/note")
        page.get_by_label("Why").focus()
        page.keyboard.type("written without a mouse")
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/incidents/2026-0003?said=step_taken")
        assert "Your step has been recorded." in (page.text_content("[role=status]") or "")
        assert "written without a mouse" in (page.text_content("main") or "").lower()
