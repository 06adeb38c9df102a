"""The three terms of a school year, as fixed parts of it that leave no day out and share none.

They are the months the terms fall in, not the days a school opens: so the sheets of two terms never overlap, whatever
a school's own dates are, and nothing can be worked out from the difference between two sheets.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class TermName(StrEnum):
    """Autumn: September to December. Spring: January to March. Summer: April to August."""

    AUTUMN = "autumn"
    SPRING = "spring"
    SUMMER = "summer"


_MONTHS = {TermName.AUTUMN: (9, 12), TermName.SPRING: (1, 3), TermName.SUMMER: (4, 8)}


@dataclass(frozen=True, slots=True)
class Term:
    """One term of one calendar year."""

    name: TermName
    year: int

    @property
    def first_on(self) -> date:
        return date(self.year, _MONTHS[self.name][0], 1)

    @property
    def last_on(self) -> date:
        last = _MONTHS[self.name][1]
        return (date(self.year, last, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it has, holidays among them."""
        return (self.last_on - self.first_on).days + 1

    @property
    def weeks(self) -> tuple[date, ...]:
        """The Mondays of its weeks; the first may lie before the term, which then counts from its first day."""
        monday = self.first_on - timedelta(days=self.first_on.weekday())
        count = (self.last_on - monday).days // 7 + 1
        return tuple(monday + timedelta(weeks=number) for number in range(count))


def term_of(day: date) -> Term:
    """The term a day lies in."""
    name = next(name for name, (first, last) in _MONTHS.items() if first <= day.month <= last)
    return Term(name, day.year)


def find_terms(first_on: date, last_on: date) -> tuple[Term, ...] | None:
    """The whole terms that fill a period exactly; None when it begins or ends inside one."""
    found = []
    day = first_on
    while day <= last_on:
        term = term_of(day)
        if day != term.first_on:
            return None
        found.append(term)
        day = term.last_on + timedelta(days=1)
    return tuple(found) if found and found[-1].last_on == last_on else None
