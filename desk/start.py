"""The start page as values: the night's verdict, then what asks this person for something, in the digest's order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time

from desk.awaited import Awaited, find_safeguarding
from desk.digest import WAITING, Digest, IncidentLine, MentionLine
from desk.protocol_words import group_refusals
from desk.step_form import NAMED_BY
from desk.summary import ToRead
from desk.vocabulary import LONDON
from incidents.deadlines import Clock, ClockName
from incidents.steps import Event
from mentionwatch.labels import EVIDENCE_DAMAGED, AuthorKind, Harm, Role, Route

OFFERED = (
    Event.RECORD_REFERENCE,
    Event.REFERENCE_HOLD,
    Event.PRESERVE,
    Event.HAND_OVER,
    Event.NO_CASE,
    Event.TREAT_AS_CONCERN,
    Event.INTERNAL,
    Event.POLICE,
    Event.POLICE_RELEASE,
    Event.PREPARED,
    Event.LETTER_READ,
    Event.CHECKED,
    Event.REMOVED,
    Event.STILL_UP,
    Event.PLATFORM_REMOVED,
    Event.SAFEGUARDING_REFERRED,
    Event.SAFEGUARDING,
    Event.RECUSE,
    Event.ACKNOWLEDGE,
    Event.POINT_TO_COMPLAINTS,
    Event.CONCERN_ANSWERED,
    Event.RAISE_CONCERN,
    Event.THANK_APPROVE,
)
"""Steps that stand as links on a row, in this order. Letters, bans, deletion and merging are never among them (protocol 5, point 4)."""

MOST_OFFERED = 6
DECISIONS = (Event.NO_CASE, Event.TREAT_AS_CONCERN, Event.INTERNAL, Event.POLICE)
"""Of these a row also says why they are closed."""


AUTHOR_ROUTES = (AuthorKind.PARENT, AuthorKind.PUPIL, AuthorKind.STAFF, AuthorKind.UNKNOWN)
"""The four ways of the internal route (T15: parent or public, pupil, staff, unknown); its form holds every other author."""


def list_shortcuts(event: str, harms: tuple[Harm, ...]) -> tuple[tuple[str, str], ...]:
    """Answers a link to a step may bring along, as fact and value: whoever clicks it gives them, and may change them there.

    The offences are those whose name is a harm the post seems to carry, and the one a reason names: the software decides nothing.
    """
    if event == Event.INTERNAL:
        return tuple(("author", kind.value) for kind in AUTHOR_ROUTES)
    if event == Event.POLICE:
        named = tuple(offence for offence, harm in NAMED_BY.items() if harm in harms)
        return tuple(("offence", offence) for offence in (*named, "other"))
    return ()


@dataclass(frozen=True, slots=True)
class Shut:
    """A step this person may not take now, and why: the protocol's English, a clause behind it."""

    event: str
    refusals: tuple[tuple[Role, str], ...]

    @property
    def closed(self) -> tuple[tuple[tuple[Role, ...], str], ...]:
        """Each reason once."""
        return group_refusals(self.refusals)


@dataclass(frozen=True, slots=True)
class Offer:
    """What one person may do with one incident, concern or good news now. `affected`: whom it touches, as a group.

    `harms`: what the software suggests it carries. `is_letter_wrong`: they made its letter, or gave it to be read, and
    the second reader found it not right (T27). `may_put_off`: it can wait until the next school morning.
    `awaited`: what somebody was asked for beside the protocol. `is_decider`: it is theirs to decide.
    """

    events: tuple[str, ...] = ()
    shut: tuple[Shut, ...] = ()
    affected: str = ""
    asks: bool = False
    harms: tuple[Harm, ...] = ()
    is_letter_wrong: bool = False
    may_put_off: bool = False
    awaited: tuple[Awaited, ...] = ()
    is_decider: bool = False

    @property
    def safeguarding(self) -> Awaited | None:
        """That the safeguarding lead was asked, once they were."""
        return find_safeguarding(self.awaited)

    @property
    def decides(self) -> bool:
        """Is a decision open to them? Then where it stands and who decides are said by what they may do."""
        return any(event.value in self.events for event in DECISIONS)

    @property
    def is_early(self) -> bool:
        """Does a decision wait for the evidence to be handed over?"""
        return Event.HAND_OVER.value in self.events or Event.PRESERVE.value in self.events


