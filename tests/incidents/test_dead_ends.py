"""No pack, and no choice of switches, leaves an incident in a state without a way out (I14)."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from incidents.dead_ends import NO_WAY_OUT, find_dead_ends, find_stuck, is_switched_on
from incidents.incident_rows import ENDED
from incidents.protocol import find_refusal
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import PolicyPack, Rule, RuleKey, Standing
from tests.incidents.packs import PACKS, standing

SWITCHES = sorted({row.switch for row in TRANSITIONS if row.switch}, key=str)


def switched(on: tuple[bool, ...]) -> PolicyPack:
    """A pack in which each switch of the table is set as told, and nothing else is said."""
    values: dict[RuleKey, list[str]] = {}
    for (key, wanted), is_on in zip(SWITCHES, on, strict=True):
        if is_on:
            values.setdefault(key, []).extend(wanted)
    rules = tuple(Rule(key, Standing.ADOPTED, values=tuple(given)) for key, given in values.items())
    return replace(PACKS["llanbedrog"], rules=rules)


def test_the_five_packs_leave_no_state_without_a_way_out() -> None:
    """I14 for the packs that ship."""
    assert {name: find_dead_ends(pack) for name, pack in PACKS.items()} == dict.fromkeys(PACKS, ())


def test_no_choice_of_switches_leaves_a_state_without_a_way_out() -> None:
    """I14: all 2^n settings."""
    assert len(SWITCHES) >= 6
    for on in product((False, True), repeat=len(SWITCHES)):
        assert find_dead_ends(switched(on)) == (), on


def test_the_search_finds_dead_ends_where_there_are_some() -> None:
    """Without the step `settle` a pack that is silent on platforms would leave incidents stuck; a full one not."""
    rows = tuple(row for row in TRANSITIONS if row.event is not Event.SETTLE)
    silent = find_dead_ends(switched((False,) * len(SWITCHES)), rows)
    assert S.PLATFORM in silent and S.PREPARED in silent
    assert S.REMOVAL_WAIT not in silent and S.POLICE_HOLD not in silent
    assert find_dead_ends(switched((True,) * len(SWITCHES)), rows) == ()


def test_an_alarm_or_a_duplicate_is_no_way_out() -> None:
    """Else every state would pass: an image alarm may be raised from each, and ends in CLOSED."""
    rows = tuple(
        row for row in TRANSITIONS if row.event in (*NO_WAY_OUT, Event.RECORD_REFERENCE, Event.POLICE_DONE)
    )
    assert S.PLATFORM in find_dead_ends(PACKS["llanbedrog"], rows)
    assert S.PLATFORM not in find_stuck(rows)


def test_without_any_step_only_what_has_ended_is_at_its_end() -> None:
    assert set(find_stuck(())) == set(S) - ENDED
    assert find_stuck(TRANSITIONS) == ()


@pytest.mark.parametrize("name", sorted(PACKS))
def test_switched_off_means_what_the_protocol_refuses(name: str) -> None:
    pack = PACKS[name]
    for row in TRANSITIONS:
        for state in row.sources:
            now = standing(state, pack.decider.roles[0])
            refused = "[adopt." in find_refusal(row, now, now.decider, pack)
            assert not (refused and is_switched_on(row, pack)), row.id
            if not is_switched_on(row, pack):
                assert find_refusal(row, now, now.decider, pack), row.id
