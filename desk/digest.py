"""The digest as values: what goes into which part, in which order. Rendering is desk/render.py.

Order (reference protocol 5): verdict; act now; decisions for you, which are open incidents and then mentions a person
should look at; deadlines; concerns; new mentions; what is under way; good news; what was looked at and what was not.
"Nothing found" is never confused with "did not run".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from desk.awaited import Awaited, find_safeguarding, is_still_suggested
from desk.explanations import Explanation, Marked
from desk.machine_words import is_sample, pick_notes
from desk.vocabulary import LONDON
from incidents.deadlines import Clock
from mentionwatch.asked_again import ASKED_AGAIN
from mentionwatch.labels import (
    EVIDENCE_DAMAGED,
    GRAVE_ROUTES,
    SETTLED,
    EntryKind,
    FaultKind,
    IncidentState,
    Label,
    Role,
    Route,
    Scope,
    Verdict,
)
from mentionwatch.model import LabelCounts

WAITING = frozenset({IncidentState.OPENED, IncidentState.PRESERVED, IncidentState.AWAITING_DECISION})
UNSEEN = frozenset({Verdict.DEGRADED, Verdict.BLIND})
_FAR = datetime.max.replace(tzinfo=UTC)
MOST_EARLIER = 50
"""So many posts of earlier days are counted, as many as the start page shows; of more it is said that there are more."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source, as the last line of the digest says it."""

    name: str
    verdict: Verdict
    fetched: int
    new: int
    edited: int
    fault: FaultKind | None
    detail: str
    last_ok_at: datetime | None
    not_looked_at: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MentionLine:
    """One mention. `why` may quote the post; it is covered together with the words.

    `clocks`: of a concern somebody still has to acknowledge (L07). `would_open`: it calls for an incident and has
    none, as a school's first nights leave it. `explanation`: where a person is asked, or it is called inappropriate.
    `marked`: what a person has said it is. `stays_covered`: whatever that is, its words stay covered, for what was found in
    them or said of them before, until a second person says so too (ADR 0039).
    """

    id: str
    source: str
    kind: str
    url: str
    title: str
    text: str
    posted_at: datetime | None
    captured_at: datetime
    revision: int
    scope: Scope
    label: Label
    route: Route
    needs_person: bool
    why: tuple[str, ...]
    evidence_gap: FaultKind | None
    incident: str = ""
    is_withheld: bool = False
    lang: str = ""
    clocks: tuple[Clock, ...] = ()
    would_open: bool = False
    explanation: Explanation | None = None
    marked: Marked | None = None
    stays_covered: bool = False

    @property
    def tags(self) -> tuple[str, ...]:
        """What stands beside its source, as keys of `desk.words`. A report in other words is told again: no author changed anything."""
        is_told, is_changed = self.kind == EntryKind.REPORT.value, self.revision > 1
        shown = {
            "edited": is_changed and not is_told,
            "possible_only": self.scope is Scope.POSSIBLE,
            "reported": is_told and not is_changed,
            "reported_again": is_told and is_changed,
        }
        return tuple(key for key, is_shown in shown.items() if is_shown)

    @property
    def waits_for_second(self) -> bool:
        """Has somebody said that it is not inappropriate, and does it take another to uncover it?"""
        is_calm = self.marked is not None and self.marked.label is not Label.INAPPROPRIATE
        return is_calm and self.stays_covered and not (self.is_withheld or self.incident)

    def because(self, lang: str, says_may: bool = True) -> tuple[str, ...]:
        """Why it is here, without a word of it: what may be told of the reasons, then clause and likeness; `says_may` as there."""
        outside = self.explanation.outside(lang, says_may) if self.explanation else ""
        return (*pick_notes(self.why, lang), *filter(None, (outside,)))

    def told(self, lang: str) -> tuple[str, ...]:
        """Clause and likeness, and what a person said of it: whole lines that quote nothing of the post."""
        if self.is_withheld:
            return ()
        outside = self.explanation.outside(lang) if self.explanation else ""
        return tuple(filter(None, (outside, self.marked.say(lang) if self.marked else "")))


