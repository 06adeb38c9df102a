"""Holding the files: short, bounded, explained; a kill or a full disk loses nothing."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import duckdb
import pytest

from mentionwatch.errors import Fatal, Retriable
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse import files
from warehouse.connection import LEAST_LOG_BYTES, Warehouse
from warehouse.files import STORAGE_VERSION, attach, open_in_memory
from warehouse.keyring import Keyring
from warehouse.migrate import LATEST, MIGRATIONS, migrate, version_of, write_comments
from warehouse.publish import publish
from warehouse.reading import list_mentions
from warehouse.store import store_nights
from warehouse.verify import verify_evidence

ROOT = Path(__file__).resolve().parents[2]


def store_one(warehouse: Warehouse, number: int) -> None:
    with warehouse.writer() as writing:
        store_nights(
            writing, [make_night(f"run-{number}", [make_write(f"p{number}", f"words {number}")])], NOW
        )


def test_a_fresh_file_equals_one_migrated_step_by_step(tmp_path: Path) -> None:
    def schema(path: Path) -> list[tuple[object, ...]]:
        with duckdb.connect(str(path), read_only=True) as connection:
            columns = connection.execute(
                "SELECT table_name, column_name, data_type, is_nullable, comment FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
            )
            found = columns.fetchall()
            return (
                found
                + connection.execute(
                    "SELECT table_name, constraint_text FROM duckdb_constraints() ORDER BY ALL"
                ).fetchall()
            )

    with Warehouse(tmp_path).live_reader():
        pass
    stepped = tmp_path / "stepped.duckdb"
    for count in range(1, len(MIGRATIONS) + 1):
        connection = open_in_memory(tmp_path / "spill")
        attach(connection, stepped, "warehouse", read_only=False)
        connection.execute("USE warehouse")
        migrate(connection, MIGRATIONS[:count], Keyring(tmp_path))
        assert version_of(connection) == MIGRATIONS[count - 1].number
        connection.close()
    assert schema(stepped) == schema(tmp_path / "warehouse.duckdb")


def test_every_column_says_what_it_is(warehouse: Warehouse) -> None:
    with warehouse.live_reader() as reading:
        assert (
            reading.rows(
                "SELECT table_name, column_name FROM duckdb_columns() WHERE comment IS NULL AND NOT internal"
            )
            == []
        )
        assert (
            reading.rows("SELECT table_name FROM duckdb_tables() WHERE comment IS NULL AND NOT internal")
            == []
        )


def test_a_remark_becomes_a_comment_with_quotes_kept() -> None:
    assert write_comments("-- The school's\nCREATE TABLE x (\n    a INTEGER, -- it's one\n);\n") == [
        "COMMENT ON TABLE x IS 'The school''s'",
        "COMMENT ON COLUMN x.a IS 'it''s one'",
    ]


def test_a_migration_changed_after_it_was_applied_is_refused(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        writing.run("UPDATE schema_migrations SET sha256 = 'other' WHERE number = 2")
    with pytest.raises(Fatal, match=r"0002_mentions\.sql"), warehouse.live_reader():
        pass


def test_a_file_of_a_newer_mentionwatch_is_refused(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        writing.run("INSERT INTO schema_migrations VALUES (?, 'later', 'x')", [LATEST + 1])
    with pytest.raises(Fatal, match="newer mentionwatch"), warehouse.writer():
        pass


def test_both_files_are_in_the_old_storage_version(warehouse: Warehouse) -> None:
    store_one(warehouse, 1)
    publish(warehouse)
    for path in (warehouse.path, warehouse.published_path):
        with duckdb.connect(str(path), read_only=True) as connection:
            (tags,) = connection.execute(
                "SELECT tags FROM duckdb_databases() WHERE database_name = current_database()"
            ).fetchall()
        assert tags[0]["storage_version"] == f"{STORAGE_VERSION}+"


def test_a_second_writer_waits_its_turn_and_both_are_stored(warehouse: Warehouse) -> None:
    threads = [threading.Thread(target=store_one, args=(warehouse, number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with warehouse.live_reader() as reading:
        assert len(list_mentions(reading)) == 4
        assert verify_evidence(reading).findings == ()


def test_a_file_held_too_long_is_one_plain_line_without_a_process_number(
    warehouse: Warehouse, tmp_path: Path
) -> None:
    store_one(warehouse, 1)
    hold = f"import duckdb, sys; c = duckdb.connect({str(warehouse.path)!r}); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None and other.stdin is not None
        other.stdout.readline()
        with pytest.raises(Retriable) as refused, Warehouse(tmp_path, wait_s=0.2).writer():
            pass
        with pytest.raises(Retriable), Warehouse(tmp_path, wait_s=0.2).live_reader():
            pass
        other.stdin.close()
    assert str(other.pid) not in str(refused.value) and "\n" not in str(refused.value)
    store_one(warehouse, 2)


def test_what_is_opened_often_is_never_behind_a_long_log(warehouse: Warehouse) -> None:
    """Each opening reads the log again: many short decisions are folded into the file now and then, and none is lost."""
    with warehouse.writer() as writing:
        writing.run("CREATE TABLE decided (number INTEGER, words VARCHAR)")
    logged = []
    for number in range(40):
        with warehouse.writer() as writing:
            writing.insert("decided", ("number", "words"), [(number, f"{number} " * 4000)])
        logged.append(warehouse.wal_path.stat().st_size if warehouse.wal_path.exists() else 0)
    assert max(logged) <= LEAST_LOG_BYTES and 0 in logged and len(set(logged)) > 5
    with warehouse.live_reader() as reading:
        assert reading.rows("SELECT number FROM decided ORDER BY number") == [(n,) for n in range(40)]


def test_readers_of_the_copy_neither_block_nor_are_blocked(warehouse: Warehouse) -> None:
    store_one(warehouse, 1)
    publish(warehouse)
    with warehouse.reader() as reading:
        with warehouse.writer() as writing:
            store_nights(writing, [make_night("run-2", [make_write("p2", "more")])], NOW)
            assert reading.rows("SELECT count(*) FROM mentions") == [(1,)]
        publish(warehouse)
        assert reading.rows("SELECT count(*) FROM mentions") == [(1,)]
    with warehouse.reader() as reading:
        assert reading.rows("SELECT count(*) FROM mentions") == [(2,)]


@pytest.mark.skipif(os.name != "posix", reason="file modes are a POSIX matter")
def test_the_writers_file_is_for_its_owner_only(warehouse: Warehouse) -> None:
    store_one(warehouse, 1)
    for path in (warehouse.path, warehouse.wal_path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_too_little_room_is_said_before_the_night(warehouse: Warehouse) -> None:
    warehouse.check_space(1)
    with pytest.raises(Retriable, match="are needed"):
        warehouse.check_space(10**18)


def test_a_missing_home_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(Fatal, match="mentionwatch init"), Warehouse(tmp_path / "nowhere").live_reader():
        pass


WRITER = """
import sys
sys.path.insert(0, {root!r})
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.store import store_nights
warehouse = Warehouse({home!r})
start = int(sys.argv[1])
for number in range(start, start + 10_000):
    writes = [make_write(f"p{{number}}-{{k}}", f"words {{number}} {{k}}" * 40, opens=k == 0) for k in range(5)]
    with warehouse.writer() as writing:
        store_nights(writing, [make_night(f"run-{{number}}", writes, cursor=str(number))], NOW)
    print(number, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_kill_9_at_any_point_loses_nothing_and_doubles_nothing(warehouse: Warehouse) -> None:
    script = WRITER.format(root=str(ROOT), home=str(warehouse.folder))
    acknowledged: list[int] = []
    start = 0
    for attempt in range(20):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(start)], stdout=subprocess.PIPE, text=True
        ) as writer:
            assert writer.stdout is not None
            acknowledged.append(int(writer.stdout.readline()))
            # Another place within the cycle each time: open, write, commit, close.
            time.sleep(0.004 + 0.009 * attempt)
            writer.send_signal(signal.SIGKILL)
            acknowledged += [int(line) for line in writer.stdout.read().split()]
        with warehouse.live_reader() as reading:
            runs = {
                int(row[0])
                for row in reading.rows("SELECT DISTINCT split_part(run_id, '-', 2) FROM run_sources")
            }
            revisions: dict[str, int] = dict(
                reading.rows("SELECT run_id, count(*) FROM revisions GROUP BY run_id")
            )
            numbers = [row[0] for row in reading.rows("SELECT id FROM incidents ORDER BY id")]
            findings = verify_evidence(reading).findings
            (cursor,) = reading.rows("SELECT cursor_json FROM cursors")
        assert set(acknowledged) <= runs
        assert len(runs - set(acknowledged)) <= attempt + 1
        assert set(revisions.values()) == {5}
        assert numbers == [f"2026-{n:04d}" for n in range(1, len(runs) + 1)]
        assert int(cursor[0]) == max(runs)
        assert findings == ()
        start = max(runs) + 1


