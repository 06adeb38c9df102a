"""Six in the evening, London time: when a time limit given to an author ends (L39, I5)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mentionwatch.policy import DeadlineKey, PolicyPack

LONDON = ZoneInfo("Europe/London")
SIX = time(18)
LEAST_HOURS = 48


def first_six_after(moment: datetime) -> datetime:
    """The first 18:00 in London at or after `moment`; aware UTC, right across both clock changes."""
    local = moment.astimezone(LONDON)
    for days in (0, 1):
        six = six_on(local.date() + timedelta(days=days))
        if six >= moment:
            return six
    raise AssertionError("a day has one 18:00")


def six_on(day: date) -> datetime:
    """18:00 in London on a day, as aware UTC."""
    return datetime.combine(day, SIX, LONDON).astimezone(UTC)


def removal_limit(start: datetime, pack: PolicyPack | None) -> datetime:
    """The first 18:00 at least 48 hours after `start`, or after as many as the pack gives (L39, I5)."""
    rule = pack.deadline(DeadlineKey.REMOVAL) if pack else None
    hours = max(LEAST_HOURS, rule.in_force) if rule else LEAST_HOURS
    return first_six_after(start.astimezone(UTC) + timedelta(hours=hours))
