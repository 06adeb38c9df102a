"""The file kept open between pages: side by side, never stale, in nobody's way."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from mentionwatch.errors import Fatal, Retriable
from tests.conftest import ROOT
from warehouse import kept_open
from warehouse.answers import Same
from warehouse.connection import Warehouse
from warehouse.turns import Turns

WAIT_S = 60


@pytest.fixture
def home(tmp_path: Path) -> Warehouse:
    warehouse = Warehouse(tmp_path, wait_s=WAIT_S)
    with warehouse.writer() as writing:
        writing.run("CREATE TABLE counted (number INTEGER)")
        writing.run("INSERT INTO counted VALUES (0)")
    return warehouse


@pytest.fixture
def opened(home: Warehouse, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Every opening of the file while it is kept: was it read-only?"""
    found, open_file = list[bool](), Warehouse._open

    def counted(self: Warehouse, read_only: bool) -> duckdb.DuckDBPyConnection:
        found.append(read_only)
        return open_file(self, read_only)

    monkeypatch.setattr(Warehouse, "_open", counted)
    with home.kept_open():
        yield found


def read(warehouse: Warehouse) -> int:
    with warehouse.live_reader() as reading:
        row = reading.row("SELECT max(number) FROM counted")
    assert row is not None
    return int(row[0])


def add(warehouse: Warehouse) -> int:
    with warehouse.writer() as writing:
        writing.run("INSERT INTO counted SELECT max(number) + 1 FROM counted")
        row = writing.row("SELECT max(number) FROM counted")
    assert row is not None
    return int(row[0])


def until_let_go(home: Warehouse) -> None:
    """Nobody has the file: another program may open it to write."""
    until = time.monotonic() + WAIT_S
    while True:
        try:
            duckdb.connect(str(home.path)).close()
            return
        except duckdb.Error:
            assert time.monotonic() < until
            time.sleep(0.02)


def test_many_readers_open_the_file_once(home: Warehouse, opened: list[bool]) -> None:
    assert [read(Warehouse(home.folder)) for _ in range(50)] == [0] * 50
    assert opened == [False]


def test_readers_are_side_by_side(home: Warehouse, opened: list[bool]) -> None:
    """Each waits inside for all the others: one after another, none would ever come out."""
    together = threading.Barrier(8, timeout=WAIT_S)

    def both() -> int:
        with home.live_reader() as reading:
            together.wait()
            row = reading.row("SELECT max(number) FROM counted")
        assert row is not None
        return int(row[0])

    with ThreadPoolExecutor(8) as pool:
        assert [each.result() for each in [pool.submit(both) for _ in range(8)]] == [0] * 8
    assert opened == [False]


def test_what_was_committed_is_read(home: Warehouse, opened: list[bool]) -> None:
    for number in range(1, 6):
        assert add(home) == number
        assert read(home) == number == read(home)
    assert opened == [False], "written in the file that is open already"


def test_what_broke_off_was_never_written(home: Warehouse, opened: list[bool]) -> None:
    """Whatever broke it off, an error of ours or of the database: the file is opened anew, and holds what was committed."""
    assert add(home) == 1
    for sql, error in (
        ("INSERT INTO counted VALUES (8)", ZeroDivisionError),
        ("INSERT INTO nothing", duckdb.Error),
    ):
        with pytest.raises(error), home.writer() as writing:
            writing.run("INSERT INTO counted VALUES (9)")
            writing.run(sql)
            raise ZeroDivisionError
        assert read(home) == 1
    assert add(home) == 2 == read(home)
    assert opened == [False] * 3


