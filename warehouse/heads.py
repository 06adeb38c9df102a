"""What a day brought, by little more than ids: enough to count all of it and to pick what is opened and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.labels import Label
from warehouse.clause import Clause
from warehouse.decided import Decided, kept_up
from warehouse.reading import TIES, seen_among
from warehouse.session import Reading


@dataclass(frozen=True, slots=True)
class MentionHead:
    """One mention without its words. `asks`: for a person, who has not said anything yet; `label` a person's where one has."""

    id: str
    label: Label
    asks: bool
    is_sealed: bool
    incident: str | None
    model: str


def list_heads(reading: Reading, since: datetime, until: datetime, seen: Clause) -> tuple[MentionHead, ...]:
    """Mentions whose words of now were captured in [since, until), in the order of `list_mentions`; `seen` is a condition on `m`."""
    heads = kept_up(
        reading,
        ("heads", since, until),
        lambda: _read_heads(reading, since, until),
        lambda before, decided: _read_some_again(reading, since, until, before, decided),
    )
    known = frozenset(seen_among(reading, [head.id for head in heads], seen))
    return tuple(head for head in heads if head.id in known)


def _read_some_again(
    reading: Reading, since: datetime, until: datetime, before: tuple[MentionHead, ...], decided: Decided
) -> tuple[MentionHead, ...]:
    ids = {id_ for id_, _ in decided} & {head.id for head in before}
    if not ids:
        return before
    again = {head.id: head for head in _read_heads(reading, since, until, sorted(ids))}
    return tuple(again.get(head.id, head) for head in before)


def _read_heads(
    reading: Reading, since: datetime, until: datetime, ids: Sequence[str] | None = None
) -> tuple[MentionHead, ...]:
    """Of these mentions only, where ids are given."""
    among, values = (
        ("", [since, until])
        if ids is None
        else ("AND m.id IN (SELECT unnest(?::VARCHAR[]))", [since, until, list(ids)])
    )
    found = " UNION ALL ".join(
        "SELECT m.id, m.incident_id, m.is_sealed, r.captured_at, r.posted_at, coalesce(d.label, c.label) AS label, "  # noqa: S608 -- our own conditions
        "c.needs_person AND d.label IS NULL AS asks, c.model FROM revisions AS r "
        f"JOIN mentions AS m ON m.id = r.mention_id AND m.revision = r.revision AND {tie} "
        "JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision AND c.classified_at = r.captured_at "
        "LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d "
        f"ON d.mention_id = m.id AND d.revision = m.revision WHERE r.captured_at >= ? AND r.captured_at < ? {among}"
        for tie in TIES
    )
    rows = reading.rows(
        f"SELECT id, label, asks, is_sealed, incident_id, model FROM ({found}) ORDER BY captured_at DESC, posted_at DESC NULLS LAST, id",  # noqa: S608 -- the same
        [*values, *values],
    )
    return tuple(MentionHead(row[0], Label(row[1]), row[2], *row[3:]) for row in rows)
