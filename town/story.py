"""The story of the town: one bilingual school, and what is said about it. Every name and place is invented.

Each post carries the outcome it should have, so that the demo and the tests can compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from mentionwatch.labels import Harm, Label, Route, Scope

SCHOOL = "Ysgol Aberwylan"
OTHER_NAMES = ("Ysgol Gynradd Aberwylan", "Aberwylan Primary School", "YsgolAberwylan")
PLACES = ("Aberwylan", "Llanwylan", "Glannau Wylan", "Sir Wylan", "Wylanshire")
POSTCODE = "AW1 2ZZ"
WEBSITE = "ysgolaberwylan.example"
HEAD, DEPUTY, CHAIR = "Trefalun", "Brychan", "Dolwen"
NAMESAKE, NAMESAKE_PLACES = "Aberwylan School", ("Westmarch", "Northshire")


class Venue(StrEnum):
    """Where something is said; the name of the source in the demo's sources.toml."""

    PAPER = "wylan-post"
    PAPUR = "papur-y-wylan"
    BLOG = "village-blog"
    REDDIT = "reddit"
    WIKI = "wikipedia"


class Leaves(StrEnum):
    """Who takes a post down once the town tells of deletions."""

    NOBODY = ""
    AUTHOR = "author"
    MODERATOR = "moderator"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What should become of a post. `label` is None where the scope test drops it."""

    scope: Scope
    label: Label | None = None
    harms: tuple[Harm, ...] = ()
    route: Route = Route.NONE


@dataclass(frozen=True, slots=True)
class Post:
    """One thing somebody published. `age` is how long before the town's own clock.

    `parent` is the key of the thread a comment stands under. `edited_text` shows once the town tells of the
    edit, and then `edited` is the outcome. `is_late` posts appear only once the town tells of them, though
    they are dated earlier. `is_folded` comments hide behind a "more" node.
    """

    key: str
    venue: Venue
    lang: str
    age: timedelta
    title: str
    text: str
    outcome: Outcome
    author: str = ""
    parent: str = ""
    edited_text: str = ""
    edited: Outcome | None = None
    leaves: Leaves = Leaves.NOBODY
    is_late: bool = False
    is_folded: bool = False


def hours(count: float) -> timedelta:
    """How long ago."""
    return timedelta(hours=count)


POSITIVE = Outcome(Scope.CERTAIN, Label.POSITIVE)
NEUTRAL = Outcome(Scope.CERTAIN, Label.NEUTRAL)
CONCERN = Outcome(Scope.CERTAIN, Label.CONCERN, route=Route.COMPLAINT)
OUT = Outcome(Scope.OUT)


def inappropriate(*harms: Harm, route: Route = Route.INTERNAL) -> Outcome:
    """About the school, and beyond what may lawfully or decently be said."""
    return Outcome(Scope.CERTAIN, Label.INAPPROPRIATE, harms, route)
