"""A school's first nights: which nights there were, whether somebody ended them, and what waits to be opened by hand.

Who ended them stands in the audit log and nowhere else: it is chained, nothing erases it, and no second copy can
say otherwise. Why, in their own words, stands beside it and not in it (I9).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import Label, Role, Route, Scope
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.decided import Decided, kept_up
from warehouse.reading import TIES
from warehouse.session import Reading, Writing, at_utc, clean_text

_OBJECT, _VERB = "shadow", "ended"


@dataclass(frozen=True, slots=True)
class ShadowEnd:
    """Who let the classifier open incidents, when, and why in their own words."""

    at: datetime
    role: Role
    reason: str


def end_shadow(writing: Writing, actor: str, role: Role, what: str, reason: str, now: datetime) -> None:
    """Record that from `now` on the classifier opens incidents. `what` goes into the audit log: fixed words only."""
    append_audit(writing, [AuditEvent(now, actor, role, _VERB, _OBJECT, "judging", what)])
    writing.run("INSERT INTO shadow_reasons SELECT max(seq), ? FROM audit", [clean_text(reason)])


def shadow_end(reading: Reading, until: datetime) -> ShadowEnd | None:
    """The first end that was recorded up to `until`, or None."""
    row = reading.row(
        "SELECT happened_at, role, coalesce(s.reason, '') FROM audit LEFT JOIN shadow_reasons AS s ON s.audit_seq = seq "
        "WHERE object_kind = ? AND verb = ? AND happened_at <= ? ORDER BY seq LIMIT 1",
        [_OBJECT, _VERB, until],
    )
    return ShadowEnd(at_utc(row[0]), Role(row[1]), row[2]) if row else None


def finished_starts(reading: Reading, until: datetime) -> tuple[datetime, ...]:
    """When each sweep that came to its end began, up to `until`, oldest first."""
    return tuple(
        at_utc(row[0])
        for row in reading.rows(
            "SELECT started_at FROM runs WHERE finished_at IS NOT NULL AND started_at <= ? ORDER BY started_at",
            [until],
        )
    )


def unopened(reading: Reading, since: datetime, until: datetime) -> tuple[str, ...]:
    """Mentions captured in [since, until) that call for an incident and have none: as first nights leave them, and what a person
    called inappropriate, also where it is only possible that it is about the school.

    A person who gave one another label than *inappropriate* has looked at it; it is no longer among them.
    """
    found = kept_up(
        reading,
        ("unopened", since, until),
        lambda: _read_unopened(reading, since, until),
        lambda before, decided: _read_some_again(reading, since, until, before, decided),
    )
    return tuple(id_ for id_, _ in found)


_Unopened = tuple[tuple[str, datetime], ...]
"""Each with the time of its capture, latest first."""


def _in_order(found: Iterable[tuple[str, datetime]]) -> _Unopened:
    return tuple(sorted(found, key=lambda one: (-one[1].timestamp(), one[0])))


def _read_some_again(
    reading: Reading, since: datetime, until: datetime, before: _Unopened, decided: Decided
) -> _Unopened:
    ids = {id_ for id_, _ in decided}
    again = _read_unopened(reading, since, until, sorted(ids))
    return _in_order((*(one for one in before if one[0] not in ids), *again))


def _read_unopened(
    reading: Reading, since: datetime, until: datetime, ids: Sequence[str] | None = None
) -> _Unopened:
    """Of these mentions only, where ids are given."""
    among, asked = ("true", []) if ids is None else ("m.id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)])
    found = " UNION ALL ".join(
        "SELECT m.id, r.captured_at FROM mentions AS m "  # noqa: S608 -- our own conditions
        f"JOIN revisions AS r ON r.mention_id = m.id AND r.revision = m.revision AND {tie} "
        "JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision AND c.classified_at = r.captured_at "
        "LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d "
        "ON d.mention_id = m.id AND d.revision = m.revision "
        f"WHERE {among} AND m.incident_id IS NULL AND r.captured_at >= ? AND r.captured_at < ? "
        "AND (d.label = ? OR (d.label IS NULL AND r.scope = ? AND (c.label = ? OR c.route IN (?, ?))))"
        for tie in TIES
    )
    values = [
        *asked, since, until, Label.INAPPROPRIATE.value, Scope.CERTAIN.value, Label.INAPPROPRIATE.value,
        Route.POLICE.value, Route.SAFEGUARDING.value,
    ]  # fmt: skip
    rows = reading.rows(f"SELECT id, captured_at FROM ({found})", [*values, *values])  # noqa: S608 -- the same
    return _in_order((id_, at_utc(at)) for id_, at in rows)


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's latest word on a mention that was not the classifier's."""

    mention_id: str
    was_label: Label
    label: Label


def list_corrections(reading: Reading) -> tuple[Correction, ...]:
    """Each mention's latest decision that changed its label."""
    return tuple(
        Correction(row[0], Label(row[1]), Label(row[2]))
        for row in reading.rows(
            "SELECT mention_id, arg_max(was_label, id), arg_max(label, id) FROM decisions GROUP BY mention_id "
            "HAVING arg_max(was_label, id) <> arg_max(label, id) ORDER BY mention_id"
        )
    )


def read_places(reading: Reading) -> dict[str, str]:
    """The region each mention's latest revision speaks of, where one was given."""
    return dict(
        reading.rows(
            "SELECT m.id, r.place FROM mentions AS m JOIN revisions AS r ON r.mention_id = m.id AND r.revision = m.revision "
            "WHERE r.place <> ''"
        )
    )
