"""What may be done with one mention at the desk: opening its words, and saying what it really is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desk.acts import Outcome
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.labels import Role

JUDGES = (Role.HEAD, Role.CO_HEAD, Role.DEPUTY, Role.SLT, Role.CHAIR, Role.DSL)
"""Who answers for the school and so says what a post is; the office and the software do not."""


def judging_roles(viewer: Viewer) -> tuple[Role, ...]:
    """The roles in which this person may say what a post is; the first one is proposed.

    A reviewer has no role in the protocol, and reads for the office: the school has named them for just this.
    """
    own = tuple(role for role in viewer.protocol_roles if role in JUDGES)
    return (*own, Role.OPERATOR) if DeskRole.REVIEWER in viewer.roles else own


@dataclass(frozen=True, slots=True)
class CorrectionGiven:
    """A correction as a form states it, every field as it was sent. `seen`: corrections there were when the form was made."""

    id: str
    label: str
    harms: tuple[str, ...]
    route: str
    reason: str
    role: str
    revision: int
    seen: int


class MentionActs(Protocol):
    """Acts upon mentions, for the person who is signed in."""

    def open_words(self, viewer: Viewer, id_: str) -> Outcome:
        """Note that they open the words; only after `Done` may these be shown, in that answer alone."""
        ...

    def correct(self, viewer: Viewer, given: CorrectionGiven, lang: str) -> Outcome:
        """Taken down with its audit row, or not at all."""
        ...
