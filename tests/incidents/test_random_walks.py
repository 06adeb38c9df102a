"""Any people, any steps, any pack: what must hold after every one of them (reference invariants I1 to I5, I8)."""

from __future__ import annotations

import contextlib
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from incidents.deadlines import step_deadline
from incidents.protocol import IncidentNow, decide_move, find_refusal
from incidents.transitions import TRANSITIONS, Event
from mentionwatch.errors import Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from tests.incidents.packs import PACKS, PEOPLE, standing

CONTACT = {row.event for row in TRANSITIONS if row.contact}
ROUTES = {Event.POLICE, Event.INTERNAL, Event.NO_CASE, Event.TREAT_AS_CONCERN}
ROWS = {row.event: row for row in TRANSITIONS}


class ProtocolWalk(RuleBasedStateMachine):
    """One incident, moved at random by people in random roles, with a log kept beside it."""

    @initialize(pack=st.sampled_from(sorted(PACKS)), has_deputy=st.booleans())
    def open(self, pack: str, has_deputy: bool) -> None:
        self.pack = PACKS[pack]
        self.now = standing(S.OPENED, self.pack.decider.roles[0], has_deputy=has_deputy)
        self.at = datetime(2026, 3, 27, 9, tzinfo=UTC)
        self.deadline: datetime | None = None
        self.log: list[tuple[Event, S, S, Role, Role]] = []

    @rule(hours=st.integers(1, 400))
    def wait(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(subjects=st.frozensets(st.sampled_from([Role.HEAD, Role.SLT, Role.DEPUTY, Role.CHAIR]), max_size=2))
    def the_post_is_edited(self, subjects: frozenset[Role]) -> None:
        now = self.now
        self.now = IncidentNow(
            now.id, now.state, now.decider, now.pack, now.has_evidence, subjects, now.has_deputy
        )

    @rule(event=st.sampled_from(Event), role=st.sampled_from(Role))
    def try_a_step(self, event: Event, role: Role) -> None:
        self._step(event, role)

    @rule(choice=st.integers(0, 10_000), role=st.sampled_from(PEOPLE))
    def take_an_open_step(self, choice: int, role: Role) -> None:
        events = [
            row.event for row in TRANSITIONS if not find_refusal(row, self.now, self.now.decider, self.pack)
        ]
        self._step(events[choice % len(events)], self.now.decider if choice % 3 else role)

    def _step(self, event: Event, role: Role) -> None:
        before = self.now
        try:
            move = decide_move(before, event, role, "a reason that a person wrote", self.pack)
        except Refused as refused:
            assert "[" in str(refused), "a refusal quotes its clause"
            assert find_refusal(ROWS[event], before, role, self.pack) or event is Event.RECUSE
            return
        assert not find_refusal(ROWS[event], before, role, self.pack)
        set_to = step_deadline(event, self.at, self.deadline)
        if event is Event.EXTEND and self.deadline:
            assert set_to is not None and set_to > self.deadline
        self.deadline = set_to or self.deadline
        self.log.append((event, move.source, move.target, role, before.decider))
        self.now = IncidentNow(
            before.id,
            move.target,
            move.decider,
            before.pack,
            before.has_evidence,
            before.subjects,
            before.has_deputy,
        )
        if event is Event.RECUSE:
            assert move.decider is not before.decider
            assert move.decider not in before.subjects
            assert move.decider is not Role.DEPUTY or before.has_deputy

    @invariant()
    def no_contact_before_a_decision(self) -> None:
        """L22, I1."""
        decided = False
        for event, *_ in getattr(self, "log", []):
            if event is Event.REOPEN:
                decided = False
            decided = decided or event in ROUTES
            assert decided or event not in CONTACT

    @invariant()
    def no_contact_in_a_police_hold(self) -> None:
        """L26, I2."""
        for event, source, *_ in getattr(self, "log", []):
            assert source is not S.POLICE_HOLD or event not in CONTACT

    @invariant()
    def the_log_is_one_unbroken_chain_of_persons_steps(self) -> None:
        """I8."""
        at = S.OPENED
        for _, source, target, role, _ in getattr(self, "log", []):
            assert source is at and role is not Role.PIPELINE
            at = target

    @invariant()
    def no_close_without_a_decision(self) -> None:
        """Closed only after the decider decided, or after the stop rule's reference was recorded."""
        decided = False
        for event, _, target, role, decider in getattr(self, "log", []):
            if event is Event.REOPEN:
                decided = False
            if event in ROUTES:
                assert role is decider
                decided = True
            assert target is not S.CLOSED or event in (Event.NOTE, Event.RECORD_REFERENCE) or decided


ProtocolWalk.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestProtocolWalk = ProtocolWalk.TestCase


@pytest.mark.parametrize("name", PACKS)
def test_each_step_of_the_table_is_open_to_someone_and_no_other_step_to_anyone(name: str) -> None:
    pack = PACKS[name]
    lawful = {(row.event, source): row.target or source for row in TRANSITIONS for source in row.sources}
    for state in S:
        now = standing(state, pack.decider.roles[0])
        for event in Event:
            targets = set()
            for role in PEOPLE:
                with contextlib.suppress(Refused):
                    targets.add(decide_move(now, event, role, "a reason that a person wrote", pack).target)
            wanted = {lawful[event, state]} if (event, state) in lawful else set()
            assert targets == wanted, (event, state)


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKS)
def test_a_million_random_steps_a_pack_accept_no_illegal_transition(name: str) -> None:
    pack, dice = PACKS[name], random.Random(f"long walk {name}")
    lawful = {(row.event, source) for row in TRANSITIONS for source in row.sources}
    now = standing(S.OPENED, pack.decider.roles[0])
    for _ in range(1_000_000):
        row, role = dice.choice(TRANSITIONS), dice.choice((now.decider, *PEOPLE))
        if find_refusal(row, now, role, pack):
            continue
        assert (row.event, now.state) in lawful
        assert not (row.contact and now.state in (S.OPENED, S.PRESERVED, S.AWAITING_DECISION, S.POLICE_HOLD))
        now = standing(row.target or now.state, pack.decider.roles[0])
