"""The shape of one lawful step: who, from where, to where, under which rule, stating what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from incidents.facts import Fact, Facts
from incidents.standing import IncidentNow, Track, TrackState
from mentionwatch.labels import IncidentState, Role
from mentionwatch.policy import PolicyPack, RuleKey


class Actor(StrEnum):
    """Who may take a step, before the roles are known. DELEGATE: the decider, or whom the decider named."""

    DECIDER = "decider"
    DELEGATE = "delegate"
    OPERATOR = "operator"
    DSL = "dsl"
    ANYONE = "anyone"


class Event(StrEnum):
    """What a person does. The values are typed on the command line and stored."""

    PRESERVE = "preserve"
    PRESERVE_PARTIAL = "preserve_partial"
    STOP_IMAGE = "stop_image"
    RECORD_REFERENCE = "record_reference"
    REFERENCE_HOLD = "reference_hold"
    HAND_OVER = "hand_over"
    RECUSE = "recuse"
    NO_CASE = "no_case"
    TREAT_AS_CONCERN = "treat_as_concern"
    POLICE = "police"
    POLICE_WAIT = "police_wait"
    POLICE_RELEASE = "police_release"
    POLICE_DONE = "police_done"
    INTERNAL = "internal"
    DELEGATE = "delegate"
    REDIRECT_BEHAVIOUR = "redirect_behaviour"
    REDIRECT_DISCIPLINARY = "redirect_disciplinary"
    REDIRECT_BROKER = "redirect_broker"
    REDIRECT_DONE = "redirect_done"
    STAFF_REMOVAL_REQUIRED = "staff_removal_required"
    STAFF_REMOVAL_REFUSED = "staff_removal_refused"
    AUTHOR_UNKNOWN = "author_unknown"
    PREPARED = "prepared"
    INVITE = "invite"
    REARRANGE = "rearrange"
    ASK_REMOVAL = "ask_removal"
    WRITE_INSTEAD = "write_instead"
    MET = "met"
    MINUTES_SHARED = "minutes_shared"
    NO_SHOW = "no_show"
    MEETING_ENDED = "meeting_ended"
    REMOVAL_ASKED = "removal_asked"
    REMOVAL_REFUSED = "removal_refused"
    LETTER_SENT = "letter_sent"
    DELIVERY = "delivery"
    CHECKED = "checked"
    REMOVED = "removed"
    STILL_UP = "still_up"
    EXTEND = "extend"
    PLATFORM_REPORTED = "platform_reported"
    PLATFORM_REMOVED = "platform_removed"
    PLATFORM_REFUSED = "platform_refused"
    SIGNPOST = "signpost"
    SETTLE = "settle"
    MERGE = "merge"
    UNDO_MERGE = "undo_merge"
    CLOSE = "close"
    REOPEN = "reopen"
    ADOPT_PACK = "adopt_pack"
    OWN_SPACE_ACTION = "own_space_action"
    MUST_DELETE = "must_delete"
    BREACH_NOTE = "breach_note"
    NOTE = "note"
    SAFEGUARDING = "safeguarding"
    SAFEGUARDING_REFERRED = "safeguarding_referred"
    SAFETY = "safety"
    SAFETY_DONE = "safety_done"
    SUPPORT_OFFERED = "support_offered"
    SUPPORT_CLOSED = "support_closed"
    BAN_CONSIDERED = "ban_considered"
    BAN_NOTICE = "ban_notice"
    BAN_HEARD = "ban_heard"
    BAN_DECIDED = "ban_decided"
    BAN_REVIEWED = "ban_reviewed"
    PRESS_CONTACT = "press_contact"
    PRESS_ADVICE = "press_advice"
    PRESS_REPLY = "press_reply"
    LETTER_CHECK_ASKED = "letter_check_asked"
    LETTER_READ = "letter_read"
    LEGAL_ADVICE_ASKED = "legal_advice_asked"
    LEGAL_ADVICE_RECEIVED = "legal_advice_received"
    ACKNOWLEDGE = "acknowledge"
    POINT_TO_COMPLAINTS = "point_to_complaints"
    CONCERN_ANSWERED = "concern_answered"
    CONCERN_CLOSE = "concern_close"
    RAISE_CONCERN = "raise_concern"
    THANK_PROPOSE = "thank_propose"
    THANK_APPROVE = "thank_approve"
    THANK = "thank"
    SHARE = "share"
    LEAVE = "leave"


Guard = Callable[[IncidentNow, PolicyPack], str]
"""Why a step is not open where the incident stands; empty when it is."""

FactGuard = Callable[[IncidentNow, Facts, PolicyPack, Role], str]
"""The same once the facts are given."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from any of `sources`, by `actor`, to `target` (None: the state stays).

    `clause` names what a refusal quotes: a rule of the pack, or decider, conflict, overlay. `switch`: open only when
    the pack's rule binds and holds one of the values (none: binding is enough). `contact`: reaches the author and
    is barred before the decision and during a police hold. `needs` is what the reason itself must say.
    """

    id: str
    event: Event
    sources: frozenset[IncidentState]
    target: IncidentState | None
    actor: Actor
    clause: str
    summary: str
    contact: bool = False
    needs: str = ""
    facts: tuple[Fact, ...] = ()
    switch: tuple[RuleKey, tuple[str, ...]] | None = None
    guards: tuple[Guard, ...] = ()
    fact_guards: tuple[FactGuard, ...] = ()
    track: Track | None = None
    track_sources: frozenset[TrackState] = frozenset()
    track_target: TrackState | None = None


def make_row(
    id: str,
    event: Event,
    sources: frozenset[IncidentState] | IncidentState,
    target: IncidentState | None,
    actor: Actor,
    clause: str,
    summary: str,
    facts: tuple[Fact, ...] = (),
    *,
    contact: bool = False,
    needs: str = "",
    switch: tuple[RuleKey, tuple[str, ...]] | None = None,
    guards: tuple[Guard, ...] = (),
    fact_guards: tuple[FactGuard, ...] = (),
    track: Track | None = None,
    before: frozenset[TrackState] = frozenset(),
    after: TrackState | None = None,
) -> Transition:
    """A row of the table; one source state may stand for a set of one."""
    given = sources if isinstance(sources, frozenset) else frozenset({sources})
    return Transition(
        id,
        event,
        given,
        target,
        actor,
        clause,
        summary,
        contact,
        needs,
        facts,
        switch,
        guards,
        fact_guards,
        track,
        before,
        after,
    )


ROLES: dict[Actor, frozenset[Role]] = {
    Actor.OPERATOR: frozenset(
        {Role.OPERATOR, Role.HEAD, Role.CO_HEAD, Role.SLT, Role.DEPUTY, Role.CHAIR, Role.DSL}
    ),
    Actor.DSL: frozenset({Role.DSL}),
    Actor.ANYONE: frozenset(Role) - {Role.PIPELINE},
}
"""Roles that may act as each actor; the decider is the incident's own."""
