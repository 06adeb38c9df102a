"""A condition of SQL as a value: it goes into a list, a count and a chart alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition and the values of its `?`, in their order."""

    sql: str
    values: tuple[object, ...] = ()

    @property
    def key(self) -> tuple[object, ...]:
        """The same as something that can stand in the name of a question: its lists are no longer lists."""
        return (self.sql, *(tuple(value) if isinstance(value, list) else value for value in self.values))

    def __and__(self, other: Clause) -> Clause:
        return Clause(f"({self.sql}) AND ({other.sql})", (*self.values, *other.values))

    def __or__(self, other: Clause) -> Clause:
        return Clause(f"({self.sql}) OR ({other.sql})", (*self.values, *other.values))


EVERYTHING, NOTHING = Clause("true"), Clause("false")

_AROUND = timedelta(days=2)
_MOST_SPANS = 8


def near(column: str, times: Iterable[datetime], most: int = _MOST_SPANS) -> Clause:
    """That a time lies within two days of one of these, or, of more than `most` apart, in the span of them all; of none: whenever it was.

    Rows lie in the order of time: asked like this, DuckDB reads the row groups of those days and leaves out the rest.
    """
    spans: list[tuple[datetime, datetime]] = []
    for at in sorted(times):
        if spans and at - _AROUND <= spans[-1][1]:
            spans[-1] = (spans[-1][0], at + _AROUND)
        else:
            spans.append((at - _AROUND, at + _AROUND))
    if len(spans) > most:
        spans = [(spans[0][0], spans[-1][1])]
    if not spans:
        return EVERYTHING
    return Clause(
        " OR ".join(f"{column} BETWEEN ? AND ?" for _ in spans), tuple(end for span in spans for end in span)
    )
