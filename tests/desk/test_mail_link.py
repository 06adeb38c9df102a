"""The link of the morning e-mail: it asks for sign-in, opens the start page on its day, its digest for seven days, and then the list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from desk.digest import Digest
from desk.mail import link_to
from flows.home import Home
from mentionwatch.accounts import DeskRole
from tests.desk.cases import digest
from tests.desk.signed_in import serving, sign_in

DAY = date(2026, 11, 20)
MORNING = datetime(2026, 11, 20, 8, tzinfo=UTC)


class TwoDays:
    """Records of two days; whatever else is asked of them, is an error."""

    def days(self, _viewer: object) -> tuple[date, ...]:
        return (DAY, DAY - timedelta(days=60))

    def digest(self, _viewer: object, day: date, _lang: str) -> Digest:
        return replace(digest(None), day=day)


def test_on_its_own_morning_a_link_opens_the_page_where_things_are_decided(tmp_path: Path) -> None:
    """Issue 6, point 1: a head acts from the e-mail; without signing in nobody comes further than the sign-in page."""
    records: Any = TwoDays()
    with serving(records, Home(tmp_path), lambda: MORNING) as desk:
        link = link_to(desk.base, DAY)
        with desk.visitor() as stranger:
            answer = stranger.get(link)
            assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        with sign_in(desk, DeskRole.HEAD) as head:
            answer, by_list = head.get(link, follow_redirects=False), head.get(f"/digest/{DAY.isoformat()}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert by_list.status_code == 200 and 'id="health"' in by_list.text


@pytest.mark.parametrize(("days", "is_open"), [(1, True), (7, True), (8, False), (60, False)])
def test_a_link_opens_its_digest_for_seven_days_and_then_says_that_it_has_ended(
    days: int, is_open: bool, tmp_path: Path
) -> None:
    """Protocol 5, point 7: the link expires and needs sign-in. The list itself leads to a digest of any age."""
    records: Any = TwoDays()
    with serving(records, Home(tmp_path), lambda: MORNING + timedelta(days=days)) as desk:
        link = link_to(desk.base, DAY)
        with desk.visitor() as stranger:
            assert "November 2026" not in stranger.get(link).text
        with sign_in(desk, DeskRole.HEAD) as head:
            by_mail, by_list = head.get(link), head.get(f"/digest/{DAY.isoformat()}")
        with sign_in(desk, DeskRole.HEAD, lang="cy") as pennaeth:
            welsh = pennaeth.get(link)
        with sign_in(desk, DeskRole.ANALYST) as analyst:
            assert analyst.get(link).status_code in (403, 404)
    assert "Friday 20 November 2026" in by_list.text and by_mail.status_code == 200
    assert ('id="health"' in by_list.text, 'id="health"' in by_mail.text) == (True, is_open)
    if not is_open:
        assert "opens its digest for seven days" in by_mail.text and "/digest/2026-11-20" in by_mail.text
        assert "am saith diwrnod" in welsh.text
