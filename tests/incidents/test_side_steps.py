"""Beside the protocol: safeguarding, safety, support, a ban, the press, advice, the school's own pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.incident_rows import LIVE
from incidents.protocol import decide_move, find_refusal
from incidents.side_rows import SIDE_ROWS
from incidents.standing import DocumentKind, DocumentMade, IncidentNow, Track, TrackState
from incidents.steps import Event
from mentionwatch.errors import Refused
from mentionwatch.labels import WORKING_FOR_SCHOOL, AuthorKind, Channel, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import PolicyPack, RuleKey
from tests.incidents.packs import (
    LLANBEDROG,
    NOW,
    PACKS,
    PEOPLE,
    REASON,
    lawful_facts,
    replaced,
    row_of,
    standing,
    take,
    with_values,
    without,
)

DAY = timedelta(days=1)


def on(track: Track, state: TrackState, at: S = S.INTERNAL, **more: object) -> IncidentNow:
    return replace(standing(at), tracks=((track, state),), **more)  # type: ignore[arg-type]


def why_not(event: Event, now: IncidentNow, pack: PolicyPack = LLANBEDROG, role: Role | None = None) -> str:
    return find_refusal(row_of(event), now, role or now.decider, pack)


def test_no_step_beside_the_protocol_moves_an_incident() -> None:
    """L27, L28: also without the police, and never by itself."""
    for row in SIDE_ROWS:
        assert row.target is None


@pytest.mark.parametrize("name", PACKS)
def test_l27_a_worry_about_safety_is_reported_by_anyone_on_either_route(name: str) -> None:
    """L27: independent of the police; also in a police hold, and under a policy that does not speak of it."""
    for state in LIVE:
        for role in PEOPLE:
            now = standing(state, PACKS[name].decider.roles[0])
            assert take(now, Event.SAFETY, role, PACKS[name]).target is state
    with pytest.raises(Refused, match="who was told"):
        given = replaced(lawful_facts(row_of(Event.SAFETY), standing(S.INTERNAL), LLANBEDROG), "told")
        take(standing(S.INTERNAL), Event.SAFETY, given=given)


def test_t09_safeguarding_is_always_open_and_only_the_safeguarding_lead_hands_it_on() -> None:
    """D04: recorded under child protection; only its reference stays here."""
    for state in LIVE:
        assert not why_not(Event.SAFEGUARDING, standing(state), role=Role.OPERATOR)
    now = on(Track.SAFEGUARDING, TrackState.OPEN)
    assert "only the dsl" in why_not(Event.SAFEGUARDING_REFERRED, now)
    assert take(now, Event.SAFEGUARDING_REFERRED, Role.DSL).facts.get("safeguarding_reference")
    assert "stands at none" in why_not(Event.SAFEGUARDING_REFERRED, standing(S.INTERNAL), role=Role.DSL)


def test_b10_support_is_open_in_a_police_hold_and_says_what_was_offered() -> None:
    """B10, L26: offered, closed with what became of it; may be offered again."""
    for state in (S.POLICE_HOLD, S.INTERNAL, S.STOP_IMAGE):
        assert not why_not(Event.SUPPORT_OFFERED, standing(state), role=Role.OPERATOR)
        assert not why_not(Event.SUPPORT_CLOSED, standing(state), role=Role.OPERATOR)
    assert "stands at done" in why_not(Event.SUPPORT_CLOSED, on(Track.SUPPORT, TrackState.DONE))
    assert not why_not(Event.SUPPORT_OFFERED, on(Track.SUPPORT, TrackState.DONE))


def test_l28_a_ban_is_a_decision_of_its_own_with_a_reason_of_its_own() -> None:
    """L28, T14: the decider's; never automatic; only where the policy speaks of the premises."""
    assert "only the head" in why_not(Event.BAN_CONSIDERED, standing(S.INTERNAL), role=Role.SLT)
    given = replaced(lawful_facts(row_of(Event.BAN_CONSIDERED), standing(S.INTERNAL), LLANBEDROG), "ban_reason")  # fmt: skip
    with pytest.raises(Refused, match="its own reason"):
        take(standing(S.INTERNAL), Event.BAN_CONSIDERED, given=given)
    silent = without(LLANBEDROG, RuleKey.PREMISES)
    assert "adopt.premises" in why_not(Event.BAN_CONSIDERED, standing(S.INTERNAL), silent)


