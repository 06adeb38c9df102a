"""The protocol's steps as they are stored: an incident as it stands, its events, and the next one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from mentionwatch.errors import Refused
from mentionwatch.labels import Harm, IncidentState, Role, Route
from mentionwatch.model import AuditEvent
from warehouse.answers import tables_read
from warehouse.chain import IncidentStep, append_audit, append_steps
from warehouse.clause import EVERYTHING, Clause
from warehouse.each import each_of
from warehouse.session import Reading, Row, Writing, at_utc, to_utc

INCIDENT, CONCERN, POSITIVE = "incident", "concern", "positive"
"""Tracks. Concerns and good news carry the id of their mention and no number."""


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One incident as it stands. `canonical_url` is empty after erasure."""

    id: str
    mention_id: str
    canonical_url: str
    kind: str
    state: IncidentState
    decider: Role
    route: Route
    harms: tuple[Harm, ...]
    clause: str
    pack: str
    first_steps: tuple[str, ...]
    reasons: tuple[str, ...]
    summary: str
    opened_at: datetime
    moved_at: datetime
    deadline_at: datetime | None
    event_count: int
    track: str = INCIDENT


@dataclass(frozen=True, slots=True)
class IncidentEventRow:
    """One step of one incident. `reason` is empty and `details` "{}" after erasure; the hash still holds."""

    seq: int
    incident_id: str
    number: int
    from_state: IncidentState | None
    event: str
    to_state: IncidentState
    actor: str
    role: Role
    reason: str
    details: str
    happened_at: datetime
    pack: str
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class IncidentMove:
    """A step a person takes, already allowed by the protocol.

    `expected` is the state the protocol decided on: should another person have moved the incident since, the
    step is refused. `decider` and `deadline_at` replace the stored ones when given (`sets_deadline`: also with
    none); `details` are facts of the step (a reference number, a date) for the record. `pack` is the version the
    incident goes on under.
    """

    incident_id: str
    expected: IncidentState
    event: str
    to: IncidentState
    actor: str
    role: Role
    reason: str
    at: datetime
    pack: str
    decider: Role | None = None
    deadline_at: datetime | None = None
    details: tuple[tuple[str, str], ...] = ()
    sets_deadline: bool = False


_MOST_KEPT = 2_000
_INCIDENTS = (
    "SELECT id, mention_id, coalesce(canonical_url, ''), kind, state, decider, route, harms, clause, pack, first_steps, reasons_json, "
    "summary, opened_at, moved_at, deadline_at, event_count, track FROM incidents AS i"
)


def _incident(row: Row) -> IncidentRow:
    return IncidentRow(
        id=row[0],
        mention_id=row[1],
        canonical_url=row[2],
        kind=row[3],
        state=IncidentState(row[4]),
        decider=Role(row[5]),
        route=Route(row[6]),
        harms=tuple(Harm(harm) for harm in row[7]),
        clause=row[8],
        pack=row[9],
        first_steps=tuple(row[10]),
        reasons=tuple(json.loads(row[11])),
        summary=row[12],
        opened_at=at_utc(row[13]),
        moved_at=at_utc(row[14]),
        deadline_at=to_utc(row[15]),
        event_count=row[16],
        track=row[17],
    )


def incident_rows(
    reading: Reading,
    states: Sequence[IncidentState] = (),
    track: str = INCIDENT,
    seen: Clause = EVERYTHING,
) -> tuple[IncidentRow, ...]:
    """Incidents (or concerns, or good news), latest number first; only those in `states`, if any are given.

    `seen` is what the reader may know of: a condition on `i`, a row of incidents (warehouse/need_to_know.py).
    """
    where = f" WHERE track = ? AND ({seen.sql})" + (
        " AND state IN (SELECT unnest(?::VARCHAR[]))" if states else ""
    )
    values = [track, *seen.values, *([[state.value for state in states]] if states else [])]
    return tuple(
        _incident(row)
        for row in reading.rows(f"{_INCIDENTS}{where} ORDER BY opened_at DESC, id DESC", values)
    )


def incident(reading: Reading, incident_id: str) -> IncidentRow | None:
    """One incident, or None."""
    return incidents_among(reading, [incident_id]).get(incident_id)


def incidents_among(reading: Reading, ids: Sequence[str]) -> dict[str, IncidentRow]:
    """Those of these incidents that there are, by id."""
    kept: dict[str, IncidentRow | None] = reading.store("incidents", tables_read(_INCIDENTS))

    def ask(missing: list[str]) -> dict[str, IncidentRow | None]:
        rows = reading.rows(f"{_INCIDENTS} WHERE id IN (SELECT unnest(?::VARCHAR[]))", [missing])
        there = {row[0]: _incident(row) for row in rows}
        return {id_: there.get(id_) for id_ in missing}

    found = each_of(kept, ids, ask, _MOST_KEPT)
    return {id_: row for id_, row in found.items() if row is not None}


def emptied_incidents(reading: Reading) -> tuple[str, ...]:
    """Incidents and follow-ups that lost their last mention: their words are gone, and so must their letters be."""
    return tuple(
        row[0] for row in reading.rows("SELECT id FROM incidents WHERE canonical_url IS NULL ORDER BY id")
    )


_EVENTS = (
    "SELECT seq, incident_id, number, from_state, event, to_state, actor, role, coalesce(reason, ''), coalesce(details_json, '{}'), "
    "happened_at, pack, prev_hash, hash FROM incident_events"
)


