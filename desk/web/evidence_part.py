"""What the part of a page on evidence needs: the page of an incident and that of a mention both have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desk.evidence_words import CLASSES, HELD, METHODS, say_cause, say_size, say_state
from desk.web.context import desk_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from desk.evidence_port import CheckState, EvidencePage, HeldBy
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


def evidence_of(request: Request, viewer: Viewer, id_: str) -> tuple[EvidencePage | None, EvidenceSays]:
    """What is stored under the id, for this person, and its words; None on a desk that shows no evidence."""
    acts = desk_of(request).evidence
    return (acts.evidence(viewer, id_) if acts else None), EvidenceSays(viewer.lang)
