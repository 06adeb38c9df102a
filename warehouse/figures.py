"""Numbers and lists for people's pages, each over what a condition lets through: grouped and cut off by the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mentionwatch.labels import FaultKind, Label, Verdict
from warehouse.about import rows_about
from warehouse.clause import EVERYTHING, Clause
from warehouse.decided import kept_up
from warehouse.reading import seen_among
from warehouse.session import Reading, at_utc, to_utc

_DECIDED = (
    "LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d "
    "ON d.mention_id = m.id AND d.revision = m.revision"
)


@dataclass(frozen=True, slots=True)
class WeekCount:
    """Mentions first seen in one week (its Monday, London time) with one label at one source."""

    week_on: date
    label: Label
    source: str
    mentions: int


def weekly_counts(reading: Reading, since: datetime, seen: Clause) -> tuple[WeekCount, ...]:
    """Oldest week first; `seen` is a condition on `m`, a row of mentions. A week without any is missing."""
    return reading.remembered(("weeks", since, seen.key), lambda: _weekly_counts(reading, since, seen))


def _weekly_counts(reading: Reading, since: datetime, seen: Clause) -> tuple[WeekCount, ...]:
    found = reading.rows(
        "SELECT date_trunc('week', m.first_seen_at AT TIME ZONE 'Europe/London')::DATE, coalesce(d.label, c.label), m.source, count(*) "  # noqa: S608 -- our own condition
        f"FROM mentions AS m JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision {_DECIDED} "
        # What was first seen since then was judged since then; said twice, DuckDB reads neither table's past.
        f"WHERE m.first_seen_at >= ? AND c.classified_at >= ? AND ({seen.sql}) GROUP BY ALL ORDER BY ALL",
        [since, since, *seen.values],
    )
    return tuple(WeekCount(week, Label(label), source, count) for week, label, source, count in found)


def watched_weeks(reading: Reading, since: datetime) -> frozenset[date]:
    """The weeks (their Mondays, London time) in which a run saw at least one source, were it only in part."""
    found = reading.rows(
        "SELECT DISTINCT date_trunc('week', r.started_at AT TIME ZONE 'Europe/London')::DATE FROM runs AS r "
        "JOIN run_sources AS s ON s.run_id = r.run_id WHERE r.started_at >= ? AND s.verdict <> 'blind' AND s.collector <> 'report'",
        [since],
    )
    return frozenset(week for (week,) in found)


@dataclass(frozen=True, slots=True)
class DecisionTime:
    """How long one incident waited until a person first moved it out of the states that wait."""

    opened_at: datetime
    decided_at: datetime


def decision_times(
    reading: Reading, since: datetime, waiting: Sequence[str], seen: Clause
) -> tuple[DecisionTime, ...]:
    """Of incidents opened since, oldest first; `seen` is a condition on `i`. Undecided ones are missing."""
    found = reading.rows(
        "SELECT i.opened_at, min(e.happened_at) FROM incidents AS i JOIN incident_events AS e ON e.incident_id = i.id "  # noqa: S608 -- our own condition
        "AND e.from_state IN (SELECT unnest(?::VARCHAR[])) AND e.to_state NOT IN (SELECT unnest(?::VARCHAR[])) AND e.role <> 'pipeline' "
        f"WHERE i.track = 'incident' AND i.opened_at >= ? AND ({seen.sql}) GROUP BY i.id, i.opened_at ORDER BY i.opened_at",
        [list(waiting), list(waiting), since, *seen.values],
    )
    return tuple(DecisionTime(at_utc(opened), at_utc(decided)) for opened, decided in found)


_A_LOOK = 500


def asking_mentions(reading: Reading, seen: Clause, limit: int) -> tuple[str, ...]:
    """Mentions in no incident that nobody has judged and that ask for a person, first seen first; `seen` is a condition on `m`."""
    return reading.remembered(
        ("asking", seen.key, limit),
        lambda: _first_seen(reading, [one.id for one in _all_asking(reading)], seen, limit),
    )


def asking_before(reading: Reading, seen: Clause, before: datetime, limit: int) -> tuple[str, ...]:
    """Of the first so many `asking_mentions` those that were first seen before a time."""
    ids = frozenset(asking_mentions(reading, seen, limit))
    return tuple(one.id for one in _all_asking(reading) if one.id in ids and one.first_seen_at < before)


def _first_seen(reading: Reading, asking: Sequence[str], seen: Clause, limit: int) -> tuple[str, ...]:
    found: list[str] = []
    for start in range(0, len(asking), _A_LOOK):
        some = list(asking[start : start + _A_LOOK])
        found += seen_among(reading, some, seen)
        if len(found) >= limit:
            break
    return tuple(found[:limit])


@dataclass(frozen=True, slots=True)
class _Asking:
    """A post that asks for a person, with the revision that asks."""

    id: str
    revision: int
    first_seen_at: datetime


def _all_asking(reading: Reading) -> tuple[_Asking, ...]:
    """All of them, whoever may know of them, first seen first."""
    return kept_up(
        reading,
        "asking",
        lambda: _find_asking(reading),
        # A decision answers what was asked of that revision; nothing it says asks anew.
        lambda asking, decided: tuple(one for one in asking if (one.id, one.revision) not in decided),
    )


def _find_asking(reading: Reading) -> tuple[_Asking, ...]:
    # Few ever ask: they are found by one narrow column after the other, and their mentions by id.
    found = reading.rows(
        "WITH asking AS MATERIALIZED (SELECT mention_id, revision FROM classifications WHERE needs_person "
        "UNION SELECT mention_id, revision FROM classifications WHERE label = ? "
        "UNION SELECT id, revision FROM mentions WHERE is_sealed), "
        "open AS MATERIALIZED (SELECT * FROM asking ANTI JOIN decisions USING (mention_id, revision)), "
        "posts AS MATERIALIZED (SELECT id, revision, first_seen_at, incident_id FROM mentions WHERE id IN (SELECT mention_id FROM open)) "
        "SELECT m.id, m.revision, m.first_seen_at FROM posts AS m JOIN open AS o ON o.mention_id = m.id AND o.revision = m.revision "
        "WHERE m.incident_id IS NULL ORDER BY m.first_seen_at, m.id",
        [Label.INAPPROPRIATE.value],
    )
    return tuple(_Asking(id_, revision, at_utc(first_seen_at)) for id_, revision, first_seen_at in found)


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the audit log as a page shows it: no reason, which a person may have typed."""

    happened_at: datetime
    actor: str
    role: str
    verb: str
    object_kind: str
    object_id: str


