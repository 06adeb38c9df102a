"""Subject access (UK GDPR Art. 15): what is stored about a person, third parties masked, the reporter never.

The only place where a person's name meets the database, and only over rows that are there already (I13).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mentionwatch.errors import Refused
from mentionwatch.labels import Label, Role
from mentionwatch.lookalikes import find_names
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.people import Hold, place_hold
from warehouse.reporters import ReporterStore
from warehouse.session import Row, Writing, at_utc, to_utc

LEAST_QUERY = 3
HOLD_DAYS = 92
"""One month to answer and two more where a request is complex; purging waits so long (I11)."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w/])@[\w.-]{2,}|(?<!\w)/?u/[\w-]{3,}")
_NUMBER = re.compile(r"(?:\+44[\s-]?|\b0)\d[\d\s-]{7,11}\d\b")


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One revision in which the person occurs. `basis`: author (they wrote it) or named (it mentions them)."""

    mention_id: str
    revision: int
    basis: str
    source: str
    kind: str
    url: str
    title: str
    text: str
    posted_at: datetime | None
    captured_at: datetime
    label: Label
    incident: str | None
    incident_state: str
    is_sealed: bool


_SELECT = """
SELECT r.mention_id, r.revision, a.handle, m.source, m.kind, r.url, r.title, r.text, r.posted_at, r.captured_at,
       coalesce(d.label, c.label), m.incident_id, coalesce(i.state, ''), m.is_sealed
FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision
LEFT JOIN authors AS a ON a.mention_id = r.mention_id AND a.revision = r.revision
LEFT JOIN incidents AS i ON i.id = m.incident_id
LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d
       ON d.mention_id = r.mention_id AND d.revision = r.revision
WHERE contains(lower(coalesce(a.handle, '')), lower(?)) OR contains(lower(r.title), lower(?)) OR contains(lower(r.text), lower(?))
   OR contains(lower(r.url), lower(?))
ORDER BY r.captured_at, r.mention_id, r.revision
"""


def export_person(
    warehouse: Warehouse, query: str, now: datetime, actor: str, reason: str, role: Role = Role.OPERATOR
) -> tuple[PersonRecord, ...]:
    """Everything stored in which `query` occurs, oldest first, for a request under Article 15.

    Holds what it found for as long as an answer may take. Third parties' handles, addresses and numbers are
    masked as far as a pattern can: a person reads it before it leaves. Raises `Refused` for a query that is
    too short or without a reason; the audit log keeps the count and the reason, not the query.
    """
    wanted = query.strip()
    if len(wanted) < LEAST_QUERY:
        raise Refused(f"refused: {wanted!r} is too short to be one person. Give a full name or handle")
    if not reason.strip():
        raise Refused("refused: a subject access export needs a reason. Give the reference of the request")
    with warehouse.writer() as writing:
        reporters = ReporterStore(warehouse.folder).names_by_mention()
        found = writing.rows(_SELECT, [wanted] * 4)
        _hold(writing, sorted({row[0] for row in found}), now, actor, role)
        append_audit(
            writing,
            [AuditEvent(now, actor, role, "exported", "access_request", f"{len(found)} revisions", reason)],
        )
    return tuple(_record(row, wanted, reporters.get(row[0], ())) for row in found)


def _hold(writing: Writing, ids: Sequence[str], now: datetime, actor: str, role: Role) -> None:
    held = {row[0] for row in writing.rows("SELECT object_id FROM holds WHERE object_kind = 'mention'")}
    for id_ in ids:
        if id_ not in held:
            hold = Hold("mention", id_, "subject access request", actor, now, now + timedelta(days=HOLD_DAYS))
            place_hold(
                writing, hold, AuditEvent(now, actor, role, "held", "mention", id_, "subject access request")
            )


def _record(row: Row, wanted: str, reporters: Sequence[str]) -> PersonRecord:
    handle, is_sealed = row[2] or "", row[13]
    is_author = wanted.lower() in handle.lower()
    hidden = [*reporters, *([handle] if handle and not is_author else [])]
    return PersonRecord(
        mention_id=row[0],
        revision=row[1],
        basis="author" if is_author else "named",
        source=row[3],
        kind=row[4],
        url=_mask(row[5], wanted, hidden, reporters),
        title="" if is_sealed else _mask(row[6], wanted, hidden, reporters),
        text="" if is_sealed else _mask(row[7], wanted, hidden, reporters),
        posted_at=to_utc(row[8]),
        captured_at=at_utc(row[9]),
        label=Label(row[10]),
        incident=row[11],
        incident_state=row[12],
        is_sealed=is_sealed,
    )


def _mask(text: str, wanted: str, hidden: Sequence[str], reporters: Sequence[str]) -> str:
    def stand_in(match: re.Match[str]) -> str:
        return match[0] if wanted.lower() in match[0].lower() else "[third party]"

    for name in sorted(hidden, key=len, reverse=True):
        if len(name) >= LEAST_QUERY:
            text = re.sub(re.escape(name), "[third party]", text, flags=re.I)
    for pattern in (_EMAIL, _HANDLE, _NUMBER):
        text = pattern.sub(stand_in, text)
    # A reporter in disguise cannot be cut out of the words, so the words stay here.
    return "[withheld: it names a third party]" if find_names(text, reporters) else text