@dataclass(frozen=True, slots=True)
class FirstState:
    """Reading a post first: since when this person asks for it, or when a colleague summed it up."""

    asked_at: datetime | None = None
    summed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AskIncident:
    """An incident on the start page. `first`: how it stands with reading its post first, as far as it concerns this person."""

    line: IncidentLine
    offer: Offer
    first: FirstState | None = None

    @property
    def clocks(self) -> tuple[Clock, ...]:
        """What is due of it, but for what the safeguarding lead was asked for: that stands with the asking."""
        asked = self.offer.safeguarding
        if asked is None or asked.is_mine:
            return self.line.clocks
        return tuple(clock for clock in self.line.clocks if clock.name is not ClockName.SAFEGUARDING)

    def is_handed_on(self, at: datetime) -> bool:
        """Does what could not wait lie with the safeguarding lead now, or in their own record? Then only a decision is left.

        Never for themselves, never when their answer is overdue, never when nobody may give it, and never what they have
        not been told of.
        """
        asked = self.offer.safeguarding
        return (
            asked is not None
            and self.line.route is Route.SAFEGUARDING
            and self.line.state in WAITING
            and self.line.kind != EVIDENCE_DAMAGED
            and not (asked.is_mine or asked.is_nobodys or asked.is_before or asked.is_late(at))
        )

    def note(self, at: datetime) -> str:
        """The word key of why it stands where it does though the safeguarding lead was asked; empty where nothing is to be said."""
        asked = self.offer.safeguarding
        if asked is None or asked.is_mine or self.line.state not in WAITING:
            return ""
        if asked.is_nobodys:
            return "asked_nobody"
        if asked.is_late(at):
            return "asked_late"
        if asked.is_before:
            return "asked_before"
        if self.line.route is Route.POLICE:
            return "asked_police"
        return "asked_decide" if self.is_handed_on(at) else ""


@dataclass(frozen=True, slots=True)
class AskMention:
    """A mention on the start page: a concern to acknowledge, or one a person should look at."""

    line: MentionLine
    offer: Offer


@dataclass(frozen=True, slots=True)
class StartPage:
    """What somebody sees first. `elsewhere`: open incidents they may know of and that ask somebody else.

    `look`: posts of which this person may say what they are; `to_see`: the same of somebody who may only see them, and
    then `look` is empty. `has_more`: there are more of them than the page shows. `to_read`: what colleagues ask this person
    to read first. `undecided`: of the incidents elsewhere, how many wait for each role that nobody who signs in has;
    `shut_out`: of all that are open, how many for each role whose people may not know of them.
    """

    digest: Digest
    act_now: tuple[AskIncident, ...]
    decisions: tuple[AskIncident, ...]
    due: tuple[AskIncident, ...]
    concerns: tuple[AskMention, ...]
    look: tuple[AskMention, ...]
    elsewhere: tuple[AskIncident, ...]
    has_more: bool
    at: datetime
    to_read: tuple[ToRead, ...] = ()
    to_see: tuple[AskMention, ...] = ()
    undecided: tuple[tuple[Role, int], ...] = ()
    shut_out: tuple[tuple[Role, int], ...] = ()

    @property
    def asked(self) -> int:
        """How many things on it ask for this person."""
        parts = (self.act_now, self.decisions, self.due, self.concerns, self.look, self.to_read)
        return sum(map(len, parts))

    @property
    def earlier(self) -> int:
        """How many of them are posts from before the day: the digest counts these apart."""
        began = datetime.combine(self.digest.day, time(), LONDON)
        return sum(row.line.captured_at < began for row in self.look)

    @property
    def quiet(self) -> str:
        """The word key where nothing asks: "nothing waits" only after a night seen in full, never after none."""
        if self.asked:
            return ""
        if self.digest.headline == "not_run":
            return "quiet_not_run"
        if self.digest.headline in ("verdict_blind", "verdict_degraded"):
            return "quiet_unseen"
        return "quiet_seen"


def open_to_say(start: StartPage) -> tuple[MentionLine, ...]:
    """Those of the posts a person should look at of which nobody has said what they are, in the same order.

    None of what is withheld: nobody reads it, and nobody says more of it.
    """
    return tuple(row.line for row in start.look if not row.line.is_withheld and row.line.marked is None)


PAGE = 20
"""So many things that ask for somebody stand on one page, each with its ways: a page weighs less than 100 kB."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of what asks for somebody. Its parts are the start page's, cut; `totals` counts each of them whole."""

    start: StartPage
    totals: Mapping[str, int]
    number: int
    is_last: bool
    first: int
    last: int


_PARTS = ("act_now", "decisions", "due", "concerns", "look")


def open_sheet(start: StartPage, number: int, most: int = PAGE) -> Sheet:
    """Page `number`, counted from 1, of all that asks, in its order; the last there is where there are fewer."""
    totals = {name: len(getattr(start, name)) for name in _PARTS}
    there = sum(totals.values())
    number = max(1, min(number, -(-there // most)))
    skip, left = (number - 1) * most, most
    cut: dict[str, tuple[AskIncident | AskMention, ...]] = {}
    for name in _PARTS:
        rows = getattr(start, name)
        cut[name] = rows[skip : skip + left]
        skip, left = max(0, skip - len(rows)), left - len(cut[name])
    shown = sum(map(len, cut.values()))
    first = (number - 1) * most
    is_last = first + shown >= there
    return Sheet(replace(start, **cut), totals, number, is_last, first + 1, first + shown)  # type: ignore[arg-type]
