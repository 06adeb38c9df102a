"""Terms cut the year into three without gap or overlap: no two sheets can be subtracted."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.terms import Term, TermName, find_terms, term_of

days = st.dates(date(2020, 1, 1), date(2040, 12, 31))
terms = st.builds(Term, st.sampled_from(TermName), st.integers(2000, 2100))


@given(days)
def test_every_day_lies_in_one_term(day: date) -> None:
    term = term_of(day)
    assert term.first_on <= day <= term.last_on
    assert [
        other for name in TermName if (other := Term(name, day.year)).first_on <= day <= other.last_on
    ] == [term]


@given(terms)
def test_terms_follow_each_other_without_a_gap(term: Term) -> None:
    after = term_of(term.last_on + timedelta(days=1))
    assert after.first_on == term.last_on + timedelta(days=1)
    assert after.name is not term.name


@given(terms)
def test_a_terms_weeks_cover_it_and_begin_on_mondays(term: Term) -> None:
    assert all(week.weekday() == 0 for week in term.weeks)
    assert term.weeks[0] <= term.first_on < term.weeks[0] + timedelta(days=7)
    assert term.weeks[-1] <= term.last_on < term.weeks[-1] + timedelta(days=7)


@given(days, days)
def test_a_period_that_cuts_a_term_is_none(first_on: date, last_on: date) -> None:
    found = find_terms(first_on, last_on)
    if found is None:
        assert (
            first_on > last_on
            or term_of(first_on).first_on != first_on
            or term_of(last_on).last_on != last_on
        )
    else:
        assert (found[0].first_on, found[-1].last_on) == (first_on, last_on)


def test_a_school_year_is_three_terms() -> None:
    assert find_terms(date(2026, 9, 1), date(2027, 8, 31)) == (
        Term(TermName.AUTUMN, 2026),
        Term(TermName.SPRING, 2027),
        Term(TermName.SUMMER, 2027),
    )
    assert Term(TermName.SPRING, 2028).days == 91
