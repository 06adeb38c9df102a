"""What is remembered between pages: never older than the last commit, whoever made it, and worked out once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from warehouse.about import rows_about
from warehouse.answers import ANY_TABLE, MOST_ANSWERS, Answers, Same, tables_read, tables_written
from warehouse.clause import Clause
from warehouse.connection import Warehouse
from warehouse.incident_steps import incidents_among
from warehouse.kept_open import kept_open
from warehouse.migrate import MIGRATIONS
from warehouse.reading import seen_among
from warehouse.session import MOST_ID, Reading, Writing

TABLES = ("first_table", "second_table", "third_table")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Warehouse]:
    warehouse = make_home(tmp_path)
    with warehouse.kept_open():
        yield warehouse


def make_home(folder: Path) -> Warehouse:
    warehouse = Warehouse(folder, wait_s=60)
    with warehouse.writer() as writing:
        for table in TABLES:
            writing.run(f"CREATE TABLE {table} (number INTEGER)")
    return warehouse


@dataclass
class Counted:
    """A question with a count of how often it was worked out."""

    tables: tuple[str, ...]
    times: int = 0

    def ask(self, reading: Reading) -> tuple[int, ...]:
        def work() -> tuple[int, ...]:
            self.times += 1
            return self.plain(reading)

        return reading.remembered(("sum", self.tables), work)

    def plain(self, reading: Reading) -> tuple[int, ...]:
        rows = (reading.row(f"SELECT coalesce(sum(number), 0) FROM {table}") for table in self.tables)  # noqa: S608 -- ours
        return tuple(int(row[0]) for row in rows if row)


def ask(warehouse: Warehouse, question: Counted) -> tuple[int, ...]:
    with warehouse.live_reader() as reading:
        return question.ask(reading)


def add(warehouse: Warehouse, table: str, number: int = 1) -> None:
    with warehouse.writer() as writing:
        writing.insert(table, ("number",), [(number,)])


def write_elsewhere(home: Warehouse) -> None:
    """Nine, into the first table, by a process that knows nothing of this one."""
    code = (
        "import sys; from warehouse.connection import Warehouse\n"
        "with Warehouse(sys.argv[1], wait_s=60).writer() as writing:\n"
        "    writing.insert(sys.argv[2], ('number',), [(9,)])\n"
    )
    subprocess.run([sys.executable, "-c", code, str(home.folder), TABLES[0]], check=True, cwd=ROOT)


def test_an_answer_is_worked_out_once_until_one_of_its_tables_is_written(home: Warehouse) -> None:
    question = Counted(TABLES[:2])
    assert [ask(home, question) for _ in range(3)] == [(0, 0)] * 3
    assert question.times == 1
    add(home, TABLES[2])
    assert (ask(home, question), question.times) == ((0, 0), 1)
    add(home, TABLES[1], 5)
    assert (ask(home, question), question.times) == ((0, 5), 2)


WRITES: dict[str, Callable[[Writing, str], object]] = {
    "insert": lambda writing, table: writing.insert(table, ("number",), [(1,), (2,)]),
    "plain insert": lambda writing, table: writing.run(f"INSERT INTO {table} (number) VALUES (7)"),  # noqa: S608 -- ours
    "update": lambda writing, table: writing.run(f"UPDATE {table} SET number = number + 1 WHERE number < ?", [5]),  # noqa: S608 -- ours
    "update rows": lambda writing, table: writing.update(table, ("number", "number"), [(1, 3)]),
    "delete": lambda writing, table: writing.run(f"DELETE FROM {table} WHERE number IN (SELECT max(number) FROM {table})"),  # noqa: S608 -- ours
    "a query that writes": lambda writing, table: writing.rows(f"UPDATE {table} SET number = 0 RETURNING number"),  # noqa: S608 -- ours
    "a question that writes": lambda writing, table: writing.row(f"DELETE FROM {table} RETURNING number"),  # noqa: S608 -- ours
    "change the schema": lambda writing, table: writing.run(f"ALTER TABLE {table} ADD COLUMN IF NOT EXISTS more INTEGER"),
}  # fmt: skip


class Broken(Exception):
    """Raised in the middle of a transaction."""


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(WRITES)), st.sampled_from(TABLES), st.booleans()),
        max_size=8,
    )
)
def test_what_is_remembered_is_what_the_tables_say(acts: list[tuple[str, str, bool]]) -> None:
    """After every transaction of any kind, kept or rolled back, each question answers as if nothing were remembered."""
    with TemporaryDirectory() as folder:
        home = make_home(Path(folder))
        questions = [Counted(TABLES[:size]) for size in (1, 2, 3)] + [Counted((table,)) for table in TABLES]
        with home.kept_open():
            for kind, table, is_kept in acts:
                try:
                    with home.writer() as writing:
                        WRITES[kind](writing, table)
                        if not is_kept:
                            raise Broken
                except Broken:
                    pass
                with home.live_reader() as reading:
                    assert [one.ask(reading) for one in questions] == [
                        one.plain(reading) for one in questions
                    ]


def test_a_question_inside_a_question_lends_it_its_tables(home: Warehouse) -> None:
    """Also when the inner one was answered from memory: else the outer would outlive it."""
    inner = Counted(TABLES[:1])

    def outer() -> tuple[int, ...]:
        with home.live_reader() as reading:
            return reading.remembered(("outer",), lambda: inner.ask(reading))

    ask(home, inner)
    assert outer() == (0,)
    add(home, TABLES[0], 4)
    assert outer() == (4,)


def test_what_another_process_wrote_is_never_missed(home: Warehouse) -> None:
    question = Counted(TABLES[:1])
    assert ask(home, question) == (0,)
    write_elsewhere(home)
    assert ask(home, question) == (9,)


def test_what_another_process_wrote_is_not_missed_after_a_write_of_ours(home: Warehouse) -> None:
    """Ours wrote another table: knowing that must not vouch for what came between."""
    question = Counted(TABLES[:1])
    ask(home, question)
    kept = kept_open(home.folder)
    assert kept is not None
    kept.give_way()
    write_elsewhere(home)
    add(home, TABLES[1])
    assert ask(home, question) == (9,)


def test_a_backup_put_back_is_not_answered_for(home: Warehouse, tmp_path: Path) -> None:
    question, backup = Counted(TABLES[:1]), tmp_path / "backup"
    home.checkpoint()
    shutil.copy2(home.path, backup)
    add(home, TABLES[0], 3)
    home.checkpoint()
    assert ask(home, question) == (3,)
    kept = kept_open(home.folder)
    assert kept is not None
    kept.give_way()
    backup.replace(home.path)
    assert ask(home, question) == (0,)


def test_twenty_who_ask_at_once_wait_for_one_answer(home: Warehouse) -> None:
    begun, question = threading.Barrier(20), Counted(TABLES[:1])

    def one(_: int) -> tuple[int, ...]:
        begun.wait()
        return ask(home, question)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(one, range(20))) == {(0,)}
    assert question.times == 1


def test_a_question_that_failed_is_asked_again() -> None:
    answers = Answers()

    def fail() -> tuple[int, frozenset[str]]:
        raise Broken

    with pytest.raises(Broken):
        answers.of("question", fail)
    assert answers.of("question", lambda: (1, frozenset())) == (1, frozenset())


def test_nothing_is_kept_of_what_nobody_reads_any_more(home: Warehouse) -> None:
    """Words of posts lie in an answer: they go with the first write to their table, and when the desk is at rest."""
    question, kept = Counted(TABLES[:1]), kept_open(home.folder)
    assert kept is not None
    ask(home, question)
    assert len(kept.answers) == 1
    add(home, TABLES[0])
    assert len(kept.answers) == 0
    ask(home, question)
    kept.end()
    assert len(kept.answers) == 0


def test_words_go_after_a_rest_though_somebody_wrote_meanwhile(tmp_path: Path) -> None:
    """The file was let go for a writer and nobody reads again: nothing waits for the next morning's first page."""
    home, question = make_home(tmp_path), Counted(TABLES[:1])
    with home.kept_open(idle_s=0.2):
        kept = kept_open(home.folder)
        assert kept is not None
        ask(home, question)
        add(home, TABLES[1])
        assert len(kept.answers) == 1, "from another table"
        until = time.monotonic() + 30
        while len(kept.answers) and time.monotonic() < until:
            time.sleep(0.02)
        assert len(kept.answers) == 0


