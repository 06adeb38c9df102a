"""The rows of an incident: from evidence to its end (reference table T02 to T36)."""

from __future__ import annotations

from incidents import fact_guards as f
from incidents import guards as g
from incidents.facts import Fact, FactKind
from incidents.standing import DocumentKind
from incidents.steps import Actor, Event, Transition, make_row
from mentionwatch.labels import WORKING_FOR_SCHOOL, AuthorKind, Harm, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.law import OFFENCES
from mentionwatch.policy import RuleKey as R

AFTER_DECISION = frozenset({S.INTERNAL, S.PREPARED, S.INVITED, S.LETTER, S.MET, S.REMOVAL_WAIT, S.PLATFORM, S.PLATFORM_WAIT, S.EXHAUSTED, S.RESOLVED, S.REDIRECTED})  # fmt: skip
CONCERN_TRACK = frozenset({S.CONCERN, S.ACKNOWLEDGED, S.SIGNPOSTED, S.ANSWERED})
GOOD_NEWS_TRACK = frozenset({S.GOOD_NEWS, S.THANK_PROPOSED, S.APPROVED, S.THANKED, S.SHARED, S.LEFT})
LIVE = frozenset({S.OPENED, S.PRESERVED, S.AWAITING_DECISION, S.POLICE_HOLD, S.STOP_IMAGE}) | AFTER_DECISION | CONCERN_TRACK  # fmt: skip
ENDED = frozenset({S.CLOSED, S.MERGED, S.THANKED, S.SHARED, S.LEFT})
# A post may be edited, or a name come out, after the decision: the subject is out at that moment (L31).
_RECUSABLE = AFTER_DECISION | CONCERN_TRACK | {S.AWAITING_DECISION, S.POLICE_HOLD}
_TO_POLICE = (AFTER_DECISION - {S.RESOLVED, S.EXHAUSTED, S.REDIRECTED}) | {S.AWAITING_DECISION}
_SETTLED_FROM = AFTER_DECISION - {S.RESOLVED}

_TIME, _DAY, _YES, _LIST, _CHOICE = (
    FactKind.INSTANT,
    FactKind.DAY,
    FactKind.YES,
    FactKind.LIST,
    FactKind.CHOICE,
)

# Both limbs of "inappropriate" (L15), who is harmed and how (D13), who was involved in the assessment (L06).
LIMBS = (
    Fact("connection", "how the post is connected with the school", once=True),
    Fact("effect", "on whom it has a negative effect", _CHOICE, ("school", "staff", "governors", "pupils"), once=True),
    Fact("harm", "the harm a person sees in it", _CHOICE, tuple(harm.value for harm in Harm), once=True),
    Fact("involved", "which staff and outside agencies were involved", once=True),
    Fact("target_aware", "whether the person targeted knows", _CHOICE, ("yes", "no", "unknown"), is_optional=True),
)  # fmt: skip
_AUTHOR = Fact(
    "author", "who the author is, as far as the school knows", _CHOICE, tuple(AuthorKind), once=True
)
_MEETING_AT = Fact("meeting_at", "when the meeting is", _TIME)
_UNTIL = Fact("until", "a later time limit than the one computed", _TIME, is_optional=True)


