"""`incident list|show|move`: lawful steps are stored, refused ones quote the clause and change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.incidents.homes import Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_desk(tmp_path / "home")
    assert made.report().row["incident"] == "2026-0001"
    return made


def test_l22_a_refused_step_exits_5_quotes_the_clause_and_changes_nothing(desk: Desk) -> None:
    before = desk.run("incident", "show", "2026-0001", "--json").row
    said = desk.move("invite", "head")
    assert said.code == 5 and said.out == ""
    assert "Internal Protocol, Step 1: Nobody answers" in said.err and said.err.count("\n") == 1
    assert desk.run("incident", "show", "2026-0001", "--json").row == before


def test_l23_l24_l25_from_evidence_to_decision_to_police_hold(desk: Desk) -> None:
    assert desk.move("hand_over", "operator").code == 0
    assert desk.move("police", "operator").code == 5
    said = desk.move("police", "head", "threat to kill; reported on 101", "--json")
    assert said.code == 0 and said.row["state"] == "POLICE_HOLD"
    assert "the police have it" in desk.move("invite", "head").err
    events = desk.run("incident", "show", "2026-0001", "--json").row["events"]
    assert [(row["event"], row["from"], row["to"], row["role"]) for row in events[-2:]] == [
        ("hand_over", "PRESERVED", "AWAITING_DECISION", "operator"),
        ("police", "AWAITING_DECISION", "POLICE_HOLD", "head"),
    ]
    assert events[-1]["reason"] == "threat to kill; reported on 101"
    assert all(row["at"] and row["pack"] == "llanbedrog@2021-10-19" for row in events)
    assert desk.run("evidence", "verify").code == 0, "both logs still hold"


def test_l31_when_the_post_is_edited_to_name_the_head_the_deputy_or_chair_takes_over(desk: Desk) -> None:
    desk.move("hand_over", "operator")
    desk.report("I will kill the headteacher and the deputy head of Ysgol Llanbedrog, I will stab them")
    said = desk.move("internal", "head")
    assert said.code == 5 and "does not decide" in said.err
    handed = desk.move("recuse", "operator", "the post is now about the head", "--json")
    assert handed.code == 0 and handed.row["decider"] == "chair"
    assert desk.move("internal", "chair").code == 0


def test_l39_a_letter_sets_a_time_limit_that_a_person_may_only_make_longer(desk: Desk) -> None:
    for event, role in (
        ("hand_over", "operator"),
        ("internal", "head"),
        ("prepared", "operator"),
        ("write_instead", "head"),
        ("letter_sent", "operator"),
    ):
        assert desk.move(event, role).code == 0
    first = desk.run("incident", "list", "--json").row["deadline_at"]
    later = desk.move("extend", "head", "they asked for a week", "--json").row["deadline_at"]
    assert first and later > first


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("move", "2026-0001", "frob", "--as", "head", "--reason", "x"), 2, "'frob' is no step"),
        (("move", "2026-0001", "note", "--as", "pipeline", "--reason", "x"), 2, "'pipeline' is no role"),
        (
            ("move", "9999-1", "note", "--as", "head", "--reason", "because"),
            2,
            "there is no incident '9999-1'",
        ),
        (("show", "9999-1"), 2, "there is no incident '9999-1'"),
        (("move", "2026-0001", "note", "--as", "head", "--reason", " "), 5, "needs a reason"),
    ],
)
def test_a_wrong_command_is_answered_in_one_line(
    desk: Desk, arguments: tuple[str, ...], code: int, said: str
) -> None:
    answer = desk.run("incident", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert said in answer.err and answer.err.count("\n") == 1


def test_what_is_shown_fits_80_columns_and_covers_the_words_of_the_post(desk: Desk) -> None:
    for role, event in (("operator", "hand_over"), ("head", "police")):
        desk.move(
            event, role, "a reason that is rather long and has to be wrapped somewhere in the middle of it"
        )
    for arguments in (("incident", "list"), ("incident", "show", "2026-0001")):
        out = desk.run(*arguments).out
        assert [line for line in out.splitlines() if len(line) > 80] == []
        assert "stab" not in out
        assert "POLICE_HOLD" in out
    assert "AWAITING_DECISION -> POLICE_HOLD" in " ".join(
        desk.run("incident", "show", "2026-0001").out.split()
    )


def test_every_step_shown_as_open_can_be_taken_and_every_other_is_refused(desk: Desk) -> None:
    desk.move("hand_over", "operator")
    steps = desk.run("incident", "show", "2026-0001", "--json").row["steps"]
    assert {step["event"] for step in steps} >= {"police", "internal", "no_case", "recuse", "note"}
    for step in steps:
        for role, why in step["refusals"].items():
            if role == "dsl":
                assert why and desk.move(step["event"], role).code == 5
    assert desk.run("incident", "list", "--json").row["state"] == "AWAITING_DECISION"
