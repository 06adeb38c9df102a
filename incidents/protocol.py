"""Deciding one step: allowed with its consequences, or refused with the clause and the mend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from incidents.deadlines import step_deadline
from incidents.facts import NO_FACTS, Fact, Facts, read_facts
from incidents.permissions import list_later
from incidents.standing import DocumentKind, IncidentNow
from incidents.steps import ROLES, Actor, Event, Transition
from incidents.transitions import BY_EVENT, TRANSITIONS
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import PASSED_OVER, UNDECIDED, IncidentState, Role
from mentionwatch.policy import NOT_SET, PolicyPack, RuleKey

__all__ = ["IncidentNow", "Move", "NextStep", "decide_move", "find_refusal", "list_steps", "list_substitutes", "next_decider"]  # fmt: skip

LEAST_REASON = 5
"""A reason shorter than this many characters explains nothing."""

_ALWAYS_OPEN = frozenset({Event.STOP_IMAGE, Event.SAFEGUARDING, Event.SAFETY, Event.RECUSE, Event.NOTE, Event.SUPPORT_OFFERED})  # fmt: skip
"""What even the subject of a post may do: raise an alarm, step back, leave a note."""


@dataclass(frozen=True, slots=True)
class Move:
    """A step that may be stored: state, facts and limit together. `deadline_at` None: it sets none."""

    transition: Transition
    source: IncidentState
    target: IncidentState
    decider: Role
    facts: Facts = NO_FACTS
    deadline_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NextStep:
    """A step as the screen shows it: open to `role`, or greyed out with the reason; `facts` are what it asks."""

    event: Event
    summary: str
    actor: str
    refusal: str
    facts: tuple[Fact, ...] = ()


def quote_rule(pack: PolicyPack, key: str) -> str:
    """What the pack says on a point, as refusals quote it."""
    if key == "overlay":
        return "duty above every policy"
    if key == "decider":
        clause = pack.decider.clause
    elif key == "conflict":
        clause = pack.conflict_order.clause if pack.conflict_order else None
    else:
        rule = pack.rule(RuleKey(key))
        return rule.quote() if rule.is_set or rule.note else f"{NOT_SET} ({pack.title})"
    return f"{clause.cite()}: {clause.gist}" if clause else f"{NOT_SET} ({pack.title})"


def may_act(actor: Actor, role: Role, incident: IncidentNow) -> bool:
    """Is this role the actor a step asks for, in this incident?"""
    if actor is Actor.DECIDER:
        return role is incident.decider
    if actor is Actor.DELEGATE:
        return role is incident.decider or role.value == incident.facts.get("delegate")
    return role in ROLES[actor]


def _switched_off(row: Transition, pack: PolicyPack) -> str:
    if row.switch is None:
        return ""
    key, values = row.switch
    rule = pack.rule(key)
    if rule.is_set and (not values or any(value in rule.values for value in values)):
        return ""
    return (
        f"this step is {NOT_SET}. The school may adopt it, dated: [adopt.{key.value}] in school.toml"
        f"{' with values = ' + str(list(values)) if values else ''} [{rule.quote()}]"
    )


def is_kept(incident: IncidentNow) -> bool:
    """Is the evidence stored, or the reason written down why it is not (T02, T03)?"""
    return incident.has_evidence or "gap_evidence" in incident.facts


def _barred(row: Transition, incident: IncidentNow, pack: PolicyPack) -> str:
    """No contact in a police hold (L26, I2), none before evidence and decision (L22, I1)."""
    if not row.contact:
        return ""
    if incident.state is IncidentState.POLICE_HOLD:
        return f"the police have it: nothing leaves the school until they say so [{quote_rule(pack, RuleKey.POLICE)}]"
    if incident.state is IncidentState.STOP_IMAGE:
        return (
            f"the post may hold an illegal image: only the police hear of it [{quote_rule(pack, 'overlay')}]"
        )
    if incident.state in UNDECIDED or not is_kept(incident):
        return (
            f"the incident is {incident.state}: nobody outside is contacted before the evidence is kept and "
            f"the {incident.decider.value} has decided [{quote_rule(pack, RuleKey.NO_CONTACT)}]"
        )
    return ""


def _wrong_person(row: Transition, incident: IncidentNow, role: Role, pack: PolicyPack) -> str:
    # At the end of the order somebody has to act: the reason then says who outside the school was asked.
    is_out = role in incident.subjects and row.event not in _ALWAYS_OPEN
    if is_out and (role is not incident.decider or list_substitutes(incident, pack)):
        how = (
            "take the step recuse, and the next in order decides"
            if role is incident.decider
            else "another role does it"
        )
        return f"the post mentions the {role.value}, who therefore does not decide: {how} [{quote_rule(pack, 'conflict')}]"
    if may_act(row.actor, role, incident):
        return ""
    who = incident.decider.value if row.actor in (Actor.DECIDER, Actor.DELEGATE) else row.actor.value
    return f"only the {who} may do this, not the {role.value} [{quote_rule(pack, row.clause)}]"


def find_refusal(row: Transition, incident: IncidentNow, role: Role, pack: PolicyPack) -> str:
    """Why this step is not open now; empty when it is. What it must state is asked later."""
    if barred := _barred(row, incident, pack):
        return barred
    if incident.state not in row.sources:
        states = ", ".join(sorted(row.sources))
        return f"the incident is {incident.state}; this step starts from {states} [{quote_rule(pack, row.clause)}]"
    if row.track is not None and incident.track(row.track) not in row.track_sources:
        return (
            f"{row.track.value} stands at {incident.track(row.track).value} [{quote_rule(pack, row.clause)}]"
        )
    if off := _switched_off(row, pack):
        return off
    for guard in row.guards:
        if missing := guard(incident, pack):
            return f"{missing} [{quote_rule(pack, row.clause)}]"
    return _wrong_person(row, incident, role, pack)


def list_substitutes(incident: IncidentNow, pack: PolicyPack) -> tuple[Role, ...]:
    """Who may follow the present decider, in the pack's order, and is not whom a post is about."""
    later = list_later(incident.decider, pack, incident.has_deputy)
    return tuple(role for role in later if role not in incident.subjects)