def test_where_nothing_may_be_written_it_is_kept_open_to_be_read(
    home: Warehouse, opened: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as shut:
        shut.setattr(os, "access", lambda *_: False)
        assert add(home) == 1, "refused by whoever holds the file, if it is refused, and not before"
        assert [read(home), read(home)] == [1, 1]
        assert opened == [False, True]
        with pytest.raises(Retriable), home.live_reader(), Warehouse(home.folder, wait_s=0.1).writer():
            raise AssertionError("written where somebody reads")
        assert read(home) == 1
    assert add(home) == 2 == read(home), "what is open only to be read is not written to"


def test_who_is_about_to_write_goes_before_readers_who_come_later(home: Warehouse) -> None:
    """Readers without a pause would never let them: whoever comes while somebody waits to write reads what was written."""
    with home.kept_open(), ThreadPoolExecutor(2) as pool:
        kept = kept_open.kept_open(home.folder)
        assert kept is not None
        with home.live_reader() as reading:
            writing = pool.submit(add, home)
            until = time.monotonic() + WAIT_S
            while kept._writer is None:
                assert time.monotonic() < until
                time.sleep(0.01)
            later = pool.submit(read, home)
            time.sleep(0.2)
            assert not writing.done() and not later.done()
            assert reading.row("SELECT max(number) FROM counted") == (0,)
        assert (writing.result(), later.result()) == (1, 1)


def test_who_has_written_keeps_nothing_that_was_read_before(home: Warehouse) -> None:
    with home.kept_open(), home.writer() as writing:
        writing.store("rows", ("counted",))["first"] = 1
        assert writing.store("rows", ("counted",)) == {"first": 1}
        writing.run("INSERT INTO counted VALUES (1)")
        assert writing.store("rows", ("counted",)) == {}


def test_what_was_read_of_an_index_does_not_pile_up(
    home: Warehouse, opened: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB lets go of it with the file only: after a write that leaves much of it, the file is let go."""
    monkeypatch.setattr(kept_open, "MOST_INDEX_SHARE", -1)
    assert [add(home), read(home), read(home)] == [1, 1, 1]
    assert opened == [False, False]


def test_a_backup_put_back_is_what_is_written_to(home: Warehouse, tmp_path: Path) -> None:
    home.checkpoint()
    backup = tmp_path / "backup.duckdb"
    shutil.copy(home.path, backup)
    with home.kept_open():
        assert add(home) == 1
        home.wal_path.unlink()
        backup.replace(home.path)
        assert add(home) == 1 == read(home)
    assert read(home) == 1


_ADD = """
import sys
from warehouse.connection import Warehouse
with Warehouse(sys.argv[1], wait_s=float(sys.argv[2])).writer() as writing:
    writing.run("INSERT INTO counted SELECT max(number) + 1 FROM counted")
"""


def _add_elsewhere(home: Warehouse, wait_s: float) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _ADD, str(home.folder), str(wait_s)],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip


def test_the_nightly_sweep_gets_in_while_people_read_without_a_pause(home: Warehouse) -> None:
    """Another process, four readers that never rest: every one of its transactions is stored, and then read."""
    stop, seen = threading.Event(), list[int]()

    def never_rests() -> None:
        last = 0
        while not stop.is_set():
            now = read(home)
            assert now >= last, "what was read once is there afterwards"
            last = now
            seen.append(now)

    with home.kept_open(), ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(never_rests) for _ in range(4)]
        try:
            for number in range(1, 6):
                done = _add_elsewhere(home, WAIT_S)
                assert done.returncode == 0, done.stderr
                assert read(home) == number
        finally:
            stop.set()
        for each in readers:
            each.result()
    assert len(seen) > 100


def test_who_will_not_wait_gets_in_where_nobody_reads_just_now(home: Warehouse) -> None:
    """The desk that stands open over lunch is in no command's way; on a starved machine, not for long."""
    with home.kept_open():
        assert read(home) == 0
        tries = [_add_elsewhere(home, 0)]
        while tries[-1].returncode and len(tries) < 10:
            tries.append(_add_elsewhere(home, 0))
        assert tries[-1].returncode == 0, tries[-1].stderr
        assert read(home) == 1


def test_writers_and_readers_of_one_process_count_as_one_after_another_would(home: Warehouse) -> None:
    """Against the slow rule: every write adds one, and nobody reads less than was committed before."""
    committed = [0]

    def write() -> None:
        for _ in range(10):
            committed[0] = max(committed[0], add(home))

    def look() -> None:
        for _ in range(40):
            before = committed[0]
            assert read(home) >= before

    with home.kept_open(), ThreadPoolExecutor(5) as pool:
        for each in [pool.submit(write) for _ in range(2)] + [pool.submit(look) for _ in range(3)]:
            each.result()
    assert read(home) == 20


def test_a_reader_who_takes_too_long_makes_the_others_say_busy(home: Warehouse) -> None:
    hasty = Warehouse(home.folder, wait_s=0.3)
    with hasty.kept_open(), hasty.live_reader() as reading:
        with pytest.raises(Retriable, match="waited 0 s"), hasty.writer():
            raise AssertionError("two held the file")
        assert reading.row("SELECT max(number) FROM counted") == (0,)
        with pytest.raises(Retriable, match="waited 0 s"), hasty.live_reader():
            raise AssertionError("a reader went in before the writer who was first")
    assert read(hasty) == 0


def test_idle_it_is_let_go(home: Warehouse) -> None:
    with home.kept_open(idle_s=0.1):
        assert read(home) == 0
        until_let_go(home)
        assert read(home) == 0


def test_afterwards_it_is_let_go_and_readers_open_it_themselves(home: Warehouse) -> None:
    with home.kept_open():
        assert read(home) == 0
        with pytest.raises(duckdb.Error):
            duckdb.connect(str(home.path)).close()
    duckdb.connect(str(home.path)).close()
    assert kept_open.kept_open(home.folder) is None
    assert read(home) == 0


def test_a_reader_who_came_before_the_end_is_let_finish(home: Warehouse) -> None:
    with home.kept_open():
        kept = kept_open.kept_open(home.folder)
        assert kept is not None
        late = kept.cursor()
        first = late.__enter__()
    assert first.execute("SELECT max(number) FROM counted").fetchall() == [(0,)]
    late.__exit__(None, None, None)
    duckdb.connect(str(home.path)).close()
    with kept.cursor() as second:
        assert second.execute("SELECT max(number) FROM counted").fetchall() == [(0,)]
    duckdb.connect(str(home.path)).close()


def test_a_backup_put_back_is_what_is_read(home: Warehouse, tmp_path: Path, opened: list[bool]) -> None:
    """The lock keeps nobody out who copies files."""
    Warehouse(home.folder).checkpoint()
    backup = tmp_path / "backup.duckdb"
    shutil.copy(home.path, backup)
    assert add(home) == 1 == read(home)
    home.wal_path.unlink()
    backup.replace(home.path)
    assert read(home) == 0


def test_each_reader_is_shut_in_as_before(home: Warehouse) -> None:
    """CVE-2024-22682: no other file, no network, no setting, no writing."""
    with home.kept_open():
        for sql, why in (
            ("SELECT * FROM read_text('/etc/passwd')", "disabled by configuration"),
            ("ATTACH 'more.duckdb' AS more", "disabled by configuration"),
            ("SET enable_external_access = true", "locked"),
            ("SET TimeZone = 'Europe/London'", "locked"),
            ("INSERT INTO counted VALUES (7)", "read-only"),
            ("DELETE FROM counted", "read-only"),
            ("DROP TABLE counted", "read-only"),
            ("CREATE TABLE more (number INTEGER)", "read-only"),
            ("COPY counted TO 'x.csv'", "disabled by configuration"),
        ):
            with home.live_reader() as first, home.live_reader() as second:
                assert first.row("SELECT max(number) FROM counted") == (0,)
                # Each by a reader of its own: after one error a transaction refuses everything.
                with pytest.raises(duckdb.Error, match=why):
                    second.rows(sql)


_TIME = """
import sys
from warehouse.connection import Warehouse
home = Warehouse(sys.argv[1])
def show():
    with home.live_reader() as reading:
        print(reading.row("SELECT CAST(TIMESTAMPTZ '2026-07-01 12:00:00+00' AS VARCHAR)")[0])
show()
with home.kept_open():
    show()
"""


def test_times_are_utc_wherever_the_machine_stands(home: Warehouse) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _TIME, str(home.folder)],
        cwd=ROOT, capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "TZ": "Europe/London"},
    )  # fmt: skip
    assert done.stdout.split("\n") == ["2026-07-01 12:00:00+00"] * 2 + [""], done.stderr


