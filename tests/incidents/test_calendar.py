"""School days, against a count made by hand: one day after the other, with a list of the days nobody is there."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.home import calendar_of
from mentionwatch.calendar import LONGEST_CLOSURE, Closure, SchoolCalendar
from mentionwatch.school import SchoolFile, SchoolProfile
from tests.incidents.packs import LLANBEDROG, PACKS

CHRISTMAS = Closure(date(2026, 12, 21), date(2027, 1, 1))
HALF_TERM = Closure(date(2026, 10, 26), date(2026, 10, 30))
CALENDAR = SchoolCalendar((CHRISTMAS, HALF_TERM), frozenset({date(2026, 12, 25), date(2027, 5, 3)}))


def school_days_by_hand(calendar: SchoolCalendar, first: date, days: int) -> list[date]:
    """Every school day from `first` on: the closures are first spelt out, day by day."""
    shut: set[date] = set(calendar.bank_holidays)
    for closure in calendar.closures:
        day = closure.first_on
        while day <= closure.last_on:
            shut.add(day)
            day += timedelta(days=1)
    ahead = (first + timedelta(days=count) for count in range(days))
    return [day for day in ahead if day.strftime("%a") not in ("Sat", "Sun") and day not in shut]


@pytest.mark.parametrize(
    ("start", "count", "wanted"),
    [
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # a Friday: the Monday after
        (date(2026, 11, 21), 1, date(2026, 11, 23)),  # a Saturday: the same Monday
        (date(2026, 11, 20), 5, date(2026, 11, 27)),
        (date(2026, 10, 23), 1, date(2026, 11, 2)),  # over the half term
        (date(2026, 12, 18), 2, date(2027, 1, 5)),  # over Christmas and the New Year
        (date(2027, 4, 30), 1, date(2027, 5, 4)),  # over the early May bank holiday
        (date(2028, 2, 28), 1, date(2028, 2, 29)),  # a leap day is a Tuesday like any other
        (date(2028, 2, 29), 1, date(2028, 3, 1)),
        (date(2026, 12, 24), 0, date(2027, 1, 4)),
    ],
)
def test_school_days_counted_on_paper(start: date, count: int, wanted: date) -> None:
    assert CALENDAR.add_school_days(start, count) == wanted


def test_school_days_agree_with_a_count_by_hand_over_ten_years() -> None:
    """G03, L07: 1,500 calendars with holidays, half terms and bank holidays, from one day to two months ahead."""
    dice = random.Random("school days")
    for _ in range(1_500):
        closures = []
        for _ in range(dice.randrange(4)):
            first = date(2024, 1, 1) + timedelta(days=dice.randrange(3650))
            closures.append(Closure(first, first + timedelta(days=dice.randrange(45))))
        banks = frozenset(date(2024, 1, 1) + timedelta(days=dice.randrange(3650)) for _ in range(80))
        calendar = SchoolCalendar(tuple(closures), banks)
        near = closures[0].first_on if closures else date(2028, 2, 27)
        start = near + timedelta(days=dice.randrange(-9, 9))
        count = dice.randrange(0, 25)
        by_hand = school_days_by_hand(calendar, start + timedelta(days=1), 250)
        if count:
            assert calendar.add_school_days(start, count) == by_hand[count - 1]
        else:
            assert calendar.next_school_day(start) == school_days_by_hand(calendar, start, 250)[0]


def test_a_school_that_never_opens_stops_no_clock() -> None:
    """Two years of closure are a mistake in the file: the clock runs on plain days then."""
    shut = SchoolCalendar((Closure(date(2026, 1, 1), date(2028, 1, 1)),))
    assert shut.next_school_day(date(2026, 6, 1)) == date(2026, 6, 1)
    nearly = SchoolCalendar((Closure(date(2026, 1, 1), date(2026, 1, 1) + timedelta(LONGEST_CLOSURE - 2)),))
    assert nearly.next_school_day(date(2026, 1, 1)) == date(2027, 1, 1)


@pytest.mark.parametrize("name", PACKS)
def test_bank_holidays_are_those_of_the_packs_nation(name: str) -> None:
    school = SchoolFile(SchoolProfile("Ysgol X", (), ()), "x", None, None, "en")
    calendar = calendar_of(school, PACKS[name], datetime(2026, 11, 21, tzinfo=UTC))
    # Good Friday, Easter Monday, Christmas and the day in lieu of a Boxing Day on a Saturday; and no Scottish one.
    for day in (date(2027, 3, 26), date(2027, 3, 29), date(2026, 12, 25), date(2026, 12, 28)):
        assert not calendar.is_school_day(day)
    assert calendar.is_school_day(date(2026, 11, 30))
    assert LLANBEDROG.nation == "wales"
