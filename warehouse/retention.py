"""How long each class of mention is kept (protocol reference, law row 30), and deleting what is past its time."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mentionwatch.labels import FINISHED, Role
from warehouse.connection import Warehouse
from warehouse.earlier import of_one_post
from warehouse.erase import Burial, bury, finish_compaction, held_mentions
from warehouse.incidents import PIPELINE
from warehouse.not_ours import empty_reasons
from warehouse.publish import publish
from warehouse.reading import TIES
from warehouse.session import Reading, Row, at_utc


@dataclass(frozen=True, slots=True)
class RetentionClasses:
    """Days each class is kept. The defaults are the reference's; a pack or the governors may set others.

    Without an incident the label decides, counted from the latest capture. With one, nothing goes while it is
    open; once closed its outcome decides, counted from the closing.
    """

    positive: int = 30
    neutral: int = 90
    concern: int = 365
    inappropriate: int = 365
    no_case: int = 90
    resolved: int = 365
    complaint: int = 2190
    safeguarding: int = 9131

    def days(self, name: str) -> int:
        """Days of a class, by its name."""
        return {
            "positive": self.positive,
            "neutral": self.neutral,
            "concern": self.concern,
            "inappropriate": self.inappropriate,
            "no_case": self.no_case,
            "resolved": self.resolved,
            "complaint": self.complaint,
            "safeguarding": self.safeguarding,
        }[name]


OUTCOMES = {"no_case": "no_case", "concern_answered": "complaint", "concern_close": "complaint"}
"""Closing event to retention class; a person may set another when closing, every other closing is `resolved`."""


@dataclass(frozen=True, slots=True)
class Due:
    """One mention past its time. `held` says why it must stay all the same."""

    mention_id: str
    retention_class: str
    due_at: datetime
    incident_id: str | None
    held: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """When a mention's time is up, and by which class of retention."""

    mention_id: str
    retention_class: str
    due_at: datetime
    incident_id: str | None


_CLOSED = (
    "(SELECT incident_id, arg_max(event, number) AS event, arg_max(details_json, number) AS details, max(happened_at) AS happened_at FROM incident_events "
    "WHERE to_state IN ('CLOSED', 'MERGED') AND from_state IS DISTINCT FROM to_state GROUP BY incident_id)"
)
_ENDS = (
    "SELECT m.id, coalesce(d.label, c.label), r.captured_at, m.incident_id, i.state, e.event, e.details, e.happened_at "  # noqa: S608 -- our own words
    "FROM mentions AS m JOIN revisions AS r ON r.mention_id = m.id AND r.revision = m.revision "
    "JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision "
    "LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d "
    "ON d.mention_id = m.id AND d.revision = m.revision "
    "LEFT JOIN incidents AS i ON i.id = m.incident_id "
    f"LEFT JOIN {_CLOSED} AS e ON e.incident_id = m.incident_id "
    "WHERE true"
)
_OF_THESE = "c.classified_at = r.captured_at AND m.id IN (SELECT unnest(?::VARCHAR[]))"
"""Of a few: each revision is judged as it is captured, and said so, no other night is read (ADR 0034)."""


def _ends_among(reading: Reading, ids: Sequence[str]) -> list[Row]:
    found: list[Row] = []
    left = list(dict.fromkeys(ids))
    for tie in TIES:
        if left:
            found += reading.rows(f"{_ENDS} AND {tie} AND {_OF_THESE}", [left])
            left = sorted(set(left).difference(row[0] for row in found))
    return found


