"""Pages and forms refused to somebody who is signed in, told to the audit log: seldom enough that nobody can fill it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from flows.accounts_told import tell
from mentionwatch.accounts import Viewer
from mentionwatch.errors import MentionwatchError
from warehouse.accounts_file import AccountStore

QUIET = timedelta(hours=1)
"""So long the same refusal to the same account is not told again."""


class Refusals:
    """A part of `Gate` (ASVS V16.3.2, V16.3.3). What was told is remembered until the desk stops."""

    store: AccountStore
    on_audit: Callable[[], object]

    def __init__(self) -> None:
        self._told: dict[tuple[str, str, bool], datetime] = {}
        self._turn = threading.Lock()

    def note_refused(self, viewer: Viewer, where: str, now: datetime, *, is_form: bool) -> None:
        """One row: who, in which role, which row of our table. Never raises: a refusal stays one whatever happens to the log."""
        key = (viewer.account_id, where, is_form)
        with self._turn:
            last = self._told.get(key)
            # A clock that was set back must not silence the log.
            if last is not None and last <= now < last + QUIET:
                return
            self._told[key] = now
        with suppress(MentionwatchError), self.store.change() as hold:
            if is_form:
                tell(hold, viewer, "form_refused", viewer.account_id, now, where)
            else:
                tell(hold, viewer, "page_refused", viewer.account_id, now, where)
        self.on_audit()
