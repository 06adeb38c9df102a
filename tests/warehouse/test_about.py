"""The rows of the audit log about one record, found by a short number: the very rows that reading the whole log finds."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentionwatch.labels import Role
from mentionwatch.model import AuditEvent
from tests.warehouse.factory import NOW
from warehouse.about import LoggedRow, is_filed, number_of, rows_about
from warehouse.chain import append_audit, check_chain
from warehouse.connection import Warehouse
from warehouse.keyring import Keyring
from warehouse.logged import find_misfiled
from warehouse.migrate import MIGRATIONS, migrate
from warehouse.session import Reading, Writing, at_utc

IDS = (
    "01aa",
    "01aa/1",
    "01aa/2",
    "01aab",
    "01aab/1",
    "2026-0001",
    "everything",
    "",
    "/",
    "enw ŵ",
    "01aa/1/2",
)
KINDS = ("mention", "revision", "incident", "evidence", "model")

rows = st.lists(st.tuples(st.sampled_from(IDS), st.sampled_from(KINDS)), max_size=30)


@cache
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect(":memory:")
    found.execute("SET TimeZone = 'UTC'")
    migrate(found, keys=Keyring(Path(mkdtemp())))
    return found


def slow(reading: Reading, asked: list[str]) -> list[LoggedRow]:
    """Row by row through the whole log."""
    whole = reading.rows(
        "SELECT seq, happened_at, actor, role, verb, object_kind, object_id, coalesce(reason, '') FROM audit ORDER BY seq"
    )
    found = [LoggedRow(row[0], at_utc(row[1]), *row[2:]) for row in whole]
    return [row for row in found if row.object_id.split("/")[0] in asked]


def log(writing: Writing, given_rows: list[tuple[str, str]]) -> None:
    append_audit(
        writing,
        [
            AuditEvent(NOW + timedelta(seconds=at), "a", Role.HEAD, f"did{at}", kind, id_, f"why {at}")
            for at, (id_, kind) in enumerate(given_rows)
        ],
    )


@settings(max_examples=80, deadline=None, derandomize=True)
@given(rows, st.lists(st.sampled_from([id_.partition("/")[0] for id_ in IDS]), max_size=4))
def test_the_rows_found_by_number_are_those_the_whole_log_has(
    logged: list[tuple[str, str]], asked: list[str]
) -> None:
    """Ids that begin alike, that hold a slash more, that are empty: none too many, none left out, in order."""
    writing = Writing(connection())
    for table in ("audit", "audit_about", "chain_heads"):
        writing.run(f"DELETE FROM {table}")  # noqa: S608 -- fixed names
    log(writing, logged)
    assert is_filed(writing)
    assert list(rows_about(writing, asked)) == slow(writing, asked)
    assert find_misfiled(writing) == []


def test_two_records_with_one_number_are_told_apart() -> None:
    """32 bits are few: among millions of posts some share theirs. The id itself has the last word."""
    writing = Writing(connection())
    for table in ("audit", "audit_about", "chain_heads"):
        writing.run(f"DELETE FROM {table}")  # noqa: S608 -- fixed names
    log(writing, [("01aa/1", "revision"), ("01bb/1", "revision")])
    writing.run("UPDATE audit_about SET about = ?", [number_of("01aa")])
    assert [row.object_id for row in rows_about(writing, ["01aa"])] == ["01aa/1"]


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_about SET about = about + 1 WHERE seq = 2",
        "DELETE FROM audit_about WHERE seq = 2",
        "INSERT INTO audit_about SELECT * FROM audit_about WHERE seq = 2",
        "INSERT INTO audit_about VALUES (99, 5)",
    ],
)
def test_a_row_filed_elsewhere_by_hand_is_found(warehouse: Warehouse, sql: str) -> None:
    """The log itself is chained and whole; who saw a post would be hidden all the same."""
    with warehouse.writer() as writing:
        log(writing, [("01aa/1", "revision"), ("01aa", "mention"), ("2026-0001", "incident")])
        writing.run(sql)
        (found,) = find_misfiled(writing)
        assert found.object_kind == "audit" and found.object_id in ("2", "99")
        assert check_chain(writing, "audit") == []
        if "DELETE" in sql or "INSERT" in sql:
            assert [row.seq for row in rows_about(writing, ["01aa"])] == [1, 2], "the log itself is read then"


def test_rows_of_before_are_filed_by_the_migration(tmp_path: Path) -> None:
    """A home that has run for years: every row of its log is found by its number from the first page on."""
    connection = duckdb.connect(str(tmp_path / "old.duckdb"))
    migrate(connection, [one for one in MIGRATIONS if one.number < 16], Keyring(tmp_path))
    for at, id_ in enumerate(IDS):
        connection.execute(
            "INSERT INTO audit VALUES (?, ?, 'a', 'head', 'did', 'mention', ?, '', 's', 'c', '', 'p', 'h')",
            [at + 1, NOW, id_],
        )
    migrate(connection, keys=Keyring(tmp_path))
    reading = Reading(connection)
    assert is_filed(reading) and find_misfiled(reading) == []
    numbers: dict[int, int] = dict(reading.rows("SELECT seq, about FROM audit_about"))
    assert numbers == {at + 1: number_of(id_.partition("/")[0]) for at, id_ in enumerate(IDS)}
    for id_ in IDS:
        assert list(rows_about(reading, [id_])) == slow(reading, [id_])
