"""What a night brought and how weeks went, counted over the mentions a condition lets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentionwatch.labels import Label, Scope
from warehouse.clause import Clause
from warehouse.reading import TIES
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
    stored = " UNION ALL ".join(
        "SELECT m.*, r.run_id, r.revision AS stored, r.scope, r.captured_at, c.label FROM revisions AS r "  # noqa: S608 -- our own conditions
        f"JOIN mentions AS m ON m.id = r.mention_id AND {tie} "
        "JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision AND c.classified_at = r.captured_at "
        "WHERE r.run_id IN (SELECT unnest(?::VARCHAR[]))"
        for tie in TIES
    )
    found = reading.rows(
        f"WITH stored AS MATERIALIZED ({stored}) "  # noqa: S608 -- our own conditions
        "SELECT m.run_id, m.source, arg_max(m.label, m.stored), arg_max(m.scope, m.stored), bool_or(m.captured_at = m.first_seen_at) "
        f"FROM stored AS m WHERE ({seen.sql}) GROUP BY m.run_id, m.source, m.id",
        [list(run_ids), list(run_ids), *seen.values],
    )
    return tuple(
        Change(run_id, source, Label(label), Scope(scope), is_new)
        for run_id, source, label, scope, is_new in found
    )
