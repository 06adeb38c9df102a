"""Why a step is refused for what was stated with it, or for what is missing: one small test for each requirement."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from incidents.protocol import decide_move, facts_asked, find_refusal
from incidents.standing import DocumentKind, Track, TrackState
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.errors import Refused
from mentionwatch.labels import WORKING_FOR_SCHOOL, AuthorKind, Channel, Harm, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import RuleKey
from tests.incidents.packs import (
    LLANBEDROG,
    NOW,
    PACKS,
    REASON,
    lawful_facts,
    replaced,
    row_of,
    standing,
    take,
)
from tests.incidents.trying import move, refused

HOURS = timedelta(hours=1)
STRANGERS = tuple(sorted(set(AuthorKind) - WORKING_FOR_SCHOOL - {AuthorKind.PUPIL, AuthorKind.UNKNOWN}))


@pytest.mark.parametrize("key", ["connection", "effect", "harm", "involved"])
@pytest.mark.parametrize("event", [Event.INTERNAL, Event.POLICE])
def test_l15_both_limbs_the_harm_and_who_assessed_it_are_mandatory(key: str, event: Event) -> None:
    """L15, L06, D13: no connection, no effect, no harm that a person names, no word on who was involved: no route."""
    refused("not said yet", S.AWAITING_DECISION, event, (key,))
    asked = {fact.key: fact for fact in row_of(event).facts}
    assert asked["effect"].choices == ("school", "staff", "governors", "pupils")
    assert asked["harm"].choices == tuple(harm.value for harm in Harm)
    assert not any("discuss" in choice for choice in asked["harm"].choices), (
        "D13: talking of school is no harm"
    )


def test_b06_whether_the_victim_knows_is_asked_and_never_a_condition() -> None:
    """B06: 'no', 'unknown' and nothing at all are as good as 'yes'."""
    pack = PACKS["brighton_hill"]
    now = standing(S.AWAITING_DECISION, Role.SLT)
    for values in (("no",), ("unknown",), ("yes",), ()):
        done = move(S.AWAITING_DECISION, Event.INTERNAL, ("target_aware", *values), now=now, pack=pack)
        assert done.target is S.INTERNAL


def test_b07_the_test_of_cyber_bullying_asks_all_four_questions() -> None:
    """B07: influence or advantage, disadvantage, unwarranted, unwelcome."""
    pack, now = PACKS["brighton_hill"], standing(S.AWAITING_DECISION, Role.SLT)
    for key in ("advantage", "disadvantage", "unwarranted", "unwelcome"):
        refused("not said yet", S.AWAITING_DECISION, Event.INTERNAL, (key,), now=now, pack=pack)
        assert key not in {fact.key for fact in facts_asked(row_of(Event.INTERNAL), LLANBEDROG)}


def test_c04_which_of_the_protected_targets_is_disparaged_is_asked() -> None:
    """C04."""
    pack, now = PACKS["cansfield"], standing(S.AWAITING_DECISION)
    refused("Who is disparaged", S.AWAITING_DECISION, Event.INTERNAL, ("target_class",), now=now, pack=pack)


def test_b12_whether_the_employee_was_advised_to_tell_the_police_is_recorded_with_who_tells_them() -> None:
    """B12: the employee may be the informant; the advice, given or not, is recorded."""
    pack, now = PACKS["brighton_hill"], standing(S.AWAITING_DECISION, Role.SLT)
    why = "Was the employee advised"
    refused(why, S.AWAITING_DECISION, Event.POLICE, ("employee_advised",), now=now, pack=pack)
    done = move(S.AWAITING_DECISION, Event.POLICE, ("informant", "employee"), now=now, pack=pack)
    assert done.facts.get("informant") == "employee"


def test_d07_families_refused_and_it_goes_on_are_both_recorded_before_the_police() -> None:
    """D07."""
    pack, now = PACKS["caldecote"], standing(S.AWAITING_DECISION)
    for key in ("families_refuse", "it_continues"):
        refused("not said yet", S.AWAITING_DECISION, Event.POLICE, (key,), now=now, pack=pack)


def test_l25_harassment_takes_two_occasions_and_the_police_a_sentence_on_proportion() -> None:
    """L25, T10: the offence is named, its questions are answered, and why it is proportionate is said."""
    refused("needs a sentence", S.AWAITING_DECISION, Event.POLICE, ("proportionate", "because"))
    given = replaced(lawful_facts(row_of(Event.POLICE), standing(S.AWAITING_DECISION), LLANBEDROG), "tick")
    for tick_less in ("harassment",):
        with pytest.raises(Refused, match="not answered yet"):
            take(
                standing(S.AWAITING_DECISION),
                Event.POLICE,
                given=replaced(replaced(given, "offence", tick_less), "occasion", "2026-11-20 10:00"),
            )


def test_l13_the_author_is_set_by_a_person_before_anything_internal() -> None:
    """L13: no author kind, no internal route; nothing looks it up."""
    now = standing(S.AWAITING_DECISION, author=None)
    refused("who the author is", S.AWAITING_DECISION, Event.INTERNAL, ("author",), now=now)
    for author in AuthorKind:
        done = move(S.AWAITING_DECISION, Event.INTERNAL, ("author", author.value), now=now)
        assert done.facts.get("author") == author.value


@pytest.mark.parametrize("author", sorted(AuthorKind))
@pytest.mark.parametrize("event", [Event.INVITE, Event.WRITE_INSTEAD, Event.ASK_REMOVAL])
def test_l13_only_authors_the_school_may_talk_to_are_contacted(author: AuthorKind, event: Event) -> None:
    """L13, L12: pupils by the behaviour policy, staff by their own procedure, strangers not at all."""
    now = standing(S.PREPARED, author=author)
    if author in STRANGERS:
        assert move(S.PREPARED, event, now=now).source is S.PREPARED
    else:
        refused("no letter|nobody tries to find out", S.PREPARED, event, now=now)
    with pytest.raises(Refused, match="has not been said"):
        move(S.PREPARED, event, now=standing(S.PREPARED, author=None))


@pytest.mark.parametrize(
    ("event", "authors", "name"),
    [
        (Event.REDIRECT_BEHAVIOUR, {AuthorKind.PUPIL}, "llanbedrog"),
        (Event.REDIRECT_DISCIPLINARY, WORKING_FOR_SCHOOL, "llanbedrog"),
        (Event.REDIRECT_BROKER, {AuthorKind.FORMER_PUPIL, AuthorKind.OTHER_SCHOOL}, "caldecote"),
        (Event.AUTHOR_UNKNOWN, {AuthorKind.UNKNOWN}, "llanbedrog"),
    ],
)
def test_each_author_has_a_way_of_their_own(event: Event, authors: set[AuthorKind], name: str) -> None:
    """L13, L12, L11, D06, T16 to T19."""
    for author in AuthorKind:
        now = standing(S.INTERNAL, author=author)
        if author in authors:
            assert move(S.INTERNAL, event, now=now, pack=PACKS[name]).target in (S.REDIRECTED, S.PLATFORM)
        else:
            refused(f"the author is {author.value}", S.INTERNAL, event, now=now, pack=PACKS[name])


def test_d05_where_a_post_was_written_bars_no_investigation() -> None:
    """D05: the policy reaches off the site; the internal route is open whatever page the post is on."""
    pack = PACKS["caldecote"]
    assert pack.has(RuleKey.REACH, "off_site")
    for channel in Channel:
        now = replace(standing(S.AWAITING_DECISION), channel=channel)
        assert move(S.AWAITING_DECISION, Event.INTERNAL, now=now, pack=pack).target is S.INTERNAL


def test_d06_only_the_policy_that_speaks_of_former_pupils_lets_another_school_be_asked() -> None:
    """D06: caldecote brokers; elsewhere the step is not set, and the refusal says how to adopt it."""
    now = standing(S.INTERNAL, author=AuthorKind.FORMER_PUPIL)
    for name in set(PACKS) - {"caldecote"}:
        why = r"not set by your policy.*adopt\.former_pupil"
        refused(why, S.INTERNAL, Event.REDIRECT_BROKER, pack=PACKS[name], now=replace(now, decider=PACKS[name].decider.roles[0]))  # fmt: skip


def test_t17_whether_a_member_of_staff_blows_a_whistle_is_asked_first() -> None:
    """L11, L12: the disciplinary route only for staff, with the question answered and the procedure named."""
    now = standing(S.INTERNAL, author=AuthorKind.STAFF)
    for key in ("whistleblowing", "procedure"):
        refused("not said yet", S.INTERNAL, Event.REDIRECT_DISCIPLINARY, (key,), now=now)


def test_d04_an_allegation_about_an_adult_closes_the_ordinary_route() -> None:
    """D04: no invitation, letter, request or meeting; support, safeguarding and an end stay open."""
    facts = (("safeguarding_kind", "adult_at_school"),)
    for row in TRANSITIONS:
        if not row.contact or row.event in (Event.PRESS_REPLY, Event.BAN_NOTICE, Event.PLATFORM_REPORTED):
            continue
        for state in row.sources:
            why = find_refusal(row, standing(state, facts=facts), Role.HEAD, LLANBEDROG)
            assert "the ordinary route is closed" in why, (row.event, state)
    assert not find_refusal(row_of(Event.SETTLE), standing(S.INVITED, facts=facts), Role.HEAD, LLANBEDROG)


def test_l32_every_piece_of_evidence_stands_against_a_clause_with_a_reason() -> None:
    """L32, T20."""
    now = replace(standing(S.INTERNAL), evidence=("r1", "r2"))
    clause = LLANBEDROG.clauses[0][0]
    good = (f"r1 {clause}: it calls a teacher names", f"r2 {clause}: it says where she lives")
    assert move(S.INTERNAL, Event.PREPARED, ("cross_reference", *good), now=now).target is S.PREPARED
    for lines, why in (
        ((good[0],), "not set against a clause yet: r2"),
        ((good[0], "r2 nonsense: it says where she lives"), "no clause 'nonsense'"),
        ((good[0], f"r3 {clause}: it says where she lives"), "'r3' is no piece of evidence"),
        ((good[0], f"r2 {clause}: bad"), "does not say why"),
        ((good[0], f"r2 {clause}"), "does not say why"),
    ):
        refused(why, S.INTERNAL, Event.PREPARED, ("cross_reference", *lines), now=now)


@pytest.mark.parametrize("key", ["address", "times", "terms", "account"])
def test_l43_a_report_to_the_platform_has_address_times_terms_and_the_schools_account(key: str) -> None:
    """L43: never from a member of staff's account."""
    refused("not said yet", S.PLATFORM, Event.PLATFORM_REPORTED, (key,))
    refused("must be whose account", S.PLATFORM, Event.PLATFORM_REPORTED, ("account", "mine"))


