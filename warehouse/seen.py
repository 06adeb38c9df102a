"""What a night brought and how weeks went, counted over the mentions a condition lets through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentionwatch.labels import Label, Scope
from warehouse.clause import Clause
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
    found = reading.rows(
        "SELECT r.run_id, m.source, arg_max(c.label, r.revision), arg_max(r.scope, r.revision), bool_or(r.captured_at = m.first_seen_at) "  # noqa: S608 -- our own condition
        "FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id "
        "JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision "
        f"WHERE r.run_id IN (SELECT unnest(?::VARCHAR[])) AND ({seen.sql}) GROUP BY r.run_id, m.source, m.id",
        [list(run_ids), *seen.values],
    )
    return tuple(
        Change(run_id, source, Label(label), Scope(scope), is_new)
        for run_id, source, label, scope, is_new in found
    )
