"""Two incidents made one and parted again: byte-equal timelines, the same state and limit, and never more time (T34)."""

from __future__ import annotations

import random
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from flows.home import Home, read_school
from flows.incident_work import StepAsked, read_timeline, take_step
from flows.standing import Standing, read_context, read_standing
from incidents.facts import NO_FACTS, Facts
from incidents.history import DEADLINE, MERGE_UNDONE, MERGED_IN, PastEvent, gather, list_in_force
from incidents.steps import Event
from mentionwatch.errors import ConfigError, Refused
from mentionwatch.labels import IncidentState as S
from mentionwatch.labels import Role
from tests.asked_once import asked_once
from tests.incidents.homes import THREAT, make_desk
from tests.incidents.packs import LLANBEDROG, NOW, lawful_facts, replaced, row_of
from warehouse.connection import Warehouse

MINUTE = timedelta(minutes=1)
TO_REMOVAL = ((Event.HAND_OVER, Role.OPERATOR), (Event.INTERNAL, Role.HEAD), (Event.PREPARED, Role.OPERATOR), (Event.INVITE, Role.HEAD), (Event.MET, Role.HEAD), (Event.REMOVAL_ASKED, Role.HEAD))  # fmt: skip
"""The way to a time limit."""


class School:
    """One home with incidents, and a clock that goes on by a minute with every step."""

    def __init__(self, folder: Path, incidents: int) -> None:
        self.desk = make_desk(folder)
        self.ids = [
            str(self.desk.report(THREAT, f"https://social.example/post/{number}").row["incident"])
            for number in range(incidents)
        ]
        home = Home(folder)
        school, pack = read_school(home)
        self.context = read_context(home, school, pack, NOW, "the office")

    def look(self, id_: str) -> Standing:
        with Warehouse(self.context.home.folder).live_reader() as reading:
            return read_standing(reading, id_, self.context)

    def step(self, id_: str, event: Event, role: Role = Role.HEAD, *changes: tuple[str, str]) -> None:
        """One step as a careful person takes it."""
        self.context = replace(self.context, at=self.context.at + MINUTE)
        standing = self.look(id_)
        given = lawful_facts(row_of(event), standing.now, LLANBEDROG)
        for key, value in (("author", "parent"), *changes):
            if any(known == key for known, _ in given):
                given = replaced(given, key, value)
        take_step(StepAsked(id_, event, role, "talked over with the office", tuple(given)), self.context)

    def merge(self, id_: str, into: str, role: Role = Role.OPERATOR) -> None:
        self.step(id_, Event.MERGE, role, ("into", into))

    def wait(self, time: timedelta) -> None:
        self.context = replace(self.context, at=self.context.at + time)

    def until(self, id_: str, events: tuple[tuple[Event, Role], ...]) -> None:
        for event, role in events:
            self.step(id_, event, role)

    def told(self, id_: str) -> bytes:
        """All that is said of an incident: its timeline and where it stands, but for the times of looking and of the latest entry."""
        standing = self.look(id_)
        now = replace(standing.now, at=None, last_at=None)
        lines = [asdict(line) for line in read_timeline(self.context.home, id_, self.context)]
        return repr((lines, asdict(now), standing.row.deadline_at)).encode()


@pytest.fixture
def school(tmp_path: Path) -> School:
    return School(tmp_path / "home", 3)


def test_merge_and_undo_through_the_commands(school: School) -> None:
    """T34: incident merge, timeline, undo; the other one names it, and afterwards nothing does."""
    desk, (first, second, _) = school.desk, school.ids
    before = [desk.run("incident", "timeline", id_, "--json").out for id_ in (first, second)]
    words = ("--as", "operator", "--reason", "the same words again")
    said = desk.run("incident", "merge", second, first, "--because", "same_campaign", *words)
    assert said.code == 0, said.err
    both = desk.run("incident", "timeline", first, "--json").rows
    assert {row["incident"] for row in both} == {first, second}
    assert [row["at"] for row in both] == sorted(row["at"] for row in both)
    assert "merged" in desk.run("incident", "show", first).out
    undone = desk.run("incident", "undo", second, *words)
    assert undone.code == 0, undone.err
    assert [desk.run("incident", "timeline", id_, "--json").out for id_ in (first, second)] == before
    assert desk.run("evidence", "verify").code == 0


