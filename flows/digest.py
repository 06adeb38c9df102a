"""The morning digest: read what is stored, sort it, write page and text. Always written, also when nothing ran."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from desk.digest import (
    Digest,
    IncidentLine,
    MentionLine,
    More,
    RunLine,
    ShadowLine,
    SourceLine,
    compose,
    merge_runs,
)
from desk.explanations import Marked
from desk.render import render_html, render_text
from desk.words import LONDON
from flows.awaited import list_awaited
from flows.damage import DAMAGED_STEPS
from flows.digest_clocks import clock_context, find_standing, unacknowledged
from flows.home import Home
from flows.likeness import Likeness, add_likenesses, explain_row, mark_row
from flows.need_to_know import read_sight
from flows.open_matters import ASKED, list_asking, list_open
from flows.private_files import write_whole
from flows.remembered import Known
from flows.seen_runs import seen_runs
from flows.shadow import read_shadow
from flows.standing import Context, Standing, Standings
from incidents.deadlines import Clock
from incidents.incident_rows import CONCERN_TRACK, GOOD_NEWS_TRACK
from incidents.standing import TrackState
from mentionwatch.accounts import Viewer
from mentionwatch.labels import EVIDENCE_DAMAGED, FaultKind, IncidentState, Label
from mentionwatch.policy import PolicyPack
from mentionwatch.report_kinds import KINDS, ReportKind
from mentionwatch.school import SchoolFile
from warehouse.answers import Same
from warehouse.clause import EVERYTHING, Clause
from warehouse.connection import Warehouse
from warehouse.figures import asking_before
from warehouse.gaps import read_gaps
from warehouse.heads import MentionHead, list_heads
from warehouse.incident_steps import INCIDENT, IncidentRow
from warehouse.ledger import RunRecord, list_runs
from warehouse.need_to_know import seen_incidents, seen_mentions
from warehouse.reading import MentionFilter, MentionRow, list_mentions, rows_of
from warehouse.session import Reading
from warehouse.shadow import unopened

if TYPE_CHECKING:
    from classifiers.model import Classifier

RUNS_BACK = 60
OPENED, LOOKS = 50, 4
"""So many posts of a part are opened, more than any page shows, and so many times as many of those that ask for a look: which of them comes
first stands in what is sealed."""
_CALM = {Label.CONCERN: "concerns", Label.NEUTRAL: "others", Label.POSITIVE: "good_news"}
UNOPENED_BACK = timedelta(days=28)
"""How long what a first night did not open by itself is shown each morning, until somebody opens it or says what it is."""
MOST_ASKING = 200
"""Of what asks for a look so much is gone through for posts from before a day; more than `MOST_EARLIER` are not told apart."""


def mention_line(
    row: MentionRow,
    gaps: Mapping[str, FaultKind],
    clocks: tuple[Clock, ...] = (),
    pack: PolicyPack | None = None,
    marked: Marked | None = None,
) -> MentionLine:
    """A stored mention as the desk shows it. Without `pack` no clause is spoken of; without `marked` a person's word has no day."""
    return MentionLine(
        id=row.id,
        source=row.source,
        kind=row.kind,
        url=row.url,
        title=row.title,
        text=row.text,
        posted_at=row.posted_at,
        captured_at=row.captured_at,
        revision=row.revision,
        scope=row.scope,
        label=row.label,
        route=row.route,
        needs_person=row.needs_person and not row.is_decided,
        why=tuple(reason.why for reason in row.reasons),
        evidence_gap=gaps.get(row.id),
        incident=row.incident or "",
        is_withheld=row.is_sealed,
        lang=row.lang,
        clocks=clocks,
        explanation=explain_row(row, pack),
        marked=marked or (Marked(row.label, row.machine_label) if row.is_decided else None),
        stays_covered=row.stays_covered,
    )


