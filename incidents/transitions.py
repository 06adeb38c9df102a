"""The one table of lawful steps (reference table T01 to T36). Its diagram in docs/ is generated from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role


class Actor(StrEnum):
    """Who may take a step, before the roles are known."""

    DECIDER = "decider"
    OPERATOR = "operator"
    DSL = "dsl"
    ANYONE = "anyone"


class Event(StrEnum):
    """What a person does. The values are typed on the command line and stored."""

    PRESERVE = "preserve"
    STOP_IMAGE = "stop_image"
    RECORD_REFERENCE = "record_reference"
    HAND_OVER = "hand_over"
    RECUSE = "recuse"
    NO_CASE = "no_case"
    TREAT_AS_CONCERN = "treat_as_concern"
    CONCERN_ANSWERED = "concern_answered"
    POLICE = "police"
    POLICE_WAIT = "police_wait"
    POLICE_RELEASE = "police_release"
    POLICE_DONE = "police_done"
    INTERNAL = "internal"
    REDIRECT_BEHAVIOUR = "redirect_behaviour"
    REDIRECT_DISCIPLINARY = "redirect_disciplinary"
    REDIRECT_DONE = "redirect_done"
    AUTHOR_UNKNOWN = "author_unknown"
    PREPARED = "prepared"
    INVITE = "invite"
    WRITE_INSTEAD = "write_instead"
    MET = "met"
    NO_SHOW = "no_show"
    MEETING_ENDED = "meeting_ended"
    REMOVAL_ASKED = "removal_asked"
    REMOVAL_REFUSED = "removal_refused"
    LETTER_SENT = "letter_sent"
    REMOVED = "removed"
    STILL_UP = "still_up"
    EXTEND = "extend"
    PLATFORM_REPORTED = "platform_reported"
    PLATFORM_REMOVED = "platform_removed"
    PLATFORM_REFUSED = "platform_refused"
    SIGNPOST = "signpost"
    MERGE = "merge"
    CLOSE = "close"
    REOPEN = "reopen"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: from any of `sources`, by `actor`, to `target` (None: the state stays).

    `clause` names the pack rule that a refusal quotes; `contact`: the step reaches outside the school and
    is barred during a police hold; `needs` is what the reason must hold, in words for a person.
    """

    id: str
    event: Event
    sources: frozenset[S]
    target: S | None
    actor: Actor
    clause: str
    summary: str
    contact: bool = False
    needs: str = ""


_OPEN_AFTER_DECISION = frozenset(
    {
        S.INTERNAL,
        S.PREPARED,
        S.INVITED,
        S.LETTER,
        S.MET,
        S.REMOVAL_WAIT,
        S.PLATFORM,
        S.PLATFORM_WAIT,
        S.EXHAUSTED,
        S.RESOLVED,
        S.CONCERN,
        S.REDIRECTED,
    }
)
_POLICE_MAY_BE_ASKED = (_OPEN_AFTER_DECISION - {S.RESOLVED, S.EXHAUSTED, S.REDIRECTED}) | {
    S.AWAITING_DECISION
}
# A post may be edited, or a name come out, after the decision: the subject is out at that moment (L31).
_MAY_BE_RECUSED = _OPEN_AFTER_DECISION | {S.AWAITING_DECISION, S.POLICE_HOLD}
_LIVE = (
    frozenset({S.OPENED, S.PRESERVED, S.AWAITING_DECISION, S.POLICE_HOLD, S.STOP_IMAGE})
    | _OPEN_AFTER_DECISION
)


def _row(
    id: str,
    event: Event,
    sources: frozenset[S] | S,
    target: S | None,
    actor: Actor,
    clause: str,
    summary: str,
    *,
    contact: bool = False,
    needs: str = "",
) -> Transition:
    return Transition(
        id,
        event,
        sources if isinstance(sources, frozenset) else frozenset({sources}),
        target,
        actor,
        clause,
        summary,
        contact,
        needs,
    )


