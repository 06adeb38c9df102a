"""What the review pages show, as values. flows/ reads them; desk/web/ turns them into pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from desk.digest import Digest, IncidentLine, MentionLine
from desk.protocol_words import group_refusals
from desk.start import StartPage
from desk.summary import FirstReading
from incidents.standing import DocumentKind, Track, TrackState
from mentionwatch.accounts import Viewer
from mentionwatch.labels import AuthorKind, Channel, IncidentState, Label, Role

if TYPE_CHECKING:
    from warehouse.figures import WeekCount


@dataclass(frozen=True, slots=True)
class AskLine:
    """One thing a step must state, and how it is given on the command line. `is_known`: an earlier step has stated it.

    `is_with_next`: the form asks it together with the one that follows, as one question.
    """

    says: str
    example: str
    is_optional: bool = False
    is_known: bool = False
    is_with_next: bool = False


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of the protocol from the present state: open to whom, what it asks, and why not to the others."""

    event: str
    summary: str
    open_to: tuple[Role, ...]
    refusals: tuple[tuple[Role, str], ...]
    asks: tuple[AskLine, ...] = ()
    needs: str = ""

    @property
    def closed(self) -> tuple[tuple[tuple[Role, ...], str], ...]:
        """Each reason once, with the roles it stands for."""
        return group_refusals(self.refusals)

    @property
    def questions(self) -> int:
        """How many questions its form does not do without: what must be stated and is not known yet, and why."""
        return 1 + sum(not (ask.is_optional or ask.is_known or ask.is_with_next) for ask in self.asks)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A letter or form on file. Its words are in the letters folder, not on the page."""

    number: int
    kind: DocumentKind
    langs: tuple[str, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One thing that happened, with the role that did it."""

    happened_at: datetime
    event: str
    role: Role
    state: IncidentState
    reason: str


@dataclass(frozen=True, slots=True)
class DutyCard:
    """A duty above every policy, in the reader's language: what it is, who is told in order, and how soon."""

    gist: str
    told: tuple[str, ...]
    within: str


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """What a colleague who read a post first says of it, in which role and when."""

    text: str = field(repr=False)
    role: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident with its lawful next steps and its history, oldest first.

    `deadline_at` is the time limit the author was given; `tracks` are those that have begun; `at` is now. `affected`
    is the group a person said it affects, as the fact `effect` holds it; empty: nobody has said. `tasks` and `contact`
    are in the reader's language: what the place of the post asks for, and whom to ask when nobody is left to decide.
    `at_once`: decisions the viewer may take together with having the evidence handed to them. `summary`: what a colleague
    who read the post first says of the words it has now.
    """

    incident: IncidentLine
    deadline_at: datetime | None
    steps: tuple[StepLine, ...]
    history: tuple[HistoryLine, ...]
    at: datetime
    tracks: tuple[tuple[Track, TrackState], ...] = ()
    documents: tuple[DocumentLine, ...] = ()
    author: AuthorKind | None = None
    channel: Channel = Channel.OTHER
    is_pack_changed: bool = False
    affected: str = ""
    at_once: tuple[StepLine, ...] = ()
    duties: tuple[DutyCard, ...] = ()
    tasks: tuple[str, ...] = ()
    contact: str = ""
    summary: SummaryLine | None = None
    first_reading: FirstReading | None = None

    @property
    def open_steps(self) -> tuple[StepLine, ...]:
        """Steps somebody may take now."""
        return tuple(step for step in self.steps if step.open_to)

    @property
    def shut_steps(self) -> tuple[StepLine, ...]:
        """Steps nobody may take now."""
        return tuple(step for step in self.steps if not step.open_to)


@dataclass(frozen=True, slots=True)
class MentionQuery:
    """Which mentions a page shows. `page` counts from 1; `id` asks for one mention. There is no choice by person."""

    label: Label | None = None
    source: str = ""
    page: int = 1
    id: str = ""


@dataclass(frozen=True, slots=True)
class MentionPage:
    """One page of mentions, newest first; `sources` are the names there are to choose from."""

    rows: tuple[MentionLine, ...]
    sources: tuple[str, ...]
    has_older: bool


@dataclass(frozen=True, slots=True)
class LookLine:
    """Who did what with one mention: `actor` is an account's id or the machine's."""

    happened_at: datetime
    actor: str
    role: str
    verb: str


@dataclass(frozen=True, slots=True)
class MentionDetail:
    """One mention with why it is here and what became of it.

    `delete_at` is when its time is up by the retention rules; None while an incident keeps it. `summary` is of the words
    it has now.
    """

    mention: MentionLine
    model: str
    scope_reasons: tuple[str, ...]
    posted_at_basis: str
    revisions: int
    looks: tuple[LookLine, ...]
    delete_at: datetime | None
    summary: SummaryLine | None = None
    first_reading: FirstReading | None = None


@dataclass(frozen=True, slots=True)
class AskedPost:
    """A post that asks its viewer to say what it is. `said`: how many times people have said it of it by now.

    `summary` is of the words it has now.
    """

    line: MentionLine
    said: int
    summary: SummaryLine | None = None


@dataclass(frozen=True, slots=True)
class DecisionTimes:
    """From opening to the first decision of a person, one duration an incident, oldest incident first."""

    waits: tuple[timedelta, ...]


class Records(Protocol):
    """Where the pages get what they show. Raises `Retriable` while the database is written.

    Everything is asked for somebody: what `viewer` may not know of is in no answer, and in no number of one (L31).
    What they may not know of and what is not there are told apart by nothing.
    """

    def start(self, viewer: Viewer, lang: str, at: datetime) -> StartPage:
        """What somebody sees first, as of `at`."""
        ...

    def days(self, viewer: Viewer) -> tuple[date, ...]:
        """Days that have a digest, latest first."""
        ...

    def digest(self, viewer: Viewer, day: date, lang: str) -> Digest:
        """One day, without what the viewer may not know, in its numbers either."""
        ...

    def incidents(self, viewer: Viewer, lang: str) -> tuple[IncidentLine, ...]:
        """Every incident, latest first."""
        ...

    def incident(self, viewer: Viewer, id_: str, lang: str) -> IncidentPage | None:
        """One incident."""
        ...

    def mentions(self, viewer: Viewer, wanted: MentionQuery) -> MentionPage:
        """The mentions asked for, newest first."""
        ...

    def mention(self, viewer: Viewer, id_: str, lang: str) -> MentionDetail | None:
        """One mention with its reasons, its readers and its end."""
        ...

    def asked_posts(self, viewer: Viewer, lang: str, at: datetime) -> tuple[AskedPost, ...]:
        """The posts of their start page that ask what they are, in its order: none that is sealed, none somebody has said it of."""
        ...

    def good_news(self, viewer: Viewer, page: int) -> MentionPage:
        """Good news, newest first. `page` counts from 1."""
        ...

    def weekly(self, viewer: Viewer, weeks: int) -> tuple[WeekCount, ...]:
        """Mentions by week, label and source over so many weeks, oldest first."""
        ...

    def watched(self, viewer: Viewer, weeks: int) -> frozenset[date]:
        """The Mondays of those weeks in which the software saw at least one source."""
        ...

    def decision_times(self, viewer: Viewer) -> DecisionTimes:
        """How long decisions took in the last term."""
        ...
