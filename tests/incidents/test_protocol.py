"""The table of lawful steps, one promise a test."""

from __future__ import annotations

import pytest

from incidents.incident_rows import ENDED, GOOD_NEWS_TRACK
from incidents.protocol import (
    decide_move,
    find_refusal,
    list_steps,
    parse_event,
    parse_role,
    quote_rule,
)
from incidents.transitions import TRANSITIONS, Actor, Event, Transition
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import UNDECIDED, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import RuleKey
from tests.incidents.packs import LLANBEDROG, PACKS, PEOPLE, REASON, lawful_facts, row_of, standing, take

CONTACTS = [row for row in TRANSITIONS if row.contact]


def test_every_event_has_exactly_one_row_and_every_row_its_own_number() -> None:
    assert sorted(row.event for row in TRANSITIONS) == sorted(Event)
    assert len({row.id for row in TRANSITIONS}) == len(TRANSITIONS)


def test_every_state_can_be_reached_and_from_every_state_an_end() -> None:
    reached, ends = {S.OPENED, S.GOOD_NEWS}, set(ENDED)
    for _ in S:
        for row in TRANSITIONS:
            if row.target is None:
                continue
            if row.sources & reached:
                reached.add(row.target)
            if row.target in ends:
                ends |= row.sources
    assert reached == set(S)
    assert ends == set(S)


def test_a_finished_incident_knows_only_notes_and_reopening() -> None:
    notes = {Event.NOTE, Event.BREACH_NOTE}
    found = {
        state: {row.event for row in TRANSITIONS if state in row.sources} - notes
        for state in (S.CLOSED, S.MERGED)
    }
    assert found == {S.CLOSED: {Event.REOPEN}, S.MERGED: {Event.REOPEN, Event.UNDO_MERGE}}


@pytest.mark.parametrize("row", CONTACTS, ids=lambda row: row.event.value)
@pytest.mark.parametrize("state", sorted(UNDECIDED))
def test_l22_nobody_outside_is_contacted_before_the_evidence_is_kept_and_the_decision_taken(
    row: Transition, state: S
) -> None:
    for role in PEOPLE:
        with pytest.raises(Refused) as refused:
            decide_move(standing(state), row.event, role, REASON, LLANBEDROG)
        assert "nobody outside is contacted" in str(refused.value)
        assert "Internal Protocol, Step 1" in str(refused.value)


@pytest.mark.parametrize("row", CONTACTS, ids=lambda row: row.event.value)
def test_l25_l26_nothing_leaves_the_school_while_the_police_have_it(row: Transition) -> None:
    for role in PEOPLE:
        with pytest.raises(Refused, match=r"the police have it.*Internal Protocol, Step 3, Police"):
            decide_move(standing(S.POLICE_HOLD), row.event, role, REASON, LLANBEDROG)


def test_l26_a_police_hold_ends_only_by_the_police_or_the_stop_rule() -> None:
    ways_out = {row.event for row in TRANSITIONS if S.POLICE_HOLD in row.sources and row.target is not None}
    assert ways_out == {Event.POLICE_RELEASE, Event.POLICE_DONE, Event.STOP_IMAGE}


@pytest.mark.parametrize("event", [Event.POLICE, Event.INTERNAL, Event.NO_CASE, Event.TREAT_AS_CONCERN])
def test_l24_the_decider_alone_chooses_the_route_and_must_say_why(event: Event) -> None:
    """L24, L25, L11: reason mandatory; no other role, and no software, chooses."""
    now = standing(S.AWAITING_DECISION, Role.DEPUTY)
    facts = lawful_facts(row_of(event), now, LLANBEDROG)
    for role in Role:
        if role is Role.DEPUTY:
            continue
        with pytest.raises(Refused, match="only the deputy may do this"):
            decide_move(now, event, role, REASON, LLANBEDROG, facts)
    with pytest.raises(Refused, match="needs a reason"):
        decide_move(now, event, Role.DEPUTY, "   ok ", LLANBEDROG, facts)
    assert decide_move(now, event, Role.DEPUTY, REASON, LLANBEDROG, facts).source is S.AWAITING_DECISION


def test_the_software_itself_can_take_no_step_at_all() -> None:
    for state in S:
        for row in TRANSITIONS:
            assert find_refusal(row, standing(state), Role.PIPELINE, LLANBEDROG), (state, row.event)
    with pytest.raises(ConfigError, match="'pipeline' is no role"):
        parse_role("pipeline")


def test_l17_l23_nothing_is_handed_over_without_its_evidence() -> None:
    """L17, L23."""
    with pytest.raises(Refused, match=r"no evidence stored.*Internal Protocol, Step 1|Step 3"):
        take(standing(S.PRESERVED, has_evidence=False), Event.HAND_OVER, Role.OPERATOR)
    assert take(standing(S.PRESERVED), Event.HAND_OVER, Role.OPERATOR).target is S.AWAITING_DECISION


def test_no_way_leads_to_closed_without_a_persons_decision() -> None:
    """Take away every decider's and safeguarding lead's step: then CLOSED cannot be reached from OPENED."""
    reached = {S.OPENED}
    for _ in S:
        for row in TRANSITIONS:
            if row.actor in (Actor.DECIDER, Actor.DSL) or row.target is None:
                continue
            if row.sources & reached:
                reached.add(row.target)
    assert S.CLOSED not in reached
    assert reached == {S.OPENED, S.PRESERVED, S.AWAITING_DECISION, S.STOP_IMAGE, S.MERGED}


