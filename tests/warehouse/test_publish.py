"""The analysts' copy: complete, documented, without a person in it, open to old DuckDBs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from mentionwatch.errors import Fatal
from mentionwatch.ids import mention_id
from mentionwatch.labels import EntryKind, IncidentState, Label, Role
from tests.warehouse.factory import NOW, make_audit, make_night, make_write
from warehouse.columns import DERIVED, KEPT, SCRUBBED, SEALED_TABLES
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, record_decision
from warehouse.dictionary import render
from warehouse.incident_steps import IncidentMove, record_move
from warehouse.ledger import start_run
from warehouse.publish import PUBLISHED, publish, query_published
from warehouse.reporters import ReporterStore
from warehouse.sealed_lines import SealedReport
from warehouse.store import store_nights

ROOT = Path(__file__).resolve().parents[2]

QUERIES = (
    "SELECT date_trunc('week', posted_at AT TIME ZONE 'Europe/London') AS week, label, count(*) FROM mentions GROUP BY ALL ORDER BY ALL",
    "SELECT source, count(*) FILTER (label = 'concern') / count(*) AS share FROM mentions GROUP BY source",
    "SELECT m.id, c.p_inappropriate FROM mentions AS m JOIN classifications AS c ON c.mention_id = m.id AND c.revision = m.revision WHERE m.text ILIKE '%parking%'",
    "SELECT i.id, i.state, max(e.happened_at) - min(e.happened_at) AS open_for FROM incidents AS i JOIN incident_events AS e ON e.incident_id = i.id GROUP BY ALL",
    "SELECT s.name, s.last_verdict, sum(r.new) FROM sources AS s JOIN run_sources AS r ON r.source = s.name JOIN runs USING (run_id) GROUP BY ALL",
    "SELECT c.label, d.label, count(*) FROM decisions AS d JOIN classifications AS c USING (mention_id, revision) GROUP BY ALL",
    "SELECT method, avg(is_complete::INTEGER) FROM evidence GROUP BY method",
)


def fill(warehouse: Warehouse) -> None:
    """A little of everything, with a canary wherever a person could show."""
    writes = [
        make_write("CANARYNATIVE", "good fair, says CANARYhandle and @someone, ring 01248 123456, a@b.cymru", title="By canaryHANDLE", author="@CanaryHandle", url="https://bsky.example/profile/CANARYHANDLE/1"),
        make_write("p2", "CANARYTHREAT words", title="CANARYTITLE", label=Label.INAPPROPRIATE, opens=True, author="u/CANARYWRITER"),
        make_write("p3", "seen by CANARYREPORTER today", kind=EntryKind.REPORT),
        make_write("p4", "the parking is bad", label=Label.CONCERN),
        make_write("p5", "CANARYQUIET words", label=Label.CONCERN),
        make_write("p6", "CANARYIMAGE words", stop=True),
    ]  # fmt: skip
    copy = make_write("q1", "CANARYTHREAT words", title="CANARYTITLE", source="alerts", label=Label.CONCERN)
    with warehouse.writer() as writing:
        start_run(writing, "run-1", NOW, "llanbedrog 2021", "s.11", "0.1.0")
        store_nights(writing, [make_night(writes=writes), make_night(writes=[copy], source="alerts")], NOW)
        ReporterStore(warehouse.folder).store(
            SealedReport(mention_id("paper", "p3"), "CANARYREPORTER", "CANARYPLATFORM", NOW)
        )
        decision = Decision(
            mention_id("paper", "p5"), 1, Label.INAPPROPRIATE, "CANARYACTOR", Role.HEAD, "CANARYREASON", NOW
        )
        record_decision(writing, decision, make_audit(reason="CANARYAUDIT"))
        incident = writing.rows("SELECT id, state FROM incidents WHERE kind = 'threat' ORDER BY id")[0]
        step = IncidentMove(
            incident[0],
            IncidentState(incident[1]),
            "note",
            IncidentState(incident[1]),
            "CANARYACTOR",
            Role.HEAD,
            "CANARYREASON",
            NOW,
            "p",
            details=(("x", "CANARYDETAIL"),),
        )
        record_move(writing, step, make_audit())


def test_the_copy_holds_no_author_no_reporter_and_no_serious_words(warehouse: Warehouse) -> None:
    """L20, I6; product: author handles, reporter and text above concern are not in the copy."""
    fill(warehouse)
    publish(warehouse)
    assert b"canary" not in warehouse.published_path.read_bytes().lower()
    result = query_published(
        warehouse,
        "SELECT text, title, is_withheld FROM mentions WHERE source = 'paper' ORDER BY text NULLS LAST",
    )
    assert result.columns == ("text", "title", "is_withheld")
    assert ("the parking is bad", "A title", False) in result.rows
    assert (
        "good fair, says [author] and [handle], ring [number], [e-mail]",
        "By [author]",
        False,
    ) in result.rows
    assert result.rows[-1] == (None, None, True)


def test_the_copy_has_exactly_the_contracts_objects_each_with_comments(warehouse: Warehouse) -> None:
    fill(warehouse)
    publish(warehouse)
    tables = query_published(
        warehouse,
        "SELECT table_name, comment FROM duckdb_tables() WHERE NOT internal AND database_name = 'analysis'",
    )
    columns = query_published(
        warehouse,
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND database_name = 'analysis' AND comment IS NULL",
    )
    assert {row[0] for row in tables.rows} == set(PUBLISHED) and all(row[1] for row in tables.rows)
    assert columns.rows == ()


def test_every_column_is_declared_kept_or_scrubbed(warehouse: Warehouse) -> None:
    """A new column is published by nobody's accident."""
    with warehouse.live_reader() as reading:
        own = reading.rows(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND database_name = 'warehouse'"
        )
    for table, column in own:
        declared = [table in SEALED_TABLES, column in KEPT.get(table, ()), column in SCRUBBED.get(table, {})]
        assert sum(declared) == 1, (
            f"warehouse/columns.py: {table}.{column} must be declared once, kept or scrubbed"
        )
    publish(warehouse)
    copied = query_published(
        warehouse,
        "SELECT table_name, column_name FROM duckdb_columns() WHERE NOT internal AND database_name = 'analysis'",
    )
    # The copy's mentions are the latest revision and classification beside the mention.
    sources = {"mentions": ("mentions", "revisions")}
    for table, column in copied.rows:
        kept = {name for source in sources.get(table, (table,)) for name in KEPT.get(source, ())}
        assert column in kept or column in DERIVED.get(table, {}), (
            f"warehouse/columns.py: {table}.{column} is published undeclared"
        )


