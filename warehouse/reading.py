"""What a sweep must know before it starts, and what people read: typed rows out of the writer's file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mentionwatch.covering import Said, calls_grave, stays_covered
from mentionwatch.labels import Harm, Label, Route, Scope
from mentionwatch.model import Cursor, KnownItem, Reason
from warehouse.answers import tables_read
from warehouse.clause import EVERYTHING, Clause
from warehouse.decided import Decided, kept_up
from warehouse.each import each_of
from warehouse.session import Reading, Row, at_utc, from_us, to_utc
from warehouse.shapes import STOP_TEXT
from warehouse.words import Words, open_words, or_stand_in


@dataclass(frozen=True, slots=True)
class StoredSource:
    """What is stored about one source.

    `known` maps native ids. `buried` maps mention ids of deleted items to the digest of their last content,
    or to "" where nothing of them may be collected again (erased at a person's request). `not_ours`: mention ids
    a person judged not to be about the school.
    """

    cursor: Cursor | None
    known: Mapping[str, KnownItem]
    buried: Mapping[str, str]
    last_ok_at: datetime | None
    not_ours: frozenset[str] = frozenset()


def read_start(reading: Reading, sources: Sequence[str]) -> dict[str, StoredSource]:
    """Cursor, known items and burials of many sources in four queries; every asked source is in the answer."""
    names = [list(sources)]
    known: dict[str, dict[str, KnownItem]] = {name: {} for name in sources}
    for source, native_id, id_, url, content, revision, posted_us, is_gone in reading.stream(
        "SELECT m.source, m.native_id, m.id, r.url, m.content_sha256, m.revision, epoch_us(r.posted_at), m.is_gone "
        "FROM mentions AS m JOIN revisions AS r ON r.mention_id = m.id AND r.revision = m.revision "
        "WHERE m.source IN (SELECT unnest(?::VARCHAR[]))",
        names,
    ):
        known[source][native_id] = KnownItem(
            native_id, id_, url, content, revision, from_us(posted_us), is_gone
        )
    buried: dict[str, dict[str, str]] = {name: {} for name in sources}
    for source, id_, content in reading.rows(
        "SELECT source, mention_id, coalesce(content_sha256, '') FROM tombstones WHERE source IN (SELECT unnest(?::VARCHAR[]))",
        names,
    ):
        buried[source][id_] = content
    foreign: dict[str, set[str]] = {name: set() for name in sources}
    for source, id_ in reading.rows(
        "SELECT source, mention_id FROM not_ours WHERE source IN (SELECT unnest(?::VARCHAR[]))", names
    ):
        foreign[source].add(id_)
    cursors = {
        source: (Cursor(text) if text is not None else None, to_utc(last_ok_at))
        for source, text, last_ok_at in reading.rows(
            "SELECT source, cursor_json, last_ok_at FROM cursors WHERE source IN (SELECT unnest(?::VARCHAR[]))",
            names,
        )
    }
    return {
        name: StoredSource(
            cursors.get(name, (None, None))[0],
            known[name],
            buried[name],
            cursors.get(name, (None, None))[1],
            frozenset(foreign[name]),
        )
        for name in sources
    }


def read_known(reading: Reading, source: str) -> Mapping[str, KnownItem]:
    """The stored items of one source, by native id."""
    return read_start(reading, [source])[source].known


@dataclass(frozen=True, slots=True)
class MentionRow:
    """A mention at its latest revision, as the contract's `mentions` command lists it, and a little more.

    `label`, `harms` and `route` are a person's where one has decided on this revision; `machine_label` and
    `machine_route` are the classifier's; `decided_at` says when a person last did, `said` what people said of it, in order, `said_before` of its earlier revisions. `text` of a sealed mention is the stop rule's fixed words.
    """

    id: str
    source: str
    native_id: str
    kind: str
    url: str
    title: str
    text: str
    lang: str
    posted_at: datetime | None
    posted_at_basis: str
    captured_at: datetime
    revision: int
    scope: Scope
    label: Label
    needs_person: bool
    harms: tuple[Harm, ...]
    route: Route
    incident: str | None
    machine_label: Label
    machine_route: Route
    is_sealed: bool
    is_gone: bool
    gone_at: datetime | None
    first_seen_at: datetime
    edited_at: datetime | None
    flags: tuple[str, ...]
    scope_reasons: tuple[str, ...]
    reasons: tuple[Reason, ...]
    model: str
    run_id: str
    canonical_url: str
    decided_at: datetime | None
    said: tuple[Said, ...] = ()
    said_before: tuple[Said, ...] = ()

    @property
    def stays_covered(self) -> bool:
        """Was something grave found in its words, or said of them, and have no two people since said otherwise?

        What people had covered when its author changed it stays so: a comma does not uncover it.
        """
        why = [reason.why for reason in self.reasons]
        is_grave = calls_grave(self.machine_label, self.machine_route, why)
        return stays_covered(is_grave or stays_covered(False, self.said_before), self.said)

    @property
    def is_decided(self) -> bool:
        return self.decided_at is not None


@dataclass(frozen=True, slots=True)
class MentionFilter:
    """Which mentions to list. Times are compared with `captured_at`. There is no filter by person (I13).

    `seen` is what the reader may know of: a condition on `m`, a row of mentions (warehouse/need_to_know.py). `offset`
    leaves out so many of the newest; only beside a limit.
    """

    ids: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    label: Label | None = None
    source: str = ""
    run_id: str = ""
    limit: int = 0
    seen: Clause = EVERYTHING
    offset: int = 0


_FROZEN = Words("", STOP_TEXT)

_SELECT = """
SELECT m.id, m.source, m.native_id, m.kind, r.url, r.sealed, r.key_id, c.lang, r.posted_at, r.posted_at_basis, r.captured_at, m.revision,
       r.scope, coalesce(d.label, c.label), c.needs_person, CASE WHEN d.label IS NULL THEN c.harms ELSE d.harms END, coalesce(d.route, c.route), m.incident_id, c.label, m.is_sealed, m.is_gone, m.gone_at,
       m.first_seen_at, r.edited_at, r.flags, c.model, r.run_id, m.canonical_url, d.decided_at, c.route, d.said
FROM revisions AS r
JOIN mentions AS m ON m.id = r.mention_id AND m.revision = r.revision AND {tie}
JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision AND c.classified_at = r.captured_at
LEFT JOIN (
    SELECT mention_id, revision, arg_max(label, id) AS label, arg_max(harms, id) AS harms, arg_max_null(route, id) AS route,
           arg_max(decided_at, id) AS decided_at, list([actor, label, route] ORDER BY id) AS said FROM decisions
    WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) GROUP BY ALL
) AS d ON d.mention_id = m.id AND d.revision = m.revision
WHERE m.id IN (SELECT unnest(?::VARCHAR[]))
"""

_HEADS = """
SELECT m.id, m.revision, m.incident_id, m.is_sealed, r.captured_at, r.posted_at
FROM revisions AS r
JOIN mentions AS m ON m.id = r.mention_id AND m.revision = r.revision AND {tie}
{judged}
WHERE {where}
"""
_JUDGED = """
JOIN classifications AS c ON c.mention_id = r.mention_id AND c.revision = r.revision AND c.classified_at = r.captured_at
LEFT JOIN (SELECT mention_id, revision, arg_max(label, id) AS label FROM decisions GROUP BY ALL) AS d
ON d.mention_id = m.id AND d.revision = m.revision
"""

TIES = ("m.first_seen_at = r.captured_at", "m.first_seen_at <> r.captured_at AND m.revision > 1")
"""A post lies in its tables in the order of time, not of its id. Its first revision was captured when it was first seen, and
each is judged as it is captured: joined by that too, DuckDB reads the row groups of those nights and leaves out the rest.
Every pair of a mention and one of its revisions has one of the two ties: never edited since, or edited."""

_WINDOWS = (timedelta(days=2), timedelta(days=60), timedelta(days=800))
"""How far back the newest are sought before all is read."""


ROW_TABLES = ("mentions", "revisions", "classifications", "decisions")
_MOST_ROWS = 5_000
"""Rows of posts kept between pages before all are forgotten: some kB each."""


def list_mentions(reading: Reading, wanted: MentionFilter | None = None) -> tuple[MentionRow, ...]:
    """Stored mentions, newest capture first, in one night newest post first; a hold on the writer's file lasts as long as this query."""
    wanted = wanted or MentionFilter()
    if not wanted.ids:
        ids = _list_ids(reading, wanted)
        found = rows_of(reading, ids)
        return tuple(found[id_] for id_ in ids if id_ in found)
    there = rows_of(reading, seen_among(reading, wanted.ids, wanted.seen))
    rows = sorted((row for row in there.values() if _fits(row, wanted)), key=_newest_first)
    return tuple(rows[wanted.offset : wanted.offset + wanted.limit] if wanted.limit else rows)


