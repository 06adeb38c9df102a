"""What the page of figures asks for: short reads, cut off by the database, each for one viewer (L31)."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.digest import WAITING
from desk.pages import DecisionTimes
from flows.need_to_know import read_sight
from mentionwatch.accounts import DeskRole, Right, Viewer
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.clause import EVERYTHING, Clause
from warehouse.figures import WeekCount, decision_times, weekly_counts
from warehouse.need_to_know import seen_incidents, seen_mentions
from warehouse.session import Reading

LEAST = 5
"""Groups of fewer are said to nobody who is shown numbers without the records behind them."""
TERM = timedelta(days=120)


def _clauses(reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack) -> tuple[Clause, Clause]:
    sight = read_sight(reading, viewer, school, pack)
    return seen_mentions(sight), seen_incidents(sight)


def _is_analyst_alone(viewer: Viewer) -> bool:
    """Numbers over everything are for somebody who is nothing else: with another role one could subtract."""
    return DeskRole.ANALYST in viewer.roles and viewer.roles <= {DeskRole.ANALYST, DeskRole.ADMIN}


def read_weekly(
    reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack, since: datetime
) -> tuple[WeekCount, ...]:
    """Mentions by week, label and source. An analyst, who is shown no mention, gets the whole and no group under five."""
    if not viewer.has(Right.FIGURES):
        return ()
    alone = _is_analyst_alone(viewer)
    seen = EVERYTHING if alone else _clauses(reading, viewer, school, pack)[0]
    found = weekly_counts(reading, since, seen)
    return tuple(one for one in found if not alone or one.mentions >= LEAST)


def read_decision_times(
    reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack, now: datetime
) -> DecisionTimes:
    """Of the incidents of the last term that this viewer may know of."""
    if not viewer.has(Right.FIGURES):
        return DecisionTimes(())
    alone = _is_analyst_alone(viewer)
    seen = EVERYTHING if alone else _clauses(reading, viewer, school, pack)[1]
    found = decision_times(reading, now - TERM, sorted(state.value for state in WAITING), seen)
    if alone and len(found) < LEAST:
        return DecisionTimes(())
    return DecisionTimes(tuple(one.decided_at - one.opened_at for one in found))
