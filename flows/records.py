"""Deleting for good: the database forgets, and so do the files that were made from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from desk.words import LONDON
from flows.digest import write_digest
from flows.home import Home, read_school
from flows.leak_check import refuse_leaks
from warehouse.connection import Warehouse
from warehouse.erase import Erasure, erase
from warehouse.incident_steps import emptied_incidents
from warehouse.retention import Purge, purge


def _forget_files(home: Home, ids: Sequence[str]) -> None:
    """Digests are written anew from what is left; exhibits and letters of what is gone are removed."""
    if not ids:
        return
    school, pack = read_school(home)
    for page in sorted(home.digests.glob("????-??-??.html")):
        day = date.fromisoformat(page.stem)
        write_digest(home, school, pack, datetime.combine(day, time(12), LONDON).astimezone(UTC))
    for id_ in ids:
        for exhibit in home.exhibits.glob(f"{id_}*"):
            exhibit.unlink()
    with Warehouse(home.folder).live_reader() as reading:
        emptied = emptied_incidents(reading)
    for incident in emptied:
        for letter in home.letters.glob(f"{incident}-*"):
            letter.unlink()


def erase_for_good(home: Home, ids: Sequence[str], reason: str, now: datetime, actor: str) -> Erasure:
    """Erase mentions from database, published copy, digests and exhibits. Raises `Refused` for a reason that names a reporter."""
    # The reason stays, on the tombstone and in the log, when all else is gone.
    refuse_leaks(home, (reason,), ids)
    done = erase(Warehouse(home.folder), ids, reason, now, actor)
    _forget_files(home, done.erased)
    return done


def purge_for_good(home: Home, now: datetime, *, dry_run: bool) -> Purge:
    """Delete what is past its time everywhere; a dry run only looks."""
    done = purge(Warehouse(home.folder), now, dry_run=dry_run)
    if not done.is_dry_run:
        _forget_files(home, done.purged)
    return done
