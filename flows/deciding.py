"""Deciding at once: what the same person must do before a step anyway is one form with it, found in the protocol's own table.

Every step of such a chain stays one of the protocol (T02, T06, then T07 to T15): each is asked of the state machine under the
lock, each has its event with its own facts, and all are recorded in this order or none (L23, L24).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from desk.start import OFFERED
from desk.step_form import GRAVE
from flows.incident_work import StepAsked
from flows.standing import Standing, StepForRoles
from incidents.facts import Fact, FactKind
from incidents.incident_rows import ENDED
from incidents.protocol import facts_asked, find_refusal
from incidents.standing import IncidentNow
from incidents.steps import Actor, Event, Transition
from incidents.transitions import BY_EVENT, TRANSITIONS
from mentionwatch.accounts import Viewer
from mentionwatch.labels import UNDECIDED, IncidentState, Role
from mentionwatch.policy import PolicyPack

MOST_BEFORE = 2
"""Steps before the one a person means."""

_BEFORE_ANY_DECISION = UNDECIDED | {IncidentState.GOOD_NEWS}
_NO_WAY_POINT = ENDED | {IncidentState.STOP_IMAGE, IncidentState.POLICE_HOLD}
_SAID_AT_ONCE = frozenset({FactKind.YES, FactKind.CHOICE})


def asked_before(row: Transition, pack: PolicyPack) -> tuple[Fact, ...]:
    """What a step before the one meant must state; what it only may state has its own form."""
    return tuple(fact for fact in facts_asked(row, pack) if not fact.is_optional)


def may_prepare(row: Transition, pack: PolicyPack) -> bool:
    """May this step be taken on the way to another, in one form with it?

    Never what decides (that is the decider's, L24), reaches the author or anybody outside, raises or shuts something, ends the
    incident, starts after a decision, or needs more to be said than a tick or a choice.
    """
    return (
        row.actor in (Actor.OPERATOR, Actor.ANYONE)
        and row.sources <= _BEFORE_ANY_DECISION
        and row.target is not None
        and row.target not in _NO_WAY_POINT
        and row.track is None
        and not row.contact
        and row.event not in GRAVE
        and all(fact.kind in _SAID_AT_ONCE for fact in asked_before(row, pack))
    )


def _chains(now: IncidentNow, role: Role, pack: PolicyPack) -> Mapping[IncidentState, tuple[Event, ...]]:
    """Every state this role can prepare its way to, by the shortest way; where it stands is not among them."""
    found: dict[IncidentState, tuple[Event, ...]] = {now.state: ()}
    for state, way in (waiting := list(found.items())):
        if len(way) == MOST_BEFORE:
            continue
        at = replace(now, state=state)
        for row in TRANSITIONS:
            if row.target is None or row.target in found or not may_prepare(row, pack):
                continue
            if not find_refusal(row, at, role, pack):
                found[row.target] = (*way, row.event)
                waiting.append((row.target, found[row.target]))
    del found[now.state]
    return found


def list_chains(now: IncidentNow, pack: PolicyPack, role: Role) -> Mapping[Event, tuple[Event, ...]]:
    """Steps not open yet that `role` could take at once with what comes before them: the step, and what comes first.

    Whom the post is about cannot: each step is asked of the protocol, in that role. Stepping back is the decider's own here.
    """
    found: dict[Event, tuple[Event, ...]] = {}
    ways = _chains(now, role, pack)
    for event in OFFERED:
        row = BY_EVENT[event]
        if now.state in row.sources or (event is Event.RECUSE and role is not now.decider):
            continue
        fits = (
            way for state, way in ways.items() if not find_refusal(row, replace(now, state=state), role, pack)
        )
        if way := min(fits, key=len, default=()):
            found[event] = way
    return found


def _list_all(standing: Standing, viewer: Viewer) -> Mapping[Event, tuple[Role, tuple[Event, ...]]]:
    """All of one person's chains: for each step the role that can take it, the decider's first, and what comes before."""
    decider, found = standing.now.decider, dict[Event, tuple[Role, tuple[Event, ...]]]()
    for role in sorted(viewer.protocol_roles, key=lambda role: role is not decider):
        for event, way in list_chains(standing.now, standing.pack, role).items():
            found.setdefault(event, (role, way))
    return found


def find_chain(standing: Standing, viewer: Viewer, event: Event) -> tuple[Role, tuple[Event, ...]] | None:
    """In which of the viewer's roles, the decider first, and after which steps; None where it is no chain."""
    return _list_all(standing, viewer).get(event)


def list_at_once(standing: Standing, viewer: Viewer) -> Mapping[Event, tuple[Event, ...]]:
    """All of them for one person, in the order of the start page, each with what comes first: as its form will have it."""
    found = _list_all(standing, viewer)
    return {event: found[event][1] for event in OFFERED if event in found}


def at_once_steps(standing: Standing, viewer: Viewer) -> tuple[StepForRoles, ...]:
    """Those steps as an incident's page shows them, in the order of the start page."""
    found = _list_all(standing, viewer)
    return tuple(
        StepForRoles(row.event.value, row.summary, row.actor.value, (), (found[row.event][0],), ())
        for row in (BY_EVENT[event] for event in OFFERED if event in found)
    )


def split_chain(asked: StepAsked, way: Sequence[Event], pack: PolicyPack) -> Sequence[StepAsked]:
    """The one form as the steps it states: each with the facts it asks for, all with the reason.

    The first alone holds what was `seen`: the others follow it under the same lock.
    """
    steps, before = list[StepAsked](), set[str]()
    for event in way:
        keys = {fact.key for fact in asked_before(BY_EVENT[event], pack)}
        before |= keys
        given = tuple(one for one in asked.given if one[0] in keys)
        steps.append(replace(asked, event=event, given=given, seen=None if steps else asked.seen))
    last = {fact.key for fact in facts_asked(BY_EVENT[asked.event], pack)}
    # What no step before asks for goes with the last, which refuses what it does not ask for either.
    rest = tuple(one for one in asked.given if one[0] in last or one[0] not in before)
    return (*steps, replace(asked, given=rest, seen=None))
