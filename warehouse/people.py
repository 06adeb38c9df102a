"""What people do beside protocol steps and corrections: holds. Each stores its audit event with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.session import Writing


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
