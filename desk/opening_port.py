"""Opening an incident at the desk for a post the software let pass, such as one of a school's first nights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desk.acts import Outcome
from mentionwatch.accounts import Viewer
from mentionwatch.labels import Label

OPENABLE = (Label.NEUTRAL, Label.INAPPROPRIATE)
"""A concern and good news have steps of their own; who takes one for more than that corrects its label first."""


@dataclass(frozen=True, slots=True)
class OpeningGiven:
    """What a form states: the mention, the role acted in, and why."""

    id: str
    role: str
    reason: str


class OpeningActs(Protocol):
    """Opening incidents, for the person who is signed in."""

    def open_incident(self, viewer: Viewer, given: OpeningGiven, lang: str) -> Outcome:
        """`Done.id` is the new incident; `Overtaken` when somebody opened one on this mention meanwhile."""
        ...
