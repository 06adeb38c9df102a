"""Dates as British and Welsh feeds write them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.feed_dates import parse_date

READ = {
    "Fri, 20 Nov 2026 10:00:00 GMT": "2026-11-20 10:00",
    "Fri, 20 Nov 2026 10:00:00 +0000": "2026-11-20 10:00",
    "Sat, 20 Jun 2026 10:00:00 BST": "2026-06-20 09:00",
    "Sat, 20 Jun 2026 10:00:00 +01:00": "2026-06-20 09:00",
    "Sat, 20 Jun 2026 10:00 GMT": "2026-06-20 10:00",
    "Sat, 20 Jun 2026 10:00 BST": "2026-06-20 09:00",
    "20 Jun 26 10:00 EST": "2026-06-20 15:00",
    "Sat, 20 Jun 2026 10:00:00": "2026-06-20 09:00",
    "20 Nov 2026": "2026-11-20 00:00",
    "Fri, 20 Nov 2026 10:00:00 GMT (UTC)": "2026-11-20 10:00",
    "2026-11-20T10:00:00Z": "2026-11-20 10:00",
    "2026-06-20T10:00:00+01:00": "2026-06-20 09:00",
    "2026-06-20T10:00:00.123+0100": "2026-06-20 09:00",
    "2026-11-20 10:00": "2026-11-20 10:00",
    "2026-11-20": "2026-11-20 00:00",
    "20/11/2026 10:00": "2026-11-20 10:00",
    "20/06/2026 10:00": "2026-06-20 09:00",
    "20.11.2026, 10:00:30": "2026-11-20 10:00",
    "20 Tachwedd 2026 10:00": "2026-11-20 10:00",
    "Gwener, 20 Tachwedd 2026 10:00": "2026-11-20 10:00",
    "Dydd Sadwrn, 20 Mehefin 2026 10:00": "2026-06-20 09:00",
    "20fed o Fehefin 2026": "2026-06-19 23:00",
    "1af Ionawr 2026 09:30": "2026-01-01 09:30",
    "Llun, 02 Chw 2026 10:00:00 GMT": "2026-02-02 10:00",
    "November 20, 2026 3:05 pm": "2026-11-20 15:05",
    "20th November 2026 at 12:30 am": "2026-11-20 00:30",
    "1795168800": "2026-11-20 10:00",
    "1795168800000": "2026-11-20 10:00",
}
_WELSH = "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr"


@pytest.mark.parametrize("text", READ)
def test_a_date_is_read_to_the_minute(text: str) -> None:
    found = parse_date(text)
    assert found is not None and found.strftime("%Y-%m-%d %H:%M") == READ[text] and found.tzinfo is UTC


def test_every_welsh_month_is_known() -> None:
    found = [parse_date(f"5 {name} 2026 12:00 GMT") for name in _WELSH.split()]
    assert [at.month for at in found if at] == list(range(1, 13))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "32 Jan 2026",
        "20 Foo 2026",
        "10:00",
        "17",
        "2026-13-01",
        "20 Nov 2026 10:00 QQQ",
        "x" * 500,
        "99/99/2026",
        "11/20/2026 10:00",
        "Fri, 20 Nov 2026 99:00:00 GMT",
    ],
)
def test_what_cannot_be_read_is_unknown(text: str) -> None:
    assert parse_date(text) is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.text(alphabet="0123456789 :-+/.,TZabcJanNovGMT", max_size=40))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    found = parse_date(text)
    assert found is None or isinstance(found, datetime)
