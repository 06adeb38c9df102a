"""Any people, any steps, any pack: what must hold after every one of them (reference invariants I1 to I5, I8, I14)."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest

from incidents.facts import Facts
from incidents.history import DEADLINE, PastEvent, gather
from incidents.protocol import IncidentNow, Move, decide_move, find_refusal
from incidents.standing import DocumentKind, DocumentMade, Track, TrackState
from incidents.steps import Event, Transition
from incidents.transitions import BY_EVENT, TRANSITIONS
from mentionwatch.errors import Refused
from mentionwatch.labels import AuthorKind, Channel, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import PolicyPack, RuleKey
from tests.incidents.packs import LLANBEDROG, PACKS, PEOPLE, REASON, lawful_facts, standing, with_values

LONDON = ZoneInfo("Europe/London")
CAN_BE_SUBJECTS = (Role.HEAD, Role.CO_HEAD, Role.SLT, Role.DEPUTY, Role.CHAIR)
EVERYBODY, CHANNELS, KINDS = tuple(Role), tuple(Channel), tuple(DocumentKind)  # listed once
STARTS = (S.OPENED, S.OPENED, S.OPENED, S.CONCERN, S.GOOD_NEWS)
LIMITS = {Event.REMOVAL_ASKED, Event.ASK_REMOVAL, Event.LETTER_SENT, Event.EXTEND}
IN_POLICE_HOLD = {
    # Alarms, support and safety.
    Event.STOP_IMAGE, Event.SAFEGUARDING, Event.SAFEGUARDING_REFERRED, Event.SAFETY, Event.SAFETY_DONE, Event.SUPPORT_OFFERED,
    Event.SUPPORT_CLOSED,
    # What the police say, and who decides meanwhile.
    Event.POLICE_WAIT, Event.POLICE_RELEASE, Event.POLICE_DONE, Event.RECUSE,
    # Notes of what came in: nothing of it leaves the school.
    Event.NOTE, Event.BREACH_NOTE, Event.PRESS_CONTACT, Event.PRESS_ADVICE, Event.LEGAL_ADVICE_RECEIVED,
    Event.BAN_HEARD, Event.BAN_REVIEWED,
}  # fmt: skip
"""Written out, so that a new row has to be thought about (L26, I2)."""
# For who a careful person is, for what was approved, or for a look too soon after removal was asked for.
MAY_STILL_BE_REFUSED = {Event.RECUSE, Event.ASK_REMOVAL, Event.SHARE, Event.PRESS_REPLY, Event.REMOVED}
ALARMS = {Event.STOP_IMAGE, Event.SAFEGUARDING, Event.SAFETY, Event.RECUSE, Event.NOTE, Event.SUPPORT_OFFERED}


def who_is_left(now: IncidentNow, pack: PolicyPack) -> set[Role]:
    """Who could still decide after the present decider: written here once more, from the policies (I3)."""
    order = {
        "llanbedrog": [Role.HEAD, Role.DEPUTY, Role.CHAIR],
        "brighton_hill": [Role.SLT, Role.CHAIR],
        "cansfield": [Role.HEAD, Role.CHAIR],
        "caldecote": [Role.HEAD, Role.CO_HEAD, Role.CHAIR],
        "grappenhall_heys": [Role.SLT, Role.CHAIR],
    }[pack.id]
    if not now.has_deputy and Role.DEPUTY in order:
        order.remove(Role.DEPUTY)
    return set(order[order.index(now.decider) + 1 :]) - now.subjects


class Ledger:
    """What has happened so far, kept apart from the protocol, and what may therefore happen next."""

    def __init__(self, now: IncidentNow) -> None:
        self.is_routed = False
        self.has_ground = False
        self.state = now.state

    def check(self, row: Transition, role: Role, now: IncidentNow, pack: PolicyPack) -> None:
        """The invariants, for a step the protocol allows."""
        event = row.event
        if row.contact:
            assert now.has_evidence or "gap_evidence" in now.facts, ("I1: contact before evidence", event)
            assert event is Event.PRESS_REPLY or self.is_routed, ("I1: contact before decision", event)
            assert now.state not in (S.OPENED, S.PRESERVED, S.AWAITING_DECISION, S.POLICE_HOLD, S.STOP_IMAGE)
        if now.state is S.POLICE_HOLD:
            assert event in IN_POLICE_HOLD, ("I2", event)
        if role in now.subjects and event not in ALARMS:
            assert role is now.decider and not who_is_left(now, pack), ("I3", event, role)
        if event is Event.LETTER_SENT:
            assert self.has_ground, "I4"
            assert now.made(DocumentKind.REMOVAL) is not None, "I4"
        assert role is not Role.PIPELINE

    def note(self, move: Move, role: Role, now: IncidentNow) -> None:
        """Take down a step that was taken, and check its consequences."""
        event = move.transition.event
        assert move.source is self.state, "I8"
        assert move.decider is now.decider or event is Event.RECUSE
        if event in LIMITS:
            assert move.deadline_at is not None and now.at is not None
            local = move.deadline_at.astimezone(LONDON)
            assert (local.hour, local.minute, local.second, local.microsecond) == (18, 0, 0, 0), "I5"
            if event is Event.EXTEND:
                assert now.deadline_at is None or move.deadline_at > now.deadline_at
            else:
                asked = move.facts.instant("letter_posted_at") or now.at
                assert move.deadline_at - asked >= timedelta(hours=48), "I5"
        elif event is not Event.PLATFORM_REPORTED:
            assert move.deadline_at is None
        if event in (Event.INTERNAL, Event.POLICE_RELEASE):
            assert role is now.decider, "L24"
            self.is_routed, self.has_ground = True, False
        if event in (Event.WRITE_INSTEAD, Event.NO_SHOW, Event.MEETING_ENDED):
            self.has_ground = True
        if event is Event.REOPEN:
            self.is_routed = self.has_ground = False
        self.state = move.target


class Walk:
    """One incident after the other, moved at random by people in random roles."""

    def __init__(self, pack: PolicyPack, dice: random.Random) -> None:
        self.pack, self.dice = pack, dice
        self.open(S.OPENED, datetime(2026, 3, 27, 9, tzinfo=UTC))

    def open(self, state: S, at: datetime) -> None:
        dice = self.dice
        self.now = replace(
            standing(state, self.pack.decider.roles[0], author=None, at=at, documents=()),
            has_evidence=dice.random() < 0.9,
            has_deputy=dice.random() < 0.8,
            channel=dice.choice(CHANNELS),
        )
        self.ledger = Ledger(self.now)
        self.passed_over: set[Role] = set()

    def let_the_world_turn(self) -> None:
        """Time goes on, the post is edited, a document is made, one quotes law that has run out."""
        dice, now = self.dice, self.now
        assert now.at is not None
        at = now.at + timedelta(minutes=dice.choice((1, 90, 60 * 25, 60 * 24 * 8, 60 * 24 * 31)))
        if at.year > 2090:
            at = datetime(2026, 3, 27, 9, tzinfo=UTC)
            self.open(dice.choice(STARTS), at)
            return
        subjects, documents = now.subjects, now.documents
        if dice.random() < 0.2:
            few = dice.choice((0, 0, 0, 1, 1, 2, 5))
            subjects = frozenset(dice.sample(CAN_BE_SUBJECTS, few)) | self.passed_over
        made = {dice.choice(KINDS): dice.random() < 0.9 for _ in range(3)}
        kept = tuple(one for one in documents if one.kind not in made)
        documents = (*kept, *(DocumentMade(kind, "a person", good) for kind, good in made.items()))
        self.now = replace(now, at=at, subjects=subjects, documents=documents)

    def apply(self, move: Move) -> None:
        """What the warehouse and the history make of a step."""
        row, now, kept = move.transition, self.now, ("author", "connection", "gap_evidence")
        known, subjects = now.facts, now.subjects
        if row.event is Event.RECUSE:
            known = Facts(tuple(pair for pair in known.pairs if pair[0] != "delegate"))
            self.passed_over.add(now.decider)
            subjects |= self.passed_over
        if row.event is Event.REOPEN:
            known = Facts(tuple(pair for pair in known.pairs if pair[0] in kept))
        known = known.with_more(move.facts)
        if row.event is Event.MUST_DELETE:
            known = known.with_more(Facts((("gap_evidence", "deleted at once, as the policy says"),)))
        tracks = now.tracks
        if row.track and row.track_target:
            tracks = tuple((dict(tracks) | {row.track: row.track_target}).items())
        is_merge, is_moved = row.event is Event.MERGE, move.target is not now.state
        self.now = replace(
            now,
            state=move.target,
            decider=move.decider,
            facts=known,
            subjects=subjects,
            tracks=tracks,
            deadline_at=None if row.event is Event.REOPEN else move.deadline_at or now.deadline_at,
            entered_at=now.at if is_moved else now.entered_at,
            before_merge=now.state if is_merge else now.before_merge if move.target is S.MERGED else None,
            merged_at=now.at if is_merge else now.merged_at,
        )

    def facts_for(self, row: Transition) -> list[tuple[str, str]]:
        return lawful_facts(row, self.now, self.pack, self.dice)

    def step(self, row: Transition, role: Role) -> Move | None:
        """One attempt. None: the protocol refused it, for where the incident stands or for what it lacks."""
        if find_refusal(row, self.now, role, self.pack):
            return None
        self.ledger.check(row, role, self.now, self.pack)
        try:
            move = decide_move(
                self.now, row.event, role, "a reason that a person wrote", self.pack, self.facts_for(row)
            )
        except Refused as refused:
            assert row.event in MAY_STILL_BE_REFUSED, refused
            return None
        self.ledger.note(move, role, self.now)
        self.apply(move)
        return move


def is_on(row: Transition, pack: PolicyPack) -> bool:
    """Does the pack provide for this step? Written apart from the protocol's own question."""
    if row.switch is None:
        return True
    key, values = row.switch
    found = pack.rule(key)
    return found.clause is not None and (not values or bool(set(values) & set(found.values)))