@dataclass(frozen=True, slots=True)
class ShadowLine:
    """Which of a school's first nights this is."""

    night: int
    of: int


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """One open incident, with the mention it is about where that may be shown.

    `clocks` is all that is due for it, earliest first; `deadline_at` the earliest, or the author's time limit. `awaited`:
    what somebody was asked for beside the protocol.
    """

    id: str
    kind: str
    state: IncidentState
    route: Route
    decider: Role
    opened_at: datetime
    clause: str
    first_steps: tuple[str, ...]
    reasons: tuple[str, ...]
    mention: MentionLine | None
    deadline_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()
    awaited: tuple[Awaited, ...] = ()

    @property
    def is_route_left(self) -> bool:
        """Is the suggested way still to be gone? Not once a person has decided, nor once who was to be asked was asked."""
        is_open = self.state in WAITING or self.state is IncidentState.STOP_IMAGE
        return is_open and is_still_suggested(self.route, find_safeguarding(self.awaited))

    @property
    def again(self) -> tuple[str, ...]:
        """Why it is asked about though the post was dealt with: else its row is the one that was decided yesterday."""
        return tuple(reason for reason in self.reasons if reason in ASKED_AGAIN)

    @property
    def is_clause_told(self) -> bool:
        """Does what is said of the post name the incident's clause, and whether it touches it? Then it is not named again."""
        told = self.mention.explanation if self.mention and not self.mention.is_withheld else None
        return told is not None and bool(told.clause) and told.clause == self.clause


@dataclass(frozen=True, slots=True)
class RunLine:
    """The night itself; None in a digest means the night run did not take place."""

    run_id: str
    finished_at: datetime
    verdict: Verdict
    counts: LabelCounts
    sources: tuple[SourceLine, ...]
    model: str

    @property
    def unseen(self) -> tuple[SourceLine, ...]:
        """The sources that were not, or not wholly, seen."""
        return tuple(line for line in self.sources if line.verdict in UNSEEN)


@dataclass(frozen=True, slots=True)
class More:
    """How many of each part are counted and not shown. `to_acknowledge`: those among the concerns that wait for it."""

    act_now: int = 0
    decisions: int = 0
    look: int = 0
    due: int = 0
    concerns: int = 0
    others: int = 0
    under_way: int = 0
    good_news: int = 0
    to_acknowledge: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """Everything a reader is told, sorted into its parts."""

    school: str
    day: date
    run: RunLine | None
    act_now: tuple[IncidentLine, ...]
    decisions: tuple[IncidentLine, ...]
    look: tuple[MentionLine, ...]
    concerns: tuple[MentionLine, ...]
    others: tuple[MentionLine, ...]
    good_news: tuple[MentionLine, ...]
    pack_title: str
    pack_is_stale: bool
    pack_is_undated: bool
    due: tuple[IncidentLine, ...] = ()
    under_way: tuple[IncidentLine, ...] = ()
    shadow: ShadowLine | None = None
    more: More = More()
    earlier: int = 0
    """Posts from before the day that still ask for a look and that it does not show: the start page of the desk does."""

    @property
    def to_review(self) -> int:
        """How many items ask for a person today."""
        shown = sum(map(len, (self.act_now, self.decisions, self.due, self.look)))
        to_acknowledge = sum(bool(row.clocks) for row in self.concerns)
        more = self.more
        return (
            shown
            + to_acknowledge
            + more.act_now
            + more.decisions
            + more.due
            + more.look
            + more.to_acknowledge
            + self.earlier
        )

    @property
    def incidents(self) -> tuple[IncidentLine, ...]:
        """Every incident it shows."""
        return (*self.act_now, *self.decisions, *self.due, *self.under_way)

    @property
    def mentions(self) -> tuple[MentionLine, ...]:
        """Every mention it shows, also those of its incidents."""
        loose = (*self.look, *self.concerns, *self.others, *self.good_news)
        return (*(row.mention for row in self.incidents if row.mention), *loose)

    @property
    def headline(self) -> str:
        """Which sentence of desk/words.py opens the digest. `clear` is said of a night seen in full, and of no other."""
        if self.run is None:
            return "not_run"
        # A verdict that contradicts its own sources is never the better of the two.
        if self.run.verdict is Verdict.BLIND or all(
            each.verdict is Verdict.BLIND for each in self.run.sources
        ):
            return "verdict_blind"
        if self.run.verdict is Verdict.DEGRADED or self.run.unseen:
            return "verdict_degraded"
        if self.run.verdict is Verdict.CLEAR and self.to_review:
            return "verdict_clear_waiting"
        return f"verdict_{self.run.verdict.value}"