def test_the_earliest_limit_of_all_that_is_merged_holds(school: School) -> None:
    """T34, L39: nobody gets more time by a merge, also not over two merges; parted, each has its own again."""
    first, second, third = school.ids
    for id_ in (third, second, first):
        school.until(id_, TO_REMOVAL)
        school.wait(timedelta(days=2))
    limits = {id_: school.look(id_).row.deadline_at for id_ in school.ids}
    early, middle, late = limits[third], limits[second], limits[first]
    assert early and middle and late and early < middle < late
    school.merge(third, second)
    assert school.look(second).row.deadline_at == early
    school.merge(second, first)
    assert school.look(first).row.deadline_at == early
    timeline = read_timeline(school.context.home, first, school.context)
    assert {line.incident for line in timeline} == set(school.ids)
    school.step(second, Event.UNDO_MERGE, Role.OPERATOR)
    assert school.look(first).row.deadline_at == late
    assert school.look(second).row.deadline_at == early
    school.step(third, Event.UNDO_MERGE, Role.OPERATOR)
    assert {id_: school.look(id_).row.deadline_at for id_ in school.ids} == limits


def test_a_merge_that_may_not_be_is_refused_and_changes_nothing(school: School) -> None:
    """T34, L26: not into itself, not into a closed one or a strange one, not out of a police hold."""
    first, second, third = school.ids
    for id_ in school.ids:
        school.step(id_, Event.HAND_OVER, Role.OPERATOR)
    school.step(second, Event.POLICE)
    school.step(third, Event.NO_CASE)
    before = [school.told(id_) for id_ in school.ids]
    for id_, into, why in (
        (first, first, "cannot be merged into itself"),
        (first, third, "CLOSED: an incident is merged into one that is still open"),
        (second, first, "this step starts from"),
    ):
        with pytest.raises(Refused, match=why):
            school.merge(id_, into)
    with pytest.raises(ConfigError, match="there is no incident"):
        school.merge(first, "2026-0099")
    assert [school.told(id_) for id_ in school.ids] == before


def test_undo_is_refused_after_thirty_days_and_reopening_makes_it_its_own_again(school: School) -> None:
    """T34, T36: a reopened incident is told apart from the one it was merged into."""
    first, second, _ = school.ids
    school.step(second, Event.HAND_OVER, Role.OPERATOR)
    school.merge(second, first)
    school.wait(timedelta(days=30))
    with pytest.raises(Refused, match="older than 30 days"):
        school.step(second, Event.UNDO_MERGE, Role.OPERATOR)
    school.step(second, Event.REOPEN, Role.OPERATOR)
    assert school.look(second).row.state is S.OPENED
    assert {line.incident for line in read_timeline(school.context.home, first, school.context)} == {first}
    school.until(second, ((Event.PRESERVE, Role.OPERATOR), (Event.HAND_OVER, Role.OPERATOR)))
    school.merge(second, first)
    lines = read_timeline(school.context.home, first, school.context)
    assert len(lines) == len(set(lines)), "merged twice, told once"


def test_a_note_on_a_merged_incident_does_not_wind_its_clock(school: School) -> None:
    """T34: after the undo the state's clock runs from when the state was entered."""
    first, second, _ = school.ids
    school.step(second, Event.HAND_OVER, Role.OPERATOR)
    entered = school.look(second).now.entered_at
    school.merge(second, first)
    school.wait(timedelta(days=3))
    school.step(second, Event.NOTE, Role.OPERATOR)
    school.step(second, Event.UNDO_MERGE, Role.OPERATOR)
    assert school.look(second).now.entered_at == entered


PATHS: tuple[tuple[tuple[Event, Role], ...], ...] = tuple(
    TO_REMOVAL[:length] for length in range(len(TO_REMOVAL) + 1)
)
BESIDE = (Event.SAFETY, Event.SUPPORT_OFFERED, Event.NOTE, Event.SAFEGUARDING, Event.PRESS_CONTACT)


def _case(school: School, dice: random.Random) -> None:
    id_, into = dice.sample(school.ids, 2)
    for one in (id_, into):
        if dice.random() < 0.5:
            school.step(one, dice.choice(BESIDE), Role.HEAD)
    school.wait(timedelta(hours=dice.randrange(30)))
    before = [school.told(one) for one in (id_, into)]
    limits = [limit for one in (id_, into) if (limit := school.look(one).row.deadline_at)]
    school.merge(id_, into)
    assert school.look(id_).row.state is S.MERGED
    assert school.look(into).row.deadline_at == min(limits, default=None)
    school.wait(timedelta(days=dice.randrange(29)))
    school.step(id_, Event.UNDO_MERGE, Role.OPERATOR)
    assert [school.told(one) for one in (id_, into)] == before