@cache
def lawful_transitions(name: str) -> frozenset[tuple[Event, S]]:
    """Every step from every state that can be come by at all, for some author, in some home, in the long run."""
    pack = PACKS[name]
    found: set[tuple[Event, S]] = set()
    seen: set[tuple[S, AuthorKind | None]] = set()
    todo: list[tuple[S, AuthorKind | None]] = [(S.OPENED, None), (S.CONCERN, None), (S.GOOD_NEWS, None)]
    while todo:
        state, author = todo.pop()
        if (state, author) in seen:
            continue
        seen.add((state, author))
        for row in TRANSITIONS:
            if state not in row.sources or not is_on(row, pack) or not _track_can_come(row, pack):
                continue
            if not any(_is_open(row, state, author, track, pack) for track in TrackState):
                continue
            found.add((row.event, state))
            authors: Iterable[AuthorKind | None] = (
                AuthorKind if row.event in (Event.INTERNAL, Event.POLICE_RELEASE) else (author,)
            )
            todo += [(row.target or state, one) for one in authors]
    return frozenset(found)


def _track_can_come(row: Transition, pack: PolicyPack) -> bool:
    """Can the track of this row come to where the row starts, with the steps the pack provides for?"""
    found = {TrackState.NONE}
    while (
        more := {
            one.track_target
            for one in TRANSITIONS
            if one.track is row.track and one.track_target and is_on(one, pack) and one.track_sources & found
        }
        - found
    ):
        found |= more
    return row.track is None or bool(row.track_sources & found)


