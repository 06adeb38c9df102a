"""What a morning's digest says is due, read from a home: the clocks of open incidents and of concerns (L07, G03)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from desk.digest import Digest
from flows.digest import read_digest
from flows.home import Home, read_school
from incidents.deadlines import ClockName
from town.home import write_home
from town.server import Town

NIGHT = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
"""A Friday: the next school day is Monday 23 November."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A night over the town, with every page of it the school's own."""
    from tests.flows.plain import sweep_plainly

    home = Home(tmp_path_factory.mktemp("due") / "home")
    with Town(NIGHT) as town:
        write_home(home.folder, town.base)
        told = home.sources_file.read_text("utf-8")
        home.sources_file.write_text(
            told.replace("collector = ", 'channel = "school_account"\ncollector = '), "utf-8"
        )
        sweep_plainly(home.folder, NIGHT)
    return home


def _read(home: Home, day: date, pack: str = "llanbedrog") -> Digest:
    told = home.school_file.read_text("utf-8")
    try:
        home.school_file.write_text(told.replace('pack = "llanbedrog"', f'pack = "{pack}"'), "utf-8")
        school, read = read_school(home)
        return read_digest(home, school, read, day)
    finally:
        home.school_file.write_text(told, "utf-8")


def test_l07_a_concern_on_a_school_account_shows_by_when_it_is_acknowledged_until_it_is(home: Home) -> None:
    """L07: the clock runs from the night the concern was found, and the concern comes back each morning."""
    today, after = (_read(home, NIGHT.date() + timedelta(days=days)) for days in (0, 4))
    assert today.concerns
    for row in today.concerns:
        (clock,) = row.clocks
        assert clock.name is ClockName.ACKNOWLEDGE
        assert clock.due_at == datetime(2026, 11, 23, 18, tzinfo=UTC)
    assert {row.id for row in after.concerns} == {row.id for row in today.concerns}, "a miss is visible"
    assert after.to_review >= len(after.concerns)


def test_g03_a_policy_without_the_clause_starts_no_acknowledgement_clock(home: Home) -> None:
    """G03: the concerns of the night are there as before, without a clock, and are not told again later."""
    today, after = (_read(home, NIGHT.date() + timedelta(days=days), "grappenhall_heys") for days in (0, 4))
    assert today.concerns and not any(row.clocks for row in today.concerns)
    assert after.concerns == ()


def test_an_open_incident_is_due_by_its_own_clock_and_named(home: Home) -> None:
    made = _read(home, NIGHT.date())
    waiting = (*made.act_now, *made.decisions)
    assert waiting
    assert {clock.name for row in waiting for clock in row.clocks} >= {ClockName.HAND_OVER}


def test_broken_sources_cost_the_channels_and_never_the_digest(home: Home) -> None:
    told = home.sources_file.read_text("utf-8")
    home.sources_file.write_text("[[source", "utf-8")
    try:
        made = _read(home, NIGHT.date())
    finally:
        home.sources_file.write_text(told, "utf-8")
    assert made.act_now + made.decisions
    assert not any(row.clocks for row in made.concerns)
