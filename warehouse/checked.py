"""What is stored of each capture, and what the audit log says of it: when it was checked last, and how that ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import CaptureMethod, FaultKind
from warehouse.about import LoggedRow, rows_about
from warehouse.clause import near
from warehouse.session import Reading, Row, at_utc, to_utc
from warehouse.verify import Finding

_CHECKED = ("verified", "verify_failed")
_MOST_NAMED = 50
_EVERYTHING = "evidence"
_OF_CAPTURES = ("revision", "object", "mention")
_COUNTED = re.compile(r"\d+ captures, \d+ objects, (\d+) findings(?:; (.*))?", re.DOTALL)
_FOUND = re.compile(r"(revision|object|mention) ([0-9a-z/]+): (.+)")


def write_check(revisions: int, objects: int, findings: Sequence[Finding]) -> str:
    """How a check ended, as the audit log takes it down: numbers, and what was found of which capture, no words of a post."""
    said = [f"{revisions} captures, {objects} objects, {len(findings)} findings"]
    named = [one for one in findings if one.object_kind in _OF_CAPTURES]
    said += [f"{one.object_kind} {one.object_id}: {one.cause}" for one in named[:_MOST_NAMED]]
    if len(named) > _MOST_NAMED:
        said.append("and more")
    return "; ".join(said)


@dataclass(frozen=True, slots=True)
class Check:
    """One check in the audit log. `found`: what it names of captures; `is_told` False: it does not say which they were.

    `object_kind`: what was asked for: 'evidence' (everything), 'mention' or 'incident'.
    """

    seq: int
    at: datetime
    object_kind: str
    is_whole: bool
    found: tuple[Finding, ...]
    is_told: bool

    @property
    def of_all(self) -> bool:
        """Was everything that is kept checked, not one thing of it?"""
        return self.object_kind == _EVERYTHING


@dataclass(frozen=True, slots=True)
class CaptureRow:
    """One capture without its bytes. `seq`: the row of the audit log that entered it; 0: there is none.

    `size` is that of everything kept of it, in bytes; `hashes` are names of parts and their SHA-256.
    """

    mention_id: str
    revision: int
    captured_at: datetime
    posted_at: datetime | None
    method: CaptureMethod
    fault: FaultKind | None
    size: int
    hashes: tuple[tuple[str, str], ...]
    seq: int


def list_captures(
    reading: Reading, ids: Sequence[str], logged: Sequence[LoggedRow] | None = None
) -> tuple[CaptureRow, ...]:
    """The captures of these mentions, oldest first. `logged`: what `rows_about` said of them, where it was asked already."""
    if not ids:
        return ()
    log = rows_about(reading, ids) if logged is None else logged
    entered = {row.object_id: row for row in log if row.verb == "captured" and row.object_kind == "revision"}
    present = reading.rows(
        "SELECT id, revision FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)]
    )
    expected = {f"{id_}/{number}" for id_, last in present for number in range(1, last + 1)}
    found = _read_captures(reading, ids, [entered[key].happened_at for key in expected & entered.keys()])
    if {f"{row[0]}/{row[1]}" for row in found} != expected:
        # The log's times are not theirs, or the post came again after it was deleted: looked for whenever it was.
        found = _read_captures(reading, ids, ())
    kept = {sha for row in found for sha in (row[6], row[8], row[9]) if sha}
    sizes: dict[str, int] = dict(
        reading.rows(
            "SELECT sha256, sum(size)::BIGINT FROM objects WHERE sha256 IN (SELECT unnest(?::VARCHAR[])) GROUP BY sha256",
            [sorted(kept)],
        )
    )
    return tuple(
        CaptureRow(
            mention_id=row[0],
            revision=row[1],
            captured_at=at_utc(row[2]),
            posted_at=to_utc(row[3]),
            method=CaptureMethod(row[4]),
            fault=FaultKind(row[5]) if row[5] else None,
            size=sum(sizes.get(sha, 0) for sha in {row[6], row[8], row[9]}),
            hashes=tuple(
                (name, sha)
                for name, sha in zip(("warc", "page", "text", "raw"), row[6:10], strict=True)
                if sha
            ),
            seq=last.seq if (last := entered.get(f"{row[0]}/{row[1]}")) else 0,
        )
        for row in found
    )


def _read_captures(reading: Reading, ids: Sequence[str], times: Sequence[datetime]) -> list[Row]:
    """Captures of these mentions as they lie in the tables; with times, those of around then: DuckDB reads no other years."""
    near_e, near_r = near("e.captured_at", times), near("r.captured_at", times)
    return reading.rows(
        "SELECT e.mention_id, e.revision, e.captured_at, r.posted_at, e.method, e.fault_kind, e.warc_sha256, e.page_sha256, e.text_sha256, e.raw_sha256 "  # noqa: S608 -- our own conditions
        "FROM evidence AS e JOIN revisions AS r USING (mention_id, revision) WHERE e.mention_id IN (SELECT unnest(?::VARCHAR[])) "
        f"AND ({near_e.sql}) AND ({near_r.sql}) ORDER BY e.captured_at, e.mention_id, e.revision",
        [list(ids), *near_e.values, *near_r.values],
    )


def list_checks(
    reading: Reading, ids: Sequence[str], logged: Sequence[LoggedRow] | None = None
) -> tuple[Check, ...]:
    """The latest check of everything, and the latest of each of these ids (mentions, an incident), latest first. `logged` as above."""
    whole = reading.rows(
        "SELECT seq, happened_at, verb, coalesce(reason, ''), object_kind FROM audit WHERE verb IN ('verified', 'verify_failed') "
        "AND object_kind = ? QUALIFY row_number() OVER (PARTITION BY object_kind, object_id ORDER BY seq DESC) = 1",
        [_EVERYTHING],
    )
    of_these = {
        (row.object_kind, row.object_id): (row.seq, row.happened_at, row.verb, row.reason, row.object_kind)
        for row in (rows_about(reading, ids) if logged is None else logged)
        if row.verb in _CHECKED and row.object_kind in ("mention", "incident") and row.object_id in set(ids)
    }
    return tuple(
        _check(row[0], at_utc(row[1]), row[4], row[3], is_whole=row[2] == _CHECKED[0])
        for row in sorted((*whole, *of_these.values()), reverse=True)
    )


def _check(seq: int, at: datetime, object_kind: str, reason: str, *, is_whole: bool) -> Check:
    told = _COUNTED.fullmatch(reason)
    parts = told[2].split("; ") if told and told[2] else []
    named = tuple(Finding(*found.groups()) for part in parts if (found := _FOUND.fullmatch(part)))
    # A row of before this was written down, or one whose words were erased, does not say which capture it was.
    is_told = told is not None and bool(named) and "and more" not in parts
    return Check(seq, at, object_kind, is_whole, named, is_whole or is_told)