def _fits(row: MentionRow, wanted: MentionFilter) -> bool:
    """What else is asked of a mention that is asked for by its id."""
    return (
        (wanted.since is None or row.captured_at >= wanted.since)
        and (wanted.until is None or row.captured_at < wanted.until)
        and wanted.label in (None, row.label)
        and wanted.source in ("", row.source)
        and wanted.run_id in ("", row.run_id)
    )


def _list_ids(reading: Reading, wanted: MentionFilter) -> tuple[str, ...]:
    """The same mentions in the same order, by their ids; those `wanted.ids` names are not asked for here."""
    found: tuple[str, ...] = ()
    for since in _starts(reading, wanted):
        found = tuple(row[0] for row in _select(reading, replace(wanted, since=since)))
        if len(found) == wanted.limit:
            break
    return found


_MOST_ASKED = 20_000


def seen_among(reading: Reading, ids: Sequence[str], seen: Clause) -> tuple[str, ...]:
    """Those of these mentions a reader may know of: `seen` is a condition on `m`. Where everything may be known, all of them, there or not."""
    asked = dict.fromkeys(ids)
    if seen == EVERYTHING:
        return tuple(asked)
    sql = (
        "WITH asked AS MATERIALIZED (SELECT * FROM mentions WHERE id IN (SELECT unnest(?::VARCHAR[]))) "  # noqa: S608 -- our own condition
        f"SELECT m.id FROM asked AS m WHERE {seen.sql}"
    )
    kept: dict[str, bool] = reading.store(("seen", seen.key), tables_read(sql))

    def ask(missing: list[str]) -> dict[str, bool]:
        there = {row[0] for row in reading.rows(sql, [missing, *seen.values])}
        return {id_: id_ in there for id_ in missing}

    return tuple(id_ for id_, is_known in each_of(kept, asked, ask, _MOST_ASKED).items() if is_known)