def _is_open(
    row: Transition, state: S, author: AuthorKind | None, track: TrackState, pack: PolicyPack
) -> bool:
    decider = pack.decider.roles[0]
    now = standing(state, decider, author=author, channel=Channel.SCHOOL_ACCOUNT)
    now = replace(now, tracks=tuple((one, track) for one in Track), documents=now.documents)
    if row.event in (Event.SIGNPOST, Event.CLOSE):
        now = replace(now, tracks=((Track.SUPPORT, TrackState.DONE),))
    return any(not find_refusal(row, now, role, pack) for role in PEOPLE)


SOON_OVER = {Event.RECUSE, Event.STOP_IMAGE, Event.BAN_HEARD, Event.BAN_DECIDED, Event.BAN_REVIEWED}
"""Tried less often: else the order, the incident or the ban is at its end before anything else has happened."""


class Chooser:
    """Which step is tried next: half of the time any of the table, else one that leads to what was never seen."""

    def __init__(self, name: str, dice: random.Random) -> None:
        self.dice = dice
        self.lawful = lawful_transitions(name)
        self.by_state = {state: [row for row in TRANSITIONS if state in row.sources] for state in S}
        self.missing: dict[S, set[Event]] = {state: set() for state in S}
        for event, state in self.lawful:
            self.missing[state].add(event)
        self.visits: Counter[S] = Counter()

    def choose(self, state: S) -> Transition:
        """A row, most often one that starts from `state`."""
        dice, rows = self.dice, self.by_state[state]
        self.visits[state] += 1
        chance = dice.random()
        if chance < 0.3:
            return dice.choice(TRANSITIONS)
        if not self.missing[state] or chance > 0.95:
            # Towards states that were seldom seen: the far end of the protocol is long in coming else.
            few = dice.choices(rows, k=dice.choice((1, 4)))
            return min(few, key=lambda one: self.visits[one.target or state])
        row = BY_EVENT[dice.choice(sorted(self.missing[state]))]
        # What is missing may wait for its sub-flow to come so far.
        beside = [one for one in rows if one.track is row.track] if row.track else [row]
        return row if dice.random() < 0.5 else dice.choice(beside)


