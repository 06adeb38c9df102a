"""The termly sheet for governors: what is counted, and the same with every small group withheld (protocol.md 5.12).

`tell_sheet` is the only way from counts to a sheet. No person, address, word of a post, incident number or time of a
single incident is in either of them.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from desk.suppression import Few, Split, Told, may_say_middle, may_say_ninth, tell, tell_out_of, tell_split
from mentionwatch.terms import Term


class Topic(StrEnum):
    """What is broken down into parts."""

    LABEL = "label"
    WEEK = "week"
    PLACE = "place"
    LANG = "lang"
    KIND = "kind"
    ROUTE = "route"
    OUTCOME = "outcome"
    DEADLINE = "deadline"
    ACKNOWLEDGED = "acknowledged"
    REMOVAL = "removal"
    OVERRULED = "overruled"
    GOOD_NEWS = "good_news"


class Single(StrEnum):
    """What is one number."""

    REPORTS = "reports"
    POLICE = "police"
    SAFEGUARDING = "safeguarding"
    PASSED_OVER = "passed_over"
    REOPENED = "reopened"


class Wait(StrEnum):
    """What takes time."""

    DECISION = "decision"
    CLOSE = "close"


PARTS: Final[dict[Topic, tuple[str, ...]]] = {
    Topic.LABEL: ("neutral", "positive", "concern", "inappropriate"),
    Topic.PLACE: ("feed", "reddit", "wikipedia", "other"),
    Topic.LANG: ("en", "cy", "other"),
    Topic.KIND: ("harassment", "defamation", "threat", "hate", "sexual", "privacy", "impersonation", "other"),
    Topic.ROUTE: ("internal", "none", "complaint", "safeguarding", "police"),
    Topic.OUTCOME: ("ended", "under_way", "no_case", "as_concern", "elsewhere", "merged"),
    Topic.DEADLINE: ("met", "missed", "running"),
    Topic.ACKNOWLEDGED: ("met", "missed", "running"),
    Topic.REMOVAL: ("gone", "not_gone"),
    Topic.OVERRULED: ("agreed", "changed"),
    Topic.GOOD_NEWS: ("left", "thanked", "shared", "open"),
}
"""The parts of each topic in their order. The first two are each other's partners when one of them is small; the
weeks of a term, which differ, are in no fixed list, and their partners are the two in the middle of those in which
somebody looked."""
OF_INCIDENTS: Final = frozenset({Single.POLICE, Single.SAFEGUARDING, Single.PASSED_OVER, Single.REOPENED})
"""Incidents out of all those of the term, whose number stands beside them. So are the removals and the waits."""


@dataclass(frozen=True, slots=True)
class Nights:
    """The nights of the term since the first run ever, or all of them. These concern no person and are told in full."""

    expected: int
    whole: int
    in_part: int
    blind: int

    @property
    def not_run(self) -> int:
        return max(0, self.expected - self.whole - self.in_part - self.blind)


@dataclass(frozen=True, slots=True)
class Group:
    """A topic's parts with their numbers, in the order of `PARTS` (weeks: in time, named by their Monday).

    `nobody_looked`: the weeks in which no night saw anything, whose nought is no number. Raises ValueError where one has
    mentions.
    """

    topic: Topic
    counts: tuple[tuple[str, int], ...]
    nobody_looked: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, count in self.counts:
            if count and name in self.nobody_looked:
                raise ValueError(f"{name} has {count} mentions, so somebody looked")

    @property
    def total(self) -> int:
        return sum(count for _, count in self.counts)


@dataclass(frozen=True, slots=True)
class TermCounts:
    """What was counted: for `tell_sheet` alone. `waits` are days, one for each incident that is through."""

    term: Term
    counted_on: date
    nights: Nights
    groups: tuple[Group, ...]
    singles: tuple[tuple[Single, int], ...]
    waits: tuple[tuple[Wait, tuple[float, ...]], ...]


@dataclass(frozen=True, slots=True)
class GroupTold:
    """A topic as told. A None, of the total or a part: not told; `parts` None: no part is told.

    `nobody_looked`: the weeks that are None because there is nothing to tell; itself None in a sheet kept from before
    they were marked, whose noughts may be such weeks.
    """

    topic: Topic
    total: Told | None
    parts: tuple[tuple[str, int | None], ...] | None
    nobody_looked: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class WaitTold:
    """Days, in whole ones; None: too few incidents to tell."""

    wait: Wait
    median: int | None
    ninth: int | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One term as governors read it. `counted_on` is when the figures were fixed; they are counted once.

    `replaces`: when those were fixed that it stands in place of, where it was counted again.
    """

    term: Term
    counted_on: date
    nights: Nights
    groups: tuple[GroupTold, ...]
    singles: tuple[tuple[Single, Told | None], ...]
    waits: tuple[WaitTold, ...]

    replaces: date | None = None

    def group(self, topic: Topic) -> GroupTold | None:
        """A topic; None where the school's policy leaves it out."""
        return next((group for group in self.groups if group.topic is topic), None)


@dataclass(frozen=True, slots=True)
class Basis:
    """On what the school may look. `cite`: the policy's own clause; `decision`: is there a decision of the governors?"""

    school: str
    policy: str
    policy_on: date | None
    cite: str
    decision: bool
    decision_on: date | None
    dpia: bool
    dpia_on: date | None


def _tell_group(group: Group, incidents: int) -> GroupTold:
    if group.topic is Topic.REMOVAL and (of_all := tell_out_of(group.total, incidents)) != group.total:
        return GroupTold(group.topic, of_all, None)
    # Everybody is told in which weeks nobody looked: beside one of those a small number would be hidden by nothing.
    looked = [(name, count) for name, count in group.counts if name not in group.nobody_looked]
    told = _tell_parts(group.topic, [count for _, count in looked])
    if told.parts is None:
        return GroupTold(group.topic, told.total, None, group.nobody_looked)
    parts = dict(zip((name for name, _ in looked), told.parts, strict=True))
    return GroupTold(
        group.topic,
        told.total,
        tuple((name, parts.get(name)) for name, _ in group.counts),
        group.nobody_looked,
    )


def _tell_parts(topic: Topic, counts: Sequence[int]) -> Split:
    if len(counts) < 2:
        # One week alone is the total over again.
        total = tell(sum(counts))
        return Split(total, None if isinstance(total, Few) else tuple(counts))
    middle = len(counts) // 2
    return tell_split(counts, (middle, middle - 1) if topic is Topic.WEEK else (0, 1))


def _tell_wait(wait: Wait, days: tuple[float, ...], incidents: int) -> WaitTold:
    median = round(statistics.median(days)) if may_say_middle(len(days), incidents) else None
    # The smallest number that nine in ten do not pass; never the longest one of all.
    ninth = round(sorted(days)[-(-9 * len(days) // 10) - 1]) if may_say_ninth(len(days), incidents) else None
    return WaitTold(wait, median, ninth)


def tell_sheet(counts: TermCounts) -> Sheet:
    """The term as it may be told. Pure: the same counts, the same sheet."""
    incidents = next((group.total for group in counts.groups if group.topic is Topic.KIND), 0)
    return Sheet(
        counts.term,
        counts.counted_on,
        counts.nights,
        tuple(_tell_group(group, incidents) for group in counts.groups),
        tuple(
            (single, tell_out_of(count, incidents) if single in OF_INCIDENTS else tell(count))
            for single, count in counts.singles
        ),
        tuple(_tell_wait(wait, days, incidents) for wait, days in counts.waits),
    )