def _no_rows() -> dict[str, MentionRow]:
    return {}


def _without(kept: dict[str, MentionRow], decided: Decided) -> dict[str, MentionRow]:
    """The same place: another page may be putting rows of now into it."""
    for id_, _ in decided:
        kept.pop(id_, None)
    return kept


def rows_of(reading: Reading, ids: Sequence[str]) -> dict[str, MentionRow]:
    """The mentions of these ids, whoever asks: for ids that were asked of `_list_ids` before. An unknown one is missing."""
    kept = kept_up(reading, "rows", _no_rows, _without)
    # Taken out at once: another page may empty the store meanwhile.
    found = {id_: row for id_ in dict.fromkeys(ids) if (row := kept.get(id_)) is not None}
    missing = [id_ for id_ in dict.fromkeys(ids) if id_ not in found]
    if missing:
        rows = reading.rows(
            " UNION ALL ".join(_SELECT.format(tie=tie) for tie in TIES), [missing, missing, missing, missing]
        )
        # Sealed by a person after the words were stored: they are frozen for the police and opened for nobody.
        opened = iter(
            open_words(reading.keys, [(row[0], row[11], row[5], row[6]) for row in rows if not row[19]])
        )
        before = _said_before(reading, {row[0]: row[11] for row in rows if row[11] > 1})
        fresh = {
            row[0]: _mention_row(
                row, _FROZEN if row[19] else or_stand_in(next(opened)), before.get(row[0], ())
            )
            for row in rows
        }
        if len(kept) + len(fresh) > _MOST_ROWS:
            kept.clear()
        if len(fresh) <= _MOST_ROWS:
            kept |= fresh
        found |= fresh
    return found


