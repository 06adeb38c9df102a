"""Deleting for good: the database forgets, and so do the files that were made from it.

A file beside the database says that files are still to be removed, from before the rows go until the last file is gone: the
next deletion finishes what a kill, or a rewriting of the database that broke off, left lying.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Final

from desk.words import LONDON
from flows.digest import write_digest
from flows.home import Home, read_school
from flows.leak_check import refuse_leaks
from warehouse.connection import Warehouse
from warehouse.erase import Erasure, erase, finish_compaction
from warehouse.incident_steps import emptied_incidents
from warehouse.publish import publish
from warehouse.retention import Purge, purge
from warehouse.session import Reading

DUE_FILE: Final = ".forgetting"
"""In the home, empty: files made from what was deleted may still be there."""


@dataclass(frozen=True, slots=True)
class ErasedForGood(Erasure):
    """What was erased, and the exhibits and letters that went with it, by their names in the home."""

    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PurgedForGood(Purge):
    """What was purged, and the exhibits and letters that went with it, by their names in the home."""

    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Gone:
    """Mentions that are no more, and the incidents that lost one of them or all of them."""

    mentions: frozenset[str]
    incidents: frozenset[str]
    emptied: frozenset[str]


def _find_gone(reading: Reading, ids: Sequence[str] | None) -> _Gone:
    if ids is None:
        found = reading.rows(
            "SELECT mention_id FROM tombstones WHERE mention_id NOT IN (SELECT id FROM mentions)"
        )
        ids = [row[0] for row in found]
    incidents = reading.rows(
        "SELECT id FROM incidents WHERE mention_id IN (SELECT unnest(?::VARCHAR[]))", [list(ids)]
    )
    emptied = frozenset(emptied_incidents(reading))
    return _Gone(frozenset(ids), frozenset(row[0] for row in incidents) | emptied, emptied)


def _shows(path: Path) -> frozenset[str]:
    """The mentions an exhibit is about; none for a file that is no exhibit."""
    try:
        with zipfile.ZipFile(path) as archive:
            captures = json.loads(archive.read("manifest.json"))["captures"]
        return frozenset(str(row["mention"]) for row in captures)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, NotImplementedError):
        return frozenset()


def _is_about(path: Path, ids: frozenset[str]) -> bool:
    """Is it named after one of these? `2026-0001-covered.zip` is about 2026-0001, `2026-00012.zip` is not."""
    return any(path.name.startswith(id_) and not path.name[len(id_) : len(id_) + 1].isalnum() for id_ in ids)


def _remove_files(home: Home, ids: Sequence[str] | None = None) -> tuple[str, ...]:
    """Exhibits and letters of these mentions, or of all that is gone. Raises `OSError` where the machine does not let go of one."""
    with Warehouse(home.folder).live_reader() as reading:
        gone = _find_gone(reading, ids)
    named = gone.mentions | gone.incidents
    exhibits = [
        path
        for path in sorted(home.exhibits.glob("*"))
        if path.is_file() and (_is_about(path, named) or _shows(path) & gone.mentions)
    ]
    letters = [
        path for path in sorted(home.letters.glob("*")) if path.is_file() and _is_about(path, gone.emptied)
    ]
    for path in (*exhibits, *letters):
        path.unlink(missing_ok=True)
    return tuple(path.relative_to(home.folder).as_posix() for path in (*exhibits, *letters))


def _write_digests(home: Home) -> None:
    """Each digest anew from what is left."""
    school, pack = read_school(home)
    for page in sorted(home.digests.glob("????-??-??.html")):
        day = date.fromisoformat(page.stem)
        write_digest(home, school, pack, datetime.combine(day, time(12), LONDON).astimezone(UTC))


@dataclass(frozen=True, slots=True)
class Forget:
    """What follows a deletion inside `forgetting`. Each gives the names of the exhibits and letters that it removed."""

    all_of_it: Callable[[bool], tuple[str, ...]]
    """Files and digests, when something was deleted now or is left from before; the caller has rewritten the database."""
    at_once: Callable[[Sequence[str]], tuple[str, ...]]
    """The files of these mentions alone. All else is still due: somebody must call `finish_forgetting` soon."""


@contextmanager
def forgetting(home: Home) -> Iterator[Forget]:
    """Around a deletion."""
    due = home.folder / DUE_FILE
    was_due = due.exists()

    def forget(is_something_gone: bool) -> tuple[str, ...]:
        found = tuple[str, ...]()
        if is_something_gone or was_due:
            found = _remove_files(home)
            _write_digests(home)
        due.unlink(missing_ok=True)
        return found

    due.touch(mode=0o600)
    try:
        yield Forget(forget, lambda ids: _remove_files(home, ids))
    except BaseException:
        # The rows may be gone though rewriting the database broke off: the words in the files must not outlive them.
        _remove_files(home)
        raise


def is_forgetting_due(home: Home) -> bool:
    """Was something deleted that a kill, or an answer at once, left to be finished?"""
    warehouse = Warehouse(home.folder)
    if not warehouse.path.exists():
        return False
    with warehouse.live_reader() as reading:
        is_due = reading.row("SELECT 1 FROM meta WHERE name = 'compaction_due'") is not None
    return is_due or (home.folder / DUE_FILE).exists()


def forgetting_since(home: Home) -> datetime | None:
    """Since when a deletion waits to be finished; None where none does, or none says since when (ADR 0010)."""
    warehouse, due = Warehouse(home.folder), home.folder / DUE_FILE
    found = [datetime.fromtimestamp(due.stat().st_mtime, UTC)] if due.exists() else []
    if warehouse.path.exists():
        with warehouse.live_reader() as reading:
            row = reading.row("SELECT content FROM meta WHERE name = 'compaction_due'")
        if row is not None and row[0][:1].isdigit():  # a migration says only that it is due
            found.append(datetime.fromisoformat(row[0]))
    return min(found, default=None)


def finish_forgetting(home: Home) -> bool:
    """What is left of deletions, done now; False when there is nothing to do. Raises `Retriable` while the database is written.

    The flag in the database goes with the rewriting, before the analysts' copy is made: what is deleted meanwhile is either in that
    copy no more or has set the flag again. From then on the file beside the database says that copy, files and digests are due.
    """
    if not is_forgetting_due(home):
        return False
    warehouse = Warehouse(home.folder)
    with forgetting(home) as forget:
        finish_compaction(warehouse)
        publish(warehouse)
        forget.all_of_it(True)
    return True


def erase_for_good(home: Home, ids: Sequence[str], reason: str, now: datetime, actor: str) -> ErasedForGood:
    """Erase mentions from database, published copy, digests and exhibits. Raises `Refused` for a reason that names a reporter."""
    # The reason stays, on the tombstone and in the log, when all else is gone.
    refuse_leaks(home, (reason,), ids)
    with forgetting(home) as forget:
        done = erase(Warehouse(home.folder), ids, reason, now, actor)
        files = forget.all_of_it(bool(done.erased))
    return ErasedForGood(done.erased, done.unknown, done.held, done.note, files)


def purge_for_good(home: Home, now: datetime, *, dry_run: bool) -> PurgedForGood:
    """Delete what is past its time everywhere; a dry run only looks."""
    if dry_run:
        found = purge(Warehouse(home.folder), now, dry_run=True)
        return PurgedForGood(found.by_class, found.purged, found.held, found.is_dry_run, found.note)
    with forgetting(home) as forget:
        done = purge(Warehouse(home.folder), now, dry_run=False)
        files = forget.all_of_it(bool(done.purged))
    return PurgedForGood(done.by_class, done.purged, done.held, done.is_dry_run, done.note, files)
