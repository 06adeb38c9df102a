"""From the accounts file into the audit log: later, when the warehouse is free, each event once, whatever is killed.

Signing in never waits for a night that writes: the event lies in the accounts file from the moment it happened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from mentionwatch.errors import MentionwatchError, Retriable
from warehouse.accounts import Waiting, drop_waiting, waiting_audit
from warehouse.accounts_file import AccountStore
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.session import Writing

_AGAIN_S = 20.0


def hand_over(folder: Path, wait_s: float = 0.0) -> int:
    """Move what waits into the audit log; returns how many events went in now.

    Raises `Retriable` when the warehouse is held for longer than `wait_s`; then everything still waits.
    """
    store = AccountStore(folder)
    if not store.path.exists():
        return 0
    with store.look() as hold:
        if not waiting_audit(hold, 1):
            return 0
    moved = 0
    while True:
        with Warehouse(folder, wait_s).writer() as writing:
            # Looked at while nobody else writes: of two that hand over at once one finds nothing left.
            with store.look() as hold:
                waiting = waiting_audit(hold)
            new = _not_there_yet(writing, waiting)
            append_audit(writing, [each.event for each in new])
        if not waiting:
            return moved
        with store.change() as hold:
            drop_waiting(hold, waiting[-1].number)
        moved += len(new)


def _not_there_yet(writing: Writing, waiting: tuple[Waiting, ...]) -> list[Waiting]:
    """Without those that a killed run had already put in. The id each carries at its end tells."""
    if not waiting:
        return []
    since = min(each.event.at for each in waiting)
    found = writing.rows(
        "SELECT coalesce(reason, '') FROM audit WHERE object_kind = 'account' AND happened_at >= ?", [since]
    )
    there = {reason.rpartition(" ")[2] for (reason,) in found}
    return [each for each in waiting if each.event_id not in there]


class Courier:
    """Hands over in a thread of its own while the desk is served. `wake` is a gate's `on_audit`; it never waits."""

    def __init__(self, folder: Path, log_crash: Callable[[Exception], object]) -> None:
        self._folder, self._log_crash = folder, log_crash
        self._is_due, self._is_over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._work, name="audit", daemon=True)

    def start(self) -> None:
        """Begin; what waited from before goes first."""
        self._is_due.set()
        self._thread.start()

    def wake(self) -> None:
        """Something waits."""
        self._is_due.set()

    def stop(self) -> None:
        """Finish what is in hand; what still waits goes in at the next start."""
        self._is_over.set()
        self._is_due.set()
        self._thread.join(timeout=10)

    def _work(self) -> None:
        while not self._is_over.is_set():
            self._is_due.wait()
            self._is_due.clear()
            try:
                hand_over(self._folder)
            except Retriable:
                # A night writes: nothing is lost by waiting.
                self._is_over.wait(_AGAIN_S)
                self._is_due.set()
            except (MentionwatchError, OSError) as error:
                self._log_crash(error)
                self._is_over.wait(_AGAIN_S)