def test_l43_silence_of_a_platform_counts_after_28_days() -> None:
    """L43, T32."""
    fresh = standing(S.PLATFORM_WAIT, entered_at=NOW - timedelta(days=27))
    why = "no answer counts after 28 days"
    refused(why, S.PLATFORM_WAIT, Event.PLATFORM_REFUSED, ("outcome", "no_answer"), now=fresh)
    old = standing(S.PLATFORM_WAIT, entered_at=NOW - timedelta(days=28))
    done = move(S.PLATFORM_WAIT, Event.PLATFORM_REFUSED, ("outcome", "no_answer"), now=old)
    assert done.target is S.EXHAUSTED


def test_l44_legal_action_is_the_persons_own_and_comes_last() -> None:
    """L44: union or solicitor; no document is a claim; support is closed first."""
    done = standing(S.EXHAUSTED, tracks=((Track.SUPPORT, TrackState.DONE),))
    assert move(S.EXHAUSTED, Event.SIGNPOST, now=done).target is S.CLOSED
    refused("support for the person targeted", S.EXHAUSTED, Event.SIGNPOST)
    assert not any("claim" in kind.value or "legal" in kind.value for kind in DocumentKind)
    for state in set(S) - {S.EXHAUSTED}:
        assert "this step starts from EXHAUSTED" in find_refusal(
            row_of(Event.SIGNPOST), standing(state), Role.HEAD, LLANBEDROG
        )


