"""The memory that tests of many pages read through: never older than the last commit, and nobody's to spoil."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mentionwatch.errors import Retriable
from tests.asked_once import asked_once
from warehouse.connection import Warehouse

COUNT = "SELECT count(*), list(number) FROM counted WHERE number >= ?"


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Warehouse]:
    """Kept open, and asked once."""
    warehouse = Warehouse(tmp_path, wait_s=60)
    with warehouse.writer() as writing:
        writing.run("CREATE TABLE counted (number INTEGER)")
        writing.run("INSERT INTO counted VALUES (1), (2)")
    with asked_once(), warehouse.kept_open():
        yield warehouse


def ask(home: Warehouse, least: int = 1) -> object:
    with home.live_reader() as reading:
        return reading.row(COUNT, [least])


def test_what_was_written_is_read_at_once(home: Warehouse) -> None:
    """Also by who asked the same before, and in whatever way the writer came."""
    assert ask(home) == (2, [1, 2])
    with Warehouse(home.folder).writer() as writing:
        writing.run("INSERT INTO counted VALUES (3)")
    assert ask(home) == (3, [1, 2, 3])
    with pytest.raises(Retriable), Warehouse(home.folder).writer() as writing:
        writing.run("DELETE FROM counted")
        raise Retriable("rolled back")
    assert ask(home) == (3, [1, 2, 3])


def test_another_value_is_another_question(home: Warehouse) -> None:
    assert (ask(home, 1), ask(home, 2)) == ((2, [1, 2]), (1, [2]))


def test_whoever_changes_an_answer_changes_nobody_elses(home: Warehouse) -> None:
    with home.live_reader() as reading:
        reading.rows(COUNT, [1])[0][1].clear()
        assert reading.rows(COUNT, [1]) == list(reading.stream(COUNT, [1])) == [(2, [1, 2])]
        assert reading.table("SELECT number AS one FROM counted WHERE number = 1") == (("one",), [(1,)])


def test_only_the_first_asks_the_database(home: Warehouse) -> None:
    with home.live_reader() as reading:
        (first,), (second,) = (reading.rows("SELECT random()") for _ in range(2))
    assert first == second
