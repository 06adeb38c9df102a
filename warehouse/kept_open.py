"""The writer's file kept open for reading between one page and the next, in the process that serves them.

To open it costs more than most pages ask of it: 35 ms of processor on a small home, 93 ms with a day's decisions in the
write-ahead log. So the desk keeps it open, and every page reads it through a cursor of its own, side by side with the
others; who writes in this process does so in the same open file, alone. Nobody is kept out by that: who wants the file
stands in a queue the holder looks at (`warehouse.turns`), and it is let go as soon as the pages that are being read are
done. Nothing read is ever older than the last commit: while it is held, no other process can write, and while somebody
of this process writes, nobody reads.
"""

from __future__ import annotations

import threading
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from mentionwatch.errors import Retriable
from warehouse.answers import Answers, Marks
from warehouse.files import memory_mb
from warehouse.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    import duckdb

    Opened = AbstractContextManager[tuple[duckdb.DuckDBPyConnection, bool]]

LOOK_S = 0.02
"""How often the holder looks whether somebody is next."""

IDLE_S = 30.0
"""So long without a reader, and the file is let go: DuckDB's memory with it."""

_END_S = 5.0

MOST_INDEX_SHARE = 0.25
"""Of DuckDB's memory: what was read of an index stays in it until the file is closed."""

_BY_FOLDER: dict[Path, KeptOpen] = {}