def test_b10_nothing_is_closed_before_support_is() -> None:
    """B10, T35: what was offered is said, and lessons and retention are named."""
    refused("support for the person targeted", S.RESOLVED, Event.CLOSE)
    tried = standing(S.RESOLVED, tracks=((Track.SUPPORT, TrackState.OPEN),))
    refused("support for the person targeted", S.RESOLVED, Event.CLOSE, now=tried)
    done = standing(S.RESOLVED, tracks=((Track.SUPPORT, TrackState.DONE),))
    for key in ("lessons", "retention"):
        refused("not said yet", S.RESOLVED, Event.CLOSE, (key,), now=done)
    refused("what was offered", S.RESOLVED, Event.SUPPORT_CLOSED, ("support_outcome",))


def test_l17_a_gap_in_the_evidence_has_a_written_reason() -> None:
    """L17, B11: a copy, or why there is none; prompt and before anything else."""
    bare = standing(S.OPENED, has_evidence=False)
    refused("Say why", S.OPENED, Event.PRESERVE, ("gap_evidence",), now=bare)
    refused("not said yet", S.OPENED, Event.PRESERVE_PARTIAL, ("gap_evidence",), now=bare)
    for event in (Event.PRESERVE, Event.PRESERVE_PARTIAL):
        assert move(S.OPENED, event, now=bare).facts.get("gap_evidence")