def _event(row: Row) -> IncidentEventRow:
    return IncidentEventRow(
        seq=row[0],
        incident_id=row[1],
        number=row[2],
        from_state=IncidentState(row[3]) if row[3] else None,
        event=row[4],
        to_state=IncidentState(row[5]),
        actor=row[6],
        role=Role(row[7]),
        reason=row[8],
        details=row[9],
        happened_at=at_utc(row[10]),
        pack=row[11],
        prev_hash=row[12],
        hash=row[13],
    )


def incident_events(reading: Reading, incident_id: str) -> tuple[IncidentEventRow, ...]:
    """The history of one incident, oldest first."""
    return events_among(reading, [incident_id])[incident_id]


def events_among(reading: Reading, ids: Sequence[str]) -> dict[str, tuple[IncidentEventRow, ...]]:
    """The histories of these incidents, each oldest first; every asked one is in the answer."""
    found: dict[str, list[IncidentEventRow]] = {id_: [] for id_ in ids}
    for row in reading.rows(
        f"{_EVENTS} WHERE incident_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY incident_id, number",
        [list(found)],
    ):
        found[row[1]].append(_event(row))
    return {id_: tuple(events) for id_, events in found.items()}


def histories_with(reading: Reading, event: str, key: str) -> dict[str, list[IncidentEventRow]]:
    """The histories, oldest event first, of incidents that once took this step, or of which a step stated this fact."""
    found: dict[str, list[IncidentEventRow]] = {}
    for row in reading.rows(
        f"{_EVENTS} WHERE incident_id IN (SELECT incident_id FROM incident_events WHERE event = ? OR contains(details_json, ?)) "  # noqa: S608 -- fixed names
        "ORDER BY incident_id, number",
        [event, f'"{key}"'],
    ):
        found.setdefault(row[1], []).append(_event(row))
    return found


def packs_in_use(reading: Reading) -> tuple[str, ...]:
    """Every version of the policy an incident runs or ran under."""
    return tuple(row[0] for row in reading.rows("SELECT DISTINCT pack FROM incidents ORDER BY pack"))


SEALED = "sealed"
"""Verb of the audit log: from then on nobody is shown anything of that mention."""


def record_move(writing: Writing, move: IncidentMove, audit: AuditEvent) -> IncidentRow:
    """State, event and audit event together. Returns the incident after the step.

    Raises `Refused` when the incident is unknown or no longer in the expected state: of two people deciding
    at once one wins and the other is told.
    """
    found = incident(writing, move.incident_id)
    if found is None:
        raise Refused(
            f"refused: there is no incident {move.incident_id}. List them with: mentionwatch incident list"
        )
    if found.state is not move.expected:
        raise Refused(
            f"refused: {found.id} is {found.state.value} now, not {move.expected.value}: someone else took a step meanwhile. "
            f"Look again with: mentionwatch incident show {found.id}"
        )
    number, sealed = found.event_count + 1, list[AuditEvent]()
    writing.run(
        "UPDATE incidents SET state = ?, moved_at = CASE WHEN state = ? THEN moved_at ELSE ? END, decider = ?, deadline_at = ?, event_count = ?, pack = ? "
        "WHERE id = ?",
        [
            move.to.value,
            move.to.value,
            move.at,
            (move.decider or found.decider).value,
            move.deadline_at if move.sets_deadline else move.deadline_at or found.deadline_at,
            number,
            move.pack,
            found.id,
        ],
    )
    if move.to is IncidentState.STOP_IMAGE:
        # What is stored already of the post, by whichever source, is frozen: shown, exported and published by nothing from here on (T04).
        newly = writing.rows(
            "UPDATE mentions SET is_sealed = true WHERE (incident_id = ? OR id = ? OR (? <> '' AND canonical_url = ?)) AND NOT is_sealed RETURNING id",
            [found.id, found.mention_id, found.canonical_url, found.canonical_url],
        )
        sealed = [
            replace(audit, verb=SEALED, object_kind="mention", object_id=row[0]) for row in sorted(newly)
        ]
    details = json.dumps(dict(move.details), sort_keys=True, ensure_ascii=False)
    step = IncidentStep(
        found.id,
        number,
        found.state,
        move.event,
        move.to,
        move.actor,
        move.role,
        move.reason,
        move.at,
        move.pack,
        details,
    )
    append_steps(writing, [step])
    append_audit(writing, [audit, *sealed])
    after = incident(writing, move.incident_id)
    if after is None:
        raise LookupError(move.incident_id)
    return after


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A concern or good news that a person takes up. `id` is the mention's."""

    id: str
    canonical_url: str
    track: str
    state: IncidentState
    decider: Role
    clause: str
    pack: str
    opened_at: datetime


def open_follow_up(writing: Writing, found: FollowUp) -> None:
    """Begin to keep the steps of a concern or of good news; what is there already stays."""
    writing.run(
        "INSERT INTO incidents (id, mention_id, canonical_url, kind, state, decider, route, harms, clause, pack, first_steps, reasons_json, "
        "summary, opened_at, moved_at, deadline_at, event_count, track) "
        "VALUES (?, ?, ?, ?, ?, ?, 'none', [], ?, ?, [], '[]', ?, ?, ?, NULL, 0, ?) ON CONFLICT DO NOTHING",
        [
            found.id, found.id, found.canonical_url, found.track, found.state.value, found.decider.value, found.clause, found.pack,
            found.track, found.opened_at, found.opened_at, found.track,
        ],
    )  # fmt: skip
