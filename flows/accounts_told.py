"""One event about an account, for the audit log: ids, roles and a reason of ours."""

from __future__ import annotations

from datetime import datetime

from mentionwatch.accounts import Account, DeskRole, Viewer
from mentionwatch.model import AuditEvent
from warehouse import accounts as rows
from warehouse.accounts_file import Hold

NOBODY = "nobody"
"""The actor of a refused sign-in to no account: what was typed as a login stays out of the log."""


def tell(
    hold: Hold, who: Account | Viewer | None, verb: str, about: str, now: datetime, why: str = ""
) -> None:
    """Queue one event: ids, roles and a reason of ours; no name, login or address."""
    actor, roles = NOBODY, frozenset[DeskRole]()
    if isinstance(who, Account):
        actor, roles = who.id, who.roles
    elif isinstance(who, Viewer):
        actor, roles = who.account_id, who.roles
    said = "+".join(role.value for role in DeskRole if role in roles)
    reason = " ".join(part for part in (f"as {said}" if said else "", why) if part)
    role = Viewer(actor, "", roles, "en").logged_as
    rows.queue_audit(hold, AuditEvent(now, actor, role, verb, "account", about or actor, reason))