def first_steps(row: IncidentRow, pack: PolicyPack, lang: str) -> tuple[str, ...]:
    """In the reader's language as long as the pack is the one the incident was opened under; else as recorded."""
    if row.kind == EVIDENCE_DAMAGED:
        return DAMAGED_STEPS[lang]
    if row.pack != pack.version or row.state is IncidentState.STOP_IMAGE:
        return row.first_steps
    steps = pack.steps_for(row.route, lang)
    if row.kind not in tuple(ReportKind):
        return steps
    rules = KINDS[ReportKind(row.kind)]
    return (f"{rules.step(lang)} ({row.clause})", *steps)


def incident_line(
    row: IncidentRow, mention: MentionLine | None, steps: tuple[str, ...], standing: Standing | None = None
) -> IncidentLine:
    """A stored incident as the desk shows it; without `standing` nothing is due of it and nobody was asked."""
    clocks = standing.clocks if standing else ()
    return IncidentLine(
        id=row.id,
        kind=row.kind,
        state=row.state,
        route=row.route,
        decider=row.decider,
        opened_at=row.opened_at,
        clause=row.clause,
        first_steps=steps,
        reasons=row.reasons,
        mention=mention,
        deadline_at=clocks[0].due_at if clocks else None,
        clocks=clocks,
        awaited=list_awaited(standing) if standing else (),
    )


def _run_line(run: RunRecord, model: str) -> RunLine | None:
    if run.finished_at is None or run.verdict is None:
        return None
    sources = tuple(
        SourceLine(
            name=each.name,
            verdict=each.verdict,
            fetched=each.fetched,
            new=each.new,
            edited=each.edited,
            fault=each.fault.kind if each.fault else None,
            detail=each.fault.detail if each.fault else "",
            last_ok_at=each.last_ok_at,
            not_looked_at=each.not_looked_at,
        )
        for each in run.sources
    )
    return RunLine(run.run_id, run.finished_at, run.verdict, run.counts, sources, model)


def _shadow_line(
    reading: Reading, school: SchoolFile, runs: list[RunRecord], day_began: datetime
) -> ShadowLine | None:
    """Which first night the day's latest look was; of a day without one, how its beginning stood."""
    found = read_shadow(reading, school.shadow_nights, runs[0].started_at if runs else day_began)
    return ShadowLine(found.night, found.of) if found.is_on else None