def merge_runs(runs: tuple[RunLine, ...]) -> RunLine | None:
    """All finished runs of one day as one, latest first: each source by its latest look, what was new added up.

    A second look at one source must not speak for the whole night.
    """
    if not runs:
        return None
    sources: dict[str, SourceLine] = {}
    for run in reversed(runs):
        for line in run.sources:
            before = sources.get(line.name)
            if before is None:
                sources[line.name] = line
                continue
            had_news = line.verdict is Verdict.CLEAR and before.new + before.edited > 0
            sources[line.name] = replace(
                line,
                verdict=Verdict.MENTIONS if had_news else line.verdict,
                new=line.new + before.new,
                edited=line.edited + before.edited,
            )
    seen = {line.verdict for line in sources.values()}
    if not seen or seen == {Verdict.BLIND}:
        verdict = Verdict.BLIND
    elif seen & UNSEEN:
        verdict = Verdict.DEGRADED
    else:
        verdict = Verdict.MENTIONS if Verdict.MENTIONS in seen else Verdict.CLEAR
    counts = LabelCounts(
        **{name: sum(getattr(run.counts, name) for run in runs) for name in LabelCounts.__slots__}
    )
    ordered = sorted(sources.values(), key=lambda line: (line.verdict not in UNSEEN, line.name))
    return replace(runs[0], verdict=verdict, counts=counts, sources=tuple(ordered))


def cannot_wait(state: IncidentState, route: Route, kind: str) -> bool:
    """Does an incident stand under "act now"? Only such a one breaks quiet hours."""
    if state is IncidentState.STOP_IMAGE:
        return True
    return (route in GRAVE_ROUTES or kind == EVIDENCE_DAMAGED) and state in WAITING


def _first_due(row: IncidentLine | MentionLine) -> datetime:
    return row.clocks[0].due_at if row.clocks else _FAR


def _look_first(row: MentionLine) -> int:
    """What would have been an incident, the urgent first; what the classifier is unsure of; the sample last."""
    if row.would_open:
        return 0 if row.route in GRAVE_ROUTES else 1
    return 3 if is_sample(row.why) else 2


def compose(
    school: str,
    day: date,
    run: RunLine | None,
    mentions: tuple[MentionLine, ...],
    incidents: tuple[IncidentLine, ...],
    pack_title: str,
    pack_is_stale: bool,
    pack_is_undated: bool,
    shadow: ShadowLine | None = None,
) -> Digest:
    """Sort one day's mentions and all open incidents into the parts of the digest, oldest decision first.

    Due is what a clock of the incident says is due this day or was before it. A resolved incident is shown on the
    day something is still to be done about it, and on no other.
    """
    day_ends = datetime.combine(day + timedelta(days=1), time(), LONDON)
    live = sorted(
        (
            row
            for row in incidents
            if row.state not in SETTLED
            or (row.state is IncidentState.RESOLVED and _first_due(row) < day_ends)
        ),
        key=lambda row: (row.opened_at, row.id),
    )
    urgent = [row for row in live if cannot_wait(row.state, row.route, row.kind)]
    waiting = [row for row in live if row not in urgent and row.state in WAITING]
    others = sorted(
        (row for row in live if row not in urgent and row not in waiting),
        key=_first_due,
    )
    due = [row for row in others if _first_due(row) < day_ends]
    in_incidents = {row.mention.id for row in live if row.mention is not None} | {
        row.id for row in mentions if row.incident
    }
    rest = [row for row in mentions if row.id not in in_incidents]
    look = sorted(
        (
            row
            for row in rest
            if row.would_open or row.needs_person or row.is_withheld or row.label is Label.INAPPROPRIATE
        ),
        key=_look_first,
    )
    calm = [row for row in rest if row not in look]
    return Digest(
        school=school,
        day=day,
        run=run,
        act_now=tuple(urgent),
        decisions=tuple(waiting),
        look=tuple(look),
        concerns=tuple(sorted((row for row in calm if row.label is Label.CONCERN), key=_first_due)),
        others=tuple(row for row in calm if row.label is Label.NEUTRAL),
        good_news=tuple(row for row in calm if row.label is Label.POSITIVE),
        pack_title=pack_title,
        pack_is_stale=pack_is_stale,
        pack_is_undated=pack_is_undated,
        due=tuple(due),
        under_way=tuple(row for row in others if row not in due),
        shadow=shadow,
    )
