"""L31, I3: the person a post is about never decides on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incidents.facts import Facts
from incidents.history import PastEvent, gather
from incidents.permissions import choose_decider, find_subjects
from incidents.protocol import find_refusal
from incidents.standing import Track, TrackState
from incidents.transitions import TRANSITIONS, Actor, Event
from mentionwatch.errors import Refused
from mentionwatch.labels import PASSED_OVER, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.school import SchoolProfile
from tests.incidents.packs import LLANBEDROG, NOW, PACKS, REASON, row_of, standing, take

PROFILE = SchoolProfile(
    "Ysgol Llanbedrog",
    (),
    ("Llanbedrog",),
    head_surnames=("Prydderch",),
    deputy_surnames=("O'Malley",),
    chair_surnames=("Ward-Ellis",),
)


@pytest.mark.parametrize(
    ("text", "decider"),
    [
        ("The car park is a mess", Role.HEAD),
        ("The head is a liar", Role.DEPUTY),
        ("That headteacher should be ashamed", Role.DEPUTY),
        ("Mae'r pennaeth yn dweud celwydd", Role.DEPUTY),
        ("Mae'r brifathrawes yn ddiog", Role.DEPUTY),
        ("Cwyn am y prifathro", Role.DEPUTY),
        ("Mrs Prydderch’s a disgrace", Role.DEPUTY),
        ("PRYDDERCH OUT", Role.DEPUTY),
        ("The head and the deputy head are liars", Role.CHAIR),
        ("Prydderch and O'Malley should resign", Role.CHAIR),
        ("Y pennaeth a'r dirprwy", Role.CHAIR),
        ("The deputy is rude", Role.HEAD),
        ("The head of maths is rude", Role.HEAD),
        ("Pennaeth adran sy'n ddi-glem", Role.HEAD),
        ("They are heads and shoulders above the rest", Role.HEAD),
        ("The chair of governors lied", Role.HEAD),
    ],
)
def test_l31_the_first_in_the_packs_order_that_the_post_is_not_about_decides(
    text: str, decider: Role
) -> None:
    assert choose_decider(LLANBEDROG, PROFILE, text).role is decider


def test_l31_without_a_deputy_the_chair_of_governors_follows() -> None:
    choice = choose_decider(LLANBEDROG, replace(PROFILE, has_deputy=False), "The head is a liar")
    assert choice.role is Role.CHAIR
    assert "Internal Protocol, Internal Procedure 1" in choice.reasons


def test_everyone_concerned_means_someone_outside_is_asked() -> None:
    choice = choose_decider(LLANBEDROG, PROFILE, "Prydderch, O'Malley and Ward-Ellis are all in it")
    assert choice.role is Role.CHAIR
    assert any("ask the local authority or trust" in reason for reason in choice.reasons)


def test_reasons_quote_no_words_of_the_post() -> None:
    choice = choose_decider(LLANBEDROG, PROFILE, "Prydderch is a zebra-faced liar, the headteacher")
    assert not any("zebra" in reason or "Prydderch" in reason for reason in choice.reasons)


@pytest.mark.parametrize("name", [name for name, pack in PACKS.items() if pack.conflict_order is None])
def test_a_policy_silent_on_conflicts_says_so_and_the_chair_is_asked(name: str) -> None:
    choice = choose_decider(PACKS[name], PROFILE, "The head and the deputy head are liars")
    assert choice.role is Role.CHAIR
    assert any("not set by your policy" in reason for reason in choice.reasons)


def test_d03_a_post_about_the_head_of_two_leaves_neither_of_them_to_decide() -> None:
    assert find_subjects("the headteacher", PROFILE) >= {Role.HEAD, Role.CO_HEAD}
    assert choose_decider(PACKS["caldecote"], PROFILE, "the headteacher lied").role is Role.CHAIR


def test_a_surname_inside_another_word_names_nobody() -> None:
    profile = replace(PROFILE, head_surnames=("Rhys",), chair_surnames=("Lee",))
    assert find_subjects("Rhyswyn and Leeds and sleep", profile) == frozenset()


def test_l31_a_decider_whom_an_edited_post_names_loses_every_step_but_alarms_and_notes() -> None:
    """L31, I3: in every state, for every step, at that moment."""
    alarms = {
        Event.STOP_IMAGE,
        Event.SAFEGUARDING,
        Event.SAFETY,
        Event.RECUSE,
        Event.NOTE,
        Event.SUPPORT_OFFERED,
    }
    for state in S:
        for track in TrackState:
            tracks = tuple((one, track) for one in Track)
            now = standing(state, Role.HEAD, subjects=frozenset({Role.HEAD}), tracks=tracks)
            free = standing(state, Role.HEAD, tracks=tracks)
            for row in TRANSITIONS:
                if state not in row.sources or find_refusal(row, free, Role.HEAD, LLANBEDROG):
                    continue
                refusal = find_refusal(row, now, Role.HEAD, LLANBEDROG)
                assert bool(refusal) is (row.event not in alarms), (state, row.event)
                assert not refusal or "who therefore does not decide" in refusal


def test_l31_a_subject_who_decides_nothing_may_not_act_in_another_capacity_either() -> None:
    """L31: the head is an operator too, and may be the delegate; about himself he is neither."""
    now = standing(S.PREPARED, Role.DEPUTY, subjects=frozenset({Role.HEAD}), facts=(("delegate", "head"),))
    for event in (Event.INVITE, Event.SUPPORT_CLOSED, Event.MERGE, Event.BREACH_NOTE):
        assert "another role does it" in find_refusal(row_of(event), now, Role.HEAD, LLANBEDROG)
        free = standing(S.PREPARED, Role.DEPUTY, facts=(("delegate", "head"),))
        assert not find_refusal(row_of(event), free, Role.HEAD, LLANBEDROG)


def test_l31_recusal_is_logged_with_who_stepped_back_and_ends_their_delegation() -> None:
    """L31, T07: whom the head had named invites in nobody's name any more, and the head stays out for good."""
    log = [
        PastEvent(1, "internal", S.AWAITING_DECISION, S.INTERNAL, Role.HEAD, "x", NOW, REASON, Facts((("author", "parent"),))),
        PastEvent(2, "delegate", S.INTERNAL, S.INTERNAL, Role.HEAD, "x", NOW, REASON, Facts((("delegate", "slt"),))),
    ]  # fmt: skip
    assert gather(log).facts.get("delegate") == "slt"
    move = take(standing(S.INTERNAL), Event.RECUSE, Role.OPERATOR)
    log.append(PastEvent(3, "recuse", S.INTERNAL, S.INTERNAL, Role.OPERATOR, "x", NOW, REASON, move.facts))
    told = gather(log)
    assert told.passed_over == {Role.HEAD}
    assert "delegate" not in told.facts and told.facts.get("author") == "parent"
    again = take(standing(S.INTERNAL, Role.DEPUTY), Event.RECUSE, Role.DSL)
    log.append(PastEvent(4, "recuse", S.INTERNAL, S.INTERNAL, Role.DSL, "x", NOW, REASON, again.facts))
    log.append(PastEvent(5, "reopen", S.CLOSED, S.OPENED, Role.DSL, "x", NOW, REASON))
    assert gather(log).passed_over == {Role.HEAD, Role.DEPUTY}, "also when it is reopened"


