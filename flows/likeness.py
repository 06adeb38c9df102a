"""Explanations for the desk: from a stored mention, the school's pack, and the posts people have judged before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from desk.digest import Digest, IncidentLine, MentionLine
from desk.explanations import Alike, Explanation, Marked, is_suspect, pick_words
from desk.vocabulary import LONDON
from flows.remembered import Known, Remembered
from mentionwatch.errors import Fatal
from mentionwatch.labels import GRAVE_ROUTES, EntryKind, Label
from mentionwatch.policy import NOT_SET, PolicyPack
from warehouse.answers import Same, tables_read
from warehouse.clause import EVERYTHING, Clause
from warehouse.decisions import Judged, read_judged, still_worded
from warehouse.reading import ROW_TABLES, MentionFilter, MentionRow, list_mentions
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


def mark_row(row: MentionRow) -> Marked | None:
    """What a person said of the revision that is shown, and on which day; None where nobody has."""
    return Marked(row.label, row.machine_label, _london(row.decided_at)) if row.decided_at else None


def _words_of(row: MentionRow) -> str:
    """What its author wrote: the title of a comment is that of the thread it stands in, the same for all of them."""
    if row.kind == EntryKind.COMMENT.value:
        return row.text
    return f"{row.title}\n{row.text}" if row.title else row.text


def read_known(
    reading: Reading, until: datetime, seen: Clause = EVERYTHING, remembered: Remembered | None = None
) -> tuple[Known, ...]:
    """The latest posts whose present words a person has judged before `until`; none that is sealed or erased.

    Nor any the reader may not know of: likeness speaks of the other post (L31). The words are opened of those alone
    that are not remembered.
    """
    remembered = remembered or Remembered()
    judged = _all_judged(reading)
    # A page gathered before an erasure and finished after it has put back what was forgotten.
    remembered.keep_only(reading.remembered(("judged keys",), lambda: _keys_of(_all_judged(reading))))
    if any(one.decided_at >= until for one in judged):
        return _find_known(reading, judged, until, seen, remembered)
    # Of all there are, as every page of today asks: worked out anew until each post's numbers are known.
    kept: dict[str, tuple[Known, ...]] = reading.store(
        ("known", seen.key, Same(remembered)), {*ROW_TABLES, *tables_read(seen.sql)}
    )
    found = kept.get("all")
    if found is None:
        found = _find_known(reading, judged, until, seen, remembered)
        if all(one.row is not None for one in found):
            kept["all"] = found
    return found


def _all_judged(reading: Reading) -> tuple[Judged, ...]:
    return read_judged(reading)


def _keys_of(judged: Sequence[Judged]) -> frozenset[tuple[str, int]]:
    return frozenset((one.mention_id, one.revision) for one in judged)


def _find_known(
    reading: Reading, judged: Sequence[Judged], until: datetime, seen: Clause, remembered: Remembered
) -> tuple[Known, ...]:
    latest = {(one.mention_id, one.revision): one.label for one in judged if one.decided_at < until}
    asked = dict(list(latest.items())[-MOST_KNOWN:])
    ids = tuple(id_ for id_, _ in asked)
    present = still_worded(reading, ids, seen)
    wanted = [key for key in asked if present.get(key[0]) == key[1]]
    fresh = tuple(id_ for id_, revision in wanted if remembered.kept((id_, revision)) is None)
    rows = (
        {row.id: row for row in list_mentions(reading, MentionFilter(ids=fresh, seen=seen))} if fresh else {}
    )
    found = []
    for id_, revision in wanted:
        if (kept := remembered.kept((id_, revision))) is not None:
            found.append(Known(id_, kept.url, "", asked[id_, revision], kept.on, revision, kept.row))
        elif id_ in rows and rows[id_].revision == revision and not rows[id_].is_sealed:
            row = rows[id_]
            on = _london(row.posted_at or row.captured_at)
            found.append(Known(id_, row.canonical_url, _words_of(row), row.label, on, revision))
    return tuple(found)


def find_likenesses(
    load: Callable[[], Classifier],
    rows: Sequence[MentionRow],
    known: Sequence[Known],
    remembered: Remembered | None = None,
) -> Mapping[str, tuple[Alike, ...]]:
    """By mention id, the judged posts each explained row is like. The model is loaded only when there is both.

    A model that cannot be used costs the likeness and nothing else: the digest is written every morning.
    """
    asked = [row for row in rows if is_explained(row)]
    if not asked or not known:
        return {}
    remembered = remembered or Remembered()
    among = hash(tuple((one.id, one.revision, one.label) for one in known))
    keys = {row.id: (row.id, row.revision) for row in asked}
    answers = {id_: remembered.answer(key, among) for id_, key in keys.items()}
    missing = [row for row in asked if answers[row.id] is None]
    if missing:
        try:
            classifier = load()
        except Fatal:
            return {}
        found = _compare(classifier, missing, known, among, remembered)
        remembered.keep_answers({(keys[id_], among): alike for id_, alike in found.items()})
        answers |= found
    told = {row.id: _not_milder(row, answers[row.id] or ()) for row in asked}
    return {id_: alike for id_, alike in told.items() if alike}


def _not_milder(row: MentionRow, alike: Sequence[Alike]) -> tuple[Alike, ...]:
    """What may be for the police or for safeguarding is never said to be like what somebody called less than inappropriate."""
    is_grave = not GRAVE_ROUTES.isdisjoint({row.route, row.machine_route})
    return tuple(one for one in alike if not is_grave or one.label is Label.INAPPROPRIATE)


def _compare(
    classifier: Classifier,
    asked: Sequence[MentionRow],
    known: Sequence[Known],
    among: int,
    remembered: Remembered,
) -> dict[str, tuple[Alike, ...]]:
    from scipy.sparse import vstack

    from classifiers.similar import find_nearest, unit_rows

    new = [one for one in known if one.row is None]
    if new:
        units = unit_rows(classifier, [one.text for one in new])
        filled = {one.id: replace(one, row=units[at], text="") for at, one in enumerate(new)}
        remembered.keep(tuple(filled.values()))
        known = [filled.get(one.id, one) for one in known]
    same = [
        frozenset(at for at, one in enumerate(known) if row.id == one.id or row.canonical_url == one.url)
        for row in asked
    ]
    texts = unit_rows(classifier, [_words_of(row) for row in asked])
    rows = remembered.stacked(among, lambda: vstack([one.row for one in known], format="csr"))
    found = find_nearest(texts, rows, same)
    return {
        row.id: tuple(Alike(known[each.at].id, known[each.at].label, known[each.at].on) for each in alike)
        for row, alike in zip(asked, found, strict=True)
    }


class Likeness:
    """Known posts and what is like them, remembered for as long as this lives. `load` gives the model, when it is needed."""

    def __init__(self, load: Callable[[], Classifier]) -> None:
        self._load, self._remembered = load, Remembered()

    def known(self, reading: Reading, until: datetime, seen: Clause = EVERYTHING) -> tuple[Known, ...]:
        """See `read_known`."""
        return read_known(reading, until, seen, self._remembered)

    def remembers(self, mention_id: str) -> bool:
        """Is anything of this post kept?"""
        return self._remembered.has(mention_id)

    def find(self, rows: Sequence[MentionRow], known: Sequence[Known]) -> Mapping[str, tuple[Alike, ...]]:
        """See `find_likenesses`."""
        return find_likenesses(self._load, rows, known, self._remembered)


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
