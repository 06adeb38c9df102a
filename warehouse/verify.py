"""Is the evidence still what was captured, and does every post stand in the lists? Every object, every digest, both chains. Offline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from warehouse.chain import AUDIT, EVENTS, check_chain
from warehouse.objects import open_object
from warehouse.sealing import SealBroken
from warehouse.session import Reading, Row, at_utc
from warehouse.shapes import EVIDENCE_COLUMNS, STORED_COLUMNS, manifest_sha256, with_words
from warehouse.tied import find_untied
from warehouse.words import Words, open_words

_BATCH = 500
_OBJECT = "SELECT sha256, kind, media_type, size, sealed, key_id FROM objects"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was stored. `object_kind` is object, revision, mention, audit or incident_events."""

    object_kind: str
    object_id: str
    cause: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was looked at and what was found; no findings means that all of it is as it was stored."""

    revisions: int
    objects: int
    findings: tuple[Finding, ...]


def verify_evidence(reading: Reading, ids: Sequence[str] = ()) -> Verification:
    """Check the evidence of these mentions (or incidents' mentions, by incident number), or of all: opened and hashed.

    The manifest digest of each revision was entered in the audit chain when it was stored, so a changed row
    shows even when its own digests were changed with it. Both chains are always checked whole.
    """
    chains = tuple(
        Finding(fault.chain, str(fault.place), fault.cause)
        for chain in (AUDIT, EVENTS)
        for fault in check_chain(reading, chain)
    )
    looked = verify_captures(reading, ids)
    return Verification(looked.revisions, looked.objects, (*chains, *looked.findings))


def verify_captures(reading: Reading, ids: Sequence[str] = ()) -> Verification:
    """The same without the two chains, whose length a page cannot wait for: the captures against what was entered of them."""
    where, values = "", list[object]()
    if ids:
        where = " WHERE r.mention_id IN (SELECT id FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) OR incident_id IN (SELECT unnest(?::VARCHAR[])))"
        values = [list(ids), list(ids)]
    columns = ", ".join(
        [*(f"r.{name}" for name in STORED_COLUMNS), *(f"e.{name}" for name in EVIDENCE_COLUMNS)]
    )
    findings: list[Finding] = []
    entered, expected = _read_captures(reading)
    seen: set[str] = set()
    referenced: set[str] = set()
    for batch in _batches(
        reading,
        f"SELECT {columns} FROM revisions AS r LEFT JOIN evidence AS e USING (mention_id, revision){where}",  # noqa: S608 -- fixed names
        values,
    ):
        opened = open_words(reading.keys, [(row[0], row[1], *row[_CUT - 2 : _CUT]) for row in batch])
        for row, words in zip(batch, opened, strict=True):
            key = f"{row[0]}/{row[1]}"
            seen.add(key)
            referenced.update(row[place] for place in _OBJECT_PLACES if row[place])
            cause = (
                str(words) if isinstance(words, SealBroken) else _find_change(row, words, entered.get(key))
            )
            if cause:
                findings.append(Finding("revision", key, cause))
    pictured = reading.rows(
        "SELECT sha256 FROM pictures WHERE sha256 IS NOT NULL AND mention_id || '/' || revision IN (SELECT unnest(?::VARCHAR[]))",
        [sorted(seen)],
    )
    referenced.update(row[0] for row in pictured)
    findings += [
        Finding("revision", key, "is in the audit log and missing from the database")
        for key in sorted(expected - seen)
        if not ids or key.partition("/")[0] in ids
    ]
    findings += _check_objects(reading, referenced, is_all=not ids)
    findings += [Finding(*untied) for untied in find_untied(reading, ids)]
    return Verification(len(seen), len(referenced), tuple(findings))


_CUT = len(STORED_COLUMNS)
_OBJECT_PLACES = tuple(
    _CUT + EVIDENCE_COLUMNS.index(name) for name in ("warc_sha256", "text_sha256", "raw_sha256")
)


def _read_captures(reading: Reading) -> tuple[dict[str, str], set[str]]:
    """Revision (`mention/number`) to what was entered of it, and the revisions that must be there.

    Only a later erasure or retention, itself in the log, explains one that is not: a blanked reason explains nothing.
    """
    gone: dict[str, int] = dict(
        reading.rows(
            "SELECT object_id, max(seq) FROM audit WHERE verb IN ('erased', 'purged') AND object_kind = 'mention' GROUP BY object_id"
        )
    )
    entered, expected = dict[str, str](), set[str]()
    for seq, key, reason in reading.rows(
        "SELECT seq, object_id, reason FROM audit WHERE verb = 'captured' AND object_kind = 'revision' ORDER BY seq"
    ):
        if seq > gone.get(key.partition("/")[0], 0):
            expected.add(key)
        if reason is not None:
            entered[key] = reason
    return entered, expected


def _batches(reading: Reading, sql: str, values: Sequence[object] = ()) -> Iterator[list[Row]]:
    rows = reading.stream(sql, values)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _aware(row: Row) -> Row:
    return tuple(at_utc(value) if isinstance(value, datetime) else value for value in row)


def _find_change(row: Row, words: Words, entered: str | None) -> str:
    """What is wrong with one revision; empty when it is as it was entered in the audit log."""
    if row[_CUT] is None:
        return "its evidence row is missing"
    if entered is None:
        return "was never entered in the audit log"
    revision = with_words(_aware(row[:_CUT]), words)
    if entered != f"manifest sha256 {manifest_sha256(revision, _aware(row[_CUT:]))}":
        return "was changed after it was stored"
    return ""


def _check_objects(reading: Reading, referenced: set[str], *, is_all: bool) -> list[Finding]:
    """Open and hash these objects; with `is_all` in one pass over the table, which many single looks would not be."""
    if is_all:
        batches = _batches(reading, _OBJECT)
    else:
        batches = _batches(
            reading, f"{_OBJECT} WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))", [list(referenced)]
        )
    found: dict[str, str] = dict.fromkeys(referenced, "is missing")
    for batch in batches:
        keys = reading.keys.find([row[5] for row in batch])
        for sha256, kind, media, size, sealed, number in batch:
            try:
                open_object(keys[number], sealed, sha256, kind, media, size)
                found[sha256] = ""
            except ValueError as error:
                found[sha256] = str(error)
    return [Finding("object", sha256, found[sha256]) for sha256 in sorted(found) if found[sha256]]
