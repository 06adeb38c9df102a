"""L31, I3: the person a post is about never decides on it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from incidents.permissions import choose_decider, find_subjects
from incidents.protocol import decide_move
from incidents.transitions import TRANSITIONS, Actor, Event
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from mentionwatch.school import SchoolProfile
from tests.incidents.packs import LLANBEDROG, PACKS, standing

PROFILE = SchoolProfile(
    "Ysgol Llanbedrog",
    (),
    ("Llanbedrog",),
    head_surnames=("Prydderch",),
    deputy_surnames=("O'Malley",),
    chair_surnames=("Ward-Ellis",),
)
REASON = "because the post says so"


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


def test_l31_a_decider_whom_an_edited_post_names_loses_every_decision_at_that_moment() -> None:
    for state in S:
        now = standing(state, Role.HEAD, subjects=frozenset({Role.HEAD}))
        for row in TRANSITIONS:
            if row.actor is not Actor.DECIDER or state not in row.sources:
                continue
            with pytest.raises(Refused) as refused:
                decide_move(now, row.event, Role.HEAD, REASON, LLANBEDROG)
            assert "does not decide" in str(refused.value) or "the police have it" in str(refused.value)


def test_l31_wherever_a_decision_may_be_taken_recusal_can_hand_it_on() -> None:
    """No dead end: a decider who is barred can always be replaced."""
    for state in S:
        now = standing(state, Role.HEAD, subjects=frozenset({Role.HEAD, Role.DEPUTY}))
        if not any(row.actor is Actor.DECIDER and state in row.sources for row in TRANSITIONS):
            continue
        assert decide_move(now, Event.RECUSE, Role.OPERATOR, REASON, LLANBEDROG).decider is Role.CHAIR


def test_recusal_walks_down_the_order_and_stops_at_its_end() -> None:
    first = decide_move(standing(S.AWAITING_DECISION), Event.RECUSE, Role.DSL, REASON, LLANBEDROG)
    assert first.decider is Role.DEPUTY
    no_deputy = standing(S.AWAITING_DECISION, has_deputy=False)
    assert decide_move(no_deputy, Event.RECUSE, Role.DSL, REASON, LLANBEDROG).decider is Role.CHAIR
    last = standing(S.AWAITING_DECISION, Role.CHAIR)
    with pytest.raises(Refused, match=r"nobody is left.*local authority or trust"):
        decide_move(last, Event.RECUSE, Role.CHAIR, REASON, LLANBEDROG)


def test_at_the_end_of_the_order_the_chair_can_still_act_so_that_nothing_is_stuck() -> None:
    all_of_them = frozenset({Role.HEAD, Role.DEPUTY, Role.CHAIR})
    now = standing(S.AWAITING_DECISION, Role.CHAIR, subjects=all_of_them)
    move = decide_move(now, Event.INTERNAL, Role.CHAIR, "the council asked me to", LLANBEDROG)
    assert move.target is S.INTERNAL