class KeptOpen:
    """One home's file, opened for the first who comes and kept until somebody wants it, it changes, or nobody reads.

    `open_file` holds the file, opens it and says whether it may be written to; `files` are what it consists of.
    """

    def __init__(
        self, turns: Turns, open_file: Callable[[], Opened], files: tuple[Path, ...], idle_s: float
    ) -> None:
        self._turns, self._open_file, self._files, self._idle_s = turns, open_file, files, idle_s
        self._changed = threading.Condition()
        self._held: ExitStack | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._marks: Marks = ()
        self._watcher: threading.Thread | None = None
        self.answers = Answers()
        self._is_opening = self._is_wanted = self._is_over = False
        self._writer: int | None = None
        self._is_writable = True
        self._readers = 0
        self._last_read = 0.0

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A reader's own cursor. Raises `Retriable` when whoever has the file keeps it too long."""
        import duckdb

        found = self._enter()
        try:
            found.execute("USE warehouse")
            # One commit for all of a page, and no statement of it writes: the file is open for that, too.
            found.execute("BEGIN TRANSACTION READ ONLY")
            yield found
        except duckdb.Error:
            # A database that failed once may refuse everything from then on: the next reader opens it anew.
            self.give_way()
            raise
        finally:
            try:
                found.close()
            finally:
                self._leave()

    @property
    def is_writable(self) -> bool:
        """False while it is open only to be read: its files or its folder may not be written."""
        return self._is_writable

    @contextmanager
    def alone(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The open file to write in, with nobody else of this process in it. Raises `Retriable` as `cursor` does.

        After an error of whatever kind it is closed, and opened anew by the next who comes.
        """
        until = time.monotonic() + self._turns.wait_s
        with self._changed:
            self._wait_until(lambda: self._writer is None, until)
            self._writer = threading.get_ident()
        try:
            found, before = self._enter(), self._marks
            try:
                with self._changed:
                    self._wait_until(lambda: self._readers == 1, until)
                found.execute("USE warehouse")
                yield found
                self._give_way_if_spent(found)
                self._refuse_if_replaced(before)
            except BaseException:
                self.give_way()
                raise
            finally:
                try:
                    found.close()
                finally:
                    self._marks = self.look()
                    self._leave()
        finally:
            with self._changed:
                self._writer = None
                self._changed.notify_all()

    def give_way(self) -> None:
        """Somebody of this process is next: no reader begins any more, and after the last one the file is let go."""
        with self._changed:
            if self._connection is not None or self._is_opening:
                self._is_wanted = True
                self._let_go_if_free()

    def end(self) -> None:
        """Keep nothing open any more; readers open the file themselves again."""
        with self._changed:
            self._is_over = self._is_wanted = True
            self._let_go_if_free()
            self._changed.notify_all()
            watcher = self._watcher
        self.answers.forget()
        if watcher is not None:
            # Left to the end of the process, it would drop DuckDB's own things while Python is being taken down.
            watcher.join(timeout=_END_S)

    def _wait_until(self, is_so: Callable[[], bool], until: float) -> None:
        if not self._changed.wait_for(is_so, until - time.monotonic()):
            raise self._turns.busy()

    def _enter(self) -> duckdb.DuckDBPyConnection:
        until = time.monotonic() + self._turns.wait_s
        # Who is about to write goes first: readers without a pause would never let them.
        open_to = (None, threading.get_ident())
        with self._changed:
            while True:
                is_open = self._connection is not None and not self._is_wanted and self._writer in open_to
                if is_open and self._connection is not None:
                    if self._marks == self.look():
                        found = self._connection.cursor()
                        self._readers += 1
                        return found
                    # Another file lies there now, a backup put back: what is open is not the home any more.
                    self._is_wanted = True
                    self._let_go_if_free()
                if self._connection is None and not self._is_opening and self._writer in open_to:
                    self._is_opening = True
                    break
                if not self._changed.wait(until - time.monotonic()):
                    raise self._turns.busy()
        return self._open()

    def _open(self) -> duckdb.DuckDBPyConnection:
        # Outside the condition: who comes meanwhile can be told to wait, and who wants the file can say so.
        held = ExitStack()
        try:
            connection, self._is_writable = held.enter_context(self._open_file())
            found = connection.cursor()
            watcher = threading.Thread(target=self._watch, args=(connection,), name="kept-open", daemon=True)
            with self._changed:
                watcher.start()  # it looks at nothing here before this block is done
                self._held, self._connection, self._watcher = held, connection, watcher
                self._marks = self.look()
                self.answers.meet(self._marks)
                self._is_opening = False
                self._is_wanted |= self._is_over
                self._readers += 1
                self._changed.notify_all()
        except BaseException:
            with self._changed:
                self._is_opening = self._is_wanted = False
                self._changed.notify_all()
            held.close()
            raise
        return found

    def _give_way_if_spent(self, written: duckdb.DuckDBPyConnection) -> None:
        """After a commit, which stands whatever is found here: is the open file to be let go of?"""
        import duckdb

        try:
            ((held,),) = written.execute(
                "SELECT coalesce(sum(memory_usage_bytes), 0) FROM duckdb_memory() WHERE tag = 'ART_INDEX'"
            ).fetchall()
            most = memory_mb(self._files[0].stat().st_size) * 1_000_000
        except (duckdb.Error, OSError):
            # Its log could not be folded, on a disk that is full: from then on it refuses everything until it is closed.
            self.give_way()
            return
        if held > MOST_INDEX_SHARE * most:
            self.give_way()

    def _refuse_if_replaced(self, before: Marks) -> None:
        """A backup put back while somebody wrote: what was committed lies in a file without a name, as would all that follows."""
        if self.look()[0][:2] != before[0][:2]:
            raise Retriable(
                f"{self._files[0]}: was taken away or replaced meanwhile, and what was just written is not in what lies there now. Run again"
            )

    def _leave(self) -> None:
        with self._changed:
            self._readers -= 1
            self._last_read = time.monotonic()
            self._let_go_if_free()
            self._changed.notify_all()

    def _let_go_if_free(self) -> None:
        if self._held is None or self._readers or not self._is_wanted:
            return
        held, self._held, self._connection, self._is_wanted = self._held, None, None, False
        self._is_writable = True
        try:
            held.close()
        finally:
            self._changed.notify_all()

    def _watch(self, watched: duckdb.DuckDBPyConnection) -> None:
        """Look for others until the file is let go."""
        while True:
            try:
                is_somebody_next = self._turns.is_somebody_next()
            except (
                OSError
            ):  # the folder is gone, or no file can be opened any more: never in anybody's way for that
                is_somebody_next = True
            with self._changed:
                if self._connection is not watched:
                    self._rest()
                    return
                is_idle = not self._readers and time.monotonic() - self._last_read > self._idle_s
                if is_idle:
                    self.answers.forget()
                if is_somebody_next or is_idle:
                    self._is_wanted = True
                    self._let_go_if_free()
                self._changed.wait_for(lambda: self._connection is not watched, timeout=LOOK_S)

    def _rest(self) -> None:
        """Let go for somebody who writes, and nobody reads again: what was remembered goes as it does when nobody writes."""
        while self._connection is None and not self._is_opening and not self._is_over:
            left = self._last_read + self._idle_s - time.monotonic()
            if left <= 0:
                self.answers.forget()
                return
            self._changed.wait(left)

    def look(self) -> Marks:
        """What tells one state of the files from another."""
        return tuple(_mark(path) for path in self._files)


def _mark(path: Path) -> tuple[int, ...]:
    """Empty where there is none, and while nobody can say: whoever looks is on the way out, and must get there."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def kept_open(folder: Path) -> KeptOpen | None:
    """What this process keeps open of a home; None when it keeps nothing."""
    return _BY_FOLDER.get(folder.resolve())


@contextmanager
def keeping(folder: Path, kept: KeptOpen) -> Iterator[None]:
    """While this block runs, readers of this process share one open file of this home."""
    name = folder.resolve()
    before = _BY_FOLDER.get(name)
    _BY_FOLDER[name] = kept
    try:
        yield
    finally:
        if before is None:
            del _BY_FOLDER[name]
        else:
            _BY_FOLDER[name] = before
        kept.end()