def test_b13_the_stop_rule_is_open_to_everyone_in_every_live_state() -> None:
    """B13, T04: also for good news, whose picture may turn out to be one."""
    for state in set(S) - {S.CLOSED, S.MERGED, S.STOP_IMAGE}:
        for role in PEOPLE:
            assert take(standing(state), Event.STOP_IMAGE, role).target is S.STOP_IMAGE


def test_a_child_at_risk_may_be_reported_from_good_news_too() -> None:
    """T09: always allowed."""
    for state in GOOD_NEWS_TRACK:
        for role in PEOPLE:
            assert take(standing(state), Event.SAFEGUARDING, role).target is state


def test_b13_a_stopped_incident_ends_only_with_the_reference_that_the_safeguarding_lead_records() -> None:
    """B13, T05."""
    now = standing(S.STOP_IMAGE)
    ways_out = {row.event for row in TRANSITIONS if S.STOP_IMAGE in row.sources and row.target}
    assert ways_out == {Event.RECORD_REFERENCE, Event.REFERENCE_HOLD}
    for event, target in ((Event.RECORD_REFERENCE, S.CLOSED), (Event.REFERENCE_HOLD, S.POLICE_HOLD)):
        with pytest.raises(Refused, match=r"only the dsl.*duty above every policy"):
            take(now, event, Role.HEAD)
        assert take(now, event, Role.DSL).target is target


@pytest.mark.parametrize("row", CONTACTS, ids=lambda row: row.event.value)
def test_b13_nothing_leaves_the_school_while_the_post_may_hold_an_illegal_image(row: Transition) -> None:
    """T04, I1: not even an answer to a journalist."""
    for role in PEOPLE:
        with pytest.raises(Refused, match="may hold an illegal image"):
            decide_move(standing(S.STOP_IMAGE), row.event, role, REASON, LLANBEDROG)


@pytest.mark.parametrize("row", CONTACTS, ids=lambda row: row.event.value)
def test_l22_nobody_is_contacted_without_evidence_or_a_written_gap_wherever_it_stands(
    row: Transition,
) -> None:
    """L22, I1: an incident can come to INTERNAL from a police hold that began without any evidence."""
    for state in row.sources - {S.POLICE_HOLD, S.STOP_IMAGE}:
        for role in PEOPLE:
            now = standing(state, has_evidence=False)
            assert "before the evidence is kept" in find_refusal(row, now, role, LLANBEDROG)
            gap = standing(state, has_evidence=False, facts=(("gap_evidence", "gone before it was copied"),))
            assert (
                "before the evidence is kept" not in find_refusal(row, gap, role, LLANBEDROG)
                or state in UNDECIDED
            )


@pytest.mark.parametrize("name", PACKS)
def test_a_refusal_names_the_incident_the_clause_or_the_silence_and_what_is_open(name: str) -> None:
    pack = PACKS[name]
    quotations = {quote_rule(pack, key) for key in ("overlay", "decider", "conflict", *RuleKey)}
    quotations |= {pack.rule(key).quote() for key in RuleKey}
    for state in S:
        now = standing(state, pack.decider.roles[0])
        for row in TRANSITIONS:
            for role in (now.decider, Role.OPERATOR, Role.DSL):
                if not find_refusal(row, now, role, pack):
                    continue
                with pytest.raises(Refused) as refused:
                    decide_move(now, row.event, role, REASON, pack)
                text = str(refused.value)
                assert text.startswith(f"refused: 2026-0001 {row.event.value}: ")
                assert refused.value.exit_code == 5
                assert "\n" not in text
                assert any(f"[{quoted}]" in text for quoted in quotations), text
                open_now = text.rpartition(f"Open to the {role.value} now: ")[2].split(", ")
                steps = list_steps(now, role, pack)
                assert open_now == [step.event.value for step in steps if not step.refusal]


def test_a_silent_policy_is_called_silent_and_never_borrows_another_schools_clause() -> None:
    """G02: no process is described, so a refusal says so."""
    now = standing(S.PRESERVED)
    with pytest.raises(Refused) as refused:
        decide_move(now, Event.INVITE, Role.SLT, REASON, PACKS["brighton_hill"])
    assert "not set by your policy" in str(refused.value)
    assert "Internal Protocol" not in str(refused.value)


def test_l30_l37_a_letter_needs_its_ground() -> None:
    """L30, L37, I4: a letter follows a safety reason, a no-show or a meeting that was ended, and nothing else."""
    into_letter = {row.event for row in TRANSITIONS if row.target is S.LETTER}
    assert into_letter == {Event.WRITE_INSTEAD, Event.NO_SHOW, Event.MEETING_ENDED}
    assert row_of(Event.LETTER_SENT).sources == {S.LETTER}


def test_l44_the_school_takes_no_legal_action_and_says_so_only_at_the_end() -> None:
    """L44."""
    row = row_of(Event.SIGNPOST)
    assert row.sources == {S.EXHAUSTED}
    assert {step.event for step in TRANSITIONS if step.target is S.EXHAUSTED} == {Event.PLATFORM_REFUSED}


def test_an_unknown_step_or_role_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ConfigError, match=r"'ivite' is no step.*preserve.*note"):
        parse_event("ivite")
    with pytest.raises(ConfigError, match=r"'boss' is no role.*head, co_head"):
        parse_role("boss")
    assert [parse_event(event.value) for event in Event] == list(Event)
    assert [parse_role(role.value) for role in PEOPLE] == list(PEOPLE)
