"""Which rows of the audit log are about which record, without reading the log: each row is filed under a short number.

The log has a row for every post ever captured, and its ids are long and in no order: to look through them takes a quarter
of a second at five million. The numbers (`audit_about`) are four bytes each. Several records may share one, so that what
is found by it is compared with the id itself. They say nothing the log does not: verification holds both side by side, and
where they are not as many as the rows of the log, the log itself is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.ids import digest
from warehouse.each import each_of
from warehouse.session import Reading, Writing, at_utc

NUMBER = "('0x' || left(sha256(split_part(object_id, '/', 1)), 8))::UINTEGER"
"""The number of a row of `audit`, as SQL: the same in the migration that filed the rows of before."""

_MOST_KEPT = 2_000
_ROWS = "SELECT seq, happened_at, actor, role, verb, object_kind, object_id, coalesce(reason, '') FROM audit AS a WHERE "
_OF_THESE = "split_part(object_id, '/', 1) IN (SELECT unnest(?::VARCHAR[])) ORDER BY seq"


@dataclass(frozen=True, slots=True)
class LoggedRow:
    """One row of the audit log about a record. `reason` may be a person's words; empty after erasure."""

    seq: int
    happened_at: datetime
    actor: str
    role: str
    verb: str
    object_kind: str
    object_id: str
    reason: str

    @property
    def record(self) -> str:
        """The record it is about, whichever revision of it."""
        return self.object_id.partition("/")[0]


def number_of(id_: str) -> int:
    """The number rows about this record are filed under."""
    return int(digest(id_.encode())[:8], 16)


def file_rows(writing: Writing, rows: Iterable[tuple[int, str]]) -> None:
    """File new rows of the log (place and object's id), in the transaction that appends them."""
    filed = [(seq, number_of(object_id.partition("/")[0])) for seq, object_id in rows]
    writing.insert("audit_about", ("seq", "about"), filed)


def rows_about(reading: Reading, ids: Sequence[str]) -> tuple[LoggedRow, ...]:
    """The rows of the audit log about these records or a revision of them, oldest first."""
    kept: dict[str, tuple[LoggedRow, ...]] = reading.store("about", ("audit", "audit_about"))

    def ask(missing: list[str]) -> dict[str, tuple[LoggedRow, ...]]:
        # One page asks twice: for what was done with a post, and for its evidence.
        logged = _read_about(reading, missing)
        return {id_: tuple(row for row in logged if row.record == id_) for id_ in missing}

    found = each_of(kept, ids, ask, _MOST_KEPT)
    return tuple(sorted((row for rows in found.values() for row in rows), key=lambda row: row.seq))


def _read_about(reading: Reading, ids: Sequence[str]) -> list[LoggedRow]:
    if is_filed(reading):
        numbers = "seq IN (SELECT seq FROM audit_about WHERE about IN (SELECT unnest(?::UINTEGER[]))) AND "
        found = reading.rows(_ROWS + numbers + _OF_THESE, [[number_of(id_) for id_ in ids], list(ids)])
    else:
        found = reading.rows(_ROWS + _OF_THESE, [list(ids)])
    return [LoggedRow(row[0], at_utc(row[1]), *row[2:]) for row in found]


def is_filed(reading: Reading) -> bool:
    """Has every row of the log its number? Both counts are kept by the database; nothing is read for them."""
    return reading.row("SELECT (SELECT count(*) FROM audit) = (SELECT count(*) FROM audit_about)") == (True,)
