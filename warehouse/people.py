"""What people do: protocol steps, corrections, reports, holds. Each stores its audit event with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentionwatch.errors import Refused
from mentionwatch.labels import Label, Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.session import Reading, Writing, at_utc, clean_text


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
