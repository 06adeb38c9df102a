"""No pack may leave an incident stuck: from every state some ended state can be reached (I14)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from incidents.incident_rows import ENDED
from incidents.steps import Event, Transition
from incidents.transitions import TRANSITIONS
from mentionwatch.labels import IncidentState
from mentionwatch.policy import PolicyPack

NO_WAY_OUT = frozenset({Event.STOP_IMAGE, Event.POLICE, Event.MERGE})
"""Steps that lead on only when something happens to call for them: an alarm, a crime, a duplicate."""


def is_switched_on(row: Transition, pack: PolicyPack) -> bool:
    """Is this step there at all under the pack? It is unless it hangs on a rule the policy leaves open."""
    if row.switch is None:
        return True
    key, values = row.switch
    return pack.rule(key).is_set and (not values or any(pack.has(key, value) for value in values))


def find_stuck(rows: Iterable[Transition]) -> tuple[IncidentState, ...]:
    """States from which `rows` lead to no ended state, in the order of `IncidentState`. Pure graph search."""
    arrows = [(source, row.target) for row in rows if row.target for source in row.sources]
    reaching = set(ENDED)
    while more := {source for source, target in arrows if target in reaching} - reaching:
        reaching |= more
    return tuple(state for state in IncidentState if state not in reaching)


def find_dead_ends(pack: PolicyPack, rows: Sequence[Transition] = TRANSITIONS) -> tuple[IncidentState, ...]:
    """The same with the steps taken out that the pack switches off, and those nobody may take merely to be done.

    Guards are not looked at: they pass in time.
    """
    return find_stuck(row for row in rows if row.event not in NO_WAY_OUT and is_switched_on(row, pack))
