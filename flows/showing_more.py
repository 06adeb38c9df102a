"""What the figures, sources and audit pages ask for: short reads, cut off by the database, each for one viewer (L31)."""

from __future__ import annotations

from datetime import datetime, timedelta

from desk.digest import WAITING
from desk.pages import AuditLine, AuditPage, DecisionTimes, SourceLook, WeekLine
from flows.need_to_know import read_sight
from mentionwatch.accounts import DeskRole, Right, Viewer
from mentionwatch.policy import PolicyPack
from mentionwatch.school import SchoolFile
from warehouse.clause import EVERYTHING, Clause
from warehouse.figures import audit_rows, decision_times, source_health, weekly_counts
from warehouse.need_to_know import seen_incidents, seen_mentions
from warehouse.session import Reading

AUDIT_PER_PAGE = 100
SHOWN_LOOKS = 14
LEAST = 5
"""Groups of fewer are said to nobody who is shown numbers without the records behind them."""
TERM = timedelta(days=120)
NO_POST_KINDS = ("account", "session", "checkpoint", "model", "shadow", "evidence", "key", "governors_sheet")


def _clauses(reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack) -> tuple[Clause, Clause]:
    sight = read_sight(reading, viewer, school, pack)
    return seen_mentions(sight), seen_incidents(sight)


def _is_analyst_alone(viewer: Viewer) -> bool:
    """Numbers over everything are for somebody who is nothing else: with another role one could subtract."""
    return DeskRole.ANALYST in viewer.roles and viewer.roles <= {DeskRole.ANALYST, DeskRole.ADMIN}


def read_weekly(
    reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack, since: datetime
) -> tuple[WeekLine, ...]:
    """Mentions by week, label and source. An analyst, who is shown no mention, gets the whole and no group under five."""
    if not viewer.has(Right.FIGURES):
        return ()
    alone = _is_analyst_alone(viewer)
    seen = EVERYTHING if alone else _clauses(reading, viewer, school, pack)[0]
    found = weekly_counts(reading, since, seen)
    return tuple(
        WeekLine(one.week_on, one.label, one.source, one.mentions)
        for one in found
        if not alone or one.mentions >= LEAST
    )


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


def read_sources(reading: Reading, viewer: Viewer) -> tuple[SourceLook, ...]:
    """Every source over its latest nights."""
    if not viewer.has(Right.SOURCES):
        return ()
    return tuple(
        SourceLook(one.name, one.last_ok_at, one.verdicts, one.fault, one.not_looked_at)
        for one in source_health(reading, SHOWN_LOOKS)
    )


def read_audit(
    reading: Reading, viewer: Viewer, school: SchoolFile, pack: PolicyPack, page: int
) -> AuditPage:
    """One page of the audit log, newest first, without rows about records this viewer may not know of."""
    if not viewer.has(Right.AUDIT):
        return AuditPage((), has_older=False)
    mentions, incidents = _clauses(reading, viewer, school, pack)
    found = audit_rows(
        reading, mentions, incidents, NO_POST_KINDS, (page - 1) * AUDIT_PER_PAGE, AUDIT_PER_PAGE + 1
    )
    rows = tuple(
        AuditLine(one.happened_at, one.actor, one.role, one.verb, one.object_kind, one.object_id)
        for one in found[:AUDIT_PER_PAGE]
    )
    return AuditPage(rows, len(found) > AUDIT_PER_PAGE)
