"""The one table of lawful steps. Its diagram in docs/ is generated from it; nothing else says what may follow what."""

from __future__ import annotations

from incidents.followup_rows import FOLLOWUP_ROWS
from incidents.incident_rows import INCIDENT_ROWS
from incidents.side_rows import SIDE_ROWS
from incidents.steps import ROLES, Actor, Event, Transition

__all__ = ["BY_EVENT", "BY_NAME", "ROLES", "TRANSITIONS", "Actor", "Event", "Transition"]

TRANSITIONS: tuple[Transition, ...] = (*INCIDENT_ROWS, *FOLLOWUP_ROWS, *SIDE_ROWS)

BY_EVENT: dict[Event, Transition] = {row.event: row for row in TRANSITIONS}
"""Every event has one row."""

BY_NAME: dict[str, Transition] = {row.event.value: row for row in TRANSITIONS}
"""The same by what is stored; an event that only the pipeline writes has none."""