TRANSITIONS: tuple[Transition, ...] = (
    _row("T02", Event.PRESERVE, S.OPENED, S.PRESERVED, Actor.OPERATOR, "evidence", "the evidence is kept, or each gap has a reason"),
    _row("T04", Event.STOP_IMAGE, _LIVE - {S.STOP_IMAGE}, S.STOP_IMAGE, Actor.ANYONE, "overlay", "this may be an indecent or intimate image: stop"),
    _row("T05", Event.RECORD_REFERENCE, S.STOP_IMAGE, S.CLOSED, Actor.DSL, "overlay", "the police or IWF reference is recorded", needs="the reference and the time it was given"),
    _row("T06", Event.HAND_OVER, S.PRESERVED, S.AWAITING_DECISION, Actor.OPERATOR, "decider", "the evidence is with the person who decides"),
    _row("T07", Event.RECUSE, _MAY_BE_RECUSED, None, Actor.ANYONE, "conflict", "the post is about the decider: the next in order decides"),
    _row("T08", Event.NO_CASE, S.AWAITING_DECISION, S.CLOSED, Actor.DECIDER, "inappropriate", "not inappropriate: no case"),
    _row("T08b", Event.TREAT_AS_CONCERN, S.AWAITING_DECISION, S.CONCERN, Actor.DECIDER, "complaint", "lawful criticism: treat it as a concern"),
    _row("T08c", Event.CONCERN_ANSWERED, S.CONCERN, S.CLOSED, Actor.OPERATOR, "complaint", "the concern was answered or pointed to the complaints procedure"),
    _row("T10", Event.POLICE, _POLICE_MAY_BE_ASKED, S.POLICE_HOLD, Actor.DECIDER, "police", "the police route", needs="which offence, and why this is proportionate"),
    _row("T11", Event.POLICE_WAIT, S.POLICE_HOLD, None, Actor.DECIDER, "police", "the police say: take no step yet"),
    _row("T12", Event.POLICE_RELEASE, S.POLICE_HOLD, S.INTERNAL, Actor.DECIDER, "police", "the police leave it to the school", needs="what the police advised, and when"),
    _row("T12b", Event.POLICE_DONE, S.POLICE_HOLD, S.CLOSED, Actor.DECIDER, "police", "the police dealt with it", needs="the police reference"),
    _row("T15", Event.INTERNAL, S.AWAITING_DECISION, S.INTERNAL, Actor.DECIDER, "decider", "the internal route"),
    _row("T16", Event.REDIRECT_BEHAVIOUR, S.INTERNAL, S.REDIRECTED, Actor.DECIDER, "decider", "the author is a pupil: the behaviour policy"),
    _row("T17", Event.REDIRECT_DISCIPLINARY, S.INTERNAL, S.REDIRECTED, Actor.DECIDER, "decider", "the author is staff: the disciplinary procedure", needs="whether the post could be whistleblowing"),
    _row("T18", Event.REDIRECT_DONE, S.REDIRECTED, S.CLOSED, Actor.OPERATOR, "decider", "the other procedure has an outcome", needs="its reference"),
    _row("T19", Event.AUTHOR_UNKNOWN, S.INTERNAL, S.PLATFORM, Actor.DECIDER, "decider", "the author is unknown, and nobody tries to find out who it is: the platform is asked"),
    _row("T20", Event.PREPARED, S.INTERNAL, S.PREPARED, Actor.OPERATOR, "inappropriate", "each piece of evidence is set against the clause it touches", needs="the clause for each piece"),
    _row("T21", Event.INVITE, S.PREPARED, S.INVITED, Actor.DECIDER, "decider", "the author is invited to talk, in person, by telephone or by letter", contact=True, needs="who was invited, how and for when"),
    _row("T22", Event.WRITE_INSTEAD, S.PREPARED, S.LETTER, Actor.DECIDER, "decider", "a meeting is not safe: a letter instead", needs="the health and safety reason"),
    _row("T23", Event.MET, S.INVITED, S.MET, Actor.DECIDER, "decider", "the meeting took place", contact=True, needs="who took the minutes as witness"),
    _row("T24", Event.NO_SHOW, S.INVITED, S.LETTER, Actor.OPERATOR, "decider", "nobody came and no other time was agreed", needs="the time of the meeting"),
    _row("T25", Event.MEETING_ENDED, S.MET, S.LETTER, Actor.DECIDER, "decider", "the meeting had to be ended", needs="what was said, and when"),
    _row("T26", Event.REMOVAL_ASKED, S.MET, S.REMOVAL_WAIT, Actor.DECIDER, "decider", "removal was asked for or agreed, with a time limit", contact=True),
    _row("T26b", Event.REMOVAL_REFUSED, S.MET, S.PLATFORM, Actor.DECIDER, "decider", "removal was refused outright"),
    _row("T27", Event.LETTER_SENT, S.LETTER, S.REMOVAL_WAIT, Actor.OPERATOR, "decider", "the letter went out by recorded delivery", contact=True, needs="the tracking reference, and who read it as second person"),
    _row("T28", Event.REMOVED, S.REMOVAL_WAIT, S.RESOLVED, Actor.OPERATOR, "decider", "a person looked: the post is gone", needs="when it was looked for"),
    _row("T29", Event.STILL_UP, S.REMOVAL_WAIT, S.PLATFORM, Actor.DECIDER, "decider", "the time limit passed and the post is still there"),
    _row("T30", Event.EXTEND, S.REMOVAL_WAIT, None, Actor.DECIDER, "decider", "a later time limit; never an earlier one"),
    _row("T31", Event.PLATFORM_REPORTED, S.PLATFORM, S.PLATFORM_WAIT, Actor.OPERATOR, "decider", "reported to the platform from the school's own account", contact=True, needs="address, times and the terms that were broken"),
    _row("T32", Event.PLATFORM_REMOVED, S.PLATFORM_WAIT, S.RESOLVED, Actor.OPERATOR, "decider", "the platform took it down"),
    _row("T32b", Event.PLATFORM_REFUSED, S.PLATFORM_WAIT, S.EXHAUSTED, Actor.OPERATOR, "decider", "the platform refused, or 28 days went by"),
    _row("T33", Event.SIGNPOST, S.EXHAUSTED, S.CLOSED, Actor.DECIDER, "decider", "the person targeted is pointed to union or solicitor; the school takes no action of its own"),
    _row("T34", Event.MERGE, _LIVE - {S.POLICE_HOLD, S.STOP_IMAGE, S.OPENED}, S.MERGED, Actor.OPERATOR, "evidence", "the same post or campaign as another incident", needs="the number of the other incident"),
    _row("T35", Event.CLOSE, S.RESOLVED, S.CLOSED, Actor.DECIDER, "decider", "lessons noted, support for the person targeted closed"),
    _row("T36", Event.REOPEN, frozenset({S.CLOSED, S.MERGED}), S.OPENED, Actor.ANYONE, "decider", "it is back, or something new is known"),
    _row("N01", Event.NOTE, frozenset(S), None, Actor.ANYONE, "decider", "a note for the record"),
)  # fmt: skip

ROLES: dict[Actor, frozenset[Role]] = {
    Actor.OPERATOR: frozenset(
        {Role.OPERATOR, Role.HEAD, Role.CO_HEAD, Role.SLT, Role.DEPUTY, Role.CHAIR, Role.DSL}
    ),
    Actor.DSL: frozenset({Role.DSL}),
    Actor.ANYONE: frozenset(Role) - {Role.PIPELINE},
}
"""Roles that may act as each actor; the decider is the incident's own."""
