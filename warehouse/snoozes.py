"""Which incidents a person has put off to the next school morning. It hides them from that person's queue and from nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.session import Reading, Writing, as_utc, at_utc


@dataclass(frozen=True, slots=True)
class Snooze:
    """Whose queue (`account_id`, acting as `role`) leaves out which incident, from when until when."""

    incident_id: str
    account_id: str
    role: Role
    made_at: datetime
    until_at: datetime
    pack: str = ""


def store_snooze(writing: Writing, snooze: Snooze) -> None:
    """Put it off, with its audit row. What has lapsed goes at the same time: nothing is kept of it but the log."""
    writing.run("DELETE FROM snoozes WHERE until_at <= ?", [as_utc(snooze.made_at)])
    _drop(writing, snooze.incident_id, snooze.account_id)
    writing.run(
        "INSERT INTO snoozes (incident_id, account_id, made_at, until_at) VALUES (?, ?, ?, ?)",
        [snooze.incident_id, snooze.account_id, as_utc(snooze.made_at), as_utc(snooze.until_at)],
    )
    _log(writing, snooze, "snoozed", f"left out of their own queue until {snooze.until_at.isoformat()}")


def end_snooze(writing: Writing, snooze: Snooze) -> bool:
    """Take it back; False, and nothing logged, when it was not put off."""
    if snoozed_until(writing, snooze.account_id, snooze.incident_id, snooze.made_at) is None:
        return False
    _drop(writing, snooze.incident_id, snooze.account_id)
    _log(writing, snooze, "snooze_ended", "back in their own queue")
    return True


def _drop(writing: Writing, incident_id: str, account_id: str) -> None:
    writing.run(
        "DELETE FROM snoozes WHERE incident_id = ? AND account_id = ?",
        [incident_id, account_id],
    )


def _log(writing: Writing, snooze: Snooze, action: str, said: str) -> None:
    append_audit(
        writing,
        [
            AuditEvent(
                snooze.made_at,
                snooze.account_id,
                snooze.role,
                action,
                "incident",
                snooze.incident_id,
                said,
                snooze.pack,
            )
        ],
    )


_HOLDS = (
    "s.account_id = ? AND s.until_at > ? AND NOT EXISTS (SELECT 1 FROM incident_events AS e "
    "WHERE e.incident_id = s.incident_id AND e.happened_at > s.made_at AND e.actor <> s.account_id AND e.event <> 'rechecked')"
)
"""It was put off as it stood: what somebody else has done with it since, or what its post says since, was not. That the
machine looked at the post again is no news."""


def snoozed_incidents(reading: Reading, account_id: str, now: datetime) -> frozenset[str]:
    """What this person's queue leaves out now: ids of incidents."""
    rows = reading.rows(
        f"SELECT s.incident_id FROM snoozes AS s WHERE {_HOLDS}",  # noqa: S608 -- fixed
        [account_id, as_utc(now)],
    )
    return frozenset(str(id_) for (id_,) in rows)


def snoozed_until(reading: Reading, account_id: str, incident_id: str, now: datetime) -> datetime | None:
    """When it is back in this person's queue; None where it is not put off, or came back since."""
    row = reading.row(
        f"SELECT s.until_at FROM snoozes AS s WHERE {_HOLDS} AND s.incident_id = ?",  # noqa: S608 -- fixed
        [account_id, as_utc(now), incident_id],
    )
    return at_utc(row[0]) if row else None
