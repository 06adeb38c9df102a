"""Subject access (UK GDPR Art. 15): what is stored about a person, third parties masked, the reporter never.

The only place where a person's name meets the database, and only over rows that are there already (I13).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mentionwatch.errors import Fatal, Refused
from mentionwatch.labels import Label, Role
from mentionwatch.lookalikes import find_names
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.connection import Warehouse
from warehouse.keyring import KeyDestroyed
from warehouse.logged import write_until
from warehouse.people import Hold, place_hold
from warehouse.reporters import ReporterStore
from warehouse.sealing import SealBroken
from warehouse.session import Reading, Row, Writing, at_utc, to_utc
from warehouse.summaries import open_summaries
from warehouse.summary_asks import asked_times
from warehouse.words import Words, open_words

LEAST_QUERY = 3
_BATCH = 2000
HOLD_DAYS = 92
_WHY_HELD = "subject access request"
"""One month to answer and two more where a request is complex; purging waits so long (I11)."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"(?<![\w/])@[\w.-]{2,}|(?<!\w)/?u/[\w-]{3,}")
_NUMBER = re.compile(r"(?:\+44[\s-]?|\b0)\d[\d\s-]{7,11}\d\b")


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One revision in which the person occurs. `basis`: author (they wrote it) or named (it mentions them).

    `summary`: what a colleague wrote of it in their own words; empty where nobody did. `first_reader_asked_at`: when
    colleagues were asked to read the post first.
    """

    mention_id: str
    revision: int
    basis: str
    source: str
    kind: str
    url: str
    title: str
    text: str
    summary: str
    posted_at: datetime | None
    captured_at: datetime
    label: Label
    incident: str | None
    incident_state: str
    is_sealed: bool
    first_reader_asked_at: tuple[datetime, ...] = ()


_SELECT = """
SELECT r.mention_id, r.revision, r.sealed, r.key_id, m.source, m.kind, r.url, r.posted_at, r.captured_at,
       coalesce(d.label, c.label), m.incident_id, coalesce(i.state, ''), m.is_sealed
FROM revisions AS r JOIN mentions AS m ON m.id = r.mention_id JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision
LEFT JOIN incidents AS i ON i.id = m.incident_id
LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d
       ON d.mention_id = r.mention_id AND d.revision = r.revision
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
        found, asked = list(_find(writing, wanted)), asked_times(writing)
        _hold(writing, sorted({row[0] for row, _, _ in found}), now, actor, role)
        append_audit(
            writing,
            [AuditEvent(now, actor, role, "exported", "access_request", f"{len(found)} revisions", reason)],
        )
    records = (_record(row, words, said, wanted, reporters.get(row[0], ())) for row, words, said in found)
    return tuple(replace(one, first_reader_asked_at=asked.get(one.mention_id, ())) for one in records)


def _find(reading: Reading, wanted: str) -> Iterator[tuple[Row, Words, str]]:
    """Every revision in which it occurs, with its words and its summary; or in whose summary alone it occurs.

    The words are opened here, some at a time: no copy of them lies anywhere.
    """
    sought, rows, summaries = wanted.lower(), reading.rows(_SELECT), open_summaries(reading)
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        opened = open_words(reading.keys, [(row[0], row[1], row[2], row[3]) for row in batch])
        for row, words in zip(batch, opened, strict=True):
            summary = summaries.get((row[0], row[1]), "")
            for opened_part in (words, summary):
                if isinstance(opened_part, SealBroken) and not isinstance(opened_part, KeyDestroyed):
                    # An answer under Article 15 must not leave out in silence what could not be searched.
                    raise Fatal(
                        f"revision {row[0]}/{row[1]}: {opened_part}. Run: mentionwatch evidence verify"
                    )
            good = words if isinstance(words, Words) else Words("", "")
            said = summary if isinstance(summary, str) else ""
            if any(sought in part.lower() for part in (good.author, good.title, good.text, row[6], said)):
                yield row, good, said


def _hold(writing: Writing, ids: Sequence[str], now: datetime, actor: str, role: Role) -> None:
    """Hold what was found until an answer is due, unless it is held for as long already."""
    until = now + timedelta(days=HOLD_DAYS)
    held = writing.rows(
        "SELECT object_id FROM holds WHERE object_kind = 'mention' AND (until_at IS NULL OR until_at >= ?)",
        [until],
    )
    for id_ in sorted(set(ids) - {row[0] for row in held}):
        hold = Hold("mention", id_, _WHY_HELD, actor, now, until)
        entered = AuditEvent(now, actor, role, "held", "mention", id_, write_until(until, _WHY_HELD))
        place_hold(writing, hold, entered)


def _record(row: Row, words: Words, summary: str, wanted: str, reporters: Sequence[str]) -> PersonRecord:
    handle, is_sealed = words.author, row[12]
    is_author = wanted.lower() in handle.lower()
    hidden = [*reporters, *([handle] if handle and not is_author else [])]
    return PersonRecord(
        mention_id=row[0],
        revision=row[1],
        basis="author" if is_author else "named",
        source=row[4],
        kind=row[5],
        url=_mask(row[6], wanted, hidden, reporters),
        title="" if is_sealed else _mask(words.title, wanted, hidden, reporters),
        text="" if is_sealed else _mask(words.text, wanted, hidden, reporters),
        summary="" if is_sealed else _mask(summary, wanted, hidden, reporters),
        posted_at=to_utc(row[7]),
        captured_at=at_utc(row[8]),
        label=Label(row[9]),
        incident=row[10],
        incident_state=row[11],
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