def _many_cases(folder: Path, cases: int, paths: tuple[tuple[tuple[Event, Role], ...], ...]) -> None:
    dice = random.Random(f"merges {cases}")
    school = School(folder, len(paths))
    # Most of the looks come one after another: what the file holds is opened and asked once between two steps.
    with asked_once(), Warehouse(folder).kept_open():
        for id_, path in zip(school.ids, paths, strict=True):
            school.until(id_, path)
            school.wait(timedelta(hours=dice.randrange(40)))
        for _ in range(cases):
            _case(school, dice)
    assert school.desk.run("evidence", "verify").code == 0, "the log itself keeps every merge and undoing"


def test_merge_then_undo_leaves_byte_equal_timelines_in_real_cases(tmp_path: Path) -> None:
    """T34: incidents at several places of the protocol, merged pair by pair."""
    _many_cases(tmp_path / "home", 2, PATHS[1:4])


def _random_log(dice: random.Random, id_: str) -> list[PastEvent]:
    """A lawful-looking history: what matters here is only that every event says something."""
    log, state, at = [], S.OPENED, NOW
    for number in range(1, dice.randrange(2, 12)):
        after = dice.choice((state, S.INTERNAL, S.PREPARED, S.REMOVAL_WAIT, S.PLATFORM))
        at += timedelta(minutes=dice.randrange(1, 5000))
        pairs = [("note", f"{id_} {number}")]
        if after is S.REMOVAL_WAIT:
            pairs.append((DEADLINE, (at + timedelta(days=3)).isoformat()))
        event = dice.choice(
            (Event.NOTE, Event.SAFETY, Event.SUPPORT_OFFERED, Event.POLICE_WAIT, Event.EXTEND)
        )
        log.append(_past(event.value, state, after, at, *pairs))
        state = after
    return log


def _past(event: str, source: S, target: S, at: datetime, *pairs: tuple[str, str]) -> PastEvent:
    facts = Facts(pairs) if pairs else NO_FACTS
    return PastEvent(0, event, source, target, Role.HEAD, "x", at, "because", facts)


def test_merge_then_undo_leaves_byte_equal_histories_in_a_thousand_random_cases() -> None:
    """T34: several others come and go, merged and parted in any order, with notes in between."""
    dice = random.Random("a thousand merges")
    for _ in range(1_000):
        mine = _random_log(dice, "mine")
        wanted, told = repr(list_in_force(mine)), gather(mine)
        log, state, at = list(mine), mine[-1].to_state, mine[-1].at
        merged: list[str] = []
        for number in range(dice.randrange(1, 9)):
            at += MINUTE
            if merged and dice.random() < 0.4:
                other = merged.pop(dice.randrange(len(merged)))
                log.append(_past(MERGE_UNDONE, state, state, at, ("merged", other)))
            elif dice.random() < 0.7:
                merged.append(f"2026-{number:04}")
                log.append(_past(MERGED_IN, state, state, at, ("merged", merged[-1])))
            else:
                log.append(_past("merge", state, S.MERGED, at, ("into", "2026-0002")))
                assert gather(log).before_merge is state
                log.append(_past("undo_merge", S.MERGED, state, at + MINUTE))
        for other in merged:
            log.append(_past(MERGE_UNDONE, state, state, at, ("merged", other)))
        assert repr(list_in_force(log)) == wanted
        assert gather(log) == told


def test_a_history_whose_words_were_erased_can_still_be_read() -> None:
    """I9: erasure takes the facts; what was merged is unknown then, and nothing breaks."""
    log = [
        _past("preserve", S.OPENED, S.PRESERVED, NOW),
        _past(MERGED_IN, S.PRESERVED, S.PRESERVED, NOW),
        _past(MERGE_UNDONE, S.PRESERVED, S.PRESERVED, NOW, ("merged", "2026-0002")),
    ]
    assert len(list_in_force(log)) == 2
    assert gather(log).entered_at == NOW


@pytest.mark.slow
def test_merge_then_undo_leaves_byte_equal_timelines_in_many_real_cases(tmp_path: Path) -> None:
    """T34."""
    _many_cases(tmp_path / "home", 25, PATHS)