def test_l23_somebody_looks_for_a_conflict_before_the_evidence_is_handed_over() -> None:
    """L23, T06."""
    refused("not said yet", S.PRESERVED, Event.HAND_OVER, ("conflict_checked",))
    refused("must be that somebody looked", S.PRESERVED, Event.HAND_OVER, ("conflict_checked", "no"))


def test_l26_the_police_let_go_only_with_their_advice_on_record() -> None:
    """L26, T12."""
    for key in ("advice", "advised_at"):
        refused("not said yet", S.POLICE_HOLD, Event.POLICE_RELEASE, (key,))
    refused("in the future", S.POLICE_HOLD, Event.POLICE_RELEASE, ("advised_at", (NOW + HOURS).isoformat()))
    refused("police reference", S.POLICE_HOLD, Event.POLICE_DONE, ("reference",))


def test_t05_a_reference_is_not_given_in_the_future() -> None:
    ahead = ("given_at", (NOW + HOURS).isoformat())
    for event in (Event.RECORD_REFERENCE, Event.REFERENCE_HOLD):
        refused("in the future", S.STOP_IMAGE, event, ahead, role=Role.DSL)


def test_t34_a_merge_is_undone_within_thirty_days_and_not_after() -> None:
    """T34."""
    now = standing(S.MERGED)
    assert move(S.MERGED, Event.UNDO_MERGE, now=now).target is S.INTERNAL
    for days, why in ((30, ""), (31, "older than 30 days")):
        old = replace(now, merged_at=NOW - timedelta(days=days))
        assert why in find_refusal(row_of(Event.UNDO_MERGE), old, Role.OPERATOR, LLANBEDROG)
        assert bool(why) is bool(find_refusal(row_of(Event.UNDO_MERGE), old, Role.OPERATOR, LLANBEDROG))
    refused("was not merged", S.MERGED, Event.UNDO_MERGE, now=replace(now, before_merge=None))
    for state in (S.POLICE_HOLD, S.STOP_IMAGE, S.OPENED, S.CLOSED, S.MERGED):
        assert state not in row_of(Event.MERGE).sources


def test_lawful_facts_are_lawful_for_every_row_that_is_open() -> None:
    """The generator the walks go by: whatever it says is taken, for every step of Llanbedrog's."""
    dice = random.Random("generator")
    for row in TRANSITIONS:
        for state in row.sources:
            for track in TrackState:
                now = replace(standing(state), tracks=tuple((one, track) for one in Track))
                if find_refusal(row, now, Role.HEAD, LLANBEDROG):
                    continue
                given = lawful_facts(row, now, LLANBEDROG, dice)
                assert decide_move(now, row.event, Role.HEAD, REASON, LLANBEDROG, given).source is state
