"""A condition of SQL as a value: it goes into a list, a count and a chart alike."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Clause:
    """A condition and the values of its `?`, in their order."""

    sql: str
    values: tuple[object, ...] = ()

    def __and__(self, other: Clause) -> Clause:
        return Clause(f"({self.sql}) AND ({other.sql})", (*self.values, *other.values))

    def __or__(self, other: Clause) -> Clause:
        return Clause(f"({self.sql}) OR ({other.sql})", (*self.values, *other.values))


EVERYTHING, NOTHING = Clause("true"), Clause("false")
