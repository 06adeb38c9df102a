"""The audit log for one viewer of the desk, cut off by the database; names of accounts come from the accounts file."""

from __future__ import annotations

from desk.audit_port import AuditQuery, AuditShown
from flows.home import Home
from flows.need_to_know import read_sight
from flows.school_now import SchoolNow
from mentionwatch.accounts import Right, Viewer
from warehouse.accounts import list_accounts
from warehouse.accounts_file import AccountStore
from warehouse.connection import Warehouse
from warehouse.figures import audit_choice, audit_rows, last_look_over
from warehouse.need_to_know import seen_incidents, seen_mentions

AUDIT_PER_PAGE = 100
NO_POST_KINDS = ("account", "session", "checkpoint", "model", "shadow", "evidence", "key", "governors_sheet")


class HomeAudit:
    """`desk.audit_port.AuditLog` over one home."""

    def __init__(self, home: Home, now: SchoolNow) -> None:
        self._now = now
        self._warehouse, self._accounts = Warehouse(home.folder), AccountStore(home.folder)

    def shown(self, viewer: Viewer, wanted: AuditQuery) -> AuditShown:
        """One page, newest first, without rows about records this viewer may not know of."""
        if not viewer.has(Right.AUDIT):
            return AuditShown((), has_older=False, names={})
        start = (wanted.page - 1) * AUDIT_PER_PAGE
        with self._warehouse.live_reader() as reading:
            sight = read_sight(reading, viewer, *self._now.read())
            found = audit_rows(
                reading, seen_mentions(sight), seen_incidents(sight), NO_POST_KINDS, start, AUDIT_PER_PAGE + 1,
                audit_choice(wanted.verb, wanted.on),
            )  # fmt: skip
            looked = last_look_over(reading)
        with self._accounts.look() as hold:
            names = {one.id: one.shown_as for one in list_accounts(hold)}
        shown = AuditShown(found[:AUDIT_PER_PAGE], len(found) > AUDIT_PER_PAGE, names)
        return shown if looked is None else AuditShown(shown.rows, shown.has_older, names, *looked)
