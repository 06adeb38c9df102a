"""Why a post has no page kept: asked of the days on which its page was fetched."""

from __future__ import annotations

from collections.abc import Sequence

from mentionwatch.labels import FaultKind
from warehouse.clause import EVERYTHING, Clause, near
from warehouse.reading import MentionRow
from warehouse.session import Reading

_MOST_DAYS, _MOST_KEPT = 100, 20_000


def read_gaps(reading: Reading, rows: Sequence[MentionRow]) -> dict[str, FaultKind]:
    """Why the latest revision of these mentions has no page; a mention that has one is missing from the answer."""
    kept: dict[tuple[str, int], FaultKind | None] = reading.store("gaps", ("evidence",))
    if len(kept) > _MOST_KEPT:
        kept.clear()
    asked = {(row.id, row.revision): row.captured_at for row in rows}
    before = dict(kept)
    found = {key: before[key] for key in asked if key in before}
    missing = [key for key in asked if key not in found]
    if missing:
        # A page is fetched in the hours after its post was found. One that was not, as clocks tell it, is sought everywhere.
        faults = _faults_among(
            reading, missing, near("captured_at", (asked[key] for key in missing), _MOST_DAYS)
        )
        left = [key for key in missing if key not in faults]
        faults |= _faults_among(reading, left, EVERYTHING)
        fresh = {key: faults.get(key) for key in missing}
        kept |= fresh
        found |= fresh
    return {id_: fault for (id_, _), fault in found.items() if fault is not None}


def _faults_among(
    reading: Reading, keys: Sequence[tuple[str, int]], when: Clause
) -> dict[tuple[str, int], FaultKind | None]:
    """What the evidence taken then says of these posts and revisions."""
    if not keys:
        return {}
    said = reading.rows(
        f"SELECT mention_id, revision, fault_kind FROM evidence WHERE ({when.sql}) AND mention_id IN (SELECT unnest(?::VARCHAR[]))",  # noqa: S608 -- our own words
        [*when.values, [id_ for id_, _ in keys]],
    )
    return {(id_, revision): FaultKind(kind) if kind else None for id_, revision, kind in said}
