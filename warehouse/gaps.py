"""Why a post has no page kept: asked of the days on which its page was fetched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from mentionwatch.labels import FaultKind
from warehouse.reading import MentionRow
from warehouse.session import Reading

_NEAR, _MOST_DAYS, _MOST_KEPT = timedelta(days=2), 100, 20_000


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
        days = _days_of([asked[key] for key in missing])
        faults = _faults_among(reading, missing, days)
        left = [key for key in missing if key not in faults]
        faults |= _faults_among(reading, left, [])
        fresh = {key: faults.get(key) for key in missing}
        kept |= fresh
        found |= fresh
    return {id_: fault for (id_, _), fault in found.items() if fault is not None}


def _faults_among(
    reading: Reading, keys: Sequence[tuple[str, int]], days: Sequence[tuple[datetime, datetime]]
) -> dict[tuple[str, int], FaultKind | None]:
    """What the evidence taken on these days says of these posts and revisions; without days, all of it."""
    if not keys:
        return {}
    near = " OR ".join("captured_at BETWEEN ? AND ?" for _ in days) or "true"
    said = reading.rows(
        f"SELECT mention_id, revision, fault_kind FROM evidence WHERE ({near}) AND mention_id IN (SELECT unnest(?::VARCHAR[]))",  # noqa: S608 -- our own words
        [*(at for day in days for at in day), [id_ for id_, _ in keys]],
    )
    return {(id_, revision): FaultKind(kind) if kind else None for id_, revision, kind in said}


def _days_of(times: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    """From when to when, around each of these; all in one from the first to the last where that would be many."""
    found: list[tuple[datetime, datetime]] = []
    for at in sorted(times):
        if found and at - _NEAR <= found[-1][1]:
            found[-1] = found[-1][0], at + _NEAR
        else:
            found.append((at - _NEAR, at + _NEAR))
    return found if len(found) <= _MOST_DAYS else [(found[0][0], found[-1][1])]
