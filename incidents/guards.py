"""Why a step is not open where an incident stands. Each guard says it in one line: what is missing, and the mend."""

from __future__ import annotations

from datetime import timedelta

from incidents.standing import DocumentKind, IncidentNow, Track, TrackState
from incidents.steps import Guard
from mentionwatch.labels import WORKING_FOR_SCHOOL, AuthorKind, Channel
from mentionwatch.policy import PolicyPack, RuleKey

UNDO = timedelta(days=30)
TALK_TO = frozenset({AuthorKind.PARENT, AuthorKind.PUBLIC, AuthorKind.FORMER_PUPIL, AuthorKind.OTHER_SCHOOL})
"""Authors the school itself may ask, invite or write to. Pupils and staff have procedures of their own (L12, L13)."""


def has_evidence(now: IncidentNow, _: PolicyPack) -> str:
    """L17, L23."""
    if now.has_evidence or "gap_evidence" in now.facts:
        return ""
    return "there is no evidence stored for it yet"


def author_is(*kinds: AuthorKind) -> Guard:
    """The author, as a person set it, is one of these (L13)."""

    def check(now: IncidentNow, _: PolicyPack) -> str:
        if now.author in kinds:
            return ""
        who = now.author.value if now.author else "not said yet"
        return f"the author is {who}; this step is for: {', '.join(kind.value for kind in kinds)}"

    return check


def may_be_contacted(now: IncidentNow, _: PolicyPack) -> str:
    """No letter and no meeting for pupils, staff or strangers; none while an adult at the school is reported (D04)."""
    if now.facts.get("safeguarding_kind") == "adult_at_school":
        return "an allegation about an adult at the school is with safeguarding: the ordinary route is closed"
    if now.author is None:
        return "who the author is has not been said: take the step internal first"
    if now.author in TALK_TO:
        return ""
    if now.author is AuthorKind.PUPIL:
        return "the author is a pupil: the behaviour policy, no letter"
    if now.author in WORKING_FOR_SCHOOL:
        return "the author works for the school: the school's own procedure, no letter"
    return "the author is unknown, and nobody tries to find out: the platform is asked"


def support_is_closed(now: IncidentNow, _: PolicyPack) -> str:
    """B10, T35."""
    if now.track(Track.SUPPORT) is TrackState.DONE:
        return ""
    return (
        "support for the person targeted is still open: take the step support_closed, saying what was offered"
    )


def limit_passed(now: IncidentNow, _: PolicyPack) -> str:
    """T29: not before the time limit."""
    # After a merge the earlier limit shows; the author of this post was given this incident's own.
    limits = [limit for limit in (now.deadline_at, now.own_deadline_at) if limit is not None]
    if limits and now.at is not None and now.at < max(limits):
        return f"the time limit is {max(limits).isoformat()} and has not passed"
    return ""


def meeting_passed(now: IncidentNow, _: PolicyPack) -> str:
    """T24: nobody failed to come to a meeting that is still ahead."""
    meeting = now.facts.instant("meeting_at")
    if meeting is not None and now.at is not None and now.at < meeting:
        return f"the meeting is at {meeting.isoformat()} and has not been yet"
    return ""


def on_school_account(now: IncidentNow, _: PolicyPack) -> str:
    """G04: only on the school's own pages."""
    return (
        ""
        if now.channel is Channel.SCHOOL_ACCOUNT
        else "the post is on somebody else's page: only on its own pages may the school block, report or delete"
    )


def document_made(kind: DocumentKind) -> Guard:
    """The document is on file and its law cards are in date."""

    def check(now: IncidentNow, _: PolicyPack) -> str:
        made = now.made(kind)
        if made is None:
            return f"there is no {kind.value} on file. Make it with: incident letter {now.id} {kind.value}"
        if not made.is_current:
            return f"the {kind.value} on file quotes a law card that has run out. Make it again"
        return ""

    return check


def is_given_to_read(now: IncidentNow) -> bool:
    """Was the letter that counts given to a second reader, and none made since (T27)?"""
    made, asked = now.made(DocumentKind.REMOVAL), dict(now.since).get(Track.LETTER_CHECK)
    if made is None or now.track(Track.LETTER_CHECK) is TrackState.NONE:
        return False
    return made.made_at is None or asked is None or made.made_at <= asked


def another_reads(now: IncidentNow, _: PolicyPack) -> str:
    """T27: a second person reads the very letter they were given, never the one who wrote it."""
    made = now.made(DocumentKind.REMOVAL)
    if made and made.made_by and made.made_by.casefold() == now.actor.casefold():
        return "whoever wrote the letter does not read it second: another person does"
    if not is_given_to_read(now):
        return "the letter was made again after it was given to read: take the step letter_check_asked"
    return ""


def is_found_wrong(now: IncidentNow) -> bool:
    """Did the second reader find the letter not right, and was it neither made again nor given to read again since (T27)?"""
    is_answered = is_given_to_read(now) and now.track(Track.LETTER_CHECK) is TrackState.DONE
    return is_answered and now.facts.get("letter_found") == "not_right"


def second_reader_agrees(now: IncidentNow, _: PolicyPack) -> str:
    """T27: a letter that somebody was asked to read does not go out before they answered, nor when they found it wrong."""
    if not is_given_to_read(now):
        return ""
    if now.track(Track.LETTER_CHECK) is TrackState.OPEN:
        return "the letter is with its second reader: take the step letter_read"
    if is_found_wrong(now):
        return "the second reader found the letter not right: make it again"
    return ""


def can_be_undone(now: IncidentNow, _: PolicyPack) -> str:
    """T34: for thirty days."""
    if now.before_merge is None:
        return "it was not merged"
    if now.merged_at is not None and now.at is not None and now.at > now.merged_at + UNDO:
        return "the merge is older than 30 days and cannot be undone; reopen it instead"
    return ""


def advice_recorded(now: IncidentNow, pack: PolicyPack) -> str:
    """L10, C09, G05: what the policy wants before a journalist is answered."""
    if pack.has(RuleKey.PRESS, "advice_first") and now.track(Track.PRESS) is not TrackState.ADVISED:
        return "no advice is recorded yet: take the step press_advice"
    return ""


def heard_or_silent(now: IncidentNow, _: PolicyPack) -> str:
    """A ban is decided after the person could answer (Education Act 1996 s.547; T14)."""
    respond_by = now.facts.day("respond_by")
    if now.track(Track.BAN) is TrackState.HEARD:
        return ""
    if respond_by is not None and now.at is not None and now.at.date() > respond_by:
        return ""
    return "the person has not answered yet and the day to answer by has not passed"
