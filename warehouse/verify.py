"""Is the evidence still what was captured? Every object, every digest, both chains. Offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentionwatch.ids import digest
from warehouse.chain import AUDIT, EVENTS, check_chain
from warehouse.objects import unpack
from warehouse.session import Reading, Row, at_utc
from warehouse.shapes import EVIDENCE_COLUMNS, REVISION_COLUMNS, manifest_sha256

_BATCH = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was stored. `object_kind` is object, revision, audit or incident_events."""

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
    """Check the evidence of these mentions (or incidents' mentions, by incident number), or of all.

    The manifest digest of each revision was entered in the audit chain when it was stored, so a changed row
    shows even when its own digests were changed with it. Both chains are always checked whole.
    """
    where, values = "", list[object]()
    if ids:
        where = " WHERE r.mention_id IN (SELECT id FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) OR incident_id IN (SELECT unnest(?::VARCHAR[])))"
        values = [list(ids), list(ids)]
    columns = ", ".join(
        [*(f"r.{name}" for name in REVISION_COLUMNS), *(f"e.{name}" for name in EVIDENCE_COLUMNS)]
    )
    findings = [
        Finding(fault.chain, str(fault.place), fault.cause)
        for chain in (AUDIT, EVENTS)
        for fault in check_chain(reading, chain)
    ]
    entered: dict[str, str] = dict(
        reading.rows(
            "SELECT object_id, reason FROM audit WHERE verb = 'captured' AND object_kind = 'revision' AND reason IS NOT NULL"
        )
    )
    seen: set[str] = set()
    referenced: set[str] = set()
    for row in reading.stream(
        f"SELECT {columns} FROM revisions AS r LEFT JOIN evidence AS e USING (mention_id, revision){where}",  # noqa: S608 -- fixed names
        values,
    ):
        key = f"{row[0]}/{row[1]}"
        seen.add(key)
        referenced.update(sha256 for sha256 in _object_keys(row) if sha256)
        if cause := _find_change(row, entered.get(key)):
            findings.append(Finding("revision", key, cause))
    if not ids:
        missing = sorted(entered.keys() - seen)
        findings += [
            Finding("revision", key, "is in the audit log and missing from the database") for key in missing
        ]
    findings += _check_objects(reading, sorted(referenced))
    return Verification(len(seen), len(referenced), tuple(findings))


def _object_keys(row: Row) -> tuple[str | None, ...]:
    evidence = dict(zip(EVIDENCE_COLUMNS, row[len(REVISION_COLUMNS) :], strict=True))
    return evidence["warc_sha256"], evidence["text_sha256"], evidence["raw_sha256"]


def _aware(row: Row) -> Row:
    return tuple(at_utc(value) if hasattr(value, "tzinfo") else value for value in row)


def _find_change(row: Row, entered: str | None) -> str:
    """What is wrong with one revision; empty when it is as it was entered in the audit log."""
    cut = len(REVISION_COLUMNS)
    if row[cut] is None:
        return "its evidence row is missing"
    if entered is None:
        return "was never entered in the audit log"
    if entered != f"manifest sha256 {manifest_sha256(_aware(row[:cut]), _aware(row[cut:]))}":
        return "was changed after it was stored"
    return ""


def _check_objects(reading: Reading, keys: Sequence[str]) -> list[Finding]:
    findings: list[Finding] = []
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        there = {
            row[0]: row
            for row in reading.rows(
                "SELECT sha256, zstd, size FROM objects WHERE sha256 IN (SELECT unnest(?::VARCHAR[]))",
                [batch],
            )
        }
        for key in batch:
            if key not in there:
                findings.append(Finding("object", key, "is missing"))
                continue
            try:
                is_same = digest(unpack(bytes(there[key][1]), int(there[key][2]))) == key
            except ValueError as error:
                findings.append(Finding("object", key, f"cannot be unpacked: {error}"))
                continue
            if not is_same:
                findings.append(Finding("object", key, "its bytes no longer have this SHA-256"))
    return findings