def audit_rows(
    reading: Reading,
    mentions: Clause,
    incidents: Clause,
    kinds: Sequence[str],
    start: int,
    limit: int,
    chosen: Clause = EVERYTHING,
) -> tuple[AuditRow, ...]:
    """Newest first: what is about no record of a post (`kinds`), and what is about one that the reader may know of.

    A row about a record that is deleted cannot be told from one they may not know of, and is left out. `chosen`: see `audit_choice`.
    """
    found = reading.rows(
        "SELECT a.happened_at, a.actor, a.role, a.verb, a.object_kind, a.object_id FROM audit AS a "  # noqa: S608 -- our own conditions
        "WHERE (a.object_kind IN (SELECT unnest(?::VARCHAR[])) "
        f"OR split_part(a.object_id, '/', 1) IN (SELECT m.id FROM mentions AS m WHERE {mentions.sql}) "
        f"OR split_part(a.object_id, '/', 1) IN (SELECT i.id FROM incidents AS i WHERE {incidents.sql})) "
        f"AND ({chosen.sql}) ORDER BY a.seq DESC LIMIT ? OFFSET ?",
        [list(kinds), *mentions.values, *incidents.values, *chosen.values, limit, start],
    )
    return tuple(AuditRow(at_utc(row[0]), *row[1:]) for row in found)


