"""Saying at the desk that a post is not about the school: what is stored of it is destroyed, so it is asked twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from desk.acts import Outcome, Overtaken
from desk.mention_port import JUDGES
from mentionwatch.accounts import PROTOCOL_ROLES, RIGHTS, Right, Viewer
from mentionwatch.labels import Role


def destroying_roles(viewer: Viewer) -> tuple[Role, ...]:
    """The roles in which this person may say so; the first one is proposed.

    A reviewer corrects labels and destroys nothing, nor does what they may as a reviewer count for their other role.
    """
    return tuple(
        role
        for desk_role, role in PROTOCOL_ROLES.items()
        if desk_role in viewer.roles and role in JUDGES and Right.CORRECT in RIGHTS[desk_role]
    )


@dataclass(frozen=True, slots=True)
class NotOursGiven:
    """What a form states. `revision` is the one that was read; `seen`: corrections there were when the form was made."""

    id: str
    role: str
    reason: str = field(repr=False)
    revision: int
    seen: int


class NotOursActs(Protocol):
    """Judging posts not to be about the school, for the person who is signed in."""

    def find_tie(self, viewer: Viewer, id_: str) -> str:
        """The word key of why this post may not be thrown away; empty when it may."""
        ...

    def judge(self, viewer: Viewer, given: NotOursGiven, lang: str) -> Outcome:
        """`Done` once nobody can read it; what is left of it in files may go right after. `RefusedHere.reason` is one line in the reader's language."""
        ...

    def find_judged(self, id_: str) -> Overtaken | None:
        """In which role and when somebody judged it, and it is gone. Only for who was shown the post before."""
        ...
