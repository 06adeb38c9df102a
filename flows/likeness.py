"""Explanations for the desk: from a stored mention, the school's pack, and the posts people have judged before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from desk.digest import Digest, IncidentLine, MentionLine
from desk.explanations import Alike, Explanation, Marked, is_suspect, pick_words
from desk.vocabulary import LONDON
from mentionwatch.errors import Fatal
from mentionwatch.labels import Label
from mentionwatch.policy import NOT_SET, PolicyPack
from warehouse.clause import EVERYTHING, Clause
from warehouse.decisions import list_decisions, read_corrections
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.session import Reading

if TYPE_CHECKING:
    from classifiers.model import Classifier

MOST_KNOWN = 1_000
"""Posts people have judged that a new one is compared with: the latest of them."""


def is_explained(row: MentionRow) -> bool:
    """Is a person asked about it, or is it called inappropriate? Of a sealed one nothing is said."""
    return not row.is_sealed and (
        row.label is Label.INAPPROPRIATE or (row.needs_person and not row.is_decided)
    )


def explain_row(row: MentionRow, pack: PolicyPack | None = None) -> Explanation | None:
    """Words and clause for a mention that is explained; None for any other. Without a pack no clause is spoken of."""
    if not is_explained(row):
        return None
    why = tuple(reason.why for reason in row.reasons)
    clause = ""
    if pack is not None and is_suspect(why, row.label, row.route):
        found = pack.clause_for(row.harms)
        clause = found.cite() if found else NOT_SET
    return Explanation(pick_words(why), clause, row.label is Label.INAPPROPRIATE)


def _london(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def mark_row(reading: Reading, row: MentionRow) -> Marked | None:
    """What a person said of the revision that is shown, and on which day; None where nobody has."""
    if not row.is_decided:
        return None
    last = [one.decision for one in list_decisions(reading, row.id) if one.decision.revision == row.revision][
        -1
    ]
    return Marked(row.label, row.machine_label, _london(last.at))


@dataclass(frozen=True, slots=True)
class Known:
    """A post people have judged, as far as likeness needs it."""

    id: str
    url: str
    text: str
    label: Label
    on: date


def _words_of(row: MentionRow) -> str:
    return f"{row.title}\n{row.text}" if row.title else row.text


def read_known(reading: Reading, until: datetime, seen: Clause = EVERYTHING) -> tuple[Known, ...]:
    """The latest posts whose present words a person has judged before `until`; none that is sealed or erased.

    Nor any the reader may not know of: likeness speaks of the other post (L31).
    """
    found = [(one.mention_id, one.revision) for one in read_corrections(reading) if one.decided_at < until]
    revisions = dict(found[-MOST_KNOWN:])
    if not revisions:
        return ()
    return tuple(
        Known(row.id, row.canonical_url, _words_of(row), row.label, _london(row.posted_at or row.captured_at))
        for row in list_mentions(reading, MentionFilter(ids=tuple(revisions), seen=seen))
        if row.revision == revisions[row.id] and row.is_decided and not row.is_sealed
    )


def find_likenesses(
    load: Callable[[], Classifier], rows: Sequence[MentionRow], known: Sequence[Known]
) -> Mapping[str, tuple[Alike, ...]]:
    """By mention id, the judged posts each explained row is like. The model is loaded only when there is both.

    A model that cannot be used costs the likeness and nothing else: the digest is written every morning.
    """
    asked = [row for row in rows if is_explained(row)]
    if not asked or not known:
        return {}
    from classifiers.similar import find_alike

    same = [
        frozenset(at for at, one in enumerate(known) if row.id == one.id or row.canonical_url == one.url)
        for row in asked
    ]
    try:
        classifier = load()
    except Fatal:
        return {}
    found = find_alike(classifier, [_words_of(row) for row in asked], [one.text for one in known], same)
    return {
        row.id: tuple(Alike(known[each.at].id, known[each.at].label, known[each.at].on) for each in alike)
        for row, alike in zip(asked, found, strict=True)
        if alike
    }


def with_alike(row: MentionLine, alike: Mapping[str, tuple[Alike, ...]]) -> MentionLine:
    """An explained mention with the judged posts it is like; any other as it is."""
    if row.explanation is None or row.id not in alike:
        return row
    return replace(row, explanation=replace(row.explanation, alike=alike[row.id]))


def add_likenesses(digest: Digest, alike: Mapping[str, tuple[Alike, ...]]) -> Digest:
    """The digest, its explained mentions with the judged posts each is like."""
    if not alike:
        return digest

    def incidents(rows: tuple[IncidentLine, ...]) -> tuple[IncidentLine, ...]:
        return tuple(
            replace(row, mention=with_alike(row.mention, alike)) if row.mention else row for row in rows
        )

    return replace(
        digest,
        act_now=incidents(digest.act_now),
        decisions=incidents(digest.decisions),
        due=incidents(digest.due),
        under_way=incidents(digest.under_way),
        look=tuple(with_alike(row, alike) for row in digest.look),
        concerns=tuple(with_alike(row, alike) for row in digest.concerns),
    )
