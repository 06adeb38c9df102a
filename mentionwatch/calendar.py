"""School days: Monday to Friday, without bank holidays and without the days the school is closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

LONGEST_CLOSURE = 366
"""Days; a school that is closed longer has a mistake in its calendar, and no clock may wait for ever."""


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which the school is closed, both ends included."""

    first_on: date
    last_on: date


@dataclass(frozen=True, slots=True)
class SchoolCalendar:
    """When the school is there. `bank_holidays` come from a library that knows the nation's."""

    closures: tuple[Closure, ...] = ()
    bank_holidays: frozenset[date] = frozenset()

    def is_school_day(self, day: date) -> bool:
        """Is somebody at school who could act?"""
        if day.weekday() >= 5 or day in self.bank_holidays:
            return False
        return not any(closed.first_on <= day <= closed.last_on for closed in self.closures)

    def next_school_day(self, day: date) -> date:
        """`day` itself if it is one, else the next; after a year of closure the plain day."""
        for days in range(LONGEST_CLOSURE):
            later = day + timedelta(days=days)
            if self.is_school_day(later):
                return later
        return day

    def add_school_days(self, day: date, count: int) -> date:
        """The school day `count` school days after `day`; `count` 0: the first one from `day` on."""
        found = self.next_school_day(day) if count == 0 else day
        for _ in range(count):
            found = self.next_school_day(found + timedelta(days=1))
        return found
