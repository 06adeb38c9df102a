"""What people do: protocol steps, corrections, reports, holds. Each stores its audit event with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.errors import Refused
from mentionwatch.labels import Harm, IncidentState, Label, Role, Route
from mentionwatch.model import AuditEvent
from warehouse.chain import IncidentStep, append_audit, append_steps
from warehouse.session import Reading, Row, Writing, at_utc, clean_text, to_utc


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
    step is refused. `decider` and `deadline_at` replace the stored ones when given; `details` are facts of
    the step (a reference number, a date) for the record.
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


_INCIDENTS = (
    "SELECT id, mention_id, coalesce(canonical_url, ''), kind, state, decider, route, harms, clause, pack, first_steps, reasons_json, "
    "summary, opened_at, moved_at, deadline_at, event_count FROM incidents"
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
    )


def incident_rows(reading: Reading, states: Sequence[IncidentState] = ()) -> tuple[IncidentRow, ...]:
    """Incidents, latest number first; only those in `states`, if any are given."""
    where = " WHERE state IN (SELECT unnest(?::VARCHAR[]))" if states else ""
    values = [[state.value for state in states]] if states else []
    return tuple(
        _incident(row)
        for row in reading.rows(f"{_INCIDENTS}{where} ORDER BY opened_at DESC, id DESC", values)
    )


def incident(reading: Reading, incident_id: str) -> IncidentRow | None:
    """One incident, or None."""
    row = reading.row(f"{_INCIDENTS} WHERE id = ?", [incident_id])
    return _incident(row) if row else None


def incident_events(reading: Reading, incident_id: str) -> tuple[IncidentEventRow, ...]:
    """The history of one incident, oldest first."""
    found = reading.rows(
        "SELECT seq, incident_id, number, from_state, event, to_state, actor, role, coalesce(reason, ''), coalesce(details_json, '{}'), "
        "happened_at, pack, prev_hash, hash FROM incident_events WHERE incident_id = ? ORDER BY number",
        [incident_id],
    )
    return tuple(
        IncidentEventRow(
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
        for row in found
    )


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
    number = found.event_count + 1
    writing.run(
        "UPDATE incidents SET state = ?, moved_at = CASE WHEN state = ? THEN moved_at ELSE ? END, decider = ?, deadline_at = ?, event_count = ? "
        "WHERE id = ?",
        [
            move.to.value,
            move.to.value,
            move.at,
            (move.decider or found.decider).value,
            move.deadline_at or found.deadline_at,
            number,
            found.id,
        ],
    )
    if move.to is IncidentState.STOP_IMAGE:
        # What is stored already is frozen: shown, exported and published by nothing from here on (T04).
        writing.run("UPDATE mentions SET is_sealed = true WHERE incident_id = ?", [found.id])
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
    append_audit(writing, [audit])
    after = incident(writing, move.incident_id)
    if after is None:
        raise LookupError(move.incident_id)
    return after


@dataclass(frozen=True, slots=True)
class Decision:
    """A person's correction of a label, on the revision they read."""

    mention_id: str
    revision: int
    label: Label
    actor: str
    role: Role
    reason: str
    at: datetime


def record_decision(writing: Writing, decision: Decision, audit: AuditEvent) -> Label:
    """Store a correction; returns the label it corrects. Raises `Refused` for an unknown mention."""
    row = writing.row(
        "SELECT label FROM classifications WHERE mention_id = ? AND revision = ?",
        [decision.mention_id, decision.revision],
    )
    if row is None:
        raise Refused(
            f"refused: there is no mention {decision.mention_id} with revision {decision.revision}. List them with: mentionwatch mentions"
        )
    last = writing.row("SELECT coalesce(max(id), 0) FROM decisions")
    writing.run(
        "INSERT INTO decisions VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (last[0] if last else 0) + 1,
            decision.mention_id,
            decision.revision,
            row[0],
            decision.label.value,
            clean_text(decision.actor),
            decision.role.value,
            clean_text(decision.reason),
            decision.at,
        ],
    )
    append_audit(writing, [audit])
    return Label(row[0])


@dataclass(frozen=True, slots=True)
class Correction:
    """A text with the label a person gave it: what the classifier learns from."""

    title: str
    text: str
    lang: str
    label: Label
    was_label: Label
    decided_at: datetime


def read_corrections(reading: Reading) -> tuple[Correction, ...]:
    """The latest correction of each revision, oldest first; sealed mentions are never learned from."""
    found = reading.rows(
        "SELECT r.title, r.text, c.lang, d.label, d.was_label, d.decided_at FROM decisions AS d "
        "JOIN revisions AS r USING (mention_id, revision) JOIN classifications AS c USING (mention_id, revision) "
        "JOIN mentions AS m ON m.id = d.mention_id WHERE NOT m.is_sealed "
        "QUALIFY row_number() OVER (PARTITION BY d.mention_id, d.revision ORDER BY d.id DESC) = 1 ORDER BY d.id"
    )
    return tuple(
        Correction(row[0], row[1], row[2], Label(row[3]), Label(row[4]), at_utc(row[5])) for row in found
    )


def store_report(writing: Writing, mention_id: str, reporter: str, platform: str, at: datetime) -> None:
    """Seal who reported a mention, apart from it (L19). Storing the same report again changes nothing."""
    if not reporter and not platform:
        return
    writing.run(
        "INSERT INTO reporters VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [mention_id, clean_text(reporter), clean_text(platform), at],
    )


def open_reporter(writing: Writing, mention_id: str, audit: AuditEvent) -> tuple[str, ...]:
    """Who reported a mention. Needs a writer because each look is logged with its reason (L19)."""
    if not audit.reason.strip():
        raise Refused(
            "refused: opening a reporter's name needs a reason [the reporter was promised anonymity]"
        )
    append_audit(writing, [audit])
    return tuple(
        row[0]
        for row in writing.rows(
            "SELECT reporter FROM reporters WHERE mention_id = ? ORDER BY reported_at", [mention_id]
        )
    )


@dataclass(frozen=True, slots=True)
class Hold:
    """A record nobody may delete for now (I11). `object_kind` is mention or incident; `until` None: until lifted."""

    object_kind: str
    object_id: str
    reason: str
    actor: str
    at: datetime
    until: datetime | None = None


def place_hold(writing: Writing, hold: Hold, audit: AuditEvent) -> None:
    """Hold a mention or an incident; a hold that is there already is replaced."""
    writing.run(
        "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (object_kind, object_id) DO UPDATE SET "
        "reason = excluded.reason, actor = excluded.actor, held_at = excluded.held_at, until_at = excluded.until_at",
        [hold.object_kind, hold.object_id, hold.reason, hold.actor, hold.at, hold.until],
    )
    append_audit(writing, [audit])


def lift_hold(writing: Writing, object_kind: str, object_id: str, audit: AuditEvent) -> None:
    """End a hold."""
    writing.run("DELETE FROM holds WHERE object_kind = ? AND object_id = ?", [object_kind, object_id])
    append_audit(writing, [audit])
