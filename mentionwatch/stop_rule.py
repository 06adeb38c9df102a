"""The stop rule as an incident (T04): what is opened, and what is said first, where a post may hold an illegal image."""

from __future__ import annotations

from dataclasses import replace

from mentionwatch.labels import IncidentState, Route
from mentionwatch.model import IncidentIntent

STOP_KIND = "possible illegal image"
STOP_CLAUSE = "duty above every policy: indecent images of children"
"""In the place of a clause of the policy, which would say what the words are that nobody reads."""
STOP_IMAGE_STEPS = (
    "Do not open, copy, forward or print it: having an indecent image of a child is an offence (Protection of Children Act 1978 s.1)",
    "Tell the designated safeguarding lead now, by phone or in person",
    "The safeguarding lead calls the police (101, or 999 when a child is in danger) and records the reference here",
)
STOP_PATH = (IncidentState.OPENED, IncidentState.STOP_IMAGE)


def as_stopped(intent: IncidentIntent, *reasons: str) -> IncidentIntent:
    """The same of a sealed post: nothing in it says what the words were that nobody reads. `reasons` are our own."""
    return replace(
        intent,
        kind=STOP_KIND,
        route=Route.SAFEGUARDING,
        harms=(),
        path=STOP_PATH,
        first_steps=STOP_IMAGE_STEPS,
        reasons=reasons,
        clause=STOP_CLAUSE,
        summary=STOP_KIND,
    )
