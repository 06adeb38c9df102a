"""L31 from the protocol's own log: merges, their undoing, stepping back and edits bar as they were recorded by the commands."""

from __future__ import annotations

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from flows.home import Home, read_school
from flows.need_to_know import read_sight
from flows.school_now import SchoolNow
from flows.showing import HomeRecords
from mentionwatch.accounts import DeskRole, Viewer
from tests.incidents.homes import Desk, make_desk
from warehouse.connection import Warehouse
from warehouse.incident_steps import incident_rows
from warehouse.need_to_know import may_know, seen_incidents

ABOUT_DEPUTY = (
    "I will kill the deputy head of Ysgol Llanbedrog, I know the house and I will stab everyone in it"
)
ABOUT_NOBODY = "The big cheese of Ysgol Llanbedrog, I will kill him and stab everyone"
FIRST, SECOND = "2026-0001", "2026-0002"
WORDS = ("--reason", "the same words again", "--as")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two incidents: the first about the deputy, the second, in words, about nobody."""
    desk = make_desk(tmp_path_factory.mktemp("template") / "home")
    for number, text in enumerate((ABOUT_DEPUTY, ABOUT_NOBODY), 1):
        said = desk.report(text, f"https://social.example/{number}")
        assert said.code == 0 and said.row["incident"] == f"2026-000{number}", said
    return desk.folder


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Desk:
    return Desk(shutil.copytree(template, tmp_path / "home"))


def seen(desk: Desk, role: DeskRole) -> set[str]:
    """The incidents a person of this role is shown; a post of theirs is shown with each and with no other."""
    home, viewer = Home(desk.folder), Viewer("a1", "Somebody", frozenset({role}), "en")
    with Warehouse(home.folder).live_reader() as reading:
        sight = read_sight(reading, viewer, *read_school(home))
        rows = incident_rows(reading, seen=seen_incidents(sight))
        for row in incident_rows(reading):
            assert may_know(reading, sight, row.mention_id) == (row.id in {one.id for one in rows})
    return {row.id for row in rows}


def test_l31_a_merge_bars_from_both_and_its_undoing_from_one(desk: Desk) -> None:
    assert seen(desk, DeskRole.DEPUTY) == {SECOND}
    merged = desk.run("incident", "merge", SECOND, FIRST, "--because", "same_campaign", *WORDS, "operator")
    assert merged.code == 0, merged.err
    assert seen(desk, DeskRole.DEPUTY) == set() and seen(desk, DeskRole.HEAD) == {FIRST, SECOND}
    undone = desk.run("incident", "undo", SECOND, *WORDS, "operator")
    assert undone.code == 0, undone.err
    assert seen(desk, DeskRole.DEPUTY) == {SECOND}


def test_l31_who_steps_back_is_shown_it_no_more_and_who_follows_is(desk: Desk) -> None:
    move = ("incident", "move", SECOND)
    assert desk.run(*move, "hand_over", *WORDS, "head", "--fact", "conflict_checked=yes").code == 0
    assert seen(desk, DeskRole.CHAIR) == set()
    said = desk.run(*move, "recuse", *WORDS, "head", "--json")
    assert said.code == 0, said.err
    assert seen(desk, DeskRole.HEAD) == {FIRST} and SECOND in seen(desk, DeskRole.DSL)
    if said.row["decider"] == "deputy":
        assert SECOND in seen(desk, DeskRole.DEPUTY)
    else:
        assert seen(desk, DeskRole.CHAIR) == {SECOND}


def step_back(desk: Desk, id_: str) -> None:
    move = ("incident", "move", id_)
    for words in (
        ("hand_over", *WORDS, "head", "--fact", "conflict_checked=yes"),
        ("recuse", *WORDS, "head"),
    ):
        said = desk.run(*move, *words)
        assert said.code == 0, said.err


def test_l31_who_stepped_back_stays_out_of_what_it_is_merged_into(desk: Desk) -> None:
    """T07, T34: else a letter of the other one would quote them the post they stepped back from."""
    third = desk.report(f"{ABOUT_NOBODY} tonight", "https://social.example/3").row["incident"]
    step_back(desk, SECOND)
    assert seen(desk, DeskRole.HEAD) == {FIRST, third}
    merged = desk.run("incident", "merge", SECOND, third, "--because", "same_campaign", *WORDS, "operator")
    assert merged.code == 0, merged.err
    assert seen(desk, DeskRole.HEAD) == {FIRST}
    refused = desk.run(
        "incident", "move", third, "hand_over", *WORDS, "head", "--fact", "conflict_checked=yes"
    )
    assert refused.code == 5 and "does not decide" in refused.err
    assert desk.run("incident", "undo", SECOND, *WORDS, "operator").code == 0
    assert seen(desk, DeskRole.HEAD) == {FIRST, third}


@pytest.mark.parametrize("is_closed", [True, False])
def test_l31_who_stepped_back_stays_out_of_what_is_opened_for_the_same_post_later(
    desk: Desk, is_closed: bool
) -> None:
    """T07: the writer is still their cousin when the post says something worse."""
    said = "Ysgol Llanbedrog steals the money of the trip fund, they are thieves and liars"
    url = "https://social.example/cousin"
    first = desk.report(said, url).row["incident"]
    step_back(desk, first)
    if is_closed:
        decider = desk.run("incident", "show", first, "--json").row["decider"]
        assert desk.run("incident", "move", first, "no_case", *WORDS, decider).code == 0
    later_one = desk.report(f"{said}. I will kill the teachers of Ysgol Llanbedrog and stab everyone", url)
    assert later_one.row["incident"] not in ("", first)
    assert seen(desk, DeskRole.HEAD) == {FIRST, SECOND}
    assert seen(desk, DeskRole.DSL) == {FIRST, SECOND, first, later_one.row["incident"]}


def history(desk: Desk, role: DeskRole, id_: str) -> list[str]:
    """What the page of an incident says of its past."""
    home, viewer = Home(desk.folder), Viewer("a1", "Somebody", frozenset({role}), "en")
    page = HomeRecords(home, SchoolNow(home, *read_school(home))).incident(viewer, id_, "en")
    assert page is not None
    return [line.event for line in page.history]


def test_l31_a_merge_that_is_over_tells_nothing_of_the_other_incident(desk: Desk) -> None:
    """T34, T36: the deputy is shown the second again, and no line that it was one with a post about the deputy, nor why."""
    calm = history(desk, DeskRole.DEPUTY, SECOND)
    for one, other, back in ((SECOND, FIRST, "undo"), (FIRST, SECOND, "undo"), (FIRST, SECOND, "reopen")):
        merged = desk.run("incident", "merge", one, other, "--because", "same_campaign", *WORDS, "operator")
        assert merged.code == 0, merged.err
        parted = (
            desk.run("incident", "undo", one, *WORDS, "operator")
            if back == "undo"
            else desk.run("incident", "move", one, "reopen", *WORDS, "head")
        )
        assert parted.code == 0, parted.err
        assert seen(desk, DeskRole.DEPUTY) == {SECOND}
        assert history(desk, DeskRole.DEPUTY, SECOND) == calm
    assert history(desk, DeskRole.HEAD, SECOND) == [
        *calm, "merge", "undo_merge", "merged_in", "merge_undone", "merged_in",
    ]  # fmt: skip


def test_l31_what_an_earlier_revision_said_bars_still(desk: Desk) -> None:
    assert desk.report("I will stab somebody at Ysgol Llanbedrog", "https://social.example/1").code == 0
    assert seen(desk, DeskRole.DEPUTY) == {SECOND} and seen(desk, DeskRole.HEAD) == {FIRST, SECOND}


def test_l31_the_order_of_the_pack_an_incident_was_opened_under_says_who_is_last(tmp_path: Path) -> None:
    """I12: whoever has to act because nobody is left is still shown it when the school's order is changed afterwards."""
    made = make_desk(tmp_path / "home")
    home = Home(made.folder)
    text = files("mentionwatch").joinpath("packs", "llanbedrog.toml").read_text(encoding="utf-8")
    told = home.school_file.read_text(encoding="utf-8")
    assert 'roles = ["head", "deputy", "chair"]' in text and 'pack = "llanbedrog"' in told
    home.school_file.write_text(
        told.replace('pack = "llanbedrog"', 'pack = "my-pack.toml"'), encoding="utf-8"
    )

    def adopt(order: str) -> str:
        changed = text.replace('roles = ["head", "deputy", "chair"]', order)
        (home.folder / "my-pack.toml").write_text(changed, encoding="utf-8")
        return read_school(home)[1].version

    first = adopt('roles = ["head", "chair"]')
    about = (
        "The headteacher and the chair of governors of Ysgol Llanbedrog: I will kill them and stab everyone"
    )
    assert made.report(about, "https://social.example/1").code == 0
    assert seen(made, DeskRole.CHAIR) == {FIRST} and seen(made, DeskRole.HEAD) == set()
    assert adopt('roles = ["head", "chair", "deputy"]') != first
    assert seen(made, DeskRole.CHAIR) == {FIRST}, "its own pack names nobody after the chair"
    assert made.report(about, "https://social.example/2").code == 0
    assert seen(made, DeskRole.CHAIR) == {FIRST}, "under the new one the deputy decides, whom it is not about"
    assert SECOND in seen(made, DeskRole.DEPUTY)