def test_l28_a_ban_is_decided_only_after_the_person_could_answer() -> None:
    """L28, T14: notice on file, then their side or the day passed; an imposed ban names its review."""
    opened = on(Track.BAN, TrackState.OPEN)
    assert "stands at open" in why_not(Event.BAN_DECIDED, opened)
    assert "no ban_notice on file" in why_not(Event.BAN_NOTICE, replace(opened, documents=()))
    stale = (DocumentMade(DocumentKind.BAN_NOTICE, "x", is_current=False),)
    assert "has run out" in why_not(Event.BAN_NOTICE, replace(opened, documents=stale))
    noticed = on(Track.BAN, TrackState.NOTICED)
    later = (NOW + DAY).date().isoformat()
    waiting = replace(noticed, facts=noticed.facts.with_more(type(noticed.facts)((("respond_by", later),))))
    assert "has not answered yet" in why_not(Event.BAN_DECIDED, waiting)
    assert not why_not(Event.BAN_DECIDED, replace(waiting, at=NOW + 2 * DAY))
    heard = on(Track.BAN, TrackState.HEARD)
    given = replaced(lawful_facts(row_of(Event.BAN_DECIDED), heard, LLANBEDROG), "ban", "imposed")
    assert take(heard, Event.BAN_DECIDED, given=given).facts.get("review_on")
    with pytest.raises(Refused, match="looked at again"):
        take(heard, Event.BAN_DECIDED, given=replaced(given, "review_on"))


@pytest.mark.parametrize("state", [S.POLICE_HOLD, S.STOP_IMAGE])
def test_l26_what_the_police_have_is_neither_decided_upon_nor_deleted(state: S) -> None:
    """L26, I2: no ban, nothing taken off the school's page, no reply to the press, nothing erased."""
    heard = on(Track.BAN, TrackState.HEARD, state)
    assert "this step starts from" in why_not(Event.BAN_DECIDED, heard)
    own = replace(standing(state, Role.SLT), channel=Channel.SCHOOL_ACCOUNT)
    for event in (Event.OWN_SPACE_ACTION, Event.MUST_DELETE):
        assert "this step starts from" in why_not(event, own, PACKS["grappenhall_heys"])
    assert why_not(Event.PRESS_REPLY, on(Track.PRESS, TrackState.ADVISED, state))


def test_l10_a_journalist_is_answered_only_after_advice_is_recorded() -> None:
    """L10: senior leaders hear of it at once, from anyone; replying waits for the advice, each time anew."""
    for role in PEOPLE:
        assert not why_not(Event.PRESS_CONTACT, standing(S.INTERNAL), role=role)
    assert "no advice is recorded" in why_not(Event.PRESS_REPLY, on(Track.PRESS, TrackState.OPEN))
    advised = on(Track.PRESS, TrackState.ADVISED)
    assert take(advised, Event.PRESS_REPLY).target is S.INTERNAL
    assert take(advised, Event.PRESS_CONTACT).transition.track_target is TrackState.OPEN


def test_c09_a_journalist_is_answered_only_with_the_heads_written_approval() -> None:
    """C09: approval in writing, and by the head or whoever decides instead; a delegate does not approve."""
    pack, now = PACKS["cansfield"], on(Track.PRESS, TrackState.OPEN)
    given = [("approval", "the head's note of 23 November")]
    assert take(now, Event.PRESS_REPLY, Role.HEAD, pack, given).facts.get("approval")
    with pytest.raises(Refused, match="written approval is missing"):
        take(now, Event.PRESS_REPLY, Role.HEAD, pack, [])
    delegated = replace(now, facts=now.facts.with_more(type(now.facts)((("delegate", "slt"),))))
    with pytest.raises(Refused, match="only the head"):
        take(delegated, Event.PRESS_REPLY, Role.SLT, pack, given)
    chair = replace(now, decider=Role.CHAIR, subjects=frozenset({Role.HEAD}))
    assert take(chair, Event.PRESS_REPLY, Role.CHAIR, pack, given).target is S.INTERNAL


