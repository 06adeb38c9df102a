"""What people say a mention is: rows that are only added, and what the classifier may learn from them."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from mentionwatch.errors import Refused
from mentionwatch.labels import Harm, Label, Role, Route
from mentionwatch.model import AuditEvent
from warehouse.chain import append_audit
from warehouse.clause import Clause
from warehouse.decided import kept_up
from warehouse.reading import seen_among
from warehouse.session import Reading, Writing, at_utc, clean_text
from warehouse.words import Words, open_words

_MARKER = re.compile(r"^(/?u/|@)")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person says a mention is, at the revision they read. `route` None: they named none."""

    mention_id: str
    revision: int
    label: Label
    actor: str
    role: Role
    reason: str
    at: datetime
    harms: tuple[Harm, ...] = ()
    route: Route | None = None


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A stored decision, for the pages that show it. `supersedes` is the one it replaces."""

    id: int
    decision: Decision
    was_label: Label
    was_model: str
    supersedes: int | None


def record_decision(writing: Writing, decision: Decision, audit: AuditEvent) -> Label:
    """Add a decision; returns the label the classifier had proposed. Raises `Refused` for an unknown revision.

    An earlier one on the same revision stays where it is; the later one counts.
    """
    row = writing.row(
        "SELECT label, model FROM classifications WHERE mention_id = ? AND revision = ?",
        [decision.mention_id, decision.revision],
    )
    if row is None:
        raise Refused(
            f"refused: there is no mention {decision.mention_id} with revision {decision.revision}. List them with: mentionwatch mentions"
        )
    last = writing.row(
        "SELECT coalesce(max(id), 0), max(id) FILTER (mention_id = ? AND revision = ?) FROM decisions",
        [decision.mention_id, decision.revision],
    )
    highest, before = last or (0, None)
    writing.run(
        "INSERT INTO decisions (id, mention_id, revision, was_label, label, actor, role, reason, decided_at, harms, route, was_model, supersedes) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?::VARCHAR[], ?, ?, ?)",
        [
            highest + 1,
            decision.mention_id,
            decision.revision,
            row[0],
            decision.label.value,
            clean_text(decision.actor),
            decision.role.value,
            clean_text(decision.reason),
            decision.at,
            [harm.value for harm in decision.harms],
            decision.route.value if decision.route else None,
            row[1],
            before,
        ],
    )
    append_audit(writing, [audit])
    return Label(row[0])


def list_decisions(reading: Reading, mention_id: str) -> tuple[DecisionRow, ...]:
    """Everything people said of one mention, oldest first, superseded ones too."""
    found = reading.rows(
        "SELECT id, revision, label, actor, role, reason, decided_at, harms, route, was_label, was_model, supersedes "
        "FROM decisions WHERE mention_id = ? ORDER BY id",
        [mention_id],
    )
    return tuple(
        DecisionRow(
            row[0],
            Decision(
                mention_id,
                row[1],
                Label(row[2]),
                row[3],
                Role(row[4]),
                row[5],
                at_utc(row[6]),
                tuple(Harm(harm) for harm in row[7]),
                Route(row[8]) if row[8] else None,
            ),
            Label(row[9]),
            row[10],
            row[11],
        )
        for row in found
    )


def count_decisions(reading: Reading, ids: Sequence[str]) -> dict[str, int]:
    """How many times people said what each of these mentions is, superseded ones too; of none it says nothing."""
    found = reading.rows(
        "SELECT mention_id, count(*) FROM decisions WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY mention_id",
        [list(ids)],
    )
    return {row[0]: row[1] for row in found}


@dataclass(frozen=True, slots=True)
class Correction:
    """A text with what a person said of it: what the classifier may learn from.

    `person` and `author` are opaque marks, good for counting within one reading and for nothing else: names and
    handles stay in the database. `author` is empty where the source names none.
    """

    id: int
    mention_id: str
    revision: int
    title: str
    text: str
    lang: str
    label: Label
    harms: tuple[Harm, ...]
    route: Route | None
    was_label: Label
    was_harms: tuple[Harm, ...]
    was_route: Route
    decided_at: datetime
    person: str
    author: str


def read_corrections(reading: Reading) -> tuple[Correction, ...]:
    """The decisions in force, one a revision, oldest first. What is sealed or erased, or does not open, is not among them."""
    key = secrets.token_bytes(32)

    def mark(name: str) -> str:
        # A new key for each reading: the marks of two readings cannot be compared, nor a name be guessed from one.
        return blake2b(name.encode("utf-8", "surrogatepass"), key=key, digest_size=16).hexdigest()

    found = reading.rows(
        "SELECT d.id, d.mention_id, d.revision, r.sealed, r.key_id, c.lang, d.label, d.harms, d.route, d.was_label, c.harms, c.route, "
        "d.decided_at, d.actor "
        "FROM decisions AS d JOIN revisions AS r USING (mention_id, revision) JOIN classifications AS c USING (mention_id, revision) "
        "JOIN mentions AS m ON m.id = d.mention_id "
        "WHERE NOT m.is_sealed AND NOT c.stop_image "
        "QUALIFY row_number() OVER (PARTITION BY d.mention_id, d.revision ORDER BY d.id DESC) = 1 ORDER BY d.id"
    )
    opened = open_words(reading.keys, [(row[1], row[2], row[3], row[4]) for row in found])
    return tuple(
        Correction(
            id=row[0],
            mention_id=row[1],
            revision=row[2],
            title=words.title,
            text=words.text,
            lang=row[5],
            label=Label(row[6]),
            harms=tuple(Harm(harm) for harm in row[7]),
            route=Route(row[8]) if row[8] else None,
            was_label=Label(row[9]),
            was_harms=tuple(Harm(harm) for harm in row[10]),
            was_route=Route(row[11]),
            decided_at=at_utc(row[12]),
            person=mark(row[13]),
            author=mark(bare) if (bare := _bare(words.author)) else "",
        )
        for row, words in zip(found, opened, strict=True)
        if isinstance(words, Words)
    )


@dataclass(frozen=True, slots=True)
class Judged:
    """The decision in force on one revision, without a word of anybody."""

    mention_id: str
    revision: int
    label: Label
    decided_at: datetime


def read_judged(reading: Reading) -> tuple[Judged, ...]:
    """The decisions in force, one a revision, oldest first, also of what is sealed."""
    return kept_up(
        reading,
        "judged",
        lambda: _read_judged(reading),
        # What was decided since comes after all that was there.
        lambda before, decided: (
            *(one for one in before if (one.mention_id, one.revision) not in decided),
            *(
                one
                for one in _read_judged(reading, sorted({id_ for id_, _ in decided}))
                if (one.mention_id, one.revision) in decided
            ),
        ),
    )


def _read_judged(reading: Reading, ids: Sequence[str] | None = None) -> tuple[Judged, ...]:
    among, values = (
        ("", []) if ids is None else ("WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) ", [list(ids)])
    )
    found = reading.rows(
        f"SELECT mention_id, revision, label, decided_at FROM decisions {among}"  # noqa: S608 -- our own condition
        "QUALIFY row_number() OVER (PARTITION BY mention_id, revision ORDER BY id DESC) = 1 ORDER BY id",
        values,
    )
    return tuple(Judged(row[0], row[1], Label(row[2]), at_utc(row[3])) for row in found)


def still_worded(reading: Reading, ids: Sequence[str], seen: Clause) -> dict[str, int]:
    """The present revision of those of these mentions that are not sealed; `seen` is a condition on `m`, a row of mentions."""
    asked = tuple(ids)
    found = reading.remembered(("worded", asked), lambda: _read_worded(reading, asked))
    known = frozenset(seen_among(reading, [id_ for id_, _ in found], seen))
    return {id_: revision for id_, revision in found if id_ in known}


def _read_worded(reading: Reading, ids: Sequence[str]) -> tuple[tuple[str, int], ...]:
    found = reading.rows(
        "WITH asked AS MATERIALIZED (SELECT id, revision FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[])) AND NOT is_sealed), "
        "stopped AS MATERIALIZED (SELECT mention_id, revision FROM classifications WHERE stop_image) "
        "SELECT m.id, m.revision FROM asked AS m ANTI JOIN stopped AS s ON s.mention_id = m.id AND s.revision = m.revision",
        [list(ids)],
    )
    return tuple((row[0], row[1]) for row in found)


def _bare(handle: str) -> str:
    """A handle without the marks that sources put before it."""
    return _MARKER.sub("", handle.strip().lower())


def was_logged(reading: Reading, verb: str, object_id: str) -> bool:
    """Does the audit log know of this being done to a model? `object_id` is the digest of what was written then."""
    return (
        reading.row(
            "SELECT 1 FROM audit WHERE object_kind = 'model' AND verb = ? AND object_id = ?",
            [verb, object_id],
        )
        is not None
    )
