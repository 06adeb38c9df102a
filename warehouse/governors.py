"""What the governors' sheet counts, as rows without a word, an address or a name: out of the writer's file.

Mentions are counted as the nights wrote them down: praise is deleted after a month, so counting what is still stored
would count too few.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from warehouse.session import Reading, at_utc

_NIGHT = "(started_at AT TIME ZONE 'Europe/London')::DATE"
_NIGHTS = f"""
SELECT {_NIGHT} AS night, arg_max(verdict, started_at), bool_or(verdict <> 'blind'), sum(neutral), sum(positive), sum(concern), sum(inappropriate)
FROM runs WHERE finished_at IS NOT NULL AND {_NIGHT} BETWEEN ? AND ? GROUP BY night ORDER BY night
"""  # noqa: S608 -- our own constant
_FIRST = f"SELECT min({_NIGHT}) FROM runs WHERE finished_at IS NOT NULL"  # noqa: S608 -- our own constant

_PLACES = """
SELECT s.collector, sum(s.new + s.edited) FROM run_sources AS s LEFT JOIN runs AS r USING (run_id)
WHERE (s.collector = 'report' OR r.finished_at IS NOT NULL)
AND (CASE s.collector WHEN 'report' THEN s.stored_at ELSE r.started_at END AT TIME ZONE 'Europe/London')::DATE BETWEEN ? AND ? GROUP BY s.collector ORDER BY s.collector
"""
_LANGS = """
SELECT c.lang, count(*) FROM mentions AS m JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision
WHERE m.kind <> 'report' AND (m.first_seen_at AT TIME ZONE 'Europe/London')::DATE BETWEEN ? AND ? GROUP BY c.lang ORDER BY c.lang
"""
_OVERRULED = """
SELECT count(*) FILTER (label = was_label), count(*) FILTER (label <> was_label) FROM (
    SELECT label, was_label, decided_at FROM decisions QUALIFY row_number() OVER (PARTITION BY mention_id, revision ORDER BY id DESC) = 1
) WHERE (decided_at AT TIME ZONE 'Europe/London')::DATE BETWEEN ? AND ?
"""
_FILES = """
SELECT i.id, i.track, i.kind, i.route, i.state, i.opened_at FROM incidents AS i
WHERE i.kind <> 'evidence_damaged' AND (i.opened_at AT TIME ZONE 'Europe/London')::DATE BETWEEN ? AND ? ORDER BY i.opened_at, i.id
"""
_EVENTS = """
SELECT e.incident_id, coalesce(e.from_state, ''), e.event, e.to_state, e.happened_at FROM incident_events AS e
JOIN incidents AS i ON i.id = e.incident_id
WHERE i.kind <> 'evidence_damaged' AND (i.opened_at AT TIME ZONE 'Europe/London')::DATE BETWEEN ? AND ? ORDER BY e.seq
"""


@dataclass(frozen=True, slots=True)
class NightRow:
    """One night that ran to its end: its last run's verdict, and the labels of what all its runs stored.

    `saw`: one of its runs saw at least one source, were it only in part.
    """

    night: date
    verdict: str
    saw: bool
    neutral: int
    positive: int
    concern: int
    inappropriate: int


@dataclass(frozen=True, slots=True)
class EventRow:
    """One step of a file. `from_state` is empty for the first."""

    from_state: str
    event: str
    to_state: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FileRow:
    """An incident, or a concern or praise that somebody took up, with all its steps. No number, no mention."""

    track: str
    kind: str
    route: str
    state: str
    opened_at: datetime
    events: tuple[EventRow, ...]


@dataclass(frozen=True, slots=True)
class TermRows:
    """Everything of one period, both days included, London time.

    `first_run_on` is the first night of all; `agreed` and `changed` are decisions of people in force.
    """

    first_run_on: date | None
    nights: tuple[NightRow, ...]
    places: tuple[tuple[str, int], ...]
    langs: tuple[tuple[str, int], ...]
    agreed: int
    changed: int
    files: tuple[FileRow, ...]


def last_counted_at(reading: Reading, what: str) -> datetime | None:
    """When this term's sheet was counted last, by the audit log; None: never."""
    row = reading.row(
        "SELECT max(happened_at) FROM audit WHERE object_kind = 'governors_sheet' AND verb = 'counted' AND object_id = ?",
        [what],
    )
    return at_utc(row[0]) if row and row[0] else None


def read_term(reading: Reading, first_on: date, last_on: date) -> TermRows:
    """Six queries; nothing sealed is opened."""
    span = [first_on.isoformat(), last_on.isoformat()]
    first = reading.row(_FIRST)
    events: dict[str, list[EventRow]] = {}
    for id_, source, event, target, at in reading.rows(_EVENTS, span):
        events.setdefault(id_, []).append(EventRow(source, event, target, at_utc(at)))
    agreed, changed = reading.row(_OVERRULED, span) or (0, 0)
    return TermRows(
        first_run_on=first[0] if first else None,
        nights=tuple(
            NightRow(row[0], row[1], bool(row[2]), *map(int, row[3:])) for row in reading.rows(_NIGHTS, span)
        ),
        places=tuple((row[0], int(row[1])) for row in reading.rows(_PLACES, span)),
        langs=tuple((row[0], int(row[1])) for row in reading.rows(_LANGS, span)),
        agreed=agreed,
        changed=changed,
        files=tuple(
            FileRow(row[1], row[2], row[3], row[4], at_utc(row[5]), tuple(events.get(row[0], ())))
            for row in reading.rows(_FILES, span)
        ),
    )