def test_keys_are_the_same_after_every_publish(warehouse: Warehouse) -> None:
    fill(warehouse)
    publish(warehouse)
    first = [query_published(warehouse, f"FROM {table} ORDER BY ALL") for table in PUBLISHED]
    publish(warehouse)
    assert [query_published(warehouse, f"FROM {table} ORDER BY ALL") for table in PUBLISHED] == first


@pytest.mark.parametrize("sql", QUERIES)
def test_typical_questions_of_an_analyst_have_an_answer(warehouse: Warehouse, sql: str) -> None:
    fill(warehouse)
    publish(warehouse)
    assert query_published(warehouse, sql).rows


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM mentions",
        "CREATE TABLE x AS SELECT 1",
        "COPY mentions TO 'out.csv'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM 'warehouse.duckdb'",
        "ATTACH 'warehouse.duckdb' AS w",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT * FROM glob('/*')",
        "EXPORT DATABASE 'x'",
    ],
)
def test_a_query_reaches_nothing_but_the_copy(warehouse: Warehouse, sql: str) -> None:
    publish(warehouse)
    with pytest.raises(Fatal) as refused:
        query_published(warehouse, sql)
    assert "\n" not in str(refused.value)


def test_before_the_first_publish_a_query_says_what_to_do(warehouse: Warehouse) -> None:
    with pytest.raises(Fatal, match="mentionwatch publish"):
        query_published(warehouse, "SELECT 1")


def test_a_copy_that_cannot_be_replaced_waits_beside_it_and_says_so(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows refuses to replace a file somebody has open; here the refusal is made by hand."""
    fill(warehouse)
    publish(warehouse)
    really = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == warehouse.published_path:
            raise PermissionError("open in another program")
        return really(self, target)

    monkeypatch.setattr("warehouse.files._SWAP_PAUSE_S", 0.001)
    with monkeypatch.context() as refused:
        refused.setattr(Path, "replace", refuse)
        waiting = publish(warehouse)
    assert (
        waiting.path.name == "analysis.duckdb.new"
        and "analysis.duckdb.new" in waiting.note
        and waiting.path.exists()
    )
    assert publish(warehouse).note == "" and not waiting.path.exists()


def test_the_data_dictionary_is_current() -> None:
    page = ROOT / "docs" / "data-dictionary.md"
    assert page.read_text(encoding="utf-8") == render(), (
        "run: python -m warehouse.dictionary > docs/data-dictionary.md"
    )


READ_ALL = """
import duckdb, sys
for path in sys.argv[1:]:
    connection = duckdb.connect(path, read_only=True)
    for (name,) in connection.execute("SELECT table_name FROM duckdb_tables() WHERE NOT internal").fetchall():
        connection.execute(f"SELECT * FROM {name}").fetchall()
    assert connection.execute("SELECT count(*) FROM mentions").fetchall()[0][0] == 7
    connection.execute("SELECT comment FROM duckdb_columns() WHERE table_name = 'mentions'").fetchall()
    connection.close()
print(duckdb.__version__)
"""


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.2.2", "1.5.5"])
def test_older_duckdbs_open_both_files_log_included(
    warehouse: Warehouse, tmp_path: Path, version: str
) -> None:
    fill(warehouse)
    publish(warehouse)
    with warehouse.writer() as writing:
        # Left in the write-ahead log, as after a kill.
        writing.run("INSERT INTO meta VALUES ('x', 'y')")
    assert warehouse.wal_path.exists()
    environment = tmp_path / "old"
    python = environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
    installed = subprocess.run(
        [str(python), "-m", "pip", "install", "-q", f"duckdb=={version}", "pytz"],
        capture_output=True,
        timeout=300,
    )
    if installed.returncode:
        pytest.skip(f"duckdb {version} cannot be installed here")
    files = [str(warehouse.path), str(warehouse.published_path)]
    result = subprocess.run([str(python), "-c", READ_ALL, *files], capture_output=True, text=True)
    assert result.stdout.strip() == version, result.stderr


def test_the_plain_library_opens_both_files_after_a_kill(warehouse: Warehouse) -> None:
    fill(warehouse)
    publish(warehouse)
    with warehouse.writer() as writing:
        writing.run("INSERT INTO meta VALUES ('x', 'y')")
    for path in (warehouse.path, warehouse.published_path):
        with duckdb.connect(str(path), read_only=True) as connection:
            assert connection.execute("SELECT count(*) FROM mentions").fetchall() == [(7,)]
