"""Whether the words of a post stay covered: by the gravest of what model, rules and people have said of them.

One person who calls a post harmless may be wrong, or tired of it, and everybody else would have the words before their eyes. So
what was once called grave is uncovered in lists by two people, not by one; whoever reads it on purpose reads it as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mentionwatch.labels import GRAVE_ROUTES, Label, Route
from mentionwatch.model import ASKS

AGREED = 2
"""So many different people, each after whoever last called it grave."""

_DOUBT = "may go beyond criticism"
"""Nothing grave was found, but the tone may be: whoever reads the post has answered it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one person (`actor`) said of a revision. `route` None: they named none."""

    actor: str
    label: Label
    route: Route | None = None

    @property
    def is_grave(self) -> bool:
        """Do they say that it is more than criticism, or a matter for others than the school?"""
        return self.label is Label.INAPPROPRIATE or self.route in GRAVE_ROUTES


def calls_grave(label: Label, route: Route, reasons: Sequence[str]) -> bool:
    """Did model or rules find something that hurts, or may they have? What they are only unsure of is none of it."""
    asked = (reason.removesuffix(ASKS) for reason in reasons if reason.endswith(ASKS))
    return label is Label.INAPPROPRIATE or route in GRAVE_ROUTES or any(why != _DOUBT for why in asked)


def stays_covered(is_found_grave: bool, said: Sequence[Said]) -> bool:
    """Was it called grave, by the software or by anybody, and have no two people said otherwise since? `said` in its order."""
    last = max((place for place, one in enumerate(said) if one.is_grave), default=-1)
    is_grave = is_found_grave or last >= 0
    return is_grave and len({one.actor for one in said[last + 1 :]}) < AGREED
