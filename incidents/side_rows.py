"""What may be done beside the protocol: safeguarding, safety, support, a ban, the press, advice. None of it moves an incident."""

from __future__ import annotations

from incidents import fact_guards as f
from incidents import guards as g
from incidents.facts import Fact, FactKind
from incidents.incident_rows import AFTER_DECISION, GOOD_NEWS_TRACK, LIVE
from incidents.standing import DocumentKind, Track
from incidents.standing import TrackState as P
from incidents.steps import Actor, Event, FactGuard, Guard, Transition, make_row
from mentionwatch.labels import AuthorKind
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import RuleKey as R

_TIME, _DAY, _YES, _CHOICE = FactKind.INSTANT, FactKind.DAY, FactKind.YES, FactKind.CHOICE
# What the police have is neither deleted nor decided upon by the school (L26, T04).
_NOT_WITH_POLICE = LIVE - {S.STOP_IMAGE, S.POLICE_HOLD}
_TOLD = Fact("told", "who was told, and when")


def _side(
    id: str,
    event: Event,
    track: Track | None,
    before: frozenset[P],
    after: P | None,
    actor: Actor,
    clause: str,
    summary: str,
    facts: tuple[Fact, ...] = (),
    *,
    sources: frozenset[S] = LIVE,
    contact: bool = False,
    switch: tuple[R, tuple[str, ...]] | None = None,
    guards: tuple[Guard, ...] = (),
    fact_guards: tuple[FactGuard, ...] = (),
) -> Transition:
    return make_row(
        id, event, sources, None, actor, clause, summary, facts,
        contact=contact, switch=switch, guards=guards, fact_guards=fact_guards, track=track, before=before, after=after,
    )  # fmt: skip


_NEW = frozenset({P.NONE, P.DONE})
_ANY = frozenset(P)

