"""What the protocol keeps beside its steps: the packs incidents run under, and the documents that were made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mentionwatch.labels import Role
from mentionwatch.policy import PolicyPack
from warehouse.session import Reading, Writing, at_utc, to_utc


def keep_pack(writing: Writing, pack: PolicyPack, at: datetime) -> None:
    """Store a pack's text under its version, once: an open incident goes on under it (I12)."""
    if pack.source:
        writing.run(
            "INSERT INTO packs VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            [pack.version, pack.source, pack.adopted, at],
        )


def read_kept_pack(reading: Reading, version: str) -> tuple[str, str] | None:
    """A pack's text and what the school had adopted beside it; None when the version was never kept."""
    row = reading.row("SELECT source, adopted_json FROM packs WHERE version = ?", [version])
    return (row[0], row[1]) if row else None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One letter or form that was made. `law_valid_until` None: it prints no law card."""

    incident_id: str
    number: int
    kind: str
    langs: tuple[str, ...]
    sha256: str
    law: str
    law_valid_until: date | None
    deadline_at: datetime | None
    template: str
    changed: int
    made_by: str
    made_at: datetime
    pack: str


def next_document_number(reading: Reading, incident_id: str) -> int:
    """The number the next document of an incident gets, from 1."""
    row = reading.row(
        "SELECT coalesce(max(number), 0) + 1 FROM documents WHERE incident_id = ?", [incident_id]
    )
    return int(row[0]) if row else 1


def record_document(writing: Writing, made: DocumentRow) -> None:
    """Store that a document was made; its files are written before."""
    writing.run(
        "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            made.incident_id, made.number, made.kind, list(made.langs), made.sha256, made.law, made.law_valid_until,
            made.deadline_at, made.template,
            made.changed, made.made_by, made.made_at, made.pack,
        ],
    )  # fmt: skip


def documents_of(reading: Reading, incident_id: str) -> tuple[DocumentRow, ...]:
    """The documents of an incident, in the order they were made."""
    return documents_among(reading, [incident_id])[incident_id]


def documents_among(reading: Reading, ids: Sequence[str]) -> dict[str, tuple[DocumentRow, ...]]:
    """The same for many; every asked incident is in the answer."""
    found: dict[str, list[DocumentRow]] = {id_: [] for id_ in ids}
    for row in reading.rows(
        "SELECT incident_id, number, kind, langs, sha256, law, law_valid_until, deadline_at, template, changed, made_by, made_at, pack "
        "FROM documents WHERE incident_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY incident_id, number",
        [list(found)],
    ):
        made = DocumentRow(
            row[0], row[1], row[2], tuple(row[3]), row[4], row[5], row[6], to_utc(row[7]), row[8], row[9], row[10], at_utc(row[11]), row[12]
        )  # fmt: skip
        found[row[0]].append(made)
    return {id_: tuple(documents) for id_, documents in found.items()}


def document_makers(reading: Reading, incident_id: str) -> dict[datetime, Role]:
    """In which role the documents of an incident were made, by the time they were, as the audit log says."""
    return {
        at_utc(at): Role(role)
        for at, role in reading.rows(
            "SELECT happened_at, role FROM audit WHERE verb = 'letter_made' AND object_kind = 'incident' AND object_id = ?",
            [incident_id],
        )
    }


def published_texts(reading: Reading, mention_ids: Sequence[str]) -> dict[str, str]:
    """What the school itself published out of these mentions: a subject access answer holds it too (C11)."""
    found = reading.rows(
        "SELECT incident_id, details_json FROM incident_events WHERE event = 'share' AND details_json IS NOT NULL "
        "AND incident_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY seq",
        [list(mention_ids)],
    )
    return {id_: str(json.loads(details).get("published_text", "")) for id_, details in found}
