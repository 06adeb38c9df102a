"""The kinds the model tells apart: finer than the labels, because a threat and a leaked address have no words in common.

A text's label probability is the sum over the kinds of that label. Measured on voices left out, this finds more
*inappropriate* posts at the same share of accused critics than four labels alone do (docs/adr/0023).
"""

from __future__ import annotations

from mentionwatch.labels import Harm, Label, Route

BY_WEIGHT = (
    Harm.THREAT,
    Harm.SEXUAL,
    Harm.PRIVACY,
    Harm.IMPERSONATION,
    Harm.HATE,
    Harm.DEFAMATION,
    Harm.HARASSMENT,
)
"""Of several harms the first of these gives the kind: the rarer and the graver before the common."""

Kind = tuple[Label, str]

KINDS: tuple[Kind, ...] = (
    (Label.POSITIVE, ""),
    (Label.NEUTRAL, ""),
    (Label.CONCERN, "complaint"),
    (Label.CONCERN, "safeguarding"),
    (Label.CONCERN, "none"),
    *((Label.INAPPROPRIATE, harm.value) for harm in BY_WEIGHT),
)


def kind_of(label: Label, harms: frozenset[Harm], route: Route) -> int:
    """The number of a labelled text's kind. Raises `ValueError` for an inappropriate text without a harm."""
    if label is Label.INAPPROPRIATE:
        harm = next((harm for harm in BY_WEIGHT if harm in harms), None)
        if harm is None:
            raise ValueError("an inappropriate text names no harm")
        return KINDS.index((label, harm.value))
    if label is Label.CONCERN:
        serious = route in (Route.SAFEGUARDING, Route.POLICE)
        name = "safeguarding" if serious else "complaint" if route is Route.COMPLAINT else "none"
        return KINDS.index((label, name))
    return KINDS.index((label, ""))
