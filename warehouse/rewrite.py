"""Rewriting the writer's file: DuckDB leaves deleted bytes where they were, a new file has none of them."""

from __future__ import annotations

from pathlib import Path

from mentionwatch.errors import Fatal
from warehouse.files import attach, open_in_memory, replace_file, sync
from warehouse.session import Reading


def rewrite(path: Path, spill: Path, *, is_done: bool = False) -> None:
    """Copy everything that is still there into a new file and put it in the old one's place.

    Measured: DELETE, VACUUM and CHECKPOINT leave deleted texts readable in the file; this leaves none. The caller
    holds the file, which has been checkpointed. `is_done`: with this, all that a deletion asks for is done.
    """
    fresh, log = path.with_name(path.name + ".tmp"), path.with_name(path.name + ".wal")
    leftovers = (fresh, fresh.with_name(fresh.name + ".wal"))
    if log.exists() and log.stat().st_size:
        raise Fatal(
            f"{log}: could not be folded into the database. Close other programs that use it and run again"
        )
    try:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
        _copy_whole(path, fresh, spill, is_done=is_done)
        sync(fresh)
        if not replace_file(fresh, path):
            raise Fatal(
                f"{path}: is open in another program and could not be rewritten. Close it and run: mentionwatch retention"
            )
        log.unlink(missing_ok=True)
    finally:
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)


def _copy_whole(path: Path, fresh: Path, spill: Path, *, is_done: bool) -> None:
    connection = open_in_memory(spill)
    try:
        attach(connection, path, "warehouse", read_only=True)
        attach(connection, fresh, "fresh", read_only=False)
        fresh.chmod(0o600)
        connection.execute("COPY FROM DATABASE warehouse TO fresh")
        if is_done:
            connection.execute("DELETE FROM fresh.meta WHERE name = 'compaction_due'")
        connection.execute("CHECKPOINT fresh")
        _check_counts(Reading(connection))
    finally:
        connection.close()


def _check_counts(reading: Reading) -> None:
    """Nothing but the flag may be missing in the new file."""
    tables = [
        row[0]
        for row in reading.rows(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = 'warehouse' AND table_name <> 'meta'"
        )
    ]
    for table in tables:
        sql = f"SELECT (SELECT count(*) FROM warehouse.{table}), (SELECT count(*) FROM fresh.{table})"  # noqa: S608 -- our own tables
        row = reading.row(sql)
        if row is None or row[0] != row[1]:
            raise Fatal(f"compaction: table {table} did not come over whole; the old file stays in place")
