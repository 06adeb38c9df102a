"""Writing anew what a deletion at the desk left: beside the running desk, so that nobody waits for it at a button."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from flows.home import Home
from flows.records import finish_forgetting
from mentionwatch.errors import MentionwatchError

QUIET_S: Final = 30.0
"""Whoever throws away one post often throws away the next: one rewriting for all of them, when nobody did for so long."""
_MOST_WAIT_S: Final = 300.0
"""But no longer than this after the first."""
_RETRY_S: Final = 60.0
_JOIN_S: Final = 60.0
"""A desk that is stopped waits so long for a rewriting under way; what takes longer is cut short and due again."""


class Forgetter:
    """Finishes deletions in a thread of its own. A kill, or the end of the desk, leaves what is due to its next start or the night."""

    def __init__(
        self, home: Home, log: Callable[[Exception], object], quiet_s: float = QUIET_S, most_s: float = _MOST_WAIT_S
    ) -> None:  # fmt: skip
        self._home, self._log, self._quiet_s, self._most_s = home, log, quiet_s, most_s
        self._asked, self._is_over = Event(), Event()
        self._thread = Thread(target=self._work, name="forget", daemon=True)

    def start(self) -> None:
        """Begin; what was left from before is finished at once."""
        self._thread.start()

    def ask(self) -> None:
        """Something was deleted, or may have been. Never waits."""
        self._asked.set()

    def stop(self) -> None:
        """End, after what is under way."""
        self._is_over.set()
        self._asked.set()
        self._thread.join(timeout=_JOIN_S)

    def _work(self) -> None:
        self._finish()
        while self._is_asked():
            self._finish()

    def _finish(self) -> None:
        try:
            finish_forgetting(self._home)
        except (MentionwatchError, OSError) as error:
            # A night is writing, or the disk is full: it stays due, and is tried again.
            self._log(error)
            self._is_over.wait(_RETRY_S)
            self._asked.set()

    def _is_asked(self) -> bool:
        """Waits until somebody asked, and then until nobody did for a while or too long is waited; False when it is over."""
        self._asked.wait()
        waited = 0.0
        while self._asked.is_set() and waited < self._most_s and not self._is_over.is_set():
            self._asked.clear()
            self._is_over.wait(self._quiet_s)
            waited += self._quiet_s
        self._asked.clear()
        return not self._is_over.is_set()
