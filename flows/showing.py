"""What the review pages ask for, read from a home: each page is one short read of the writer's file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from desk.digest import Digest, IncidentLine
from desk.pages import (
    AskedPost,
    AskLine,
    DecisionTimes,
    DocumentLine,
    DutyCard,
    HistoryLine,
    IncidentPage,
    LookLine,
    MentionDetail,
    MentionPage,
    MentionQuery,
    StepLine,
    SummaryLine,
)
from desk.start import StartPage, open_to_say
from desk.step_form import EFFECT, HARM
from flows.deciding import at_once_steps
from flows.digest import first_steps, incident_line, mention_line, read_digest
from flows.duties import contact_card, list_duties, list_tasks
from flows.first_reading import read_first_reading
from flows.home import Home
from flows.likeness import Likeness, mark_row, with_alike
from flows.need_to_know import may_see, read_sight
from flows.open_matters import list_open
from flows.school_now import SchoolNow
from flows.showing_more import read_decision_times, read_weekly
from flows.showing_start import read_start_page
from flows.standing import Standing, StepForRoles, read_context, read_standing, steps_for_roles
from incidents.facts import Fact, Facts
from incidents.protocol import facts_asked
from incidents.standing import DocumentKind, TrackState
from incidents.steps import Event
from incidents.transitions import BY_NAME
from mentionwatch.accounts import Right, Viewer
from mentionwatch.errors import ConfigError
from mentionwatch.labels import IncidentState, Label
from mentionwatch.policy import PolicyPack
from warehouse.answers import Same
from warehouse.clause import Clause
from warehouse.connection import Warehouse
from warehouse.decisions import count_decisions
from warehouse.figures import WeekCount, looks_at, watched_weeks
from warehouse.gaps import read_gaps
from warehouse.ledger import list_runs
from warehouse.need_to_know import Sight, may_know, seen_incidents, seen_mentions
from warehouse.reading import MentionFilter, MentionRow, list_mentions
from warehouse.retention import RetentionClasses
from warehouse.session import Reading
from warehouse.summaries import read_summary

if TYPE_CHECKING:
    from classifiers.model import Classifier

PER_PAGE = 50
_MERGES = frozenset({Event.MERGE.value, Event.UNDO_MERGE.value})


def _is_known(fact: Fact, facts: Facts) -> bool:
    return fact.once and bool(facts.get(fact.key))


def _step_line(step: StepForRoles, pack: PolicyPack, facts: Facts, lang: str) -> StepLine:
    """A step with what it asks; a question of the policy in the reader's language, as the pack words it.

    `facts`: what earlier steps have stated.
    """
    row = BY_NAME[step.event]
    asked = {
        question.key: question.welsh if lang == "cy" else question.english for question in pack.questions
    }
    own, facts_here = {fact.key for fact in row.facts}, facts_asked(row, pack)
    new = {fact.key for fact in facts_here if not (fact.is_optional or _is_known(fact, facts))}
    asks = tuple(
        AskLine(
            fact.says if fact.key in own else asked.get(fact.key, fact.says),
            fact.example(),
            fact.is_optional,
            _is_known(fact, facts),
            is_with_next=fact.key == EFFECT and {EFFECT, HARM} <= new,
        )
        for fact in facts_here
    )
    return StepLine(step.event, step.summary, step.open_to, step.refusals, asks, row.needs)


def _summary(reading: Reading, mention_id: str, revision: int = 0) -> SummaryLine | None:
    """Of the words it has now; with `revision`, only while they are those."""
    found = read_summary(reading, mention_id)
    if found is None or revision not in (0, found.revision):
        return None
    return SummaryLine(found.text, found.role.value, found.written_at)


def _history(reading: Reading, sight: Sight, standing: Standing) -> tuple[HistoryLine, ...]:
    """What happened to it, but for merges with what this person may not know of and their undoing: a reason would tell of it (L31)."""
    found, into = [], ""
    for event in standing.events:
        into = event.facts.get("into") if event.event == Event.MERGE.value else into
        other = into if event.event in _MERGES else event.facts.get("merged")
        if not other or may_see(reading, sight, other):
            found.append(HistoryLine(event.at, event.event, event.role, event.to_state, event.reason))
    return tuple(found)


def _incident_page(
    standing: Standing,
    line: IncidentLine,
    history: tuple[HistoryLine, ...],
    viewer: Viewer,
    at: datetime,
    lang: str,
) -> IncidentPage:
    now = standing.now
    return IncidentPage(
        incident=line,
        deadline_at=now.deadline_at if now.state is IncidentState.REMOVAL_WAIT else None,
        steps=tuple(
            _step_line(step, standing.pack, now.facts, lang) for step in steps_for_roles(now, standing.pack)
        ),
        history=history,
        at=at,
        tracks=tuple((track, state) for track, state in now.tracks if state is not TrackState.NONE),
        documents=tuple(
            DocumentLine(one.number, DocumentKind(one.kind), one.langs, one.made_at)
            for one in standing.documents
        ),
        author=now.author,
        channel=now.channel,
        is_pack_changed=standing.is_pack_changed,
        affected=now.facts.get("effect"),
        at_once=tuple(
            _step_line(step, standing.pack, now.facts, lang) for step in at_once_steps(standing, viewer)
        ),
        duties=tuple(
            DutyCard(duty.gist.text(lang), tuple(who.text(lang) for who in duty.told), duty.within.text(lang))
            for duty in list_duties(standing)
        ),
        tasks=tuple(task.text(lang) for task in list_tasks(standing)),
        contact=card.text(lang) if (card := contact_card(standing)) else "",
    )


@dataclass(frozen=True, slots=True)
class _Listed:
    """A page of a list without likenesses, and the rows it shows."""

    page: MentionPage
    rows: tuple[MentionRow, ...]


def _read_list(reading: Reading, wanted: MentionQuery, pack: PolicyPack, seen: Clause) -> _Listed:
    found = list_mentions(
        reading,
        MentionFilter(
            ids=(wanted.id,) if wanted.id else (), label=wanted.label, source=wanted.source, limit=PER_PAGE + 1,
            seen=seen, offset=(wanted.page - 1) * PER_PAGE,
        ),
    )  # fmt: skip
    rows = found[:PER_PAGE]
    gaps = read_gaps(reading, rows)
    names = {line.name for run in list_runs(reading) for line in run.sources} | {row.source for row in found}
    return _Listed(
        MentionPage(
            rows=tuple(mention_line(row, gaps, (), pack, mark_row(row)) for row in rows),
            sources=tuple(sorted(names)),
            has_older=len(found) > PER_PAGE,
        ),
        rows,
    )


def _now() -> datetime:
    return datetime.now(UTC)


class HomeRecords:
    """`desk.pages.Records` over one home."""

    def __init__(self, home: Home, now: SchoolNow, clock: Callable[[], datetime] = _now) -> None:
        """`clock` gives aware UTC."""
        self._home, self._now, self._clock = home, now, clock
        self._warehouse = Warehouse(home.folder)
        self._classifier: Classifier | None = None
        self._likeness = Likeness(self._model)

    def start(self, viewer: Viewer, lang: str, at: datetime) -> StartPage:
        return read_start_page(self._home, *self._now.read(), viewer, lang, at, self._likeness)

    def days(self, viewer: Viewer) -> tuple[date, ...]:
        if not viewer.has(Right.DIGEST):
            return ()
        found = [date.fromisoformat(path.stem) for path in self._home.digests.glob("????-??-??.html")]
        return tuple(sorted(found, reverse=True))

    def digest(self, viewer: Viewer, day: date, lang: str) -> Digest:
        return read_digest(self._home, *self._now.read(), day, lang, viewer, self._likeness)

    def _model(self) -> Classifier:
        """Read once while the desk runs."""
        if self._classifier is None:
            from flows.learning import model_in_use

            self._classifier = model_in_use(str(self._home.folder))
        return self._classifier

    def incidents(self, viewer: Viewer, lang: str) -> tuple[IncidentLine, ...]:
        school, pack = self._now.read()
        with self._warehouse.live_reader() as reading:
            rows = list_open(reading, (), seen_incidents(read_sight(reading, viewer, school, pack)))
        return tuple(incident_line(row, None, first_steps(row, pack, lang)) for row in rows)

    def incident(self, viewer: Viewer, id_: str, lang: str) -> IncidentPage | None:
        school, pack = self._now.read()
        with self._warehouse.live_reader() as reading:
            sight = read_sight(reading, viewer, school, pack)
            seen = seen_mentions(sight)
            if not may_see(reading, sight, id_):
                return None
            at = self._clock()
            context = read_context(self._home, school, pack, at)
            try:
                standing = read_standing(reading, id_, context)
            except ConfigError:
                # A mention that is neither an incident, nor a concern, nor good news.
                return None
            about = standing.about if standing.about and may_know(reading, sight, standing.about.id) else None
            line = mention_line(about, {}, (), standing.pack, mark_row(about)) if about else None
            summary = _summary(reading, about.id) if about else None
            first = read_first_reading(self._home, reading, sight, viewer, line) if line else None
            known = self._likeness.known(reading, at, seen) if line and line.explanation else ()
            history = _history(reading, sight, standing)
        if about and line:
            line = with_alike(line, self._likeness.find([about], known))
        shown = incident_line(standing.row, line, first_steps(standing.row, pack, lang), standing)
        page = _incident_page(standing, shown, history, viewer, at, lang)
        return replace(page, summary=summary, first_reading=first)

    def mentions(self, viewer: Viewer, wanted: MentionQuery) -> MentionPage:
        school, pack = self._now.read()
        with self._warehouse.live_reader() as reading:
            seen = seen_mentions(read_sight(reading, viewer, school, pack))
            listed = reading.remembered(
                ("mentions", wanted, PER_PAGE, seen.key, Same(pack)),
                lambda: _read_list(reading, wanted, pack, seen),
            )
            asks = any(line.explanation for line in listed.page.rows)
            known = self._likeness.known(reading, self._clock(), seen) if asks else ()
        alike = self._likeness.find(listed.rows, known)
        return replace(listed.page, rows=tuple(with_alike(line, alike) for line in listed.page.rows))

    def mention(self, viewer: Viewer, id_: str, lang: str) -> MentionDetail | None:  # noqa: ARG002 -- as every page
        school, pack = self._now.read()
        with self._warehouse.live_reader() as reading:
            sight = read_sight(reading, viewer, school, pack)
            seen = seen_mentions(sight)
            found = list_mentions(reading, MentionFilter(ids=(id_,), seen=seen))
            if not found:
                return None
            row = found[0]
            line = mention_line(row, read_gaps(reading, found), (), pack, mark_row(row))
            known = self._likeness.known(reading, self._clock(), seen) if line.explanation else ()
            looks = looks_at(reading, id_)
            summary = _summary(reading, id_)
            first = read_first_reading(self._home, reading, sight, viewer, line)
        kept = timedelta(days=RetentionClasses().days(row.label.value))
        return MentionDetail(
            mention=with_alike(line, self._likeness.find([row], known)),
            model=row.model,
            scope_reasons=row.scope_reasons,
            posted_at_basis=row.posted_at_basis,
            revisions=row.revision,
            looks=tuple(LookLine(one.happened_at, one.actor, one.role, one.verb) for one in looks),
            delete_at=None if row.incident or row.is_sealed else row.captured_at + kept,
            summary=summary,
            first_reading=first,
        )

    def asked_posts(self, viewer: Viewer, lang: str, at: datetime) -> tuple[AskedPost, ...]:
        if not viewer.has(Right.CORRECT):
            return ()
        rows = open_to_say(self.start(viewer, lang, at))
        ids = tuple(row.id for row in rows)
        with self._warehouse.live_reader() as reading:
            said = count_decisions(reading, ids)
            # What was written of other words than those that are shown is not shown beside them.
            summaries = {row.id: _summary(reading, row.id, row.revision) for row in rows}
        return tuple(AskedPost(row, said.get(row.id, 0), summaries[row.id]) for row in rows)

    def good_news(self, viewer: Viewer, page: int) -> MentionPage:
        return self.mentions(viewer, MentionQuery(label=Label.POSITIVE, page=page))

    def weekly(self, viewer: Viewer, weeks: int) -> tuple[WeekCount, ...]:
        # From the beginning of a day: everybody's page of that day asks the same.
        since = (self._clock() - timedelta(weeks=weeks)).replace(hour=0, minute=0, second=0, microsecond=0)
        with self._warehouse.live_reader() as reading:
            return read_weekly(reading, viewer, *self._now.read(), since)

    def watched(self, viewer: Viewer, weeks: int) -> frozenset[date]:
        if not viewer.has(Right.FIGURES):
            return frozenset()
        with self._warehouse.live_reader() as reading:
            return watched_weeks(reading, self._clock() - timedelta(weeks=weeks))

    def decision_times(self, viewer: Viewer) -> DecisionTimes:
        with self._warehouse.live_reader() as reading:
            return read_decision_times(reading, viewer, *self._now.read(), self._clock())
