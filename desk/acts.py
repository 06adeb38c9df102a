"""What becomes of a form somebody sent: done, refused with the reason, overtaken by somebody else, or not now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from desk.step_form import StepPage
from incidents.deadlines import ClockName
from mentionwatch.accounts import Viewer
from mentionwatch.labels import Role


@dataclass(frozen=True, slots=True)
class Done:
    """It is stored. `state` is where that left the incident; empty where there is none."""

    id: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class RefusedHere:
    """Nothing was changed. `reason` is one line in the reader's language; `field` is the form field it is about."""

    reason: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Somebody else acted after the page was made: what was sent was not stored (ASVS 2.3.4)."""

    event: str
    role: Role
    at: datetime


@dataclass(frozen=True, slots=True)
class Busy:
    """The night run is writing; the same form may be sent again in a moment."""


@dataclass(frozen=True, slots=True)
class NoSuch:
    """There is no such thing, or not for this person: the page says the same of both."""


Outcome = Done | RefusedHere | Overtaken | Busy | NoSuch


@dataclass(frozen=True, slots=True)
class StepGiven:
    """A step as a form states it. `seen`: how many things had happened to the incident when the form was made."""

    id: str
    event: str
    role: str
    reason: str
    given: tuple[tuple[str, str], ...]
    seen: int


@dataclass(frozen=True, slots=True)
class SnoozePage:
    """Putting an incident off in one person's own queue.

    `until_at` is when it would be back, or is; `is_on`: it is put off now. `clock` and `due_at`: what is due before then,
    which is why it cannot be; `is_urgent`: it stands under "act now" and cannot be either.
    """

    id: str
    until_at: datetime
    is_on: bool
    is_urgent: bool = False
    clock: ClockName | None = None
    due_at: datetime | None = None

    @property
    def may(self) -> bool:
        return not self.is_urgent and self.clock is None


class StepActs(Protocol):
    """Taking protocol steps for the person who is signed in."""

    def step_page(self, viewer: Viewer, id_: str, event: str, lang: str) -> StepPage | None:
        """What one step asks of this person; None where there is no such incident or step, or not for them."""
        ...

    def take_step(self, viewer: Viewer, given: StepGiven, lang: str) -> Outcome:
        """Decided by the protocol and stored with its audit row, or not at all."""
        ...

    def snooze_page(self, viewer: Viewer, id_: str) -> SnoozePage | None:
        """Until when this person may put it off, or why not; None where there is no such incident for them."""
        ...

    def snooze(self, viewer: Viewer, id_: str) -> Outcome:
        """Left out of their own queue until the next school morning. `RefusedHere` without words: ask for the page."""
        ...

    def end_snooze(self, viewer: Viewer, id_: str) -> Outcome:
        """Back in their own queue."""
        ...
