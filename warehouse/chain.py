"""The two append-only, hash-chained logs: `audit` and `incident_events` (I8, I9).

Each row's hash covers the hash before it and its own fields. What a person wrote enters only through a
salted commitment, so that erasing the words (and the salt) leaves the chain whole and says nothing of them.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.ids import canonical_json, digest
from mentionwatch.labels import IncidentState, Role
from mentionwatch.model import AuditEvent
from warehouse.about import file_rows
from warehouse.session import Reading, Row, Writing, as_utc, at_utc, clean_text

AUDIT = "audit"
EVENTS = "incident_events"
GENESIS = "0" * 64

_AUDIT_COLUMNS = (
    "seq",
    "happened_at",
    "actor",
    "role",
    "verb",
    "object_kind",
    "object_id",
    "reason",
    "salt",
    "commitment",
    "pack",
    "prev_hash",
    "hash",
)
_EVENT_COLUMNS = (
    "seq", "incident_id", "number", "from_state", "event", "to_state", "actor", "role", "reason", "details_json",
    "salt", "commitment", "happened_at", "pack", "prev_hash", "hash",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class IncidentStep:
    """One event of one incident, ready to be appended. `number` counts within the incident."""

    incident_id: str
    number: int
    from_state: IncidentState | None
    event: str
    to_state: IncidentState
    actor: str
    role: Role
    reason: str
    happened_at: datetime
    pack: str
    details_json: str = "{}"


def commit_to(salt: str, *words: str) -> str:
    """What the chain covers instead of the words: SHA-256 over the salt and each word's own digest."""
    return digest("\n".join((salt, *(digest(word.encode()) for word in words))).encode())


def _link(prev_hash: str, fields: dict[str, str]) -> str:
    return hashlib.sha256(prev_hash.encode() + b"\n" + canonical_json(fields)).hexdigest()


def _audit_hash(
    prev: str,
    seq: int,
    at: datetime,
    actor: str,
    role: str,
    verb: str,
    kind: str,
    which: str,
    commitment: str,
    pack: str,
) -> str:
    return _link(prev, {
        "seq": str(seq), "at": at.isoformat(), "actor": actor, "role": role, "verb": verb, "object_kind": kind,
        "object_id": which, "commitment": commitment, "pack": pack,
    })  # fmt: skip


def _event_hash(
    prev: str,
    seq: int,
    incident: str,
    number: int,
    was: str,
    event: str,
    to: str,
    actor: str,
    role: str,
    commitment: str,
    at: datetime,
    pack: str,
) -> str:
    return _link(prev, {
        "seq": str(seq), "incident": incident, "number": str(number), "from": was, "event": event, "to": to,
        "actor": actor, "role": role, "commitment": commitment, "at": at.isoformat(), "pack": pack,
    })  # fmt: skip


def read_heads(reading: Reading) -> dict[str, tuple[int, str]]:
    """Chain name to (last place, last hash): the two values worth stamping outside this machine."""
    found = {
        chain: (seq, sha) for chain, seq, sha in reading.rows("SELECT chain, seq, hash FROM chain_heads")
    }
    return {chain: found.get(chain, (0, GENESIS)) for chain in (AUDIT, EVENTS)}


def _move_head(writing: Writing, chain: str, seq: int, sha: str) -> None:
    writing.run(
        "INSERT INTO chain_heads VALUES (?, ?, ?) ON CONFLICT (chain) DO UPDATE SET seq = excluded.seq, hash = excluded.hash",
        [chain, seq, sha],
    )