def test_g05_the_media_policy_comes_before_the_answer_to_a_journalist() -> None:
    """G05: a link to it is mandatory."""
    pack, now = PACKS["grappenhall_heys"], replace(on(Track.PRESS, TrackState.OPEN), decider=Role.SLT)
    with pytest.raises(Refused, match="media policy comes first"):
        take(now, Event.PRESS_REPLY, Role.SLT, pack, [])
    assert take(now, Event.PRESS_REPLY, Role.SLT, pack, [("media_policy", "in the staff handbook")])


def test_l41_a_draft_may_go_to_the_education_solicitor_and_the_advice_comes_back() -> None:
    """L41."""
    assert take(standing(S.LETTER), Event.LEGAL_ADVICE_ASKED, Role.OPERATOR).target is S.LETTER
    assert "stands at none" in why_not(Event.LEGAL_ADVICE_RECEIVED, standing(S.LETTER))
    asked = on(Track.LEGAL_ADVICE, TrackState.OPEN, S.LETTER)
    assert take(asked, Event.LEGAL_ADVICE_RECEIVED, Role.OPERATOR).facts.get("legal_advice")


def test_c06_only_staff_may_be_required_to_remove_a_post_and_their_refusal_is_recorded() -> None:
    """C06: the time limit is in words, no 48 hours; no other author, and no other policy."""
    pack = PACKS["cansfield"]
    for event in (Event.STAFF_REMOVAL_REQUIRED, Event.STAFF_REMOVAL_REFUSED):
        for author in AuthorKind:
            now = standing(S.INTERNAL, author=author)
            assert bool(why_not(event, now, pack)) is (author not in WORKING_FOR_SCHOOL)
        staff = standing(S.INTERNAL, author=AuthorKind.STAFF)
        assert take(staff, event, Role.HEAD, pack).deadline_at is None
        assert "adopt.staff_author" in why_not(event, staff, LLANBEDROG)


def test_g04_on_its_own_page_the_school_acts_and_says_why_by_rule_and_never_by_person() -> None:
    """G04, L08: evidence first, before and after logged, never on somebody else's page."""
    pack = PACKS["grappenhall_heys"]
    own = replace(standing(S.PRESERVED, Role.SLT), channel=Channel.SCHOOL_ACCOUNT)
    given = lawful_facts(row_of(Event.OWN_SPACE_ACTION), own, pack)
    assert take(own, Event.OWN_SPACE_ACTION, Role.OPERATOR, pack, given).target is S.PRESERVED
    for key in ("why", "before", "after", "action"):
        with pytest.raises(Refused, match="not said yet"):
            take(own, Event.OWN_SPACE_ACTION, Role.OPERATOR, pack, replaced(given, key))
    with pytest.raises(Refused, match="must be the reason"):
        take(own, Event.OWN_SPACE_ACTION, Role.OPERATOR, pack, replaced(given, "why", "Mrs Jones"))
    for channel in (Channel.PERSONAL, Channel.OTHER):
        other = replace(own, channel=channel)
        assert "somebody else's page" in why_not(Event.OWN_SPACE_ACTION, other, pack)
    assert "no evidence" in why_not(Event.OWN_SPACE_ACTION, replace(own, has_evidence=False), pack)
    only_block = with_values(pack, RuleKey.OWN_SPACE, "block")
    with pytest.raises(Refused, match="does not speak of delete"):
        take(own, Event.OWN_SPACE_ACTION, Role.OPERATOR, only_block, replaced(given, "action", "delete"))
    assert "adopt.own_space" in why_not(Event.OWN_SPACE_ACTION, own, LLANBEDROG)


def test_g09_a_compromising_picture_is_deleted_by_anyone_where_the_policy_says_so() -> None:
    """G09."""
    for role in PEOPLE:
        assert not why_not(Event.MUST_DELETE, standing(S.OPENED, Role.SLT), PACKS["grappenhall_heys"], role)
    assert "not set by your policy" in why_not(Event.MUST_DELETE, standing(S.OPENED))


def test_l22_that_somebody_answered_already_is_only_ever_a_note_of_the_breach() -> None:
    """L22: open in every state, to everybody; it contacts nobody and moves nothing."""
    row = row_of(Event.BREACH_NOTE)
    assert row.sources == frozenset(S) and not row.contact and row.target is None
    for state in S:
        for role in PEOPLE:
            given = lawful_facts(row, standing(state), LLANBEDROG)
            assert decide_move(standing(state), row.event, role, REASON, LLANBEDROG, given).target is state
