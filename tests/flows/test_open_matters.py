"""A concern that has become more than one asks whoever decides, and whoever was asked beside it (P05, T04, T09)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desk.start import StartPage
from flows.home import Home, read_school
from flows.morning_mail import Mailroom, alert_duty
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole, Viewer
from mentionwatch.mornings import Mornings
from tests.flows.mail_server import an_inbox
from tests.flows.test_mail_hours import account, an_environment, readers
from tests.incidents.homes import Desk, make_desk

WORRY = "I am worried that {who} of Ysgol Llanbedrog never answers my e-mails about the late bus"
WHY = ("--reason", "it names a member of staff", "--as")
AUTHORITY = ("--authority", "minutes 3", "--authority-on", "2026-01-01")


def worried(folder: Path, pack: str, who: str = "the office") -> tuple[Desk, str]:
    """A home, and the concern in it."""
    desk = make_desk(folder / "home", pack, AUTHORITY)
    id_ = str(desk.report(WORRY.format(who=who)).row["mention"])
    said = desk.run("correct", id_, "--label", "concern", "--as", "slt", "--reason", "lawful criticism")
    assert said.code == 0, said.err
    return desk, id_


def move(desk: Desk, id_: str, event: str, role: str, *facts: str) -> str:
    """Who decides it after the step."""
    given = (word for fact in facts for word in ("--fact", fact))
    said = desk.run("incident", "move", id_, event, *WHY, role, *given, "--json")
    assert said.code == 0, said.err
    return str(said.row["decider"])


def start(desk: Desk, role: str) -> StartPage:
    """What this role sees first, some days on: no part is about what was captured that day."""
    home = Home(desk.folder)
    viewer = Viewer("a1", "", frozenset({DeskRole(role)}), "en")
    at = datetime.now(UTC) + timedelta(days=4)
    return HomeRecords(home, SchoolNow(home, *read_school(home))).start(viewer, "en", at)


def in_part(page: StartPage, part: str) -> list[str]:
    return [row.line.id for row in getattr(page, part)]


@pytest.mark.parametrize(
    "pack", ["brighton_hill", "caldecote", "cansfield", "grappenhall_heys", "llanbedrog"]
)
def test_p05_what_was_called_more_than_a_concern_waits_for_a_decision_on_a_start_page(
    tmp_path: Path, pack: str
) -> None:
    """P05, T08b: under every policy, and in the list of incidents, until it is decided."""
    desk, id_ = worried(tmp_path, pack)
    home = Home(desk.folder)

    def listed(role: str) -> list[str]:
        records = HomeRecords(home, SchoolNow(home, *read_school(home)))
        viewer = Viewer("a1", "", frozenset({DeskRole(role)}), "en")
        return [row.id for row in records.incidents(viewer, "en")]

    decider = move(desk, id_, "raise_concern", "operator")
    page = start(desk, decider)
    assert in_part(page, "decisions") == [id_] and in_part(page, "concerns") == [] and page.asked == 1
    assert listed(decider) == [id_]
    move(desk, id_, "treat_as_concern", decider)
    assert in_part(start(desk, decider), "decisions") == [] and listed(decider) == []


def test_l31_what_was_raised_about_the_head_is_with_the_deputy(tmp_path: Path) -> None:
    desk, id_ = worried(tmp_path, "llanbedrog", "the headteacher")
    assert move(desk, id_, "raise_concern", "operator") == "deputy"
    assert in_part(start(desk, "deputy"), "decisions") == [id_]
    page = start(desk, "head")
    assert page.asked == 0 and in_part(page, "elsewhere") == [] and page.shut_out == page.undecided == ()


@pytest.mark.parametrize("pack", ["cansfield", "llanbedrog"])
def test_t09_what_safeguarding_was_asked_beside_a_concern_is_with_them_until_they_answer(
    tmp_path: Path, pack: str
) -> None:
    """T09: a child at risk in a post that is otherwise a complaint."""
    desk, id_ = worried(tmp_path, pack)
    assert in_part(start(desk, "dsl"), "due") == []
    facts = ("safeguarding_kind=child_at_risk", "told=the lead was told on the telephone")
    move(desk, id_, "safeguarding", "operator", *facts)
    assert in_part(start(desk, "dsl"), "due") == [id_]
    move(desk, id_, "safeguarding_referred", "dsl", "safeguarding_reference=CP 17")
    page = start(desk, "dsl")
    assert in_part(page, "due") == [] and id_ not in in_part(page, "elsewhere")


def test_t04_a_concern_stopped_as_a_possible_image_is_under_act_now_and_told_at_night(tmp_path: Path) -> None:
    """T04: somebody had called it a concern already, so that it asked for no look any more."""
    desk, id_ = worried(tmp_path, "llanbedrog")
    move(desk, id_, "stop_image", "operator")
    assert in_part(start(desk, "dsl"), "act_now") == [id_]
    home = Home(desk.folder)
    school, pack = read_school(home)
    school = dataclasses.replace(school, mornings=Mornings(duty=DeskRole.DSL))
    with an_inbox() as (box, port):
        people = (account("dsl", frozenset({DeskRole.DSL})), account("office", frozenset({DeskRole.OFFICE})))
        room = Mailroom(home, school, pack, an_environment(port), people, lambda: datetime.now(UTC))
        assert alert_duty(room) is not None
        assert readers(box) == ["dsl"]