@pytest.mark.slow
@pytest.mark.parametrize("name", PACKS)
def test_a_million_random_steps_a_pack_accept_no_illegal_transition_and_reach_every_legal_one(
    name: str,
) -> None:
    """I1, I2, I3, I4, I5, I8, L22, L24, L26, L31, L37, L39: tried a million times, and never broken."""
    pack, dice = PACKS[name], random.Random(f"long walk {name}")
    chooser = Chooser(name, dice)
    walk = Walk(pack, dice)
    accepted = 0
    for number in range(2_000_000):
        if number >= 1_000_000 and not any(chooser.missing.values()):
            break
        chance = dice.random()
        if chance < 0.10:
            walk.let_the_world_turn()
        state = walk.now.state
        if chance > (0.9 if state in (S.LEFT, S.SHARED, S.THANKED) else 0.996):
            assert walk.now.at is not None
            walk.open(dice.choice(STARTS), walk.now.at)
            state = walk.now.state
        row = chooser.choose(state)
        if row.event in SOON_OVER and row.event not in chooser.missing[state] and dice.random() < 0.9:
            continue
        role = dice.choice((walk.now.decider, walk.now.decider, Role.DSL, *EVERYBODY))
        if walk.step(row, role) is None:
            continue
        accepted += 1
        assert (row.event, state) in chooser.lawful, (row.event, state)
        assert is_on(row, pack)
        chooser.missing[state].discard(row.event)
    missed = sorted(f"{event} in {state}" for state, events in chooser.missing.items() for event in events)
    assert missed == [], f"{len(missed)} lawful transitions were never reached: {missed}"
    assert accepted > 100_000


@pytest.mark.parametrize("name", PACKS)
def test_the_log_alone_tells_where_an_incident_stands(name: str) -> None:
    """I8: every step has its row, person, time, from and to; folding them again gives facts, tracks and limit."""
    pack, dice = PACKS[name], random.Random(f"log {name}")
    walk = Walk(pack, dice)
    log: list[PastEvent] = []
    for number in range(12_000):
        if dice.random() < 0.1:
            before = walk.ledger
            walk.let_the_world_turn()
            log = log if walk.ledger is before else []
        if dice.random() < 0.003:
            assert walk.now.at is not None
            walk.open(dice.choice(STARTS), walk.now.at)
            log = []
        row = dice.choice(TRANSITIONS)
        if row.event is Event.UNDO_MERGE:
            continue
        role, at = dice.choice((walk.now.decider, Role.DSL, Role.OPERATOR)), walk.now.at
        move = walk.step(row, role)
        if move is None or at is None:
            continue
        pairs = dict(move.facts.pairs)
        if move.deadline_at:
            pairs[DEADLINE] = move.deadline_at.isoformat()
        log.append(
            PastEvent(
                number, row.event.value, move.source, move.target, role, "a person", at, REASON, Facts(tuple(pairs.items())), pack.version
            )
        )  # fmt: skip
        told = gather(log)
        known = {key: value for key, value in told.facts.pairs if key != DEADLINE}
        assert known == dict(walk.now.facts.pairs)
        assert {k: v for k, v in told.tracks if v is not TrackState.NONE} == {
            k: v for k, v in walk.now.tracks if v is not TrackState.NONE
        }
        assert told.own_deadline_at == walk.now.deadline_at
        assert told.before_merge == (walk.now.before_merge if walk.now.state is S.MERGED else None)


