"""What a night brought and how weeks went, counted over the mentions a condition lets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentionwatch.labels import Label, Scope
from warehouse.clause import Clause
from warehouse.reading import TIES, seen_among
from warehouse.session import Reading


@dataclass(frozen=True, slots=True)
class Change:
    """One mention that was new or edited in one run, as the classifier saw its latest words of that run."""

    run_id: str
    source: str
    label: Label
    scope: Scope
    is_new: bool


def changes_of(reading: Reading, run_ids: Sequence[str], seen: Clause) -> tuple[Change, ...]:
    """What these runs stored; `seen` is a condition on `m`, a row of mentions."""
    ids = tuple(run_ids)
    found = reading.remembered(("changes", ids), lambda: _read_changes(reading, ids))
    known = frozenset(seen_among(reading, [id_ for id_, _ in found], seen))
    return tuple(change for id_, change in found if id_ in known)


def _read_changes(reading: Reading, run_ids: Sequence[str]) -> tuple[tuple[str, Change], ...]:
    """Whoever may know of it, each with its mention."""
    stored = " UNION ALL ".join(
        "SELECT m.id, m.source, m.first_seen_at, r.run_id, r.revision AS stored, r.scope, r.captured_at, c.label FROM revisions AS r "  # noqa: S608 -- our own conditions
        f"JOIN mentions AS m ON m.id = r.mention_id AND {tie} "
        "JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision AND c.classified_at = r.captured_at "
        "WHERE r.run_id IN (SELECT unnest(?::VARCHAR[]))"
        for tie in TIES
    )
    found = reading.rows(
        "SELECT id, run_id, source, arg_max(label, stored), arg_max(scope, stored), bool_or(captured_at = first_seen_at) "  # noqa: S608 -- our own conditions
        f"FROM ({stored}) GROUP BY run_id, source, id",
        [list(run_ids), list(run_ids)],
    )
    return tuple(
        (id_, Change(run_id, source, Label(label), Scope(scope), is_new))
        for id_, run_id, source, label, scope, is_new in found
    )
