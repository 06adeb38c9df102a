"""The file kept open, and what goes wrong around it: nobody waits for ever, and what was said to be stored, and no other, is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from errno import EIO
from pathlib import Path

import pytest

from mentionwatch.errors import Retriable
from tests.conftest import ROOT
from tests.warehouse.test_kept_open import add, home, read, until_let_go
from warehouse.connection import LEAST_LOG_BYTES, Warehouse
from warehouse.keyring import key_files

__all__ = ["home"]


def test_a_file_nobody_can_look_at_for_a_moment_holds_nobody_up(
    home: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A share that stutters, a log a virus scanner still has: the write it happened to stands, and others write after it."""
    stat, (out_of_reach, _) = Path.stat, key_files(home.folder)

    def stutters(path: Path, *, follow_symlinks: bool = True) -> os.stat_result:
        if path == out_of_reach:
            raise OSError(EIO, os.strerror(EIO), str(path))
        return stat(path, follow_symlinks=follow_symlinks)

    hasty = Warehouse(home.folder, wait_s=2)
    with hasty.kept_open():
        assert add(hasty) == 1
        with hasty.writer() as writing:
            writing.run("INSERT INTO counted VALUES (2)")
            writing.once_kept(lambda: monkeypatch.setattr(Path, "stat", stutters))
        monkeypatch.undo()
        assert [read(hasty), add(hasty), read(hasty)] == [2, 3, 3]


def test_where_no_thread_can_be_begun_the_file_is_free_for_the_next(
    home: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the one who looks for others it is not kept: nobody would ever get in."""

    def refused(_: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    hasty = Warehouse(home.folder, wait_s=2)
    with hasty.kept_open():
        monkeypatch.setattr(threading.Thread, "start", refused)
        with pytest.raises(RuntimeError, match="new thread"):
            read(hasty)
        monkeypatch.undo()
        until_let_go(home)
        assert [read(hasty), add(hasty), read(hasty)] == [0, 1, 1]


def test_a_backup_put_back_while_somebody_writes_is_said_to_them(home: Warehouse, tmp_path: Path) -> None:
    """The desk would go on writing, and saying so, into a file that has no name any more."""
    home.checkpoint()
    backup = tmp_path / "backup.duckdb"
    shutil.copy(home.path, backup)
    with home.kept_open():
        assert add(home) == 1
        with pytest.raises(Retriable, match="replaced meanwhile"), home.writer() as writing:
            writing.run("INSERT INTO counted VALUES (9)")
            home.wal_path.unlink()
            backup.replace(home.path)
        assert [add(home), add(home), read(home)] == [1, 2, 2]
    assert read(home) == 2


_FULL = """
import random, resource, sys
from mentionwatch.errors import Retriable
from warehouse.connection import Warehouse
home = Warehouse(sys.argv[1], wait_s=30)
resource.setrlimit(resource.RLIMIT_FSIZE, (home.path.stat().st_size, resource.RLIM_INFINITY))
with home.kept_open():
    for number in range(1, 41):
        try:
            with home.writer() as writing:
                writing.run("INSERT INTO told VALUES (?, ?)", [number, random.Random(number).randbytes(40_000).hex()])
            print("stored", number)
        except Retriable as error:
            print("refused", number)
        with home.live_reader() as reading:
            print("read", reading.row("SELECT max(number) FROM told")[0])
"""


@pytest.mark.skipif(os.name != "posix", reason="limits are POSIX's")
def test_on_a_disk_too_full_to_fold_the_log_everybody_is_told_what_became_of_their_write(
    home: Warehouse,
) -> None:
    """A log that cannot be folded costs nothing: what was committed was never said to have failed, and is not decided a second time."""
    with home.writer() as writing:
        writing.run("CREATE TABLE told (number INTEGER, words VARCHAR)")
    home.checkpoint()
    done = subprocess.run(
        [sys.executable, "-c", _FULL, str(home.folder)],
        cwd=ROOT, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = [line.split() for line in done.stdout.splitlines()]
    stored = [int(number) for what, number in said if what == "stored"]
    assert len(stored) > 10
    assert home.wal_path.stat().st_size > 2 * LEAST_LOG_BYTES, "it could not be folded"
    with home.live_reader() as reading:
        assert [row[0] for row in reading.rows("SELECT number FROM told ORDER BY number")] == stored
