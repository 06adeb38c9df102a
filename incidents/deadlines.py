"""Time limits that end at six in the evening, London time (L39, T26, T30, T31)."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from incidents.transitions import Event

LONDON = ZoneInfo("Europe/London")
SIX = time(18)
REMOVAL = timedelta(hours=48)
PLATFORM = timedelta(days=28)


def first_six_after(moment: datetime) -> datetime:
    """The first 18:00 in London at or after `moment`; aware UTC, right across both clock changes."""
    local = moment.astimezone(LONDON)
    for days in (0, 1):
        six = datetime.combine(local.date() + timedelta(days=days), SIX, LONDON).astimezone(UTC)
        if six >= moment:
            return six
    raise AssertionError("a day has one 18:00")


def step_deadline(event: Event, now: datetime, current: datetime | None) -> datetime | None:
    """The time limit a step sets, or None when it sets none.

    Removal: the first 18:00 at least 48 hours after it was asked for. Extending counts from the present
    limit, so it never shortens. A platform has 28 days.
    """
    if event in (Event.REMOVAL_ASKED, Event.LETTER_SENT):
        return first_six_after(now + REMOVAL)
    if event is Event.EXTEND:
        return first_six_after(max(now, current or now) + REMOVAL)
    if event is Event.PLATFORM_REPORTED:
        return first_six_after(now + PLATFORM)
    return None