def next_decider(incident: IncidentNow, pack: PolicyPack) -> Role:
    """Who follows the present decider (T07). Raises `Refused` at the end of the order."""
    following = list_substitutes(incident, pack)
    if not following:
        raise Refused(
            f"refused: nobody is left in the order of {pack.title} [{quote_rule(pack, 'conflict')}]. "
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
    raise ConfigError("--as", "", f"{text!r} is no role", f"Write one of: {', '.join(known)}")


def facts_asked(row: Transition, pack: PolicyPack) -> tuple[Fact, ...]:
    """What a step asks for: its own facts, and the questions the pack adds to it (B07, C04, D07)."""
    asked = tuple(
        Fact(question.key, question.english) for question in pack.questions if row.event in question.events
    )
    return (*row.facts, *asked)


def decide_move(
    incident: IncidentNow,
    event: Event,
    role: Role,
    reason: str,
    pack: PolicyPack,
    given: Sequence[tuple[str, str]] = (),
) -> Move:
    """The step as it may be stored. Raises `Refused` quoting the clause and the mend.

    Pure: the caller stores state, event and audit row in one transaction, and only if the state is still
    the one decided on.
    """
    row = BY_EVENT[event]
    refusal = find_refusal(row, incident, role, pack)
    if refusal:
        open_now = ", ".join(step.event for step in list_steps(incident, role, pack) if not step.refusal)
        raise Refused(
            f"refused: {incident.id} {event.value}: {refusal}. Open to the {role.value} now: {open_now}"
        )
    step = f"{incident.id} {event.value}"
    if len(reason.strip()) < LEAST_REASON:
        needs = f" Say {row.needs}." if row.needs else ""
        raise Refused(
            f"refused: {step}: a step needs a reason of five letters at least [every step is recorded with actor, role and reason].{needs}"
        )
    facts = read_facts(facts_asked(row, pack), given, incident.facts, step)
    for guard in row.fact_guards:
        if wrong := guard(incident, facts, pack, role):
            raise Refused(f"refused: {step}: {wrong} [{quote_rule(pack, row.clause)}]")
    decider = next_decider(incident, pack) if event is Event.RECUSE else incident.decider
    out = {incident.decider} if event is Event.RECUSE else set(incident.subjects)
    if out and event in (Event.RECUSE, Event.STOP_IMAGE):
        # Kept with the step: the words that named them may be sealed or edited, and may never have named them.
        facts = facts.with_more(Facts(((PASSED_OVER, " ".join(sorted(role.value for role in out))),)))
    target = incident.before_merge if event is Event.UNDO_MERGE else row.target
    letter = incident.made(DocumentKind.REMOVAL) if event is Event.LETTER_SENT else None
    named = letter.deadline_at if letter else None
    limit = (
        step_deadline(event, incident.at, incident.deadline_at, facts, pack, named) if incident.at else None
    )
    return Move(row, incident.state, target or incident.state, decider, facts, limit)


def list_steps(incident: IncidentNow, role: Role, pack: PolicyPack) -> tuple[NextStep, ...]:
    """Every step that starts from this state, with the refusal where this role may not take it."""
    return tuple(
        NextStep(
            row.event,
            row.summary,
            row.actor.value,
            find_refusal(row, incident, role, pack),
            facts_asked(row, pack),
        )
        for row in TRANSITIONS
        if incident.state in row.sources
    )
