"""Which incidents are one now, and whose mentions and reporters they therefore share."""

from __future__ import annotations

import json

from incidents.facts import Facts
from incidents.history import MERGED_IN, PastEvent, Told, gather
from warehouse.custody import mentions_of
from warehouse.incident_steps import IncidentEventRow, incident_events
from warehouse.session import Reading


def past_event(row: IncidentEventRow) -> PastEvent:
    """A stored event as the protocol knows it."""
    details = json.loads(row.details)
    return PastEvent(
        number=row.number,
        event=row.event,
        from_state=row.from_state,
        to_state=row.to_state,
        role=row.role,
        actor=row.actor,
        at=row.happened_at,
        reason=row.reason,
        facts=Facts(tuple((str(key), str(value)) for key, value in details.items())),
        pack=row.pack,
    )


def _history(reading: Reading, id_: str) -> tuple[PastEvent, ...]:
    """From memory where it is asked again: from one incident to the next the same is passed many times."""
    return reading.remembered(("history", id_), lambda: tuple(map(past_event, incident_events(reading, id_))))


def gathered(reading: Reading, id_: str) -> Told:
    """What the events in force of one incident say."""
    return gather(_history(reading, id_))


def merged_into(reading: Reading, id_: str) -> tuple[str, ...]:
    """The incidents that are merged into this one now, in order; one that was reopened since is its own again."""
    noted = (event for event in _history(reading, id_) if event.event == MERGED_IN)
    names = dict.fromkeys(event.facts.get("merged") for event in noted)
    return tuple(name for name in names if _is_within(reading, name, id_))


def _is_within(reading: Reading, id_: str, other: str) -> bool:
    told = gathered(reading, id_)
    return told.merged_at is not None and told.facts.get("into") == other


def with_all_within(reading: Reading, id_: str) -> tuple[str, ...]:
    """An incident and whatever was merged into it, and into that. Nothing is merged into itself, so this ends."""
    within = (one for name in merged_into(reading, id_) for one in with_all_within(reading, name))
    return (id_, *within)


def incidents_together(reading: Reading, id_: str) -> tuple[str, ...]:
    """An incident and all that are one with it now, the outermost first."""
    while (told := gathered(reading, id_)).merged_at is not None:
        id_ = told.facts.get("into")
    return with_all_within(reading, id_)


def mentions_together(reading: Reading, *ids: str) -> tuple[str, ...]:
    """The mentions of these incidents and of all that are one with them now: they share a timeline, and their reporters."""
    found: dict[str, None] = {}
    for id_ in ids:
        for one in incidents_together(reading, id_):
            found |= dict.fromkeys(mentions_of(reading, one))
    return tuple(found)
