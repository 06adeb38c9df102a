"""Why a post is shown, in a sentence a head can read: the words, the clause, the posts people have judged before.

The words are the post's own and stay under its cover; clause and likeness quote nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from desk.machine_words import NOTES
from desk.protocol_words import in_english, in_welsh
from desk.vocabulary import ENGLISH_MONTHS, WELSH_MONTHS, Pair
from mentionwatch.labels import Label, Route
from mentionwatch.model import ASKS
from mentionwatch.policy import NOT_SET

MOST_WORDS = 4
"""Words a person is shown; the deletion test of the classifier takes out as many."""
_SPEAKS = re.compile(r"“(.*)” speaks for inappropriate", re.DOTALL)

SENTENCES: dict[str, Pair] = {
    "because": ("because of: {words}", "oherwydd: {words}"),
    "touches": ("touches {clause}", "yn cyffwrdd â'r cymal: {clause}"),
    "may_touch": ("may touch {clause}", "gall gyffwrdd â'r cymal: {clause}"),
    "no_clause": (
        "which clause it touches is not set by your policy",
        "nid yw eich polisi'n dweud â pha gymal y mae'n cyffwrdd",
    ),
    "like": ("like the post of {day} that was marked {label} here", "yn debyg i'r neges o {day} a nodwyd yma fel {label}"),
    "decided_on": (
        "Marked {label} here on {day}; the classifier had said {machine}.",
        "Nodwyd y neges hon yma fel {label} ar {day}; roedd y dosbarthwr wedi dweud: {machine}.",
    ),
    "decided": (
        "Marked {label} here; the classifier had said {machine}.",
        "Nodwyd y neges hon yma fel {label}; roedd y dosbarthwr wedi dweud: {machine}.",
    ),
    "same": ("the same", "yr un peth"),
}  # fmt: skip
MARKED: dict[Label, Pair] = {
    Label.POSITIVE: ("as praise", "canmoliaeth"),
    Label.NEUTRAL: ("as neutral", "un niwtral"),
    Label.CONCERN: ("as a concern", "pryder"),
    Label.INAPPROPRIATE: ("inappropriate", "un amhriodol"),
}
"""A label as the end of “it was marked …” and of “fe'i nodwyd fel …”: who marked it may be somebody else than who reads it."""
SAID: dict[Label, Pair] = {
    Label.POSITIVE: ("praise", "canmoliaeth"),
    Label.NEUTRAL: ("neutral", "niwtral"),
    Label.CONCERN: ("concern", "pryder"),
    Label.INAPPROPRIATE: ("inappropriate", "amhriodol"),
}


def _say(key: str, lang: str, **values: str) -> str:
    return SENTENCES[key][lang == "cy"].format(**values)


def say_date(day: date, lang: str) -> str:
    """3 May 2026 · 3 Mai 2026."""
    return f"{day.day} {(WELSH_MONTHS if lang == 'cy' else ENGLISH_MONTHS)[day.month - 1]} {day.year}"


@dataclass(frozen=True, slots=True)
class Alike:
    """A post that people have judged and that this one is like. `on`: its London day."""

    mention_id: str
    label: Label
    on: date

    def say(self, lang: str) -> str:
        """That it is like it, and what it was marked."""
        return _say("like", lang, day=say_date(self.on, lang), label=MARKED[self.label][lang == "cy"])


@dataclass(frozen=True, slots=True)
class Marked:
    """What a person said a mention is, beside what the classifier had said. `on` None: the page does not know when."""

    label: Label
    machine: Label
    on: date | None = None

    def say(self, lang: str) -> str:
        """The whole sentence."""
        at = lang == "cy"
        machine = _say("same", lang) if self.machine is self.label else SAID[self.machine][at]
        label = MARKED[self.label][at]
        if self.on is None:
            return _say("decided", lang, label=label, machine=machine)
        return _say("decided_on", lang, label=label, machine=machine, day=say_date(self.on, lang))


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a person is asked. `words` are the post's own, strongest first; `clause` is empty where none is said of.

    `is_sure`: the post is called inappropriate, so that it touches the clause; else it may.
    """

    words: tuple[str, ...] = ()
    clause: str = ""
    is_sure: bool = False
    alike: tuple[Alike, ...] = ()

    def because(self, lang: str) -> str:
        """The words, in quotes; empty without any. Quotes the post: only ever under its cover."""
        return (
            _say("because", lang, words=", ".join(f"“{word}”" for word in self.words)) if self.words else ""
        )

    def touches(self, lang: str) -> str:
        """The clause of the school's own policy; empty where none is in question. Quotes nothing of the post."""
        if not self.clause:
            return ""
        if self.clause == NOT_SET:
            return _say("no_clause", lang)
        clause = in_welsh(self.clause) if lang == "cy" else in_english(self.clause)
        return _say("touches" if self.is_sure else "may_touch", lang, clause=clause)

    def outside(self, lang: str, says_may: bool = True) -> str:
        """Clause and likeness as one line, for where the post itself is covered; may be empty.

        `says_may` False: a clause that is only perhaps touched is left to the post's own page.
        """
        clause = self.touches(lang) if says_may or self.is_sure else ""
        return "; ".join(filter(None, (clause, *(one.say(lang) for one in self.alike))))


def pick_words(reasons: Sequence[str]) -> tuple[str, ...]:
    """Up to four words that speak for *inappropriate*, each once, in the order of the reasons."""
    found: dict[str, str] = {}
    for reason in reasons:
        if spoken := _SPEAKS.fullmatch(reason):
            found.setdefault(spoken[1].casefold(), spoken[1])
    return tuple(found.values())[:MOST_WORDS]


def is_suspect(reasons: Sequence[str], label: Label, route: Route) -> bool:
    """May it go beyond criticism? Then a clause is in question: not of a child at risk, and not of what is only unsure."""
    if label is Label.INAPPROPRIATE:
        return True
    asked = any(reason.endswith(ASKS) and reason.removesuffix(ASKS) in NOTES for reason in reasons)
    return asked and route is not Route.SAFEGUARDING
