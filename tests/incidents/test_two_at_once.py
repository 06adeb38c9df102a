"""Two people decide at once: one wins, and the other is told who did what (ASVS 2.3.4; L31)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from flows.incident_work import OvertakenByAnother, StepAsked, take_step
from incidents.steps import Event
from mentionwatch.labels import IncidentState, Role
from tests.incidents.test_merge import MINUTE, School


def test_a_step_decided_on_older_news_is_not_taken_and_says_who_was_first(tmp_path: Path) -> None:
    school = School(tmp_path / "home", 1)
    (id_,) = school.ids
    seen = len(school.look(id_).events)
    note = StepAsked(id_, Event.NOTE, Role.OPERATOR, "rang the parent back", seen=seen)
    first, second = replace(school.context, at=school.context.at + MINUTE), school.context
    take_step(note, first)
    with pytest.raises(OvertakenByAnother) as told:
        take_step(replace(note, role=Role.HEAD), second)
    assert (told.value.event, told.value.role, told.value.at) == ("note", Role.OPERATOR, first.at)
    standing = school.look(id_)
    assert len(standing.events) == seen + 1 and standing.now.state is not IncidentState.CLOSED


def test_who_looked_again_may_go_on(tmp_path: Path) -> None:
    school = School(tmp_path / "home", 1)
    (id_,) = school.ids
    for _ in range(3):
        school.wait(MINUTE)
        seen = len(school.look(id_).events)
        take_step(
            StepAsked(id_, Event.NOTE, Role.OPERATOR, "rang the parent back", seen=seen), school.context
        )
    assert len(school.look(id_).events) == seen + 1
