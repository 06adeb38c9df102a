"""What the part of a page on evidence needs: the page of an incident and that of a mention both have it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from desk.evidence_port import CheckState
from desk.evidence_words import CLASSES, HELD, METHODS, say_cause, say_size, say_state
from desk.web.context import desk_of
from desk.web.paging import latest_part

if TYPE_CHECKING:
    from starlette.requests import Request

    from desk.evidence_port import CaptureShown, EvidencePage, HeldBy
    from desk.web.paging import Part
    from mentionwatch.accounts import Viewer
    from mentionwatch.labels import CaptureMethod


@dataclass(frozen=True, slots=True)
class EvidenceSays:
    """The words of that part, in the reader's language."""

    lang: str

    def state(self, state: CheckState, at: str) -> str:
        return say_state(state, at, self.lang)

    def cause(self, cause: str) -> str:
        return say_cause(cause, self.lang)

    def size(self, size: int) -> str:
        return say_size(size)

    def method(self, method: CaptureMethod) -> str:
        return METHODS[method][self.lang == "cy"]

    def held(self, by: HeldBy) -> str:
        return HELD[by][self.lang == "cy"]

    def until(self, name: str) -> str:
        return CLASSES[name][self.lang == "cy"]


PER_PAGE = 20
"""Captures: a post may be edited every night for years."""


@dataclass(frozen=True, slots=True)
class EvidencePart:
    """What is stored under an id, with the captures of this part of them alone, its words, and which part it is.

    `page` and `part` are None on a desk that shows no evidence.
    """

    page: EvidencePage | None
    says: EvidenceSays
    part: Part[tuple[str, CaptureShown]] | None


def evidence_of(request: Request, viewer: Viewer, id_: str) -> EvidencePart:
    """What is stored under the id, for this person: the latest captures, and before them those that are not as they were."""
    acts, says = desk_of(request).evidence, EvidenceSays(viewer.lang)
    page = acts.evidence(viewer, id_) if acts else None
    if page is None:
        return EvidencePart(None, says, None)
    rows = [(thing.mention_id, one) for thing in page.things for one in thing.captures]
    # Whatever is wrong is on the first part, which holds the end of the rows.
    rows.sort(key=lambda row: (row[1].state is CheckState.CHANGED, row[1].captured_at))
    part = latest_part(request, rows, PER_PAGE, "captures")
    shown = frozenset(part.rows)
    things = tuple(
        replace(thing, captures=tuple(one for one in thing.captures if (thing.mention_id, one) in shown))
        for thing in page.things
    )
    # A post of several is named by its captures: on a later part it stands with some, or not at all.
    things = tuple(thing for thing in things if thing.captures or part.number == 1)
    return EvidencePart(replace(page, things=things), says, part)