def _newest_first(row: MentionRow) -> tuple[float, bool, float, str]:
    posted = row.posted_at
    return -row.captured_at.timestamp(), posted is None, -posted.timestamp() if posted else 0.0, row.id


def _starts(reading: Reading, wanted: MentionFilter) -> Iterator[datetime | None]:
    """From when on to look, one after the other until enough are found: the newest lie together."""
    if wanted.limit and not (wanted.since or wanted.until or wanted.run_id):
        latest = reading.row("SELECT max(captured_at) FROM revisions")
        if latest and latest[0]:
            yield from (at_utc(latest[0]) - window for window in _WINDOWS)
    yield wanted.since


def _select(reading: Reading, wanted: MentionFilter) -> list[Row]:
    tests: list[tuple[str, object]] = []
    if wanted.since:
        tests.append(("r.captured_at >= ?", wanted.since))
    if wanted.until:
        tests.append(("r.captured_at < ?", wanted.until))
    if wanted.label:
        tests.append(("coalesce(d.label, c.label) = ?", wanted.label.value))
    if wanted.source:
        tests.append(("m.source = ?", wanted.source))
    if wanted.run_id:
        tests.append(("r.run_id = ?", wanted.run_id))
    where = " AND ".join(test for test, _ in tests) or "true"
    values = [value for _, value in tests]
    limit = f" LIMIT {int(wanted.limit)} OFFSET {int(wanted.offset)}" if wanted.limit else ""
    judged = _JUDGED if wanted.label else ""
    found = " UNION ALL ".join(_HEADS.format(tie=tie, where=where, judged=judged) for tie in TIES)
    # Materialized: what the reader may know of is asked of these few, and not of every mention first.
    return reading.rows(
        f"WITH found AS MATERIALIZED ({found}) SELECT m.id FROM found AS m WHERE {wanted.seen.sql} "  # noqa: S608 -- our own conditions
        f"ORDER BY captured_at DESC, posted_at DESC NULLS LAST, id{limit}",
        [*values, *values, *wanted.seen.values],
    )


def _mention_row(row: Row, words: Words, before: tuple[Said, ...]) -> MentionRow:
    return MentionRow(
        id=row[0],
        source=row[1],
        native_id=row[2],
        kind=row[3],
        url=row[4],
        title=words.title,
        text=words.text,
        lang=row[7],
        posted_at=to_utc(row[8]),
        posted_at_basis=row[9],
        captured_at=at_utc(row[10]),
        revision=row[11],
        scope=Scope(row[12]),
        label=Label(row[13]),
        needs_person=row[14],
        harms=tuple(Harm(harm) for harm in row[15]),
        route=Route(row[16]),
        incident=row[17],
        machine_label=Label(row[18]),
        machine_route=Route(row[29]),
        is_sealed=row[19],
        is_gone=row[20],
        gone_at=to_utc(row[21]),
        first_seen_at=at_utc(row[22]),
        edited_at=to_utc(row[23]),
        flags=tuple(row[24]),
        scope_reasons=words.scope_reasons,
        reasons=words.reasons,
        model=row[25],
        run_id=row[26],
        canonical_url=row[27],
        decided_at=to_utc(row[28]),
        said=_said(row[30]),
        said_before=before,
    )


def _said_before(reading: Reading, edited: Mapping[str, int]) -> dict[str, tuple[Said, ...]]:
    """What people said of earlier revisions of these posts, by id; `edited` gives the revision each has now."""
    found = defaultdict[str, list[Row]](list)
    if edited:
        # Asked for by itself: beside the rows DuckDB would read every revision there is.
        for id_, revision, *said in reading.rows(
            "SELECT mention_id, revision, actor, label, route FROM decisions WHERE mention_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY id",
            [list(edited)],
        ):
            if revision < edited[id_]:
                found[id_].append(tuple(said))
    return {id_: _said(rows) for id_, rows in found.items()}


def _said(found: Iterable[Row] | None) -> tuple[Said, ...]:
    return tuple(
        Said(who, Label(label), Route(route) if route else None) for who, label, route in found or ()
    )