@pytest.mark.parametrize("name", PACKS)
def test_each_step_of_the_table_is_open_to_someone_where_the_pack_has_it_and_no_other_to_anyone(
    name: str,
) -> None:
    """In each state, for each step and each person: open exactly where the table and the pack's switches say so."""
    pack = PACKS[name]
    lawful = lawful_transitions(name)
    for state in S:
        for row in TRANSITIONS:
            if (row.event, state) in lawful:
                tries = ((author, track) for author in AuthorKind for track in TrackState)
                assert any(_is_open(row, state, *one, pack) for one in tries), (row.event, state)
            elif state not in row.sources or not is_on(row, pack):
                assert not _is_open(row, state, AuthorKind.PARENT, TrackState.OPEN, pack), (row.event, state)


SWITCHES = sorted({row.switch for row in TRANSITIONS if row.switch}, key=str)
FINISHED = {S.CLOSED, S.THANKED, S.SHARED, S.LEFT}
Node = tuple[S, AuthorKind | None, bool]


def _all_arrows() -> list[tuple[Node, Node, int]]:
    """Every arrow between (state, author, accused adult) there is when everything is switched on, and its switch.

    Without merging and the stop rule: neither is a way out for an ordinary incident.
    """
    key_values: dict[RuleKey, set[str]] = {}
    for key, values in SWITCHES:
        key_values.setdefault(key, set()).update(values)
    pack = LLANBEDROG
    for key, allowed in key_values.items():
        pack = with_values(pack, key, *sorted(allowed))
    arrows: list[tuple[Node, Node, int]] = []
    for state in S:
        for author in (None, *AuthorKind):
            for accused in (False, True):
                facts = (("safeguarding_kind", "adult_at_school"),) if accused else ()
                now = standing(state, author=author, facts=facts)
                now = replace(now, tracks=((Track.SUPPORT, TrackState.DONE),))
                for row in TRANSITIONS:
                    if row.target is None or row.event in (Event.MERGE, Event.STOP_IMAGE):
                        continue
                    if all(find_refusal(row, now, role, pack) for role in PEOPLE):
                        continue
                    switch = SWITCHES.index(row.switch) if row.switch else -1
                    is_asked = row.event in (Event.INTERNAL, Event.POLICE_RELEASE)
                    for after in AuthorKind if is_asked else (author,):
                        arrows.append(((state, author, accused), (row.target, after, accused), switch))
    return arrows


def test_no_setting_of_the_switches_leaves_an_incident_without_a_way_to_its_end() -> None:
    """I14: all subsets of the switched rules, every author, also with an adult at the school accused."""
    arrows = _all_arrows()
    nodes = {node for source, target, _ in arrows for node in (source, target)}
    assert 8 <= len(SWITCHES) <= 14
    assert {node[0] for node in nodes} >= set(S) - {S.MERGED}
    reached_without = {node for node in nodes if node[0] in FINISHED}
    # Nothing that is there without any switch can be stuck; a switch only adds arrows, and states behind them.
    for size in range(len(SWITCHES) + 1):
        for chosen in combinations(range(len(SWITCHES)), size):
            on = {-1, *chosen}
            coming: dict[Node, list[Node]] = {}
            for source, target, switch in arrows:
                if switch in on:
                    coming.setdefault(target, []).append(source)
            reaching, todo = set(reached_without), list(reached_without)
            while todo:
                for source in coming.get(todo.pop(), ()):
                    if source not in reaching:
                        reaching.add(source)
                        todo.append(source)
            assert nodes - reaching == set(), chosen


def test_a_merged_incident_is_never_lost() -> None:
    """I14: for thirty days it can be parted again, and reopened for ever."""
    for days, ways in ((30, {Event.UNDO_MERGE, Event.REOPEN}), (31, {Event.REOPEN})):
        now = replace(standing(S.MERGED), merged_at=standing(S.MERGED).at)
        assert now.at is not None
        now = replace(now, at=now.at + timedelta(days=days))
        rows = [row for row in TRANSITIONS if not find_refusal(row, now, Role.OPERATOR, LLANBEDROG)]
        assert {row.event for row in rows} - {Event.NOTE, Event.BREACH_NOTE} == ways