@dataclass(frozen=True, slots=True)
class _Day:
    """A digest without likenesses, and the rows it explains."""

    digest: Digest
    explained: tuple[MentionRow, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """A digest without likenesses, the rows it speaks of, and the posts people have judged up to its day.

    `seen` is what its reader may know of: a condition on `m`, a row of mentions.
    """

    digest: Digest
    rows: tuple[MentionRow, ...]
    known: tuple[Known, ...]
    seen: Clause

    def finish(self, likeness: Likeness) -> Digest:
        """The digest with likenesses. Afterwards: nobody waits for the database while a model is loaded."""
        return add_likenesses(self.digest, likeness.find(self.rows, self.known))


def gather_digest(
    reading: Reading,
    day: date,
    home: Home,
    school: SchoolFile,
    pack: PolicyPack,
    lang: str,
    viewer: Viewer | None,
    likeness: Likeness,
    opened: int | None = OPENED,
) -> Gathered:
    """One day out of an open database; `viewer` as in `read_digest`.

    Of what asks for a look, and of what asks for nothing, at most so many of a label are opened and the rest counted;
    None: none is left out.
    """
    from flows.model_status import describe_model

    start = datetime.combine(day, time(), LONDON)
    # Clocks as they stand when the day begins: what falls due during the day stays due all day.
    context = clock_context(home, school, pack, start.astimezone(UTC))
    seen, seen_here = EVERYTHING, EVERYTHING
    if viewer is not None:
        sight = read_sight(reading, viewer, school, pack)
        seen, seen_here = seen_mentions(sight), seen_incidents(sight)
    channels = tuple(sorted(context.channels.items()))
    found = reading.remembered(
        ("digest", day, lang, opened, viewer is None, seen.key, seen_here.key, channels, Same(school), Same(pack)),
        lambda: _read_day(reading, day, context, lang, seen, seen_here, viewer is not None, opened),
    )  # fmt: skip
    digest = found.digest
    if digest.run is not None and not digest.run.model:
        # A night that found nothing was watched by a model too.
        digest = replace(digest, run=replace(digest.run, model=describe_model(home).name))
    known = likeness.known(reading, start + timedelta(days=1), seen) if found.explained else ()
    return Gathered(digest, found.explained, known, seen)


def _is_quiet(row: IncidentRow, standing: Standing | None) -> bool:
    """Is it a concern or good news where it begins, beside which nobody waits for an answer?"""
    if row.state not in CONCERN_TRACK | GOOD_NEWS_TRACK or standing is None:
        return False
    return all(standing.now.track(track) is not TrackState.OPEN for track in ASKED)


def _read_day(
    reading: Reading,
    day: date,
    context: Context,
    lang: str,
    seen: Clause,
    seen_here: Clause,
    is_somebodys: bool,
    opened: int | None,
) -> _Day:
    school, pack = context.school, context.pack
    start = datetime.combine(day, time(), LONDON)
    end = start + timedelta(days=1)
    latest = reading.remembered(("runs", RUNS_BACK), lambda: tuple(list_runs(reading, RUNS_BACK)))
    runs = [run for run in latest if start <= run.started_at < end]
    if is_somebodys:
        runs = seen_runs(reading, runs, seen)
    waiting = unacknowledged(reading, context, end, seen)
    left = unopened(reading, end - UNOPENED_BACK, end)
    by_hand = list_mentions(reading, MentionFilter(ids=left, seen=seen)) if left else ()
    left = tuple(row.id for row in by_hand)
    heads = list_heads(reading, start, end, seen)
    picked = _pick(heads, {*waiting, *left}, opened)
    found = rows_of(reading, picked.ids)
    todays = [found[id_] for id_ in picked.ids if id_ in found]
    shown = {row.id: row for row in (*todays, *by_hand, *(row for row, _ in waiting.values()))}
    # A page of a past day, written again, does not know what came later.
    incidents = tuple(
        row
        for row in (*list_open(reading, seen=seen_here), *list_asking(reading, seen_here))
        if row.opened_at < end
    )
    standings = Standings(reading, [row.id for row in incidents])
    stands = {row.id: find_standing(standings, row.id, context) for row in incidents}
    incidents = tuple(row for row in incidents if row.track == INCIDENT or not _is_quiet(row, stands[row.id]))
    ids = tuple(row.mention_id for row in incidents)
    about = {row.id: row for row in list_mentions(reading, MentionFilter(ids=ids, seen=seen))} if ids else {}
    rows = {**about, **shown}
    gaps = read_gaps(reading, tuple(rows.values()))
    lines = {
        id_: mention_line(row, gaps, waiting[id_][1] if id_ in waiting else (), pack, mark_row(row))
        for id_, row in rows.items()
    }
    lines |= {id_: replace(lines[id_], would_open=True) for id_ in left}
    watched = next((head.model for head in heads), "")
    run = merge_runs(tuple(line for line in (_run_line(run, watched) for run in runs) if line))
    composed = compose(
        school=school.profile.name,
        day=day,
        run=run,
        mentions=tuple(lines[id_] for id_ in shown),
        shadow=_shadow_line(reading, school, runs, start.astimezone(UTC)),
        incidents=tuple(
            incident_line(row, lines.get(row.mention_id), first_steps(row, pack, lang), stands[row.id])
            for row in incidents
        ),
        pack_title=pack.title,
        pack_is_stale=pack.is_stale(day),
        pack_is_undated=pack.dated_on is None,
    )
    explained = tuple(rows[line.id] for line in composed.mentions if line.explanation)
    asking = asking_before(reading, seen, start.astimezone(UTC), MOST_ASKING)
    earlier = sum(id_ not in shown for id_ in asking)
    return _Day(replace(composed, more=picked.more, earlier=earlier), explained)


@dataclass(frozen=True, slots=True)
class _Picked:
    """The mentions of a day that are opened, in their order, and how many are only counted."""

    ids: tuple[str, ...]
    more: More


def _most(part: str, opened: int) -> int:
    return opened * LOOKS if part == "look" else opened


def _pick(heads: Sequence[MentionHead], shown: Set[str], opened: int | None) -> _Picked:
    """What a digest opens: so many of each part as it has room for, and what is `shown` in any case.

    The parts are those of `compose`. What is in an incident stands with the incident.
    """
    ids: list[str] = []
    seen: Counter[str] = Counter()
    for head in heads:
        if head.incident:
            continue
        if head.asks or head.is_sealed or head.label is Label.INAPPROPRIATE:
            part = "look"
        else:
            part = _CALM[head.label]
        seen[part] += head.id not in shown
        if head.id in shown or opened is None or seen[part] <= _most(part, opened):
            ids.append(head.id)
    counts = {
        part: max(0, number - _most(part, opened)) for part, number in seen.items() if opened is not None
    }
    return _Picked(tuple(ids), More(**counts))


def read_digest(
    home: Home,
    school: SchoolFile,
    pack: PolicyPack,
    day: date,
    lang: str = "",
    viewer: Viewer | None = None,
    likeness: Likeness | None = None,
    opened: int | None = OPENED,
) -> Digest:
    """The digest of one London day from what is stored: its mentions, its last finished run, all open incidents.

    For a `viewer` without anything they may not know of, in its numbers either (L31); without one it is whole.
    `likeness` remembers what an earlier page has learnt of the posts people judged; `opened` as in `gather_digest`.
    """

    def load_anew() -> Classifier:
        from flows.learning import model_in_use

        return model_in_use(str(home.folder))

    likeness = likeness or Likeness(load_anew)
    with Warehouse(home.folder).live_reader() as reading:
        gathered = gather_digest(
            reading, day, home, school, pack, lang or school.digest_lang, viewer, likeness, opened
        )
    return gathered.finish(likeness)


def write_digest(home: Home, school: SchoolFile, pack: PolicyPack, now: datetime, lang: str = "") -> Path:
    """Page and text of the day `now` falls on in London; the page's path."""
    day = now.astimezone(LONDON).date()
    spoken = lang or school.digest_lang
    digest = read_digest(home, school, pack, day, spoken)
    page = home.digests / f"{day.isoformat()}.html"
    write_whole(page, render_html(digest, spoken).encode())
    write_whole(page.with_suffix(".txt"), render_text(digest, spoken).encode())
    return page


def digest_json(digest: Digest) -> str:
    """Counts and ids, no words of any post: for other people's scripts."""
    run = digest.run
    return json.dumps(
        {
            "school": digest.school,
            "day": digest.day.isoformat(),
            "verdict": run.verdict.value if run else None,
            "run_id": run.run_id if run else None,
            "shadow": {"night": digest.shadow.night, "of": digest.shadow.of} if digest.shadow else None,
            "act_now": [row.id for row in digest.act_now],
            "decisions": [row.id for row in digest.decisions],
            "due": [row.id for row in digest.due],
            "under_way": [row.id for row in digest.under_way],
            "look": [row.id for row in digest.look],
            "concerns": [row.id for row in digest.concerns],
            "mentions": [row.id for row in digest.others],
            "good_news": [row.id for row in digest.good_news],
            "sources": [
                {
                    "name": line.name,
                    "verdict": line.verdict.value,
                    "error": line.fault.value if line.fault else None,
                }
                for line in (run.sources if run else ())
            ],
        },
        ensure_ascii=False,
    )