SIDE_ROWS: tuple[Transition, ...] = (
    _side("T09", Event.SAFEGUARDING, Track.SAFEGUARDING, _ANY, P.OPEN, Actor.ANYONE, "overlay", "a child may be at risk, or an adult who works with children is accused: safeguarding is told today",
         (Fact("safeguarding_kind", "what it is", _CHOICE, ("child_at_risk", "adult_at_school", "other")), _TOLD), sources=LIVE | GOOD_NEWS_TRACK),
    _side("T09b", Event.SAFEGUARDING_REFERRED, Track.SAFEGUARDING, frozenset({P.OPEN}), P.DONE, Actor.DSL, "overlay", "it is in the child protection record; here only its reference stays",
         (Fact("safeguarding_reference", "the reference in the child protection record"),), sources=LIVE | GOOD_NEWS_TRACK),
    _side("T13", Event.SAFETY, Track.SAFETY, _ANY, P.OPEN, Actor.ANYONE, R.SAFETY, "somebody's safety is in doubt: health and safety is told today", (Fact("worry", "what the worry is, without names"), _TOLD)),
    _side("T13b", Event.SAFETY_DONE, Track.SAFETY, frozenset({P.OPEN}), P.DONE, Actor.OPERATOR, R.SAFETY, "what came of the worry about safety", (Fact("safety_outcome", "what was done"),)),
    _side("S01", Event.SUPPORT_OFFERED, Track.SUPPORT, _ANY, P.OPEN, Actor.ANYONE, R.SUPPORT, "the person targeted was offered support", (Fact("support", "what was offered"),)),
    _side("S02", Event.SUPPORT_CLOSED, Track.SUPPORT, frozenset({P.NONE, P.OPEN}), P.DONE, Actor.OPERATOR, R.SUPPORT, "support for the person targeted has ended, or nobody was targeted",
         (Fact("support_outcome", "what was offered and how it ended; or: nobody was targeted"),)),
    _side("T14", Event.BAN_CONSIDERED, Track.BAN, _NEW, P.OPEN, Actor.DECIDER, R.PREMISES, "keeping the person off the grounds is considered",
         (Fact("ban_reason", "its own reason: what happened or may happen on the premises"),), sources=_NOT_WITH_POLICE, switch=(R.PREMISES, ())),
    _side("T14b", Event.BAN_NOTICE, Track.BAN, frozenset({P.OPEN}), P.NOTICED, Actor.DECIDER, R.PREMISES, "the person is told, and asked for their side",
         (Fact("respond_by", "the day by which they may answer", _DAY),), sources=AFTER_DECISION, contact=True, guards=(g.document_made(DocumentKind.BAN_NOTICE),),
          fact_guards=(f.days_ahead("respond_by"), f.ban_notice_fits)),
    _side("T14c", Event.BAN_HEARD, Track.BAN, frozenset({P.NOTICED}), P.HEARD, Actor.OPERATOR, R.PREMISES, "the person's side was received", (Fact("heard", "what they said, in short"),)),
    _side("T14d", Event.BAN_DECIDED, Track.BAN, frozenset({P.NOTICED, P.HEARD}), P.DECIDED, Actor.DECIDER, R.PREMISES, "imposed or not, with a day to look again",
         (Fact("ban", "the decision", _CHOICE, ("imposed", "not_imposed")), Fact("review_on", "when it is looked at again", _DAY, is_optional=True)),
         sources=_NOT_WITH_POLICE, guards=(g.heard_or_silent,), fact_guards=(f.ban_has_review, f.days_ahead("review_on"))),
    _side("T14e", Event.BAN_REVIEWED, Track.BAN, frozenset({P.DECIDED}), P.DONE, Actor.DECIDER, R.PREMISES, "it was looked at again", (Fact("ban_outcome", "what came of it", _CHOICE, ("kept", "lifted")),)),
    _side("R01", Event.PRESS_CONTACT, Track.PRESS, _ANY, P.OPEN, Actor.ANYONE, R.PRESS, "a journalist asks: senior leaders are told at once, nobody answers", (Fact("outlet", "which paper or station"), _TOLD)),
    _side("R02", Event.PRESS_ADVICE, Track.PRESS, frozenset({P.OPEN}), P.ADVISED, Actor.DECIDER, R.PRESS, "advice on the answer is recorded", (Fact("press_advice", "what was advised, and by whom"),)),
    _side("R03", Event.PRESS_REPLY, Track.PRESS, frozenset({P.OPEN, P.ADVISED}), P.DONE, Actor.DELEGATE, R.PRESS, "the journalist was answered, or told that nothing will be said",
         (Fact("approval", "the head's approval in writing", is_optional=True), Fact("media_policy", "where the media policy is", is_optional=True)), contact=True,
         guards=(g.advice_recorded,), fact_guards=(f.press_facts,)),
    _side("T27c", Event.LETTER_CHECK_ASKED, Track.LETTER_CHECK, _ANY, P.OPEN, Actor.OPERATOR, R.LETTERS, "the letter is given to a second person to read", sources=frozenset({S.LETTER}), guards=(g.document_made(DocumentKind.REMOVAL),)),
    _side("T27d", Event.LETTER_READ, Track.LETTER_CHECK, frozenset({P.OPEN}), P.DONE, Actor.ANYONE, R.LETTERS, "a second person read the letter: it is right, or it is not, and why",
         (Fact("letter_found", "what the second reader found", _CHOICE, ("right", "not_right")),), sources=frozenset({S.LETTER}), guards=(g.document_made(DocumentKind.REMOVAL), g.another_reads)),
    _side("A01", Event.LEGAL_ADVICE_ASKED, Track.LEGAL_ADVICE, _ANY, P.OPEN, Actor.OPERATOR, R.LETTERS, "a draft went to the council's education solicitor for advice", (Fact("asked_at", "when", _TIME),), sources=_NOT_WITH_POLICE, fact_guards=(f.nothing_ahead("asked_at"),)),
    _side("A02", Event.LEGAL_ADVICE_RECEIVED, Track.LEGAL_ADVICE, frozenset({P.OPEN}), P.DONE, Actor.OPERATOR, R.LETTERS, "the advice came", (Fact("legal_advice", "what was advised"),)),
    _side("C06", Event.STAFF_REMOVAL_REQUIRED, None, frozenset(), None, Actor.DECIDER, R.STAFF_AUTHOR, "a member of staff is required to take it down",
         (Fact("staff_limit", "by when, in words"),), sources=AFTER_DECISION, switch=(R.STAFF_AUTHOR, ("removal",)), guards=(g.author_is(AuthorKind.STAFF, AuthorKind.GOVERNOR, AuthorKind.CONTRACTOR, AuthorKind.VOLUNTEER),)),
    _side("C06b", Event.STAFF_REMOVAL_REFUSED, None, frozenset(), None, Actor.OPERATOR, R.STAFF_AUTHOR, "the member of staff refused", sources=AFTER_DECISION, switch=(R.STAFF_AUTHOR, ("removal",)),
         guards=(g.author_is(AuthorKind.STAFF, AuthorKind.GOVERNOR, AuthorKind.CONTRACTOR, AuthorKind.VOLUNTEER),)),
    _side("G04", Event.OWN_SPACE_ACTION, None, frozenset(), None, Actor.OPERATOR, R.OWN_SPACE, "on the school's own page something was hidden, reported or blocked, and readers were told why",
         (Fact("action", "what was done", _CHOICE, ("block", "report", "delete")), Fact("why", "the reason told to readers, by rule and never by person", _CHOICE, ("abusive", "discriminatory", "threatening", "personal_details", "off_topic", "advertising")),
          Fact("before", "how it looked before"), Fact("after", "how it looks now")), sources=_NOT_WITH_POLICE, switch=(R.OWN_SPACE, ()), guards=(g.on_school_account, g.has_evidence), fact_guards=(f.own_space_value,)),
    _side("G09", Event.MUST_DELETE, None, frozenset(), None, Actor.ANYONE, R.ILLEGAL_IMAGES, "a compromising picture that came out by mistake: it is deleted, and never kept as evidence",
         (Fact("described", "what it was, in words that show nothing"),), sources=_NOT_WITH_POLICE, switch=(R.ILLEGAL_IMAGES, ("delete_at_once",))),
    _side("N02", Event.BREACH_NOTE, None, frozenset(), None, Actor.ANYONE, R.NO_CONTACT, "somebody answered or contacted the author already: a note of the breach", (Fact("contacted", "who contacted whom and when, in roles"),), sources=frozenset(S)),
    _side("N01", Event.NOTE, None, frozenset(), None, Actor.ANYONE, "decider", "a note for the record", sources=frozenset(S)),
)  # fmt: skip
