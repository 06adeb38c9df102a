"""What the pages about the whole show (sources, good news, figures), as values. flows/overview.py reads them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from desk.acts import Outcome
from mentionwatch.accounts import Viewer
from mentionwatch.labels import FaultKind, IncidentState, Role, ScopeRule, Verdict
from mentionwatch.terms import Term

GIGABYTE = 1_000_000_000
SEEN = (Verdict.CLEAR, Verdict.MENTIONS)
LEAST_FREE = 2 * GIGABYTE
"""With less room than this somebody has to act: a full disk stops the night."""


@dataclass(frozen=True, slots=True)
class Night:
    """One night of one source. `verdict` None: no run looked at it, which is not the same as nothing found."""

    on: date
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class NameTooWide:
    """How many posts of one source people judged not to be about the school, found for one reason, in a year.

    `name` is the name in school.toml they had been found by; empty: none. It says nothing of any post.
    """

    rule: ScopeRule
    name: str
    posts: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source. `verdict`, `fault` and `not_looked_at` are of its last look; None or empty before the first.

    `nights` are the last fourteen at most, oldest first, from the first look on. `is_listed`: it stands in
    sources.toml, so the next run looks at it; None where that file cannot be read. `is_overdue`: it stands there, and
    its last look was too long ago, although other sources were looked at since.
    """

    name: str
    collector: str
    is_listed: bool | None
    looked_at: datetime | None
    last_ok_at: datetime | None
    verdict: Verdict | None
    fault: FaultKind | None
    not_looked_at: tuple[str, ...]
    nights: tuple[Night, ...]
    is_overdue: bool = False
    too_wide: tuple[NameTooWide, ...] = ()

    @property
    def is_well(self) -> bool:
        """Was it seen in full, and lately? A source nobody looks at any more casts no doubt."""
        return self.is_listed is False or (self.verdict in SEEN and not self.is_overdue)

    @property
    def counted(self) -> tuple[tuple[Verdict | None, int], ...]:
        """How many of the nights went how, those that happened at all."""
        found = Counter(night.verdict for night in self.nights)
        order = (Verdict.CLEAR, Verdict.DEGRADED, Verdict.BLIND, None)
        return tuple((verdict, found[verdict]) for verdict in order if found[verdict])


@dataclass(frozen=True, slots=True)
class LastRun:
    """The latest run. `finished_at` None: it runs, or was cut off. `is_late`: it began too long ago."""

    started_at: datetime
    finished_at: datetime | None
    verdict: Verdict | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Health:
    """Is it looking, with what, and for how long will it go on? `free` is in octets.

    `run` None: no night has run yet. `has_model_trouble`: what is wrong is said by the command, which names files.
    """

    run: LastRun | None
    next_run_at: datetime
    sources: tuple[SourceState, ...]
    model: str
    has_model_trouble: bool
    free: int

    @property
    def is_room_short(self) -> bool:
        """Is there so little room that somebody has to act?"""
        return self.free < LEAST_FREE


@dataclass(frozen=True, slots=True)
class Thanks:
    """How far thanking has come for one piece of good news, and who may take which step now (names of the protocol)."""

    state: IncidentState
    steps: tuple[tuple[str, tuple[Role, ...]], ...]


@dataclass(frozen=True, slots=True)
class LangQuality:
    """How the model did on texts it was not trained on, in one language: counts, and macro-F1 from 0 to 1."""

    lang: str
    texts: int
    macro_f1: float
    threats: int
    threats_missed: int
    critics: int
    accused: int


@dataclass(frozen=True, slots=True)
class Quality:
    """What the gate measured of the model in use; `langs` empty: it was measured before it came here."""

    model: str
    measured_at: datetime | None
    langs: tuple[LangQuality, ...]


@dataclass(frozen=True, slots=True)
class TermSheet:
    """A term that is over, and whether its figures have been counted."""

    term: Term
    is_counted: bool

    @property
    def name(self) -> str:
        """As an address names it."""
        return f"{self.term.year}-{self.term.name.value}"


class Overview(Protocol):
    """What the pages about the whole ask for. Raises `Retriable` while the database is written."""

    def health(self, viewer: Viewer) -> Health:
        """The run, the sources, the model and the room. Says nothing of any mention."""
        ...

    def thanks(self, viewer: Viewer, ids: tuple[str, ...]) -> dict[str, Thanks]:
        """Of these mentions, those that are good news this viewer may know of."""
        ...

    def quality(self, viewer: Viewer) -> Quality:
        """How good the model in use is, by language."""
        ...

    def sheets(self, viewer: Viewer) -> tuple[TermSheet, ...]:
        """The terms that are over since the first run, latest first."""
        ...

    def sheet(self, viewer: Viewer, name: str, lang: str, form: str) -> bytes | None:
        """A counted sheet as `html` or `pdf`; None where there is none of that name."""
        ...

    def count_sheet(self, viewer: Viewer, name: str) -> Outcome:
        """Count the sheet of a term that is over: once, with a row in the audit log."""
        ...
