"""A person looks at who reported a post: two roles may, with a purpose, and each look is in the audit log (L19, D16)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.errors import Refused
from mentionwatch.labels import Role
from mentionwatch.lookalikes import find_names
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.reporters import ReporterStore
from warehouse.sealed_lines import SealedReport
from warehouse.session import Writing

LEAST_PURPOSE = 10
MAY_LOOK = (Role.DSL, Role.CHAIR)
"""The smallest set (L19): the safeguarding lead, and the chair of governors where the lead is not to be asked."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at who reported a mention: who looks, in which role, what for, when, under which pack."""

    mention_id: str
    actor: str
    role: Role
    purpose: str
    at: datetime
    pack: str = ""


def open_reporter(writing: Writing, store: ReporterStore, look: Look) -> tuple[SealedReport, ...]:
    """Who reported a mention, oldest first; empty when nobody's name is kept for it.

    Needs a writer because each look is logged, found or not: show the answer only after the transaction. The log
    holds role and purpose, and not the name. Raises `Refused` for another role, without a purpose, for an unknown mention.
    """
    purpose = " ".join(look.purpose.split())
    if look.role not in MAY_LOOK:
        raise Refused(
            f"refused: the {look.role.value} does not see who reported a post [the reporter was promised anonymity]. "
            "Ask the designated safeguarding lead; where the lead is not to be asked, the chair of governors"
        )
    if len(purpose) < LEAST_PURPOSE:
        raise Refused(
            f"refused: a look at who reported a post needs its purpose in at least {LEAST_PURPOSE} characters "
            "[the reporter was promised anonymity]. Say what the name is needed for; it goes into the log"
        )
    # Also keeps a name that somebody typed as the mention out of the log.
    if writing.row("SELECT 1 FROM mentions WHERE id = ?", [look.mention_id]) is None:
        raise Refused("refused: there is no mention of that id. List them with: mentionwatch mentions")
    found = store.read(look.mention_id)
    purpose = _without_names(purpose, [report.reporter for report in found])
    append_audit(
        writing,
        [
            AuditEvent(
                look.at,
                look.actor,
                look.role,
                "opened_reporter",
                "mention",
                look.mention_id,
                purpose,
                look.pack,
            )
        ],
    )
    return found


def _without_names(purpose: str, names: Sequence[str]) -> str:
    for name in filter(None, names):
        purpose = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", "[reporter]", purpose, flags=re.IGNORECASE)
    return "(left out: it named the reporter)" if find_names(purpose, names) else purpose
