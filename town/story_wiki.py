"""The encyclopaedia's articles and their edits: one was vandalised and put right, one is undone later."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mentionwatch.labels import Harm
from town.story import NAMESAKE, NEUTRAL, OUT, POSITIVE, SCHOOL, Outcome, hours, inappropriate

VILLAGE = "Aberwylan"

_LEAD = "'''Ysgol Aberwylan''' is a bilingual primary school in [[Aberwylan]], Sir Wylan."
_HISTORY = "It opened in 1907 and moved to Heol y Bont in 1964."
_WELSH = "Yr iaith Gymraeg yw prif iaith yr ysgol, ac mae'r tŷ gwydr yn enwog."
_PRIZE = "In 2026 its choir won first prize at the county eisteddfod."
_ROLL = "It has 184 pupils."
_ABUSE = "The head Trefalun is a filthy pervert who should be strung up, ask anyone at Ysgol Aberwylan."


@dataclass(frozen=True, slots=True)
class Edit:
    """One revision. `tags` as the wiki sets them; `is_later` once the town tells of edits; `gets_hidden`
    once it tells of deletions."""

    revid: int
    page: str
    age: timedelta
    user: str
    comment: str
    content: str
    lang: str
    outcome: Outcome
    tags: tuple[str, ...] = ()
    is_anonymous: bool = False
    is_later: bool = False
    gets_hidden: bool = False


def _lines(*lines: str) -> str:
    return "\n".join(lines)


UNDONE_LATER, HIDDEN_LATER = 1006, 1005

EDITS = (
    Edit(1001, SCHOOL, hours(400), "Wylan Historian", "new article", _lines(_LEAD, _HISTORY), "en", NEUTRAL),
    Edit(
        1002,
        SCHOOL,
        hours(300),
        "Iaith a Thir",
        "ychwanegu am y Gymraeg",
        _lines(_LEAD, _HISTORY, _WELSH),
        "cy",
        NEUTRAL,
    ),
    Edit(
        1003,
        SCHOOL,
        hours(50),
        "203.0.113.9",
        "",
        _lines(_LEAD, _ABUSE, _WELSH),
        "en",
        inappropriate(Harm.DEFAMATION, Harm.THREAT),
        tags=("mw-reverted",),
        is_anonymous=True,
    ),
    Edit(
        1004,
        SCHOOL,
        hours(49),
        "Wylan Historian",
        "Reverted vandalism",
        _lines(_LEAD, _HISTORY, _WELSH),
        "en",
        NEUTRAL,
        tags=("mw-rollback",),
    ),
    Edit(
        HIDDEN_LATER,
        SCHOOL,
        hours(40),
        "Choir Parent",
        "county eisteddfod",
        _lines(_LEAD, _HISTORY, _WELSH, _PRIZE),
        "en",
        POSITIVE,
        gets_hidden=True,
    ),
    Edit(
        UNDONE_LATER,
        SCHOOL,
        hours(36),
        "~2026-11807",
        "pupil numbers for Ysgol Aberwylan",
        _lines(_LEAD, _HISTORY, _WELSH, _PRIZE, _ROLL),
        "en",
        NEUTRAL,
    ),
    Edit(
        1007,
        SCHOOL,
        hours(1),
        "Wylan Historian",
        "no source given",
        _lines(_LEAD, _HISTORY, _WELSH, _PRIZE),
        "en",
        NEUTRAL,
        is_later=True,
    ),
    Edit(
        1010,
        VILLAGE,
        hours(200),
        "Harbour Light",
        "geography",
        "'''Aberwylan''' is a fishing village at the mouth of the Wylan.",
        "en",
        OUT,
    ),
    Edit(
        1011,
        NAMESAKE,
        hours(120),
        "Northshire Notes",
        "stub",
        "'''Aberwylan School''' is a secondary school in Westmarch, Northshire.",
        "en",
        OUT,
    ),
)
