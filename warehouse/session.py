"""A thin hold on one open database: SQL in, plain tuples out. Only `connection.py` makes these."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from mentionwatch.errors import Retriable
from warehouse.answers import ANY_TABLE, Answers, is_write, tables_read, tables_written

if TYPE_CHECKING:
    import duckdb

    from warehouse.keyring import Keyring

Row = tuple[Any, ...]
T = TypeVar("T")

MOST_ID = 64
"""Longer than any id there is: what somebody made up is not kept (`Reading.store`)."""

_TYPES: dict[type, str] = {
    str: "VARCHAR",
    bool: "BOOLEAN",
    int: "BIGINT",
    float: "DOUBLE",
    datetime: "TIMESTAMPTZ",
    bytes: "BLOB",
    list: "VARCHAR[]",
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FULL = ("No space left on device", "File too large", "Disk quota exceeded", "not enough space on the disk")


def clean_text(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate, which hostile JSON may carry, becomes U+FFFD."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def to_utc(value: datetime | None) -> datetime | None:
    """A stored instant as aware UTC. The session's time zone is UTC, so only the label changes."""
    return None if value is None else value.replace(tzinfo=UTC)


def from_us(value: int | None) -> datetime | None:
    """An instant from microseconds since 1970: for many rows much faster than DuckDB's own TIMESTAMPTZ."""
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def at_utc(value: datetime) -> datetime:
    """The same for a column that is never empty."""
    return value.replace(tzinfo=UTC)


def as_utc(value: datetime) -> datetime:
    """A caller's instant in UTC. A naive one is a bug of the caller and stops here."""
    if value.tzinfo is None:
        raise ValueError(f"a time without a time zone reached the warehouse: {value!r}")
    return value.astimezone(UTC)


def is_disk_full(error: Exception) -> bool:
    """Did the operating system refuse to store more?"""
    return any(sign in str(error) for sign in _FULL)


def disk_full(folder: str) -> Retriable:
    """The one line a person sees; what was acknowledged before is still there."""
    return Retriable(
        f"{folder}: the disk is full. Nothing stored so far is lost; free some space and run again"
    )


def unwritable(folder: Path) -> str:
    """How a folder of the home that was made read-only is mended: what is in it is whole, and is not to be put back."""
    return f"Nothing in it is lost: make {folder} and its files yours to write again (chmod -R u+rwX {folder}) and run again"


class Reading:
    """An open database that is only read. `answers`: what this process remembers of it, where it keeps it open."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        keys: Keyring | None = None,
        answers: Answers | None = None,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._answers = answers
        self._noted: list[set[str]] = []
        self._stores: dict[Hashable, dict[Any, Any]] = {}

    @property
    def keys(self) -> Keyring:
        """The keys of what is sealed in it; the analysts' copy has none."""
        if self._keys is None:
            raise ValueError("this database was opened without its keys")
        return self._keys

    def remembered(self, key: Hashable, work: Callable[[], T]) -> T:
        """What `work` reads here, from memory where no table it was read from has changed since.

        `key` names the question whole: everything `work` depends on beside the tables. Give out nothing that can change.
        """
        if self._answers is None:
            return work()
        value, tables = self._answers.of(key, lambda: self._watched(work))
        if self._noted:
            self._noted[-1] |= tables
        found: T = value
        return found

    def store(self, name: Hashable, tables: Collection[str]) -> dict[Any, Any]:
        """A place to keep single rows read from these tables, emptied by the next write to one of them.

        Where nothing is remembered: for this reading. Its users put in what cannot change and bound how much.
        """
        if self._noted:
            self._noted[-1] |= set(tables)
        if self._answers is None:
            return self._stores.setdefault(name, {})
        value, _ = self._answers.of(("store", name), lambda: ({}, frozenset(tables)))
        found: dict[Any, Any] = value
        return found

    def _watched(self, work: Callable[[], T]) -> tuple[T, frozenset[str]]:
        """With the tables that were read meanwhile."""
        self._noted.append(set())
        try:
            value = work()
        finally:
            tables = frozenset(self._noted.pop())
        # What seems to come from no table was read outside of here: nothing would ever drop it.
        return value, tables or frozenset({ANY_TABLE})

    def _ask(self, sql: str, values: Sequence[object]) -> duckdb.DuckDBPyConnection:
        if self._noted:
            self._noted[-1] |= tables_read(sql)
        return self._connection.execute(sql, list(values))

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[Row]:
        """All rows of a query; `?` stand for `values`."""
        return self._ask(sql, values).fetchall()

    def stream(self, sql: str, values: Sequence[object] = ()) -> Iterator[Row]:
        """Rows of a query, a thousand in memory at a time. Run no other query until the last one is taken."""
        result = self._ask(sql, values)
        while batch := result.fetchmany(1000):
            yield from batch

    def row(self, sql: str, values: Sequence[object] = ()) -> Row | None:
        """The first row, or None."""
        found = self._ask(sql, values).fetchall()
        return found[0] if found else None

    def table(self, sql: str, values: Sequence[object] = ()) -> tuple[tuple[str, ...], list[Row]]:
        """Column names and all rows of a query."""
        result = self._ask(sql, values)
        columns = tuple(column[0] for column in result.description or ())
        return columns, result.fetchall()


