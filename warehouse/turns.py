"""Whose turn it is with the writer's file: one holder at a time, and a queue the holder can see.

Two lock files: `.warehouse.lock` is held by who has the file, `.warehouse.next` by who is next in turn. Who keeps the
file open for a while (`warehouse.kept_open`) looks whether somebody is next, and lets go.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from mentionwatch.errors import Fatal, Retriable

if TYPE_CHECKING:
    from collections.abc import Callable

_POLL_S = 0.03
_NEXT_POLL_S = 0.01
"""Only one waits for the file itself; it may look often."""
_LETS_GO_S = 0.2
"""Also who will not wait gives a holder that only keeps the file open the time to see that somebody is next."""


class Turns:
    """The locks of one home folder. `busy` is raised by who waited `wait_s` for nothing."""

    def __init__(self, folder: Path, wait_s: float) -> None:
        self.folder, self.wait_s = folder, wait_s

    def take(self, once_next: Callable[[], None]) -> FileLock:
        """Wait for the file and have it; the caller releases what this returns, from whatever thread.

        `once_next` runs when only the holder is in the way. Raises `Retriable` after `wait_s` and `Fatal` without a home.
        """
        if not self.folder.is_dir():
            raise Fatal(
                f"{self.folder}: there is no such folder. Run: mentionwatch init --home {self.folder} --name NAME --pack PACK"
            )
        until = time.monotonic() + self.wait_s
        held, next_ = self._lock(".warehouse.lock"), self._lock(".warehouse.next")
        try:
            # The holder's own look at the queue takes its place for an instant.
            with next_.acquire(timeout=max(self.wait_s, _LETS_GO_S), poll_interval=_POLL_S):
                once_next()
                held.acquire(timeout=max(until - time.monotonic(), _LETS_GO_S), poll_interval=_NEXT_POLL_S)
        except Timeout:
            raise self.busy() from None
        return held

    def is_somebody_next(self) -> bool:
        """Does anybody, in whatever process, wait for the file?"""
        next_ = self._lock(".warehouse.next")
        try:
            with next_.acquire(timeout=0):
                return False
        except Timeout:
            return True

    def busy(self) -> Retriable:
        """What who waited in vain is told."""
        # DuckDB's own message names the other process; a person needs to know what to do instead.
        return Retriable(
            f"{self.folder / 'warehouse.duckdb'}: another program has it open, waited {self.wait_s:.0f} s. Close it (analysts use analysis.duckdb) and run again"
        )

    def _lock(self, name: str) -> FileLock:
        return FileLock(self.folder / name, mode=0o600, thread_local=False)
