"""The analysts' copy: pseudonymised, documented, swapped in whole. Readers never wait and never block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mentionwatch.errors import Fatal
from warehouse.columns import KEPT
from warehouse.connection import Warehouse
from warehouse.files import attach, checkpoint, lock_down, open_in_memory, replace_file, sync
from warehouse.files import sync_folder as sync_folder
from warehouse.migrate import write_comments
from warehouse.publish_words import insert_mentions
from warehouse.reporters import ReporterStore
from warehouse.session import Reading, Row

if TYPE_CHECKING:
    import duckdb

PUBLISHED = (
    "mentions",
    "classifications",
    "evidence",
    "incidents",
    "incident_events",
    "sources",
    "runs",
    "run_sources",
    "decisions",
)
ANALYSIS_ROW_GROUP_SIZE = 122880
"""DuckDB's own: this file is written once and then only scanned."""


@dataclass(frozen=True, slots=True)
class PublishedCopy:
    """Where the copy is. `note` is a line for a person when it could not take its usual place."""

    path: Path
    mentions: int
    note: str = ""


def read_schema() -> str:
    """The copy's tables, as SQL with a reason beside each column."""
    return files("warehouse").joinpath("analysis.sql").read_text(encoding="utf-8").replace("\r\n", "\n")


def create_schema(connection: duckdb.DuckDBPyConnection) -> None:
    """All tables of the copy with their comments, in the current database."""
    schema = read_schema()
    connection.execute(schema)
    for statement in write_comments(schema):
        connection.execute(statement)


_EVIDENCE = f"""
INSERT INTO evidence BY NAME
SELECT {", ".join(f"e.{name}" for name in KEPT["evidence"])}, len(e.redirects) AS redirect_count,
       coalesce(e.warc_sha256, e.raw_sha256) IS NOT NULL AND e.fault_kind IS NULL AND NOT e.truncated AND r.posted_at IS NOT NULL AS is_complete
FROM warehouse.evidence AS e JOIN warehouse.revisions AS r USING (mention_id, revision) ORDER BY e.captured_at, e.mention_id, e.revision
"""  # noqa: S608 -- our own constants

_SOURCES = """
INSERT INTO sources BY NAME
SELECT s.source AS name, arg_max(s.collector, s.stored_at) AS collector, arg_max(s.run_id, s.stored_at) AS last_run_id,
       arg_max(s.verdict, s.stored_at) AS last_verdict, arg_max_null(s.fault_kind, s.stored_at) AS last_fault_kind, max(s.last_ok_at) AS last_ok_at,
       count(*) AS looks, coalesce(any_value(m.mention_count), 0) AS mention_count
FROM warehouse.run_sources AS s
LEFT JOIN (SELECT source, count(*) AS mention_count FROM warehouse.mentions GROUP BY source) AS m ON m.source = s.source
GROUP BY s.source ORDER BY s.source
"""


def _copy(table: str, order: str, where: str = "true") -> str:
    columns = ", ".join(KEPT[table])
    return (
        f"INSERT INTO {table} BY NAME SELECT {columns} FROM warehouse.{table} WHERE {where} ORDER BY {order}"  # noqa: S608 -- our own constants
    )


_FILL = (
    _EVIDENCE,
    _SOURCES,
    _copy("classifications", "classified_at, mention_id, revision"),
    _copy("incidents", "id", "track = 'incident'"),
    _copy(
        "incident_events",
        "seq",
        "incident_id IN (SELECT id FROM warehouse.incidents WHERE track = 'incident')",
    ),
    _copy("runs", "started_at, run_id"),
    _copy("run_sources", "stored_at, run_id, source"),
    _copy("decisions", "id"),
)


def publish(warehouse: Warehouse) -> PublishedCopy:
    """Build the copy beside the old one, make it durable, and swap it in.

    Holds the writer's file while it reads. A reader with the old copy open keeps its consistent view. Where an
    open file cannot be replaced (Windows) the new copy waits beside it and is swapped in at the next chance.
    """
    target = warehouse.published_path
    building = target.with_name(target.name + ".tmp")
    with warehouse.exclusive(), warehouse.explained():
        # Also brings an older file up to date; a copy or backup made now is complete without the log.
        warehouse.fold()
        _remove(building)
        try:
            count = _build(warehouse, building)
            sync(building)
            return _swap_in(building, target, count)
        finally:
            _remove(building)


def _build(warehouse: Warehouse, building: Path) -> int:
    """The whole copy but its mentions, then those, on a connection that spills nothing: returns how many."""
    with _both_open(warehouse, building, warehouse.spill_path) as connection:
        create_schema(connection)
        for statement in _FILL:
            connection.execute(statement)
        checkpoint(connection)
    reporters = ReporterStore(warehouse.folder).names_by_mention()
    with (
        warehouse.opened(read_only=True) as own,
        closing(warehouse.keyring(own)) as keys,
        _both_open(warehouse, building, None) as connection,
    ):
        count = insert_mentions(connection, Reading(own, keys), reporters)
        checkpoint(connection)
    return count


@contextmanager
def _both_open(
    warehouse: Warehouse, building: Path, spill: Path | None
) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = open_in_memory(spill)
    try:
        attach(connection, warehouse.path, "warehouse", read_only=True)
        attach(connection, building, "analysis", read_only=False, row_group_size=ANALYSIS_ROW_GROUP_SIZE)
        connection.execute("USE analysis")
        lock_down(connection)
        yield connection
    finally:
        connection.close()


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def _swap_in(building: Path, target: Path, count: int) -> PublishedCopy:
    waiting = target.with_name(target.name + ".new")
    if replace_file(building, target):
        waiting.unlink(missing_ok=True)
        return PublishedCopy(target, count)
    building.replace(waiting)
    note = f"{target.name} is open in another program and could not be replaced; the new copy is {waiting.name}. Close the program and run: mentionwatch publish"
    return PublishedCopy(waiting, count, note)


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Column names and rows of a query on the published copy."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def query_published(warehouse: Warehouse, sql: str, values: Sequence[object] = ()) -> QueryResult:
    """Run SQL on the published copy: nothing can be written, and no file, network or setting reached.

    Raises `Fatal` with DuckDB's own first line when the SQL is wrong.
    """
    import duckdb

    with warehouse.reader() as reading:
        try:
            columns, rows = reading.table(sql, values)
        except duckdb.Error as error:
            raise Fatal(f"query: {str(error).splitlines()[0]}") from None
    return QueryResult(columns, tuple(rows))