FILLER = """
import resource, sys
sys.path.insert(0, {root!r})
from mentionwatch.errors import Retriable
from tests.warehouse.factory import NOW, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.publish import publish
from warehouse.store import store_nights
import duckdb
import random
warehouse = Warehouse({home!r})
resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
source = random.Random(1)
done = 0
try:
    for number in range(200):
        writes = [make_write(f"p{{number}}-{{k}}", "words", warc=source.randbytes(50_000)) for k in range(10)]
        with warehouse.writer() as writing:
            store_nights(writing, [make_night(f"run-{{number}}", writes)], NOW)
        done += 1
except Retriable as error:
    print(done, error)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on file sizes")
def test_a_full_disk_is_one_line_and_what_was_acknowledged_is_there(warehouse: Warehouse) -> None:
    with warehouse.live_reader():
        pass
    script = FILLER.format(root=str(ROOT), home=str(warehouse.folder), limit=6_000_000)
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stderr
    done, _, message = result.stdout.strip().partition(" ")
    assert "disk is full" in message and "\n" not in message
    assert int(done) > 3
    with warehouse.live_reader() as reading:
        assert reading.rows("SELECT count(*) FROM mentions") == [(int(done) * 10,)]
        assert verify_evidence(reading).findings == ()
    store_one(warehouse, 999)


@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk needs Linux and root"
)
def test_a_small_disk_runs_full_and_recovers_when_there_is_room_again(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=36m", "none", str(disk)], capture_output=True
    ).returncode:
        pytest.skip("this machine does not let us mount a tmpfs")
    try:
        ballast = disk / "ballast"
        ballast.write_bytes(bytes(28_000_000))
        warehouse = Warehouse(disk)
        store_one(warehouse, 0)
        done = 1
        with pytest.raises(Retriable, match="disk is full"):
            for done in range(1, 100):
                with warehouse.writer() as writing:
                    write = make_write(f"p{done}", "words", warc=os.urandom(400_000))
                    store_nights(writing, [make_night(f"run-{done}", [write])], NOW)
        with pytest.raises(Retriable, match="disk is full"):
            publish(warehouse)
        ballast.unlink()
        store_one(warehouse, 500)
        with warehouse.live_reader() as reading:
            assert reading.rows("SELECT count(*) FROM mentions") == [(done + 1,)]
            assert verify_evidence(reading).findings == ()
        publish(warehouse)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_large_database_may_use_more_memory_as_long_as_the_machine_has_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Indexes of millions of mentions do not fit into what a village school's home is held to, and cannot be spilt."""
    pages = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 24_576_000_000 // 4096}
    monkeypatch.setattr(os, "sysconf", pages.__getitem__)
    sizes = [0, 100_000_000, 8_000_000_000, 800_000_000_000]
    assert [files.memory_mb(size) for size in sizes] == [600, 625, 2_600, 19_660]
    pages["SC_PHYS_PAGES"] = 500_000_000 // 4096
    assert {files.memory_mb(size) for size in sizes} == {600}


def test_the_limit_of_a_large_file_is_set_where_it_is_opened(tmp_path: Path) -> None:
    home = Warehouse(tmp_path)
    with home.writer() as writing:
        writing.run("CREATE TABLE many AS SELECT range AS number FROM range(1)")
    home.checkpoint()
    with home.path.open("r+b") as file:
        file.truncate(4_000_000_000)  # holes: no byte of it is on the disk
    with home.live_reader() as reading:
        (limit,) = reading.row("SELECT current_setting('memory_limit')") or ("",)
    assert limit == "1.4 GiB"
