"""Deciding one step: allowed with its consequences, or refused with the clause and the mend."""

from __future__ import annotations

from dataclasses import dataclass

from incidents.transitions import ROLES, TRANSITIONS, Actor, Event, Transition
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import IncidentState, Role
from mentionwatch.policy import Clause, PolicyPack

LEAST_REASON = 5
"""A reason shorter than this many characters explains nothing."""


UNDECIDED = frozenset({IncidentState.OPENED, IncidentState.PRESERVED, IncidentState.AWAITING_DECISION})
"""States in which nobody outside the school may be contacted (L22, I1)."""


@dataclass(frozen=True, slots=True)
class IncidentNow:
    """What a step is decided on. Facts such as a police reference live in reasons, which a person writes.

    `subjects` are the roles the post is about: recusal passes over them (I3).
    """

    id: str
    state: IncidentState
    decider: Role
    pack: str
    has_evidence: bool
    subjects: frozenset[Role] = frozenset()
    has_deputy: bool = True


@dataclass(frozen=True, slots=True)
class Move:
    """A step that may be stored: state and event together."""

    transition: Transition
    source: IncidentState
    target: IncidentState
    decider: Role


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step as the screen shows it: open to `role`, or greyed out with the reason."""

    event: Event
    summary: str
    actor: str
    refusal: str


def _clause(pack: PolicyPack, key: str) -> Clause | None:
    return {
        "evidence": pack.evidence_clause,
        "decider": pack.decider.clause,
        "conflict": pack.conflict_order.clause if pack.conflict_order else None,
        "inappropriate": pack.inappropriate_clause,
        "complaint": pack.complaint_clause,
        "police": pack.police_clause,
        "no_contact": pack.no_contact_clause,
    }.get(key)


def _quote(pack: PolicyPack, key: str) -> str:
    if key == "overlay":
        return "duty above every policy: indecent images of children"
    clause = _clause(pack, key)
    return f"{clause.cite()}: {clause.gist}" if clause else f"not set by your policy ({pack.title})"


def may_act(actor: Actor, role: Role, incident: IncidentNow) -> bool:
    """Is this role the actor a step asks for, in this incident?"""
    return role is incident.decider if actor is Actor.DECIDER else role in ROLES[actor]


def find_refusal(row: Transition, incident: IncidentNow, role: Role, pack: PolicyPack) -> str:
    """Why this step is not open now; empty when it is."""
    if row.contact and incident.state is IncidentState.POLICE_HOLD:
        return f"the police have it: nothing leaves the school until they say so [{_quote(pack, 'police')}]"
    if row.contact and incident.state in UNDECIDED:
        return (
            f"the incident is {incident.state}: nobody outside is contacted before the evidence is kept and "
            f"the {incident.decider.value} has decided [{_quote(pack, 'no_contact')}]"
        )
    if incident.state not in row.sources:
        states = ", ".join(sorted(row.sources))
        return (
            f"the incident is {incident.state}; this step starts from {states} [{_quote(pack, row.clause)}]"
        )
    if row.event is Event.HAND_OVER and not incident.has_evidence:
        return f"there is no evidence stored for it yet [{_quote(pack, 'evidence')}]"
    is_about_decider = role is incident.decider and role in incident.subjects
    # At the end of the order somebody has to act: the reason then says who outside the school was asked.
    if row.actor is Actor.DECIDER and is_about_decider and list_substitutes(incident, pack):
        return (
            f"the post mentions the {role.value}, who therefore does not decide: take the step recuse, and "
            f"the next in order decides [{_quote(pack, 'conflict')}]"
        )
    if not may_act(row.actor, role, incident):
        who = incident.decider.value if row.actor is Actor.DECIDER else row.actor.value
        return f"only the {who} may do this, not the {role.value} [{_quote(pack, row.clause)}]"
    return ""


def list_substitutes(incident: IncidentNow, pack: PolicyPack) -> tuple[Role, ...]:
    """Who may follow the present decider, in the pack's order; where it is silent, the chair of governors."""
    order = pack.conflict_order.roles if pack.conflict_order else (*pack.decider.roles, Role.CHAIR)
    order = tuple(role for role in order if role is not Role.DEPUTY or incident.has_deputy)
    later = order[order.index(incident.decider) + 1 :] if incident.decider in order else (Role.CHAIR,)
    return tuple(role for role in later if role is not incident.decider and role not in incident.subjects)


def next_decider(incident: IncidentNow, pack: PolicyPack) -> Role:
    """Who follows the present decider (T07). Raises `Refused` at the end of the order."""
    following = list_substitutes(incident, pack)
    if not following:
        raise Refused(
            f"refused: nobody is left in the order of {pack.title} [{_quote(pack, 'conflict')}]. "
            f"Ask the local authority or trust who decides, and record it with: incident move {incident.id} note"
        )
    return following[0]


def parse_event(text: str) -> Event:
    """The event a person typed. Raises `ConfigError` listing the known ones."""
    try:
        return Event(text)
    except ValueError:
        known = ", ".join(event.value for event in Event)
        raise ConfigError(
            "incident move", "EVENT", f"{text!r} is no step of the protocol", f"Write one of: {known}"
        ) from None


def parse_role(text: str) -> Role:
    """The role a person acts in. Raises `ConfigError` listing the known ones; the software itself is none."""
    known = [role for role in Role if role is not Role.PIPELINE]
    for role in known:
        if text == role.value:
            return role
    raise ConfigError("incident move", "--as", f"{text!r} is no role", f"Write one of: {', '.join(known)}")


def decide_move(incident: IncidentNow, event: Event, role: Role, reason: str, pack: PolicyPack) -> Move:
    """The step as it may be stored. Raises `Refused` quoting the clause and the mend.

    Pure: the caller stores state, event and audit row in one transaction, and only if the state is still
    the one decided on.
    """
    row = next(row for row in TRANSITIONS if row.event is event)
    refusal = find_refusal(row, incident, role, pack)
    if refusal:
        open_now = ", ".join(step.event for step in list_steps(incident, role, pack) if not step.refusal)
        raise Refused(
            f"refused: {incident.id} {event.value}: {refusal}. Open to the {role.value} now: {open_now}"
        )
    if len(reason.strip()) < LEAST_REASON:
        needs = f" Say {row.needs}." if row.needs else ""
        raise Refused(
            f"refused: {incident.id} {event.value}: a step needs a reason [every step is recorded with actor, role and reason].{needs}"
        )
    decider = next_decider(incident, pack) if event is Event.RECUSE else incident.decider
    return Move(row, incident.state, row.target or incident.state, decider)


def list_steps(incident: IncidentNow, role: Role, pack: PolicyPack) -> tuple[NextStep, ...]:
    """Every step that starts from this state, with the refusal where this role may not take it."""
    return tuple(
        NextStep(row.event, row.summary, row.actor.value, find_refusal(row, incident, role, pack))
        for row in TRANSITIONS
        if incident.state in row.sources
    )