class Writing(Reading):
    """An open database inside one transaction."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        keys: Keyring | None = None,
        answers: Answers | None = None,
    ) -> None:
        super().__init__(connection, keys, answers)
        self._afterwards: list[Callable[[], object]] = []
        self._written: set[str] = set()

    def _ask(self, sql: str, values: Sequence[object]) -> duckdb.DuckDBPyConnection:
        if is_write(sql):
            self._written |= tables_written(sql)
        return super()._ask(sql, values)

    def remembered(self, key: Hashable, work: Callable[[], T]) -> T:
        """As of a reading until it writes something; from then on nothing that is remembered holds for it."""
        return work() if self._written else super().remembered(key, work)

    def store(self, name: Hashable, tables: Collection[str]) -> dict[Any, Any]:
        """As of a reading until it writes something; then nothing is kept, the next statement may change it."""
        return {} if self._written else super().store(name, tables)

    @property
    def written(self) -> frozenset[str]:
        """The tables this transaction has written to so far."""
        return frozenset(self._written)

    def once_kept(self, step: Callable[[], object]) -> None:
        """Take this step when the transaction is on the disk, before anybody else may hold the file. Never when it is not kept."""
        self._afterwards.append(step)

    def finish(self) -> None:
        """The steps that waited for the commit, in order."""
        for step in self._afterwards:
            step()

    def keep_keys(self) -> None:
        """Put the keys made in this transaction on the disk. The last thing before it commits, never after."""
        if self._keys is not None and self._keys.keep_new():
            self.run("INSERT INTO meta VALUES ('key_file', ?)", [self._keys.bound_to])

    def run(self, sql: str, values: Sequence[object] = ()) -> None:
        """One statement (several, if there are no values)."""
        self._written |= tables_written(sql)
        if values:
            self._connection.execute(sql, list(values))
        else:
            self._connection.execute(sql)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Many rows in one statement: one list a column, unnested.

        As fast as the appender from 1 to 1,000 rows, ten times faster than a statement a row, and plain SQL.
        Lists go in as Python lists of text.
        """
        if rows:
            self._written.add(table.lower())
            picks, values = _unnest(columns, rows)
            self._connection.execute(f"INSERT INTO {table} ({', '.join(columns)}) SELECT {picks}", values)

    def update(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Many rows in one statement; the first column is the key. Not for list columns.

        DuckDB turns an update of a list into delete and insert of one key, which its log has failed to replay.
        """
        if rows:
            self._written.add(table.lower())
            picks, values = _unnest(columns, rows)
            sets = ", ".join(f"{name} = given.{name}" for name in columns[1:])
            key = columns[0]
            self._connection.execute(
                f"UPDATE {table} SET {sets} FROM (SELECT {picks}) AS given WHERE {table}.{key} = given.{key}",  # noqa: S608 -- names come from our own code
                values,
            )


def _unnest(columns: Sequence[str], rows: Sequence[Row]) -> tuple[str, list[object]]:
    picks: list[str] = []
    values: list[object] = []
    for name, column in zip(columns, zip(*rows, strict=True), strict=True):
        sample = next((value for value in column if value is not None), None)
        if sample is None:
            picks.append(f"NULL AS {name}")
        else:
            picks.append(f"unnest(?::{_TYPES[type(sample)]}[]) AS {name}")
            values.append([_clean(value) for value in column])
    return ", ".join(picks), values


def _clean(value: object) -> object:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [clean_text(item) for item in value]
    return value
