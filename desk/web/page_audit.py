"""The audit log: who did what to which record, without what the reader need not know of (L31, ASVS V16.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from starlette.exceptions import HTTPException

from desk.audit_port import AuditQuery, AuditShown
from desk.audit_words import AUDIT_WORDS, VERBS, say_object, say_role, say_verb
from desk.vocabulary import say_moment
from desk.web.context import visit_of
from desk.web.render import PageSpeaker, show, speaker
from mentionwatch.accounts import Right

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.requests import Request
    from starlette.responses import Response

    from desk.web.context import Desk
    from mentionwatch.accounts import Viewer
    from warehouse.figures import AuditRow

SHORT = 12
_MOST_PAGE = 1_000_000
_NOBODY = "nobody"
_SAID_ACTORS = {"mentionwatch": "by_software", _NOBODY: "by_nobody"}


@dataclass(frozen=True, slots=True)
class RowSaid:
    """One row in words. `href` leads to the incident, for whoever may open incidents."""

    at: datetime
    who: str
    role: str
    verb: str
    about: str
    href: str


def page_audit(request: Request, desk: Desk, viewer: Viewer) -> Response:
    if desk.audit is None:
        raise HTTPException(404)
    wanted, lang = _wanted(request), visit_of(request).lang
    shown, say = desk.audit.shown(viewer, wanted), speaker(request, AUDIT_WORDS)
    verbs = sorted(((verb, say_verb(verb, lang)) for verb in VERBS), key=lambda pair: pair[1])
    return show(
        request, "audit.html.j2", words=AUDIT_WORDS, wanted=wanted, verbs=verbs, has_older=shown.has_older,
        rows=tuple(_say_row(row, shown, say, viewer) for row in shown.rows), chain=_say_chain(shown, say),
        is_whole=shown.is_whole, link=lambda page: _link(wanted, page),
    )  # fmt: skip


def _wanted(request: Request) -> AuditQuery:
    """What the address asks for; anything that is no verb, day or page asks for nothing."""
    asked = request.query_params
    verb, page = asked.get("verb", ""), asked.get("page", "1")
    try:
        on = date.fromisoformat(asked.get("on", ""))
    except ValueError:
        on = None
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= len(str(_MOST_PAGE)) else 1
    return AuditQuery(verb if verb in VERBS else "", on, min(max(number, 1), _MOST_PAGE))


def _link(wanted: AuditQuery, page: int) -> str:
    on = wanted.on.isoformat() if wanted.on else ""
    given = {"verb": wanted.verb, "on": on, "page": str(page) if page > 1 else ""}
    query = urlencode({key: value for key, value in given.items() if value})
    return f"/audit?{query}" if query else "/audit"


def _say_chain(shown: AuditShown, say: PageSpeaker) -> str:
    if shown.checked_at is None:
        return say("chain_never")
    return say("chain_whole" if shown.is_whole else "chain_broken", at=say_moment(shown.checked_at, say.lang))


def _say_row(row: AuditRow, shown: AuditShown, say: PageSpeaker, viewer: Viewer) -> RowSaid:
    """Who is an account's shown name; whoever is none worked at the command line, and goes unnamed."""
    who = shown.names.get(row.actor) or say(_SAID_ACTORS.get(row.actor, "by_command"))
    role = "" if row.actor == _NOBODY else say_role(row.role, say.lang)
    is_incident = row.object_kind == "incident"
    about = say_object(row.object_kind, say.lang)
    if row.object_kind == "account":
        about += f": {shown.names.get(row.object_id, '')}" if row.object_id in shown.names else ""
    elif is_incident:
        about += f" {row.object_id}"
    elif row.object_kind in ("mention", "revision", "model"):
        about += f" {row.object_id[:SHORT]}"
    href = f"/incidents/{row.object_id}" if is_incident and viewer.has(Right.INCIDENTS) else ""
    said_role = "" if who == role else role
    return RowSaid(row.happened_at, who, said_role, say_verb(row.verb, say.lang), about, href)
