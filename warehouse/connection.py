"""One home's databases: who may hold them, for how long, and in which storage version."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from errno import EACCES, EPERM, EROFS
from pathlib import Path
from typing import TYPE_CHECKING

from mentionwatch.errors import ConfigError, Fatal, Retriable
from warehouse.answers import ANY_TABLE, Answers
from warehouse.files import attach, checkpoint, lock_down, open_in_memory
from warehouse.kept_open import IDLE_S, KeptOpen, keeping, kept_open
from warehouse.keyring import Keyring, key_files
from warehouse.migrate import LATEST, migrate, version_of
from warehouse.reporters import ReporterStore, seal_old_reporters
from warehouse.rewrite import rewrite
from warehouse.session import Reading, Writing, disk_full, is_disk_full, unwritable
from warehouse.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

MOST_LOG_BYTES = 16 * 1024 * 1024
LEAST_LOG_BYTES = 128 * 1024
LOG_SHARE = 1 / 128
"""Write-ahead log that the next writer folds into the file: so much of the file, but no less and no more than these.

Whoever opens the file reads its log again, 5 ms for each short transaction in it; to fold it costs a small home 50 ms.
Measured on 40 reports of a person, one command each: a third less processor than with 16 MB for every home.
"""

MOST_WASTE = 0.1
LEAST_WASTE_BYTES = 1_000_000
"""Each checkpoint writes the last row group anew and leaves the old one empty: 1.8 times the bytes after a week of hours."""

_LOCKED = ("Could not set lock", "being used by another process", "Conflicting lock")
_PAUSE_S = 0.05


class Warehouse:
    """The writer's file and the analysts' copy of one home.

    Every use of the writer's file is exclusive, short, and behind a lock file of its own: DuckDB's own lock
    does not tell two threads of one process apart. `wait_s` bounds the wait for it.
    """

    def __init__(self, home_dir: Path | str, wait_s: float = 30.0) -> None:
        self.folder = Path(home_dir)
        self._turns = Turns(self.folder, wait_s)

    @property
    def path(self) -> Path:
        return self.folder / "warehouse.duckdb"

    @property
    def wal_path(self) -> Path:
        return self.folder / "warehouse.duckdb.wal"

    @property
    def published_path(self) -> Path:
        return self.folder / "analysis.duckdb"

    @property
    def spill_path(self) -> Path:
        # Without this DuckDB would spill into the working directory, whatever that is.
        return self.folder / ".duckdb-spill"

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Nobody else touches the writer's file meanwhile. Raises `Retriable` after `wait_s`."""
        kept = kept_open(self.folder)
        with self._taken(kept.give_way if kept else _do_nothing):
            yield

    @contextmanager
    def writer(self) -> Iterator[Writing]:
        """One transaction: committed when the block ends, rolled back when it raises.

        Open it late and do no network inside. Raises `Retriable` when the file is held too long or the
        disk is full; then nothing of the block is stored and everything before it still is.
        """
        with (
            self._opened_to_write() as (connection, tell, answers),
            closing(self.keyring(connection)) as keys,
        ):
            writing = Writing(connection, keys, answers)
            tell(writing)
            with self.explained():
                connection.execute("BEGIN TRANSACTION")
            try:
                with self.explained():
                    yield writing
                    writing.keep_keys()
                    connection.execute("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise
            with self.explained():
                writing.finish()
            self._fold(connection)

    @contextmanager
    def _opened_to_write(
        self,
    ) -> Iterator[tuple[duckdb.DuckDBPyConnection, Callable[[Writing], object], Answers | None]]:
        """In what this process keeps open, if that may be written to; else opened for this alone."""
        kept = kept_open(self.folder)
        if kept is not None and kept.is_writable and self._may_write():
            with kept.alone() as connection, self._told_of() as tell:
                yield connection, tell, kept.answers
        else:
            with self.exclusive(), self._told_of() as tell, self.opened() as connection:
                yield connection, tell, None

    @contextmanager
    def live_reader(self) -> Iterator[Reading]:
        """The writer's file, read-only. For people's pages and the start of a sweep; keep it short.

        Inside `kept_open()` readers of this process are side by side; otherwise one after another.
        """
        kept = kept_open(self.folder)
        with (
            kept.cursor() if kept else self._opened_to_read() as connection,
            closing(self.keyring(connection)) as keys,
        ):
            yield Reading(connection, keys, kept.answers if kept else None)

    @contextmanager
    def _told_of(self) -> Iterator[Callable[[Writing], object]]:
        """Who remembers what was read in this process is told what the transaction wrote, before anybody else may hold the file."""
        kept, told = kept_open(self.folder), list[Writing]()
        if kept is None:
            yield told.append
            return
        before = kept.look()
        try:
            yield told.append
        finally:
            tables = frozenset[str]().union(*(one.written for one in told))
            kept.answers.wrote(before, kept.look(), tables if told else frozenset({ANY_TABLE}))

    @contextmanager
    def kept_open(self, idle_s: float = IDLE_S) -> Iterator[None]:
        """While this block runs, this process opens the file once for all its readers, and lets go when anybody wants it."""
        files = (self.path, self.wal_path, *key_files(self.folder))
        kept = KeptOpen(self._turns, self._opened_to_keep, files, idle_s)
        with keeping(self.folder, kept):
            yield

    @contextmanager
    def _opened_to_read(self) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._taken(_do_nothing):
            if not self.path.exists():
                with self.opened():
                    pass
            with self.opened(read_only=True) as connection:
                yield connection

    @contextmanager
    def _opened_to_keep(self) -> Iterator[tuple[duckdb.DuckDBPyConnection, bool]]:
        """Open to be written to; only to be read (False), where the files may not be written."""
        with self._taken(_do_nothing):
            may_write = self._may_write()
            with self.opened(read_only=not may_write) as connection:
                yield connection, may_write

    def _may_write(self) -> bool:
        files = (self.folder, *(path for path in (self.path, self.wal_path) if path.exists()))
        return all(os.access(path, os.W_OK) for path in files)

    @contextmanager
    def _taken(self, once_next: Callable[[], None]) -> Iterator[None]:
        lock = self._turns.take(once_next)
        try:
            yield
        finally:
            lock.release()

    def keyring(self, connection: duckdb.DuckDBPyConnection) -> Keyring:
        """The keys that belong to an open database. For use inside `exclusive()` only; close it afterwards."""
        found = connection.execute(
            "SELECT content FROM warehouse.main.meta WHERE name = 'key_file'"
        ).fetchall()
        return Keyring(self.folder, found[0][0] if found else "")

    @contextmanager
    def reader(self) -> Iterator[Reading]:
        """The published copy, read-only and locked down: no file, no network, no setting can be reached.

        Never blocks a sweep and is never blocked by one. Raises `Fatal` when nothing was published yet.
        """
        if not self.published_path.exists():
            raise Fatal(
                f"{self.published_path}: nothing is published yet. Run: mentionwatch publish --home {self.folder}"
            )
        connection = open_in_memory(self.spill_path)
        try:
            attach(connection, self.published_path, "analysis", read_only=True)
            connection.execute("USE analysis")
            lock_down(connection)
            yield Reading(connection)
        finally:
            connection.close()

    @contextmanager
    def opened(self, read_only: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
        """The writer's file at the current schema. For use inside `exclusive()` only."""
        with self.explained():
            connection = self._open(read_only)
        try:
            found = version_of(connection)
            if found > LATEST:
                raise Fatal(
                    f"{self.path}: written by a newer mentionwatch (schema {found}, this one knows {LATEST}). Update mentionwatch"
                )
            if found < LATEST:
                connection = self._bring_up_to_date(connection, read_only)
            lock_down(connection)
            yield connection
        finally:
            connection.close()

    def _bring_up_to_date(
        self, connection: duckdb.DuckDBPyConnection, read_only: bool
    ) -> duckdb.DuckDBPyConnection:
        if read_only:
            connection.close()
            connection = self._open(read_only=False)
        with self.explained():
            # Before the schema lets go of their table; SQL cannot seal.
            seal_old_reporters(Writing(connection), ReporterStore(self.folder))
            with closing(Keyring(self.folder)) as keys:
                had_words = migrate(connection, keys=keys)
        if had_words:
            # What was sealed just now still lies in the file as it was.
            connection.close()
            with self.explained():
                rewrite(self.path, self.spill_path)
            connection = self._open(read_only=False)
        if not read_only:
            return connection
        connection.close()
        return self._open(read_only=True)

    def _open(self, read_only: bool) -> duckdb.DuckDBPyConnection:
        import duckdb

        until = time.monotonic() + self._turns.wait_s
        while True:
            connection = open_in_memory(self.spill_path)
            try:
                is_new = not self.path.exists()
                attach(connection, self.path, "warehouse", read_only=read_only)
                if is_new and os.name == "posix":
                    self.path.chmod(0o600)
                connection.execute("USE warehouse")
                return connection
            except duckdb.IOException as error:
                connection.close()
                if not any(sign in str(error) for sign in _LOCKED):
                    raise
                if time.monotonic() >= until:
                    raise self._turns.busy() from None
                time.sleep(_PAUSE_S)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """One plain line for "the disk is full", whoever says it (`Retriable`), and for what may not be written (`ConfigError`)."""
        import duckdb

        try:
            yield
        except (duckdb.Error, OSError) as error:
            if is_disk_full(error):
                raise disk_full(str(self.folder)) from error
            if isinstance(error, OSError) and error.errno in (EACCES, EPERM, EROFS) and error.filename:
                place = Path(os.fsdecode(error.filename))
                cause = f"cannot be written: {error.strerror}"
                raise ConfigError(str(place), "", cause, unwritable(place.parent)) from None
            raise

    def _fold(self, connection: duckdb.DuckDBPyConnection) -> None:
        wal = self.wal_path
        if not wal.exists():
            return
        if os.name == "posix":
            wal.chmod(0o600)
        most = min(max(LEAST_LOG_BYTES, self.path.stat().st_size * LOG_SHARE), MOST_LOG_BYTES)
        if wal.stat().st_size > most:
            # The commit stands whatever happens here; a disk that is full now speaks up at the next one.
            with suppress(Retriable), self.explained():
                checkpoint(connection)

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file: at the end of a sweep, before a backup."""
        with self.exclusive(), self.explained():
            self.fold()

    def fold(self) -> None:
        """The same inside `exclusive()`; also rewrites the file when more of it is waste than the goal allows."""
        with self.opened() as connection:
            checkpoint(connection)
            ((all_, free, size),) = connection.execute(
                "SELECT total_blocks, free_blocks, block_size FROM pragma_database_size() WHERE database_name = 'warehouse'"
            ).fetchall()
        if free > MOST_WASTE * all_ and free * size > LEAST_WASTE_BYTES:
            # Put off when there is no room for it: nothing is lost but some space.
            with suppress(Retriable), self.explained():
                rewrite(self.path, self.spill_path)

    def free_bytes(self) -> int:
        """Room left where the home is."""
        return shutil.disk_usage(self.folder).free

    def check_space(self, needed: int = 200 * 1024 * 1024) -> None:
        """Raises `Retriable` when less than `needed` bytes are free: better before a night than in it."""
        free = self.free_bytes()
        if free < needed:
            raise Retriable(
                f"{self.folder}: only {free // 1_000_000} MB are free, {needed // 1_000_000} MB are needed. Free some space and run again"
            )


def _do_nothing() -> None:
    """Nobody of this process has to be told."""


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    import duckdb

    try:
        connection.execute("ROLLBACK")
    except duckdb.Error:
        # A failed commit has already rolled back; closing drops whatever is left.
        return
