"""The analysts' copy: pseudonymised, documented, swapped in whole. Readers never wait and never block."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from mentionwatch.errors import Fatal
from warehouse.columns import IS_SAMPLE, KEPT
from warehouse.connection import Warehouse, attach, checkpoint, lock_down, open_in_memory
from warehouse.migrate import write_comments
from warehouse.reporters import ReporterStore
from warehouse.session import Row
from warehouse.withholding import WITHHELD

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

_SWAP_TRIES = 20
_SWAP_PAUSE_S = 0.1

MASKS = (
    ("://", r"https?://\S+", "[link]"),
    ("@", r"[\w.+-]+@[\w-]+(\.[\w-]+)+", "[e-mail]"),
    ("@", r"@[\pL\pN_.-]{2,}", "[handle]"),
    ("u/", r"\b/?u/[\w-]{3,}", "[handle]"),
    ("", r"(\+44[\s-]?|\b0)\d[\d\s-]{7,11}\d\b", "[number]"),
    ("", r"(?i)\b[A-Z]{1,2}\d[A-Z\d]?\s+\d[A-Z]{2}\b", "[postcode]"),
)
"""Personal data inside published words (B05): what must occur, pattern (RE2), and what stands in its place.

The plain text to look for first spares most rows the pattern.
"""


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


def _without_names(expression: str) -> str:
    for names, stand_in in (("handles", "[author]"), ("reporters", "[reporter]")):
        occurs = f"list_bool_or(list_transform(n.{names}, lambda name: contains(lower({expression}), lower(name))))"
        pattern = f"array_to_string(list_transform(n.{names}, lambda name: regexp_escape(name)), '|')"
        expression = f"CASE WHEN {occurs} THEN regexp_replace({expression}, {pattern}, '{stand_in}', 'gi') ELSE {expression} END"
    return expression


def _masked(expression: str) -> str:
    for sign, pattern, stand_in in MASKS:
        replaced = f"regexp_replace({expression}, '{pattern}', '{stand_in}', 'g')"
        expression = (
            f"CASE WHEN contains({expression}, '{sign}') THEN {replaced} ELSE {expression} END"
            if sign
            else replaced
        )
    return expression


# Who reported, for as long as the copy is built: in memory, and in neither file.
_REPORTERS = "CREATE TEMP TABLE reporters (mention_id VARCHAR, name VARCHAR)"

# Handles and reporters of a mention, longest first; markers such as @ and u/ set aside.
_NAMES = """
CREATE TEMP TABLE names AS
WITH said AS (
    SELECT mention_id, regexp_replace(trim(handle), '^(/?u/|@)', '') AS name, 'handles' AS what FROM warehouse.authors
    UNION
    SELECT mention_id, name, 'reporters' FROM reporters
)
SELECT mention_id,
       list(name ORDER BY length(name) DESC, name) FILTER (what = 'handles') AS handles,
       list(name ORDER BY length(name) DESC, name) FILTER (what = 'reporters') AS reporters
FROM said WHERE length(name) >= 3 GROUP BY mention_id
"""

# Step by step in subqueries: one expression nested eight deep would be written out a hundred times over.
_MENTIONS = f"""
INSERT INTO mentions BY NAME
WITH worded AS (
    SELECT m.id, regexp_extract(m.canonical_url, '^https?://([^/:?#]+)', 1) AS site,
           CASE WHEN w.id IS NULL THEN r.title END AS title, CASE WHEN w.id IS NULL THEN r.text END AS text, w.id IS NOT NULL AS is_withheld
    FROM warehouse.mentions AS m JOIN warehouse.revisions AS r ON r.mention_id = m.id AND r.revision = m.revision
    LEFT JOIN withheld AS w ON w.id = m.id
),
nameless AS (
    SELECT id, is_withheld, {_without_names("site")} AS site, {_without_names("title")} AS title, {_without_names("text")} AS text
    FROM worded LEFT JOIN names AS n ON n.mention_id = worded.id
)
SELECT m.id, m.source, m.kind, x.site, {_masked("x.title")} AS title, {_masked("x.text")} AS text, x.is_withheld,
       c.lang, r.posted_at, r.posted_at_basis, r.edited_at, m.first_seen_at, r.captured_at, m.revision, r.scope, r.scope_score,
       coalesce(d.label, c.label) AS label, d.label IS NOT NULL AS is_decided, c.needs_person, c.harms, c.route, m.is_gone, m.gone_at,
       m.incident_id AS incident
FROM warehouse.mentions AS m
JOIN nameless AS x ON x.id = m.id
JOIN warehouse.revisions AS r ON r.mention_id = m.id AND r.revision = m.revision
JOIN warehouse.classifications AS c ON c.mention_id = m.id AND c.revision = m.revision
LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM warehouse.decisions GROUP BY ALL) AS d
       ON d.mention_id = m.id AND d.revision = m.revision
ORDER BY r.captured_at, m.id
"""  # noqa: S608 -- our own constants

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


def _copy(table: str, order: str, where: str = "true", more: str = "") -> str:
    columns = ", ".join(KEPT[table])
    return f"INSERT INTO {table} BY NAME SELECT {columns}{more} FROM warehouse.{table} WHERE {where} ORDER BY {order}"  # noqa: S608 -- our own constants


_FILL = (
    _NAMES,
    WITHHELD,
    _MENTIONS,
    _EVIDENCE,
    _SOURCES,
    _copy("classifications", "classified_at, mention_id, revision", more=f", {IS_SAMPLE} AS is_sample"),
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
        with warehouse.opened() as connection:
            # Also brings an older file up to date; a copy or backup made now is complete without the log.
            checkpoint(connection)
        _remove(building)
        try:
            count = _build(warehouse, building)
            sync(building)
            return _swap_in(building, target, count)
        finally:
            _remove(building)


def _build(warehouse: Warehouse, building: Path) -> int:
    connection = open_in_memory(warehouse.spill_path)
    try:
        attach(connection, warehouse.path, "warehouse", read_only=True)
        attach(connection, building, "analysis", read_only=False, row_group_size=ANALYSIS_ROW_GROUP_SIZE)
        connection.execute("USE analysis")
        lock_down(connection)
        create_schema(connection)
        connection.execute(_REPORTERS)
        for id_, names in ReporterStore(warehouse.folder).names_by_mention().items():
            for name in names:
                connection.execute("INSERT INTO reporters VALUES (?, ?)", [id_, name])
        for statement in _FILL:
            connection.execute(statement)
        count = connection.execute("SELECT count(*) FROM mentions").fetchall()[0][0]
        checkpoint(connection)
    finally:
        connection.close()
    return int(count)


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.with_name(path.name + ".wal").unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Make a finished file durable before it takes another's place."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make a rename durable; Windows has no such call and needs none."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def replace_file(new: Path, target: Path) -> bool:
    """os.replace with patience: on Windows a file somebody has open cannot be replaced. False: it still cannot."""
    for _ in range(_SWAP_TRIES):
        try:
            new.replace(target)
        except PermissionError:
            time.sleep(_SWAP_PAUSE_S)
        else:
            sync_folder(target.parent)
            return True
    return False


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
