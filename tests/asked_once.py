"""A home that stands still, asked every question once: for tests that open thousands of its pages.

While the desk keeps the file open nobody else can write to it (`warehouse.kept_open`), so the same question has the same
answer until somebody of this process has written. Two thirds of what such a test costs is DuckDB planning a question it has planned for every page before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warehouse.kept_open import KeptOpen

if TYPE_CHECKING:
    import duckdb

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Known:
    """What the database answered, and the names of the columns."""

    rows: tuple[Row, ...]
    description: list[Any] | None


class Answer:
    """A known answer, taken from its beginning; a list in it is its reader's own."""

    def __init__(self, known: Known) -> None:
        self.description = known.description
        self._left = [
            tuple([*value] if isinstance(value, list) else value for value in row) for row in known.rows
        ]

    def fetchall(self) -> list[Row]:
        return self.fetchmany(len(self._left))

    def fetchmany(self, size: int) -> list[Row]:
        taken, self._left = self._left[:size], self._left[size:]
        return taken


Asked = dict[tuple[str, str], Known]


class Remembering:
    """A cursor that asks the database what nobody has asked since the file was opened."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection, asked: Asked) -> None:
        self._cursor, self._asked = cursor, asked

    def execute(self, sql: str, values: Sequence[object] = ()) -> Answer:
        key = (sql, repr(values))
        known = self._asked.get(key)
        if known is None:
            found = self._cursor.execute(sql, list(values))
            known = self._asked[key] = Known(tuple(found.fetchall()), found.description)
        return Answer(known)


@contextmanager
def asked_once() -> Iterator[None]:
    """While this block runs, a file kept open for reading is asked each question once between two openings.

    Another process that writes has it let go (`warehouse.turns`), and what was known is forgotten with it; so it is when
    this one writes in the open file.
    """
    cursor_of, alone_of = KeptOpen.cursor, KeptOpen.alone
    by_opening: dict[duckdb.DuckDBPyConnection | None, Asked] = {}

    @contextmanager
    def remembering(self: KeptOpen) -> Iterator[Remembering]:
        with cursor_of(self) as cursor:
            # The opening itself is the key, so no later one can be taken for it.
            if self._connection not in by_opening:
                by_opening.clear()
            yield Remembering(cursor, by_opening.setdefault(self._connection, {}))

    @contextmanager
    def alone(self: KeptOpen) -> Iterator[duckdb.DuckDBPyConnection]:
        # Nobody reads meanwhile: what is forgotten before the first reader comes back is forgotten in time.
        with alone_of(self) as found:
            try:
                yield found
            finally:
                by_opening.clear()

    KeptOpen.cursor = remembering  # type: ignore[assignment,method-assign]
    KeptOpen.alone = alone  # type: ignore[method-assign]
    try:
        yield
    finally:
        KeptOpen.cursor, KeptOpen.alone = cursor_of, alone_of  # type: ignore[method-assign]
