"""Stored rows of both logs and of an incident, as an exhibit takes them along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.custody_entry import decode_entry, object_commit
from evidence.exhibit import CustodyLine, ExhibitIncident, ExhibitRevision, Opening, SignedCustody, StepLine
from warehouse.custody import CustodyRow
from warehouse.incident_steps import IncidentRow, incident_events
from warehouse.objects import commit_salts
from warehouse.session import Reading


def open_entries(
    reading: Reading, signed: SignedCustody, revisions: Sequence[ExhibitRevision]
) -> SignedCustody:
    """The proofs with what each capture's entry stands for: the digest of its bytes and the salt it was hidden under."""
    main = {
        f"{row.mention_id}/{row.revision}": row.warc_sha256 or row.text_sha256 or row.raw_sha256
        for row in revisions
    }
    salts = commit_salts(reading, [sha256 for sha256 in main.values() if sha256])
    by_commit = {
        object_commit(salt, bytes.fromhex(sha256)): Opening(salt, sha256) for sha256, salt in salts.items()
    }
    entries = []
    for entry in signed.entries:
        said = decode_entry(entry.body)
        commit = "" if isinstance(said, str) else said.object_commit
        entries.append(replace(entry, opening=by_commit.get(commit)))
    return replace(signed, entries=tuple(entries))


def read_line(row: CustodyRow) -> CustodyLine:
    """One row of the audit log."""
    return CustodyLine(
        seq=row.seq,
        at=row.happened_at,
        role=row.role,
        verb=row.verb,
        object_kind=row.object_kind,
        object_id=row.object_id,
        note=row.note,
        commitment=row.commitment,
        pack=row.pack,
        prev_hash=row.prev_hash,
        hash=row.hash,
    )


def read_incident(reading: Reading, row: IncidentRow | None) -> ExhibitIncident | None:
    """The incident with its steps, without anybody's reasons."""
    if row is None:
        return None
    steps = tuple(
        StepLine(
            number=event.number,
            at=event.happened_at,
            event=event.event,
            from_state=event.from_state.value if event.from_state else "",
            to_state=event.to_state.value,
            role=event.role.value,
            hash=event.hash,
        )
        for event in incident_events(reading, row.id)
    )
    return ExhibitIncident(row.id, row.kind, row.state.value, row.clause, row.pack, row.opened_at, steps)