def ends_of(
    reading: Reading, ids: Sequence[str] | None = None, classes: RetentionClasses | None = None
) -> tuple[End, ...]:
    """When the time of these mentions is up, or of all. One whose incident is open has no end and is missing.

    Of a post with several incidents, one after the other, the longest time counts (ADR 0040).
    """
    classes = classes or RetentionClasses()
    found: list[End] = []
    rows = reading.rows(_ENDS) if ids is None else _ends_among(reading, ids)
    others = of_one_post(reading, {row[3] for row in rows if row[3] is not None and row[4] in FINISHED})
    earlier = _closings(reading, sorted({id_ for each in others.values() for id_ in each}))
    for id_, label, captured_at, incident_id, state, closing_event, details, closed_at in rows:
        if incident_id is None:
            found.append(End(id_, label, at_utc(captured_at) + timedelta(days=classes.days(label)), None))
            continue
        closings = [
            _Closing(state, closing_event, details, closed_at),
            *(earlier[other] for other in others.get(incident_id, ()) if other in earlier),
        ]
        if any(one.state not in FINISHED or one.at is None for one in closings):
            continue
        # Seen again after the closing: the later of the two counts.
        ends = [
            (max(at_utc(one.at), at_utc(captured_at)) + timedelta(days=classes.days(one.name)), one.name)
            for one in closings
        ]
        due_at, name = max(ends, key=lambda end: end[0])
        found.append(End(id_, name, due_at, incident_id))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Closing:
    """How an incident stands, and how and when it was closed last."""

    state: str
    event: str | None
    details: str | None
    at: Any

    @property
    def name(self) -> str:
        """The class of retention: a person's, else that of the outcome."""
        set_by_person = json.loads(self.details or "{}").get("retention")
        return str(set_by_person or OUTCOMES.get(self.event or "", "resolved"))


def _closings(reading: Reading, ids: Sequence[str]) -> dict[str, _Closing]:
    if not ids:
        return {}
    found = reading.rows(
        f"SELECT i.id, i.state, e.event, e.details, e.happened_at FROM incidents AS i LEFT JOIN {_CLOSED} AS e ON e.incident_id = i.id "  # noqa: S608 -- our own words
        "WHERE i.id IN (SELECT unnest(?::VARCHAR[]))",
        [list(ids)],
    )
    return {id_: _Closing(*rest) for id_, *rest in found}


def due(reading: Reading, now: datetime, classes: RetentionClasses | None = None) -> tuple[Due, ...]:
    """Mentions past their time at `now`, held ones included and marked."""
    held = held_mentions(reading, now)
    found = [
        Due(end.mention_id, end.retention_class, end.due_at, end.incident_id, held.get(end.mention_id, ""))
        for end in ends_of(reading, None, classes)
        if end.due_at <= now
    ]
    return tuple(sorted(found, key=lambda item: (item.due_at, item.mention_id)))


@dataclass(frozen=True, slots=True)
class Purge:
    """What retention did, or would do: counts by class, what was held, and a note for a person."""

    by_class: Mapping[str, int]
    purged: tuple[str, ...]
    held: Mapping[str, str]
    is_dry_run: bool
    note: str = ""


def purge(
    warehouse: Warehouse, now: datetime, classes: RetentionClasses | None = None, *, dry_run: bool = False
) -> Purge:
    """Delete what is past its time, rewrite the file and publish. A dry run only looks.

    Also finishes a rewrite that a kill cut short on an earlier day.
    """
    if dry_run:
        with warehouse.live_reader() as reading:
            return _sum_up(due(reading, now, classes), is_dry_run=True, note="")
    with warehouse.writer() as writing:
        found = due(writing, now, classes)
        burials = [Burial(item.mention_id, item.retention_class) for item in found if not item.held]
        bury(writing, burials, "retention", now, PIPELINE, Role.PIPELINE)
        empty_reasons(writing, now)
    note = publish(warehouse).note if finish_compaction(warehouse) else ""
    return _sum_up(found, is_dry_run=False, note=note)


def _sum_up(found: tuple[Due, ...], *, is_dry_run: bool, note: str) -> Purge:
    going = [item for item in found if not item.held]
    by_class = {
        name: sum(1 for item in going if item.retention_class == name)
        for name in sorted({item.retention_class for item in going})
    }
    return Purge(
        by_class,
        tuple(item.mention_id for item in going),
        {item.mention_id: item.held for item in found if item.held},
        is_dry_run,
        note,
    )