INCIDENT_ROWS: tuple[Transition, ...] = (
    make_row("T02", Event.PRESERVE, S.OPENED, S.PRESERVED, Actor.OPERATOR, R.EVIDENCE, "the evidence is kept, or each gap has a reason",
         (Fact("gap_evidence", "why there is no copy", is_optional=True), Fact("gap_posted_at", "why the time of posting is unknown", is_optional=True)),
         fact_guards=(f.evidence_or_gap,)),
    make_row("T03", Event.PRESERVE_PARTIAL, S.OPENED, S.PRESERVED, Actor.OPERATOR, R.EVIDENCE, "the post was gone before it could be copied",
         (Fact("gap_evidence", "what is missing, and why; nothing is quoted from memory"),)),
    make_row("T04", Event.STOP_IMAGE, (LIVE - {S.STOP_IMAGE}) | GOOD_NEWS_TRACK, S.STOP_IMAGE, Actor.ANYONE, "overlay", "this may be an indecent or intimate image: stop"),
    make_row("T05", Event.RECORD_REFERENCE, S.STOP_IMAGE, S.CLOSED, Actor.DSL, "overlay", "the police or IWF reference is recorded",
         (Fact("reference", "the reference"), Fact("given_at", "when it was given", _TIME)), fact_guards=(f.nothing_ahead("given_at"),)),
    make_row("T05b", Event.REFERENCE_HOLD, S.STOP_IMAGE, S.POLICE_HOLD, Actor.DSL, "overlay", "the police have it and the incident is not over",
         (Fact("reference", "the reference"), Fact("given_at", "when it was given", _TIME)), fact_guards=(f.nothing_ahead("given_at"),)),
    make_row("T06", Event.HAND_OVER, S.PRESERVED, S.AWAITING_DECISION, Actor.OPERATOR, "decider", "the evidence is with the person who decides",
         (Fact("conflict_checked", "that somebody looked whether the post is about the person who decides", _YES),), guards=(g.has_evidence,)),
    make_row("T07", Event.RECUSE, _RECUSABLE, None, Actor.ANYONE, "conflict", "the post is about the decider: the next in order decides"),
    make_row("T08", Event.NO_CASE, S.AWAITING_DECISION, S.CLOSED, Actor.DECIDER, R.INAPPROPRIATE, "not inappropriate: no case"),
    make_row("T08b", Event.TREAT_AS_CONCERN, S.AWAITING_DECISION, S.CONCERN, Actor.DECIDER, R.COMPLAINT, "lawful criticism: treat it as a concern"),
    make_row("T10", Event.POLICE, _TO_POLICE, S.POLICE_HOLD, Actor.DECIDER, R.POLICE, "the police route",
         (*LIMBS, Fact("offence", "which offence it may be", _CHOICE, (*(offence.id for offence in OFFENCES), "other")), Fact("tick", "each question of that offence that was answered with yes", _LIST, is_optional=True), Fact("occasion", "date and time of each occasion", _LIST, is_optional=True),
          Fact("proportionate", "why going to the police is proportionate"), Fact("informant", "who informs the police", _CHOICE, ("school", "employee"))),
         needs="which offence, and why this is proportionate", fact_guards=(f.offence_fits,)),
    make_row("T11", Event.POLICE_WAIT, S.POLICE_HOLD, None, Actor.DECIDER, R.POLICE, "the police say: take no step yet"),
    make_row("T12", Event.POLICE_RELEASE, S.POLICE_HOLD, S.INTERNAL, Actor.DECIDER, R.POLICE, "the police leave it to the school",
         (Fact("advice", "what the police advised"), Fact("advised_at", "when", _TIME), _AUTHOR), fact_guards=(f.nothing_ahead("advised_at"),)),
    make_row("T12b", Event.POLICE_DONE, S.POLICE_HOLD, S.CLOSED, Actor.DECIDER, R.POLICE, "the police dealt with it", (Fact("reference", "the police reference"),)),
    make_row("T15", Event.INTERNAL, S.AWAITING_DECISION, S.INTERNAL, Actor.DECIDER, "decider", "the internal route", (_AUTHOR, *LIMBS)),
    make_row("T15b", Event.DELEGATE, AFTER_DECISION - {S.RESOLVED}, None, Actor.DECIDER, "decider", "somebody else asks and invites in the decider's name",
         (Fact("delegate", "the role that does", _CHOICE, (Role.SLT.value, Role.DEPUTY.value, Role.HEAD.value, Role.CO_HEAD.value, Role.CHAIR.value)),)),
    make_row("T16", Event.REDIRECT_BEHAVIOUR, S.INTERNAL, S.REDIRECTED, Actor.DECIDER, R.PUPIL_AUTHOR, "the author is a pupil: the behaviour policy",
         guards=(g.author_is(AuthorKind.PUPIL),)),
    make_row("T17", Event.REDIRECT_DISCIPLINARY, S.INTERNAL, S.REDIRECTED, Actor.DECIDER, R.STAFF_AUTHOR, "the author is staff: the disciplinary procedure",
         (Fact("whistleblowing", "whether the post could be whistleblowing", _CHOICE, ("no", "may_be")),
          Fact("procedure", "which procedure", _CHOICE, ("disciplinary", "safeguarding", "own_reporting"))), guards=(g.author_is(*sorted(WORKING_FOR_SCHOOL)),)),
    make_row("T18", Event.REDIRECT_BROKER, S.INTERNAL, S.REDIRECTED, Actor.DECIDER, R.FORMER_PUPIL, "a former pupil: the new school may be asked to help settle it",
         (Fact("contact", "which school was asked, and how"),), switch=(R.FORMER_PUPIL, ("broker",)), guards=(g.author_is(AuthorKind.FORMER_PUPIL, AuthorKind.OTHER_SCHOOL),)),
    make_row("T18b", Event.REDIRECT_DONE, S.REDIRECTED, S.CLOSED, Actor.OPERATOR, "decider", "the other procedure has an outcome", (Fact("reference", "its reference"),)),
    make_row("T19", Event.AUTHOR_UNKNOWN, S.INTERNAL, S.PLATFORM, Actor.DECIDER, R.PLATFORM, "the author is unknown, and nobody tries to find out who it is: the platform is asked",
         switch=(R.PLATFORM, ()), guards=(g.author_is(AuthorKind.UNKNOWN),)),
    make_row("T20", Event.PREPARED, S.INTERNAL, S.PREPARED, Actor.OPERATOR, R.INAPPROPRIATE, "each piece of evidence is set against the clause it touches",
         (Fact("cross_reference", "for each piece of evidence: ITEM CLAUSE: the concern and the reasoning", _LIST),), fact_guards=(f.cross_reference,)),
    make_row("T21", Event.INVITE, S.PREPARED, S.INVITED, Actor.DELEGATE, R.MEETING, "the author is invited to talk, in person, by telephone or by letter",
         (Fact("means", "how", _CHOICE, ("in_person", "telephone", "letter")), _MEETING_AT, Fact("said", "who spoke, when, and what was said", is_optional=True)),
         contact=True, switch=(R.MEETING, ()), guards=(g.may_be_contacted,), fact_guards=(f.meeting_is_ahead, f.invitation_by_letter)),
    make_row("T21b", Event.REARRANGE, S.INVITED, None, Actor.DELEGATE, R.MEETING, "another time was agreed", (_MEETING_AT,), contact=True, guards=(g.may_be_contacted,),
         fact_guards=(f.meeting_is_ahead,)),
    make_row("T21c", Event.ASK_REMOVAL, S.PREPARED, S.REMOVAL_WAIT, Actor.ANYONE, R.ASK_REMOVAL, "the author is asked, without a meeting, to take it down",
         (Fact("means", "how", _CHOICE, ("in_person", "telephone")), Fact("said", "who asked, when, and what was said"), _UNTIL), contact=True,
         switch=(R.ASK_REMOVAL, ("decider", "slt", "anyone")), guards=(g.may_be_contacted,), fact_guards=(f.who_may_ask,)),
    make_row("T22", Event.WRITE_INSTEAD, S.PREPARED, S.LETTER, Actor.DECIDER, R.LETTERS, "a meeting is not safe: a letter instead",
         (Fact("risk", "the health and safety reason"),), switch=(R.LETTERS, ("removal",)), guards=(g.may_be_contacted,)),
    make_row("T23", Event.MET, S.INVITED, S.MET, Actor.DECIDER, R.MEETING, "the meeting took place",
         (Fact("met_at", "when it took place", _TIME), Fact("minute_taker", "who took the minutes as witness"),
          Fact("checklist", "each point of the meeting: POINT: done, not done or not applicable", _LIST)), contact=True,
         guards=(g.may_be_contacted,), fact_guards=(f.nothing_ahead("met_at"), f.meeting_points)),
    make_row("T23b", Event.MINUTES_SHARED, frozenset({S.MET, S.REMOVAL_WAIT, S.LETTER, S.PLATFORM, S.PLATFORM_WAIT, S.RESOLVED}), None, Actor.OPERATOR, R.MEETING, "the summary minutes went to the person",
         (Fact("shared_at", "when", _TIME), Fact("method", "how")), contact=True, guards=(g.may_be_contacted, g.document_made(DocumentKind.MINUTES)), fact_guards=(f.nothing_ahead("shared_at"),)),
    make_row("T24", Event.NO_SHOW, S.INVITED, S.LETTER, Actor.OPERATOR, R.LETTERS, "nobody came and no other time was agreed", switch=(R.LETTERS, ("after_no_show",)),
         guards=(g.meeting_passed,)),
    make_row("T25", Event.MEETING_ENDED, S.MET, S.LETTER, Actor.DECIDER, R.MEETING, "the meeting had to be ended",
         (Fact("ladder", "each step with its time: reminder, ended, asked_to_leave, police_called", _LIST),), switch=(R.LETTERS, ("removal",)), fact_guards=(f.ladder,)),
    make_row("T26", Event.REMOVAL_ASKED, S.MET, S.REMOVAL_WAIT, Actor.DECIDER, R.ASK_REMOVAL, "removal was asked for or agreed, with a time limit", (_UNTIL,), contact=True,
         guards=(g.may_be_contacted,)),
    make_row("T26b", Event.REMOVAL_REFUSED, S.MET, S.PLATFORM, Actor.DECIDER, R.PLATFORM, "removal was refused outright", switch=(R.PLATFORM, ())),
    make_row("T27", Event.LETTER_SENT, S.LETTER, S.REMOVAL_WAIT, Actor.OPERATOR, R.LETTERS, "the letter went out by recorded delivery",
         (Fact("letter_posted_at", "when the letter was posted", _TIME), Fact("tracking", "the tracking reference"), Fact("second_reader", "who read it as second person"),
          Fact("screenshot", "whether a picture of the post is enclosed", _CHOICE, ("no", "yes")), Fact("identities_hidden", "that nobody can be told from the picture", _YES, is_optional=True), _UNTIL),
         contact=True, guards=(g.may_be_contacted, g.document_made(DocumentKind.REMOVAL), g.second_reader_agrees), fact_guards=(f.letter_fits, f.nothing_ahead("letter_posted_at"))),
    make_row("T27b", Event.DELIVERY, frozenset({S.REMOVAL_WAIT, S.PLATFORM, S.PLATFORM_WAIT, S.RESOLVED}), None, Actor.OPERATOR, R.LETTERS, "what became of the recorded letter",
         (Fact("delivery", "its status", _CHOICE, ("delivered", "refused", "returned", "in_transit")), Fact("tracking", "the tracking reference", once=True))),
    make_row("T28a", Event.CHECKED, frozenset({S.REMOVAL_WAIT, S.PLATFORM, S.PLATFORM_WAIT, S.RESOLVED}), None, Actor.OPERATOR, R.ASK_REMOVAL, "a person looked at the post again",
         (Fact("found", "what was found", _CHOICE, ("removed", "still_up", "changed", "cannot_tell")), Fact("looked_at", "when", _TIME)), fact_guards=(f.nothing_ahead("looked_at"),)),
    make_row("T28", Event.REMOVED, S.REMOVAL_WAIT, S.RESOLVED, Actor.OPERATOR, R.ASK_REMOVAL, "a person looked: the post is gone",
         (Fact("first_gone_at", "when it was first seen to be gone", _TIME), Fact("checked_at", "when a person looked again", _TIME)), fact_guards=(f.nothing_ahead("first_gone_at", "checked_at"), f.gone_twice, f.gone_since_asked)),
    make_row("T29", Event.STILL_UP, S.REMOVAL_WAIT, S.PLATFORM, Actor.DECIDER, R.PLATFORM, "the time limit passed and the post is still there", (Fact("looked_at", "when a person looked", _TIME),),
         switch=(R.PLATFORM, ()), guards=(g.limit_passed,), fact_guards=(f.nothing_ahead("looked_at"), f.looked_after_limit)),
    make_row("T30", Event.EXTEND, S.REMOVAL_WAIT, None, Actor.DECIDER, R.ASK_REMOVAL, "a later time limit; never an earlier one", (_UNTIL,), fact_guards=(f.later_limit,)),
    make_row("T31", Event.PLATFORM_REPORTED, S.PLATFORM, S.PLATFORM_WAIT, Actor.OPERATOR, R.PLATFORM, "reported to the platform from the school's own account",
         (Fact("address", "the address of the post"), Fact("times", "date and time of each post", _LIST), Fact("terms", "which of the platform's terms are broken", _LIST),
          Fact("account", "whose account it was reported from: the school's, not a person's", _CHOICE, ("school",)), Fact("reference", "the platform's reference", is_optional=True)),
         contact=True, switch=(R.PLATFORM, ())),
    make_row("T32", Event.PLATFORM_REMOVED, S.PLATFORM_WAIT, S.RESOLVED, Actor.OPERATOR, R.PLATFORM, "the platform took it down", (Fact("outcome_text", "what the platform said"),)),
    make_row("T32b", Event.PLATFORM_REFUSED, S.PLATFORM_WAIT, S.EXHAUSTED, Actor.OPERATOR, R.PLATFORM, "the platform refused, or 28 days went by",
         (Fact("outcome", "what came of it", _CHOICE, ("refused", "no_answer")),), fact_guards=(f.platform_answered,)),
    make_row("T33", Event.SIGNPOST, S.EXHAUSTED, S.CLOSED, Actor.DECIDER, R.LEGAL, "the person targeted is pointed to union or solicitor; the school takes no action of its own",
         (Fact("signposted_to", "to whom", _CHOICE, ("union", "solicitor", "both")),), guards=(g.support_is_closed,)),
    make_row("T33b", Event.SETTLE, _SETTLED_FROM, S.RESOLVED, Actor.DECIDER, "decider", "settled another way: nothing more is needed, or nothing more is provided",
         (Fact("outcome_text", "how it was settled"),)),
    make_row("T34", Event.MERGE, LIVE - {S.POLICE_HOLD, S.STOP_IMAGE, S.OPENED}, S.MERGED, Actor.OPERATOR, R.EVIDENCE, "the same post or campaign as another incident",
         (Fact("into", "the number of the other incident"), Fact("because", "what they share", _CHOICE, ("same_post", "same_campaign")))),
    make_row("T34b", Event.UNDO_MERGE, S.MERGED, None, Actor.OPERATOR, R.EVIDENCE, "they were two after all", guards=(g.can_be_undone,)),
    make_row("T35", Event.CLOSE, S.RESOLVED, S.CLOSED, Actor.DECIDER, "decider", "lessons noted, support for the person targeted closed",
         (Fact("lessons", "what the school learned"), Fact("retention", "how long the record is kept", _CHOICE, ("resolved", "complaint", "safeguarding"))), guards=(g.support_is_closed,)),
    make_row("T36", Event.REOPEN, frozenset({S.CLOSED, S.MERGED}), S.OPENED, Actor.ANYONE, "decider", "it is back, or something new is known"),
    make_row("X01", Event.ADOPT_PACK, LIVE - {S.POLICE_HOLD}, None, Actor.DECIDER, "decider", "the incident goes on under the present policy pack"),
)  # fmt: skip
