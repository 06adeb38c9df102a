"""A neutral summary by somebody who has read a post first: what it must be, who asks for it, and who takes it in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from desk.acts import Outcome
from desk.digest import MentionLine
from desk.masking import mask, tidy
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Label

LEAST, MOST = 15, 300
RUN = 4
"""So many words one after another, as the post has them, are a quotation."""
_QUOTES = re.compile('["“”„«»]')
_WORD = re.compile(r"\w+(?:['’]\w+)?")


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", tidy(text)).casefold().replace("’", "'")
    return _WORD.findall("".join(sign for sign in plain if not unicodedata.combining(sign)))


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def find_summary_fault(summary: str, *posted: str) -> str:
    """The word key of what is wrong with it; empty when nothing is. `posted` are title and text of the post.

    It quotes nothing: no quotation marks, no run of four words of the post (capitals, accents and signs aside), and
    not the whole of a shorter post. It holds no address, number or handle.
    """
    plain = tidy(summary)
    if not LEAST <= len(plain.strip()) <= MOST:
        return "summary_length"
    if _QUOTES.search(plain):
        return "summary_quotes"
    if mask(plain) != plain:
        return "summary_private"
    own = _words(plain)
    for text in posted:
        theirs = _words(text)
        if 1 < len(theirs) < RUN and any(own[at : at + len(theirs)] == theirs for at in range(len(own))):
            return "summary_copied"
        if _runs(own) & _runs(theirs):
            return "summary_copied"
    return ""


@dataclass(frozen=True, slots=True)
class SummaryGiven:
    """What a form states. `revision` is the one that was read; `seen`: was there a summary when the form was made?"""

    id: str
    text: str = field(repr=False)
    revision: int
    seen: bool


def is_covered(mention: MentionLine) -> bool:
    """Do its words stay covered until somebody opens them? Everywhere the same: in lists, digest and on its own page."""
    return bool(
        mention.needs_person
        or mention.stays_covered
        or mention.is_withheld
        or mention.incident
        or mention.label is Label.INAPPROPRIATE
    )


@dataclass(frozen=True, slots=True)
class FirstReading:
    """Where it stands that somebody else reads a covered post first, for one viewer, until it is summed up.

    `asked_at`: since when somebody is asked; None: nobody is. `is_mine`: this viewer asked, `is_wish` by the wish on their
    own page alone. `is_asked`: this viewer is asked by somebody else. `has_reader`: somebody else has offered who may know
    of it. `turn_to`: where nobody has, in which roles others may know of it. `may_ask`: a button is of use. Before anybody
    asks, nothing is said of who could read it.
    """

    asked_at: datetime | None
    is_mine: bool = False
    is_wish: bool = False
    is_asked: bool = False
    has_reader: bool = False
    turn_to: tuple[DeskRole, ...] = ()
    may_ask: bool = False


@dataclass(frozen=True, slots=True)
class ToRead:
    """A post somebody is asked to read first, and since when. Nothing of what it says."""

    mention_id: str
    asked_at: datetime


class SummaryActs(Protocol):
    """Asking for summaries and taking them in, for the person who is signed in."""

    def ask(self, viewer: Viewer, id_: str) -> Outcome:
        """That somebody reads this post first. Asked twice it is one ask; of what is summed up by now nothing is asked."""
        ...

    def take_back(self, viewer: Viewer, id_: str) -> Outcome:
        """What they asked is asked no more."""
        ...

    def write_summary(self, viewer: Viewer, given: SummaryGiven, lang: str) -> Outcome:
        """Only from somebody who has opened the words. `RefusedHere.reason` is a word key where it is about the text."""
        ...
