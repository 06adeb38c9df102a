"""What was done with one mention or incident: the part of the audit log an exhibit takes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from warehouse.session import Reading, at_utc

OUR_OWN_WORDS = frozenset(
    {"captured", "opened", "seen_again", "seen_gone", "rechecked", "exported", "verified"}
)
"""Verbs whose reason the software wrote. Any other reason is a person's, and could name whoever reported the post."""


@dataclass(frozen=True, slots=True)
class CustodyRow:
    """One row of the audit log, without who did it by name. `note` is empty where a person wrote the reason."""

    seq: int
    happened_at: datetime
    role: str
    verb: str
    object_kind: str
    object_id: str
    note: str
    commitment: str
    pack: str
    prev_hash: str
    hash: str


def mentions_of(reading: Reading, id_: str) -> tuple[str, ...]:
    """The mention itself, or all mentions of an incident, first seen first; empty when the id is unknown.

    What it was opened for is one of them though a later incident of the same post has it now.
    """
    return mentions_among(reading, [id_])[id_]


def mentions_among(reading: Reading, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The same for many; every asked id is in the answer."""
    found: dict[str, list[str]] = {id_: [] for id_ in ids}
    opened_for: dict[str, list[str]] = {}
    for id_, mention_id in reading.rows(
        "SELECT id, mention_id FROM incidents WHERE id IN (SELECT unnest(?::VARCHAR[]))", [list(found)]
    ):
        opened_for.setdefault(mention_id, []).append(id_)
    for id_, incident_id in reading.rows(
        # Two questions: DuckDB finds each by what it is asked of, and both together by reading every mention.
        "SELECT id, incident_id FROM (SELECT id, incident_id, first_seen_at FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) "
        "UNION SELECT id, incident_id, first_seen_at FROM mentions WHERE incident_id IN (SELECT unnest(?::VARCHAR[]))) "
        "ORDER BY first_seen_at, id",
        [[*found, *opened_for], list(found)],
    ):
        for asked in dict.fromkeys((id_, incident_id, *opened_for.get(id_, ()))):
            if asked in found:
                found[asked].append(id_)
    return {asked: tuple(mentions) for asked, mentions in found.items()}


def sealed_ids(reading: Reading) -> frozenset[str]:
    """Every mention that is sealed, and every incident it was or is in: by its number or by its address."""
    found = reading.rows(
        "WITH stopped AS (SELECT id, incident_id, canonical_url FROM mentions WHERE is_sealed) SELECT id FROM stopped "
        "UNION SELECT incident_id FROM stopped WHERE incident_id IS NOT NULL "
        "UNION SELECT i.id FROM incidents AS i WHERE i.mention_id IN (SELECT id FROM stopped) "
        "OR i.canonical_url IN (SELECT canonical_url FROM stopped WHERE canonical_url <> '')"
    )
    return frozenset(row[0] for row in found)


def places_of(reading: Reading, ids: Sequence[str]) -> dict[str, tuple[str, str | None]]:
    """The source of each of these mentions, and the incident it is in; one that is not there is missing."""
    found = reading.rows(
        "SELECT id, source, incident_id FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)]
    )
    return {id_: (source, incident_id) for id_, source, incident_id in found}


def read_custody(
    reading: Reading, mention_ids: Sequence[str], incident_id: str | None
) -> tuple[CustodyRow, ...]:
    """The audit rows about these mentions, their revisions and this incident, in order."""
    found = reading.rows(
        "SELECT seq, happened_at, role, verb, object_kind, object_id, coalesce(reason, ''), commitment, pack, prev_hash, hash "
        "FROM audit WHERE split_part(object_id, '/', 1) IN (SELECT unnest(?::VARCHAR[])) ORDER BY seq",
        [[*mention_ids, *([incident_id] if incident_id else [])]],
    )
    return tuple(
        CustodyRow(
            seq=row[0],
            happened_at=at_utc(row[1]),
            role=row[2],
            verb=row[3],
            object_kind=row[4],
            object_id=row[5],
            note=row[6] if row[3] in OUR_OWN_WORDS else "",
            commitment=row[7],
            pack=row[8],
            prev_hash=row[9],
            hash=row[10],
        )
        for row in found
    )
