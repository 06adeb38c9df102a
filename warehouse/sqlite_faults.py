"""What SQLite says of a file, by what a person can do about it: one reading of its names for every file of ours."""

from __future__ import annotations

import sqlite3
from enum import Enum, auto


class SqliteFault(Enum):
    """The disk is full; somebody else has it open; this user may not write it; anything else: it is damaged."""

    FULL = auto()
    BUSY = auto()
    DENIED = auto()
    DAMAGED = auto()


_NAMES = {
    SqliteFault.FULL: ("SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_FSYNC"),
    SqliteFault.BUSY: ("SQLITE_BUSY", "SQLITE_LOCKED"),
    SqliteFault.DENIED: ("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"),
}
"""Beginnings: an extended code says its primary one first."""


def fault_of(error: sqlite3.Error) -> SqliteFault:
    """What it comes to. An error that SQLite did not name itself counts as damage."""
    said = getattr(error, "sqlite_errorname", "")
    return next((fault for fault, names in _NAMES.items() if said.startswith(names)), SqliteFault.DAMAGED)