def append_audit(writing: Writing, events: Sequence[AuditEvent]) -> None:
    """Append to the audit log, in order, inside the caller's transaction."""
    if not events:
        return
    seq, prev = read_heads(writing)[AUDIT]
    rows: list[Row] = []
    for event in events:
        seq += 1
        actor, reason, salt = clean_text(event.actor), clean_text(event.reason), secrets.token_hex(16)
        commitment = commit_to(salt, reason)
        sha = _audit_hash(
            prev,
            seq,
            as_utc(event.at),
            actor,
            event.role.value,
            event.verb,
            event.object_kind,
            event.object_id,
            commitment,
            event.pack,
        )
        rows.append(
            (
                seq,
                event.at,
                actor,
                event.role.value,
                event.verb,
                event.object_kind,
                event.object_id,
                reason,
                salt,
                commitment,
                event.pack,
                prev,
                sha,
            )
        )
        prev = sha
    writing.insert(AUDIT, _AUDIT_COLUMNS, rows)
    file_rows(writing, ((row[0], row[6]) for row in rows))
    _move_head(writing, AUDIT, seq, prev)


def append_steps(writing: Writing, steps: Sequence[IncidentStep]) -> None:
    """Append to the incidents' log, in order, inside the caller's transaction."""
    if not steps:
        return
    seq, prev = read_heads(writing)[EVENTS]
    rows: list[Row] = []
    for step in steps:
        seq += 1
        was = step.from_state.value if step.from_state else None
        actor, reason, details, salt = (
            clean_text(step.actor),
            clean_text(step.reason),
            clean_text(step.details_json),
            secrets.token_hex(16),
        )
        commitment = commit_to(salt, reason, details)
        sha = _event_hash(
            prev, seq, step.incident_id, step.number, was or "", step.event, step.to_state.value, actor, step.role.value,
            commitment, as_utc(step.happened_at), step.pack,
        )  # fmt: skip
        rows.append((
            seq, step.incident_id, step.number, was, step.event, step.to_state.value, actor, step.role.value, reason, details,
            salt, commitment, step.happened_at, step.pack, prev, sha,
        ))  # fmt: skip
        prev = sha
    writing.insert(EVENTS, _EVENT_COLUMNS, rows)
    _move_head(writing, EVENTS, seq, prev)


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Something in a log is not as it was written. `place` is the row's `seq`."""

    chain: str
    place: int
    cause: str


def check_chain(reading: Reading, chain: str) -> list[ChainFault]:
    """Walk one log: order, links, hashes, commitments, end. Empty when it is as it was written."""
    faults: list[ChainFault] = []
    columns = _AUDIT_COLUMNS if chain == AUDIT else _EVENT_COLUMNS
    prev, place = GENESIS, 0
    for row in reading.stream(f"SELECT {', '.join(columns)} FROM {chain} ORDER BY seq"):  # noqa: S608 -- fixed names
        seq = int(row[0])
        if seq != place + 1:
            faults.append(ChainFault(chain, place + 1, f"rows {place + 1} to {seq - 1} are missing"))
        commitment_ok, expected = _recompute_audit(row) if chain == AUDIT else _recompute_event(row)
        if row[-2] != prev and seq == place + 1:
            faults.append(ChainFault(chain, seq, "does not follow on from the row before"))
        if row[-1] != expected:
            faults.append(ChainFault(chain, seq, "was changed after it was written"))
        if not commitment_ok:
            faults.append(
                ChainFault(chain, seq, "its reason or details were changed after they were written")
            )
        prev, place = row[-1], seq
    last, sha = read_heads(reading)[chain]
    if (place, prev) != (last, sha):
        faults.append(
            ChainFault(chain, place, f"the log should end at row {last}: its tail was cut or replaced")
        )
    return faults


def _recompute_audit(row: Row) -> tuple[bool, str]:
    seq, at, actor, role, verb, kind, which, reason, salt, commitment, pack, prev, _ = row
    kept = reason is None or commit_to(salt, reason) == commitment
    return kept, _audit_hash(prev, seq, at_utc(at), actor, role, verb, kind, which, commitment, pack)


def _recompute_event(row: Row) -> tuple[bool, str]:
    (
        seq,
        incident,
        number,
        was,
        event,
        to,
        actor,
        role,
        reason,
        details,
        salt,
        commitment,
        at,
        pack,
        prev,
        _,
    ) = row
    kept = reason is None or commit_to(salt, reason, details) == commitment
    return kept, _event_hash(
        prev, seq, incident, number, was or "", event, to, actor, role, commitment, at_utc(at), pack
    )
