"""The table of lawful steps, one promise a test."""

from __future__ import annotations

import pytest

from incidents.protocol import UNDECIDED, decide_move, find_refusal, list_steps, parse_event, parse_role
from incidents.transitions import TRANSITIONS, Actor, Event, Transition
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from tests.incidents.packs import LLANBEDROG, PACKS, PEOPLE, standing

REASON = "looked at, and talked over"
CONTACTS = [row for row in TRANSITIONS if row.contact]


def row_of(event: Event) -> Transition:
    (row,) = (row for row in TRANSITIONS if row.event is event)
    return row


def test_every_event_has_exactly_one_row_and_every_row_its_own_number() -> None:
    assert sorted(row.event for row in TRANSITIONS) == sorted(Event)
    assert len({row.id for row in TRANSITIONS}) == len(TRANSITIONS)


def test_every_state_can_be_reached_and_from_every_state_an_end() -> None:
    reached, ends = {S.OPENED}, {S.CLOSED, S.MERGED}
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


def test_a_finished_incident_knows_only_notes_and_reopening_and_the_stop_rule_never_applies_to_it() -> None:
    for state in (S.CLOSED, S.MERGED):
        assert {row.event for row in TRANSITIONS if state in row.sources} == {Event.NOTE, Event.REOPEN}


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
    now = standing(S.AWAITING_DECISION, Role.DEPUTY)
    for role in Role:
        if role is Role.DEPUTY:
            continue
        with pytest.raises(Refused, match="only the deputy may do this"):
            decide_move(now, event, role, REASON, LLANBEDROG)
    with pytest.raises(Refused, match="needs a reason"):
        decide_move(now, event, Role.DEPUTY, "   ok ", LLANBEDROG)
    assert decide_move(now, event, Role.DEPUTY, REASON, LLANBEDROG).source is S.AWAITING_DECISION


def test_the_software_itself_can_take_no_step_at_all() -> None:
    for state in S:
        for row in TRANSITIONS:
            assert find_refusal(row, standing(state), Role.PIPELINE, LLANBEDROG), (state, row.event)
    with pytest.raises(ConfigError, match="'pipeline' is no role"):
        parse_role("pipeline")


def test_l17_l23_nothing_is_handed_over_without_its_evidence() -> None:
    with pytest.raises(Refused, match=r"no evidence stored.*Internal Protocol, Step 1"):
        decide_move(
            standing(S.PRESERVED, has_evidence=False), Event.HAND_OVER, Role.OPERATOR, REASON, LLANBEDROG
        )
    move = decide_move(standing(S.PRESERVED), Event.HAND_OVER, Role.OPERATOR, REASON, LLANBEDROG)
    assert move.target is S.AWAITING_DECISION


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
    for state in set(S) - {S.CLOSED, S.MERGED, S.STOP_IMAGE}:
        for role in PEOPLE:
            move = decide_move(standing(state), Event.STOP_IMAGE, role, REASON, LLANBEDROG)
            assert move.target is S.STOP_IMAGE


def test_b13_a_stopped_incident_ends_only_with_the_reference_that_the_safeguarding_lead_records() -> None:
    now = standing(S.STOP_IMAGE)
    assert {row.event for row in TRANSITIONS if S.STOP_IMAGE in row.sources} == {
        Event.RECORD_REFERENCE,
        Event.NOTE,
    }
    with pytest.raises(Refused, match=r"only the dsl.*indecent images of children"):
        decide_move(now, Event.RECORD_REFERENCE, Role.HEAD, REASON, LLANBEDROG)
    assert decide_move(now, Event.RECORD_REFERENCE, Role.DSL, REASON, LLANBEDROG).target is S.CLOSED


@pytest.mark.parametrize("name", PACKS)
def test_a_refusal_names_the_incident_the_clause_or_the_silence_and_what_is_open(name: str) -> None:
    pack = PACKS[name]
    for state in S:
        now = standing(state)
        for row in TRANSITIONS:
            for role in PEOPLE:
                if not find_refusal(row, now, role, pack):
                    continue
                with pytest.raises(Refused) as refused:
                    decide_move(now, row.event, role, REASON, pack)
                text = str(refused.value)
                assert text.startswith(f"refused: 2026-0001 {row.event.value}: ")
                assert refused.value.exit_code == 5
                assert "\n" not in text
                assert any(
                    quoted in text
                    for quoted in (
                        f"not set by your policy ({pack.title})",
                        "duty above every policy",
                        *(f"[{clause}" for clause in all_citations(name)),
                    )
                ), text
                open_now = text.rpartition(f"Open to the {role.value} now: ")[2].split(", ")
                steps = list_steps(now, role, pack)
                assert open_now == [step.event.value for step in steps if not step.refusal]


def all_citations(name: str) -> set[str]:
    pack = PACKS[name]
    clauses = (
        pack.evidence_clause,
        pack.decider.clause,
        pack.conflict_order.clause if pack.conflict_order else None,
        pack.inappropriate_clause,
        pack.complaint_clause,
        pack.police_clause,
        pack.no_contact_clause,
    )
    return {f"{clause.cite()}: {clause.gist}" for clause in clauses if clause}


def test_a_silent_policy_is_called_silent_and_never_borrows_another_schools_clause() -> None:
    """G02: no process is described, so a refusal says so."""
    now = standing(S.PRESERVED)
    with pytest.raises(Refused) as refused:
        decide_move(now, Event.INVITE, Role.SLT, REASON, PACKS["brighton_hill"])
    assert "not set by your policy" in str(refused.value)
    assert "Internal Protocol" not in str(refused.value)


def test_l30_l37_a_letter_needs_its_ground() -> None:
    """I4: a letter follows a safety reason, a no-show or a meeting that was ended, and nothing else."""
    into_letter = {row.event for row in TRANSITIONS if row.target is S.LETTER}
    assert into_letter == {Event.WRITE_INSTEAD, Event.NO_SHOW, Event.MEETING_ENDED}
    assert row_of(Event.LETTER_SENT).sources == {S.LETTER}
    for event in into_letter:
        assert row_of(event).needs


def test_l44_the_school_takes_no_legal_action_and_says_so_only_at_the_end() -> None:
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