def test_i3_the_stop_rule_keeps_whom_a_sealed_post_is_about() -> None:
    now = standing(S.INTERNAL, Role.DEPUTY, subjects=frozenset({Role.HEAD, Role.CHAIR}))
    assert take(now, Event.STOP_IMAGE, Role.OPERATOR).facts.get(PASSED_OVER) == "chair head"
    assert PASSED_OVER not in take(standing(S.INTERNAL), Event.STOP_IMAGE, Role.OPERATOR).facts


def test_l31_wherever_a_decision_may_be_taken_recusal_can_hand_it_on() -> None:
    """No dead end: a decider who is barred can always be replaced (L31, I14)."""
    for state in S:
        now = standing(state, Role.HEAD, subjects=frozenset({Role.HEAD, Role.DEPUTY}))
        decisions = [
            row for row in TRANSITIONS if row.actor is Actor.DECIDER and state in row.sources and row.target
        ]
        if not decisions or state is S.THANK_PROPOSED:
            # Good news that names the decider begins with the next in order, and may be left by anybody.
            continue
        assert take(now, Event.RECUSE, Role.OPERATOR).decider is Role.CHAIR


@pytest.mark.parametrize(
    ("name", "has_deputy", "order"),
    [
        ("llanbedrog", True, (Role.HEAD, Role.DEPUTY, Role.CHAIR)),
        ("llanbedrog", False, (Role.HEAD, Role.CHAIR)),
        ("caldecote", True, (Role.HEAD, Role.CO_HEAD, Role.CHAIR)),
        ("cansfield", True, (Role.HEAD, Role.CHAIR)),
        ("brighton_hill", True, (Role.SLT, Role.CHAIR)),
        ("grappenhall_heys", True, (Role.SLT, Role.CHAIR)),
    ],
)
def test_recusal_walks_down_the_order_of_the_pack_and_stops_at_its_end(
    name: str, has_deputy: bool, order: tuple[Role, ...]
) -> None:
    """L31, D03, T07: deputy or chair, the co-head, the chair; then the council or trust is asked, in words."""
    pack, now = PACKS[name], standing(S.AWAITING_DECISION, order[0], has_deputy=has_deputy)
    for following in order[1:]:
        out = now.subjects | {now.decider}
        now = replace(now, decider=take(now, Event.RECUSE, Role.DSL, pack).decider, subjects=out)
        assert now.decider is following
    with pytest.raises(Refused, match=r"nobody is left.*local authority or trust"):
        take(now, Event.RECUSE, now.decider, pack)


def test_d03_one_co_head_concerned_means_the_other_decides_both_mean_the_chair() -> None:
    """D03: the first by a person who knows which; the second by the words of the post."""
    pack = PACKS["caldecote"]
    assert take(standing(S.INTERNAL), Event.RECUSE, Role.HEAD, pack).decider is Role.CO_HEAD
    both = standing(S.INTERNAL, subjects=frozenset({Role.HEAD, Role.CO_HEAD}))
    assert take(both, Event.RECUSE, Role.OPERATOR, pack).decider is Role.CHAIR


def test_at_the_end_of_the_order_the_chair_can_still_act_so_that_nothing_is_stuck() -> None:
    """T07, I14: the reason then says who outside was asked; nobody else of those concerned may."""
    all_of_them = frozenset({Role.HEAD, Role.DEPUTY, Role.CHAIR})
    now = standing(S.AWAITING_DECISION, Role.CHAIR, subjects=all_of_them)
    assert take(now, Event.INTERNAL).target is S.INTERNAL
    for role in (Role.HEAD, Role.DEPUTY):
        with pytest.raises(Refused, match="another role does it"):
            take(now, Event.INTERNAL, role)