def test_what_seems_to_come_from_no_table_is_dropped_by_every_write(home: Warehouse) -> None:
    """It was read outside of the question: its tables were not seen."""
    outside = 0

    def look() -> int:
        with home.live_reader() as reading:
            return reading.remembered(("outside",), lambda: outside)

    assert look() == 0
    outside = 1
    add(home, TABLES[2])
    assert look() == 1


def test_names_somebody_made_up_are_not_kept(warehouse: Warehouse) -> None:
    """A form may carry 64 kB where an id belongs."""
    long = "x" * (MOST_ID + 1)
    with warehouse.kept_open(), warehouse.live_reader() as reading:
        incidents_among(reading, [long, "2026-0001"])
        seen_among(reading, [long, "01ab"], Clause("m.id <> 'a'"))
        rows_about(reading, [long, "01ab"])
        kept = kept_open(warehouse.folder)
        assert kept is not None
        stores = [one.value for one in kept.answers._found.values() if isinstance(one.value, dict)]
        assert len(stores) == 3 and all(stores) and not any(long in store for store in stores)


def test_memory_is_bounded() -> None:
    answers = Answers()
    for number in range(2 * MOST_ANSWERS):
        answers.of(number, lambda number=number: (number, frozenset()))  # type: ignore[misc]
    assert len(answers) == MOST_ANSWERS


