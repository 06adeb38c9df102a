"""L39, I5: six in the evening in London, at least 48 hours on, right across both clock changes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.deadlines import step_deadline
from incidents.limits import first_six_after
from incidents.transitions import Event

LONDON = ZoneInfo("Europe/London")
# From 2020 to 2039: leap days and forty clock changes.
INSTANTS = st.integers(1_577_836_800, 2_208_988_800).map(lambda second: datetime.fromtimestamp(second, UTC))


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("sent", "limit"),
    [
        (london(2026, 11, 16, 10), london(2026, 11, 18, 18)),  # Monday morning: Wednesday
        (london(2026, 11, 16, 19), london(2026, 11, 19, 18)),  # Monday evening: Thursday
        (london(2026, 11, 16, 18), london(2026, 11, 18, 18)),  # on the stroke: exactly 48 hours
        (london(2026, 3, 27, 18), london(2026, 3, 30, 18)),  # spring: Sunday 18:00 is only 47 hours on
        (london(2026, 3, 27, 17), london(2026, 3, 29, 18)),
        (london(2026, 10, 23, 18), london(2026, 10, 25, 18)),  # autumn: 49 hours
        (london(2028, 2, 28, 9), london(2028, 3, 1, 18)),  # over a leap day
    ],
)
def test_l39_worked_examples(sent: datetime, limit: datetime) -> None:
    assert step_deadline(Event.LETTER_SENT, sent, None) == limit
    assert step_deadline(Event.REMOVAL_ASKED, sent, None) == limit


@given(INSTANTS)
@example(datetime(2026, 3, 29, 0, 59, 59, tzinfo=UTC))
@example(datetime(2026, 10, 25, 1, 0, tzinfo=UTC))
def test_l39_the_limit_is_the_first_london_six_at_least_48_hours_on(sent: datetime) -> None:
    limit = step_deadline(Event.LETTER_SENT, sent, None)
    assert limit is not None and limit.tzinfo is UTC
    local = limit.astimezone(LONDON)
    assert (local.hour, local.minute, local.second, local.microsecond) == (18, 0, 0, 0)
    assert timedelta(hours=48) <= limit - sent
    earlier = (local - timedelta(days=1)).astimezone(UTC)
    assert earlier - sent < timedelta(hours=48), "there was an earlier evening"


@given(INSTANTS, st.integers(-1000, 1000))
def test_l39_extending_never_shortens(now: datetime, hours: int) -> None:
    current = first_six_after(now + timedelta(hours=hours))
    later = step_deadline(Event.EXTEND, now, current)
    assert later is not None
    assert later - max(now, current) >= timedelta(hours=48)
    assert step_deadline(Event.EXTEND, now, None) == first_six_after(now + timedelta(hours=48))


@given(INSTANTS)
def test_t31_a_platform_has_28_days(now: datetime) -> None:
    """L43, T31."""
    limit = step_deadline(Event.PLATFORM_REPORTED, now, None)
    assert limit is not None
    assert timedelta(days=28) <= limit - now <= timedelta(days=29, hours=1)


def test_no_other_step_sets_a_limit() -> None:
    now = datetime(2026, 11, 21, 9, tzinfo=UTC)
    setting = {event for event in Event if step_deadline(event, now, now) is not None}
    asked = {Event.REMOVAL_ASKED, Event.ASK_REMOVAL, Event.LETTER_SENT}
    assert setting == asked | {Event.EXTEND, Event.PLATFORM_REPORTED}