def audit_choice(verb: str, on: date | None) -> Clause:
    """Rows of one verb and of one day in London; of all where none is named."""
    chosen = Clause("a.verb = ?", (verb,)) if verb else EVERYTHING
    return chosen & Clause("(a.happened_at AT TIME ZONE 'Europe/London')::DATE = ?", (on,)) if on else chosen


def last_look_over(reading: Reading) -> tuple[datetime, bool] | None:
    """When the chain and all evidence were last looked over, and whether everything was as stored; None: never."""
    row = reading.row(
        "SELECT happened_at, verb FROM audit WHERE object_kind = 'evidence' AND verb IN ('verified', 'verify_failed') "
        "ORDER BY seq DESC LIMIT 1"
    )
    return (at_utc(row[0]), row[1] == "verified") if row else None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """One source over its latest looks: `verdicts` newest first."""

    name: str
    last_ok_at: datetime | None
    verdicts: tuple[Verdict, ...]
    fault: FaultKind | None
    not_looked_at: tuple[str, ...]


def source_health(reading: Reading, looks: int) -> tuple[SourceHealth, ...]:
    """Every source that was ever looked at, by name. Says nothing of any mention: *mentions* counts as seen (clear)."""
    found = reading.rows(
        "SELECT source, max(last_ok_at), list(verdict ORDER BY stored_at DESC), arg_max_null(fault_kind, stored_at), "
        "arg_max(not_looked_at_json, stored_at) FROM (SELECT * FROM run_sources "
        "QUALIFY row_number() OVER (PARTITION BY source ORDER BY stored_at DESC) <= ?) GROUP BY source ORDER BY source",
        [looks],
    )
    return tuple(
        SourceHealth(
            name,
            to_utc(last_ok_at),
            tuple(Verdict.CLEAR if one == Verdict.MENTIONS else Verdict(one) for one in verdicts),
            FaultKind(fault) if fault else None,
            tuple(json.loads(missed)),
        )
        for name, last_ok_at, verdicts, fault, missed in found
    )


def looks_at(reading: Reading, mention_id: str) -> tuple[AuditRow, ...]:
    """What was done with one mention or a revision of it, oldest first."""
    return tuple(
        AuditRow(row.happened_at, row.actor, row.role, row.verb, row.object_kind, row.object_id)
        for row in rows_about(reading, [mention_id])
        if row.object_kind in ("mention", "revision")
    )


@dataclass(frozen=True, slots=True)
class NightLook:
    """What came of one source on one day (London time): of its last look that day, when there were several."""

    source: str
    night_on: date
    verdict: Verdict


def night_looks(reading: Reading, since_on: date) -> tuple[NightLook, ...]:
    """Every look since that day. Says nothing of any mention: *mentions* counts as seen (clear)."""
    found = reading.rows(
        "SELECT s.source, (r.started_at AT TIME ZONE 'Europe/London')::DATE AS day, arg_max(s.verdict, s.stored_at) "
        "FROM run_sources AS s JOIN runs AS r USING (run_id) GROUP BY s.source, day HAVING day >= ? ORDER BY ALL",
        [since_on],
    )
    return tuple(
        NightLook(name, day, Verdict.CLEAR if verdict == Verdict.MENTIONS else Verdict(verdict))
        for name, day, verdict in found
    )


@dataclass(frozen=True, slots=True)
class SourceKnown:
    """One source by its name: what reads it, the day of the first look at it (London time), and its last look."""

    name: str
    collector: str
    first_on: date
    looked_at: datetime


def known_sources(reading: Reading) -> tuple[SourceKnown, ...]:
    """Every source there was ever a look at, by name."""
    found = reading.rows(
        "SELECT s.source, arg_max(s.collector, s.stored_at), (min(r.started_at) AT TIME ZONE 'Europe/London')::DATE, "
        "max(r.started_at) FROM run_sources AS s JOIN runs AS r USING (run_id) GROUP BY s.source ORDER BY s.source"
    )
    return tuple(SourceKnown(name, kind, first_on, at_utc(at)) for name, kind, first_on, at in found)