def test_nothing_is_remembered_while_writing(home: Warehouse) -> None:
    """Inside a transaction the next statement may change what was just read."""
    question = Counted(TABLES[:1])
    with home.writer() as writing:
        assert question.ask(writing) == (0,)
        writing.insert(TABLES[0], ("number",), [(2,)])
        assert question.ask(writing) == (2,)
        writing.store("rows", TABLES)["a"] = 1
        assert writing.store("rows", TABLES) == {}


def test_a_store_is_emptied_by_a_write_to_its_tables(home: Warehouse) -> None:
    with home.live_reader() as reading:
        reading.store("rows", TABLES[:1])["a"] = 1
    add(home, TABLES[1])
    with home.live_reader() as reading:
        assert reading.store("rows", TABLES[:1]) == {"a": 1}
    add(home, TABLES[0])
    with home.live_reader() as reading:
        assert reading.store("rows", TABLES[:1]) == {}


def test_the_schema_has_no_view_a_table_could_hide_behind() -> None:
    """`tables_read` goes by the words of a query."""
    assert not [one.name for one in MIGRATIONS if re.search(r"\bVIEW\b", one.sql, re.IGNORECASE)]


@pytest.mark.parametrize(
    ("sql", "tables"),
    [
        ("INSERT INTO audit VALUES (?)", {"audit"}),
        ("INSERT OR REPLACE INTO holds VALUES (?)", {"holds"}),
        ("UPDATE mentions SET is_gone = true", {"mentions"}),
        ("DELETE FROM snoozes WHERE account_id = ?", {"snoozes"}),
        ("INSERT INTO a SELECT * FROM b; DELETE FROM b", {"a", "b"}),
        ("CREATE TABLE x (y INTEGER)", {ANY_TABLE}),
        ("CHECKPOINT", {ANY_TABLE}),
        ("delete from mentions", {"mentions"}),
        ('INSERT INTO warehouse.main."Mentions" VALUES (1)', {"mentions"}),
        ("UPDATE warehouse.mentions SET is_gone = true", {"mentions"}),
        ("WITH old AS (SELECT 1) DELETE FROM mentions USING old", {"mentions"}),
        ("INSERT INTO audit VALUES (1); delete from holds", {"audit", "holds"}),
        ("INSERT /* where? */ INTO audit VALUES (1)", {ANY_TABLE}),
        ("INSERT INTO audit VALUES (1); DELETE -- all\nFROM holds", {ANY_TABLE}),
    ],
)
def test_a_statement_names_what_it_writes_or_everything(sql: str, tables: set[str]) -> None:
    assert tables_written(sql) == tables


def test_a_query_names_what_it_reads_or_everything() -> None:
    assert "mentions" in tables_read('SELECT * FROM "Mentions"'), "whatever the case"
    assert {"mentions", "decisions"} <= tables_read(
        "SELECT * FROM mentions AS m ANTI JOIN decisions USING (id)"
    )
    assert tables_read("SELECT * FROM duckdb_tables()") == {ANY_TABLE}


def test_two_policies_that_look_alike_are_two() -> None:
    first, second = ["same"], ["same"]
    assert Same(first) == Same(first)
    assert Same(first) != Same(second)