def test_after_an_error_of_the_database_the_next_reader_opens_it_anew(
    home: Warehouse, opened: list[bool]
) -> None:
    with pytest.raises(duckdb.Error), home.live_reader() as reading:
        reading.rows("SELECT * FROM nothing_of_that_name")
    assert read(home) == 0
    assert opened == [False, False]


def test_a_home_that_cannot_be_opened_is_said_to_every_reader(home: Warehouse) -> None:
    """The first failure leaves nobody waiting."""
    with home.writer() as writing:
        writing.run(
            "INSERT INTO schema_migrations SELECT 9999, * EXCLUDE (number) FROM schema_migrations LIMIT 1"
        )
    with home.kept_open():
        for _ in range(3):
            with pytest.raises(Fatal, match="newer mentionwatch"), home.live_reader():
                raise AssertionError("opened")


_HOLD = """
import sys, time
from warehouse.connection import Warehouse
home = Warehouse(sys.argv[1])
with home.kept_open():
    with home.live_reader():
        print("held", flush=True)
        time.sleep(600)
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
def test_a_killed_desk_leaves_the_file_free(home: Warehouse) -> None:
    desk = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(home.folder)],
        cwd=ROOT, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert desk.stdout is not None
    with desk, desk.stdout as said:
        assert said.readline() == b"held\n"
        assert Turns(home.folder, 0).is_somebody_next() is False
        desk.send_signal(signal.SIGKILL)
    assert add(home) == 1


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_the_lock_files_are_the_owners_alone(home: Warehouse) -> None:
    assert {path.name for path in home.folder.glob(".warehouse.*")} == {".warehouse.lock", ".warehouse.next"}
    for path in home.folder.glob(".warehouse.*"):
        assert path.stat().st_mode & 0o077 == 0


def test_what_was_worked_out_is_kept_until_somebody_can_write_and_never_longer(home: Warehouse) -> None:
    """The next reader is given what an earlier one made, of the very same objects; after a commit it is made anew."""
    made = list[int]()

    def count(made_of: object) -> int:
        with home.live_reader() as reading:

            def work() -> int:
                row = reading.row("SELECT max(number) FROM counted")
                assert row is not None
                made.append(int(row[0]))
                return made[-1]

            return reading.remembered(("count", Same(made_of)), work)

    one, other = object(), object()
    assert count(one) == 0 and made == [0], "nothing is kept where the file is not kept open"
    assert count(one) == 0 and made == [0, 0]
    with home.kept_open():
        assert [count(one), count(one), count(one)] == [0, 0, 0] and len(made) == 3
        assert count(other) == 0 and len(made) == 4, "made of something else"
        assert add(home) == 1
        assert [count(other), count(other)] == [1, 1] and len(made) == 5
        with home.writer() as writing:
            key = ("count", Same(other))
            assert writing.remembered(key, lambda: 7) == 1, "nothing is written yet"
            writing.run(
                "INSERT INTO schema_migrations SELECT -1, * EXCLUDE (number) FROM schema_migrations LIMIT 1"
            )
            assert writing.remembered(key, lambda: 7) == 7, (
                "what came before the write no longer holds for it"
            )
        assert count(other) == 1 and len(made) == 5, "another table was written"
    with home.kept_open():
        assert count(other) == 1 and len(made) == 6
