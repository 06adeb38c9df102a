"""Schema changes as numbered SQL files, one transaction each, remembered with a checksum."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

from mentionwatch.errors import Fatal
from warehouse.seal_old import seal_old
from warehouse.session import Writing

if TYPE_CHECKING:
    import duckdb

    from warehouse.keyring import Keyring

_SEALS = 8
"""The migration whose rows SQL cannot carry over."""

_TABLE = re.compile(r"^CREATE TABLE (\w+) \($")
_COLUMN = re.compile(r"^    (\w+) [A-Z].*?,?\s+-- (.+)$")

_TRACKER = """
CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL);
COMMENT ON TABLE schema_migrations IS 'Which schema changes this file has been through.';
COMMENT ON COLUMN schema_migrations.number IS 'order of the change';
COMMENT ON COLUMN schema_migrations.name IS 'file name of the change';
COMMENT ON COLUMN schema_migrations.sha256 IS 'digest of that file: a changed one is refused'
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file of warehouse/migrations."""

    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Digest of the text, line endings set aside (git may change them on Windows)."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def _read() -> tuple[Migration, ...]:
    found = sorted(
        (item for item in files("warehouse").joinpath("migrations").iterdir() if item.name.endswith(".sql")),
        key=lambda item: item.name,
    )
    return tuple(
        Migration(int(item.name[:4]), item.name, item.read_text(encoding="utf-8").replace("\r\n", "\n"))
        for item in found
    )


MIGRATIONS = _read()
LATEST = MIGRATIONS[-1].number


def write_comments(sql: str) -> list[str]:
    """COMMENT statements out of the `--` remarks of a schema file, so that a reason is written once.

    The line above `CREATE TABLE x (` describes the table, the remark at the end of a column's line the column.
    """
    statements: list[str] = []
    table, above = "", ""
    for line in sql.splitlines():
        if opened := _TABLE.match(line):
            table = opened[1]
            statements.append(f"COMMENT ON TABLE {table} IS '{_quoted(above)}'")
        elif line.startswith("-- "):
            above = line[3:]
        elif line == ");":
            table, above = "", ""
        elif table and (column := _COLUMN.match(line)):
            statements.append(f"COMMENT ON COLUMN {table}.{column[1]} IS '{_quoted(column[2])}'")
    return statements


def _quoted(text: str) -> str:
    return text.strip().replace("'", "''")


def version_of(connection: duckdb.DuckDBPyConnection) -> int:
    """Number of the last migration this file has been through; 0 for an empty file. Refuses a changed one."""
    import duckdb

    try:
        done = connection.execute("SELECT number, sha256 FROM schema_migrations ORDER BY number").fetchall()
    except duckdb.CatalogException:
        return 0
    known = {migration.number: migration for migration in MIGRATIONS}
    for number, sha256 in done:
        if number in known and known[number].sha256 != sha256:
            raise Fatal(
                f"warehouse/migrations/{known[number].name}: was changed after it had been applied. Restore it and add a new file"
            )
    return int(done[-1][0]) if done else 0


def migrate(
    connection: duckdb.DuckDBPyConnection,
    migrations: Sequence[Migration] = MIGRATIONS,
    keys: Keyring | None = None,
) -> bool:
    """Apply what is missing, each file in a transaction of its own (DuckDB rolls schema changes back).

    `keys` is needed where there is something to seal. True: words were sealed whose bytes the file still holds.
    """
    done, had_words = version_of(connection), False
    for migration in migrations:
        if migration.number <= done:
            continue
        connection.execute("BEGIN TRANSACTION")
        try:
            if not done:
                connection.execute(_TRACKER)
            connection.execute(migration.sql)
            for statement in write_comments(migration.sql):
                connection.execute(statement)
            if migration.number == _SEALS:
                had_words = seal_old(Writing(connection, keys))
            connection.execute(
                "INSERT INTO schema_migrations VALUES (?, ?, ?)",
                [migration.number, migration.name, migration.sha256],
            )
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
        done = migration.number
    # Schema changes are the part of a write-ahead log that DuckDB replays least well: leave none in it.
    connection.execute("CHECKPOINT")
    return had_words
