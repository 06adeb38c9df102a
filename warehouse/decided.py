"""Which posts were decided since something was read of them: after one decision little has to be read again.

Decisions are rows that are only added, under growing ids; they leave with their mention (`warehouse.erase`), so what is
kept with `mentions` among its tables never outlives one that went.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from warehouse.session import Reading

T = TypeVar("T")

KEPT_WITH = ("mentions", "revisions", "classifications")
"""What is kept up to date by `kept_up` depends on these tables whole, and on decisions one by one."""

Decided = frozenset[tuple[str, int]]
"""Mentions and their revisions."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """How far the decisions went: how many there are, and the highest id."""

    count: int
    last: int


@dataclass(slots=True)
class _Kept:
    value: Any
    mark: _Mark


def _mark_now(reading: Reading) -> _Mark:
    def read() -> _Mark:
        count, last = reading.row("SELECT count(*), coalesce(max(id), 0) FROM decisions") or (0, 0)
        return _Mark(count, last)

    return reading.remembered(("decisions",), read)


def _decided_since(reading: Reading, mark: _Mark, now: _Mark) -> Decided | None:
    """None: of the decisions up to the mark some are gone."""
    found = reading.rows(
        "SELECT mention_id, revision FROM decisions WHERE id > ? AND (SELECT count(*) FROM decisions WHERE id <= ?) = ?",
        [mark.last, mark.last, mark.count],
    )
    return frozenset(found) if len(found) == now.count - mark.count else None


def kept_up(
    reading: Reading, name: Hashable, read: Callable[[], T], bring_up: Callable[[T, Decided], T]
) -> T:
    """What `read` reads of the `KEPT_WITH` tables and of decisions, kept, and brought up to date with what was decided since.

    `bring_up` gives a new value, or the same one without what no longer holds.
    """
    kept = reading.store(("kept up", name), KEPT_WITH)
    now = _mark_now(reading)
    found: _Kept | None = kept.get(name)
    if found is not None and found.mark == now:
        value: T = found.value
        return value
    since = _decided_since(reading, found.mark, now) if found is not None else None
    value = read() if found is None or since is None else bring_up(found.value, since)
    kept[name] = _Kept(value, now)
    return value
