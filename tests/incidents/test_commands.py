"""`incident list|show|move`: lawful steps are stored, refused ones quote the clause and change nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.home import Home, read_school
from flows.incident_work import StepAsked, take_step
from flows.standing import read_context, read_standing
from incidents.fact_guards import MEETING_POINTS
from incidents.steps import Event
from mentionwatch.labels import Role
from tests.incidents.homes import Desk, Said, make_desk
from tests.incidents.packs import NOW
from warehouse.connection import Warehouse

LIMBS = ("connection=it names the school", "effect=staff", "harm=threat", "involved=the head and the deputy")
FACTS: dict[str, tuple[str, ...]] = {
    "hand_over": ("conflict_checked=yes",),
    "police": (*LIMBS, "offence=other", "proportionate=a threat to kill, made in public", "informant=school"),
    "internal": (*LIMBS, "author=parent"),
    "prepared": ("cross_reference=r1 unacceptable: it threatens a member of staff",),
    "write_instead": ("risk=the author threatened to come armed",),
    "invite": ("means=telephone", "meeting_at=2099-12-01T16:00Z", "said=the head rang on Monday"),
    "met": ("met_at=2026-11-20T16:00Z", "minute_taker=the deputy", *(f"checklist={point}: done" for point in MEETING_POINTS)),
    "support_closed": ("support_outcome=counselling, declined",),
    "settle": ("outcome_text=the author apologised",),
    "close": ("lessons=none", "retention=resolved"),
}  # fmt: skip


def move(desk: Desk, event: str, role: str, reason: str = "talked over with the office", *more: str) -> Said:
    """A step with what it has to state."""
    facts = [part for fact in FACTS.get(event, ()) for part in ("--fact", fact)]
    return desk.move(event, role, reason, *facts, *more)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = make_desk(tmp_path / "home")
    assert made.report().row["incident"] == "2026-0001"
    return made


def test_l22_a_refused_step_exits_5_quotes_the_clause_and_changes_nothing(desk: Desk) -> None:
    """L22."""
    before = desk.run("incident", "show", "2026-0001", "--json").row
    said = desk.move("invite", "head")
    assert said.code == 5 and said.out == ""
    assert "Internal Protocol, Step 1: Nobody answers" in said.err and said.err.count("\n") == 1
    assert desk.run("incident", "show", "2026-0001", "--json").row == before


def test_l23_l24_l25_from_evidence_to_decision_to_police_hold(desk: Desk) -> None:
    """L23, L24, L25, L26, I8: every step has actor, role, reason, facts and pack, and is in the custody log."""
    assert move(desk, "hand_over", "operator").code == 0
    assert move(desk, "police", "operator").code == 5
    said = move(desk, "police", "head", "threat to kill; reported on 101", "--json")
    assert said.code == 0 and said.row["state"] == "POLICE_HOLD"
    assert "the police have it" in desk.move("invite", "head").err
    shown = desk.run("incident", "show", "2026-0001", "--json").row
    events = shown["events"]
    assert [(row["event"], row["from"], row["to"], row["role"]) for row in events[-2:]] == [
        ("hand_over", "PRESERVED", "AWAITING_DECISION", "operator"),
        ("police", "AWAITING_DECISION", "POLICE_HOLD", "head"),
    ]
    assert events[-1]["reason"] == "threat to kill; reported on 101"
    assert events[-1]["details"]["proportionate"] == "a threat to kill, made in public"
    assert all(row["at"] and row["actor"] and row["pack"] == shown["pack"] for row in events)
    assert shown["pack"].startswith("llanbedrog@2021-10-19+")
    assert desk.run("evidence", "verify").code == 0, "both logs still hold"


def test_l31_when_the_post_is_edited_to_name_the_head_the_deputy_or_chair_takes_over(desk: Desk) -> None:
    """L31, T07: at that moment, and it is logged."""
    move(desk, "hand_over", "operator")
    desk.report("I will kill the headteacher and the deputy head of Ysgol Llanbedrog, I will stab them")
    said = move(desk, "internal", "head")
    assert said.code == 5 and "does not decide" in said.err
    handed = desk.move("recuse", "operator", "the post is now about the head", "--json")
    assert handed.code == 0 and handed.row["decider"] == "chair"
    last = desk.run("incident", "show", "2026-0001", "--json").row["events"][-1]
    assert (last["event"], last["details"]) == ("recuse", {"passed_over": "head"})
    assert move(desk, "internal", "chair").code == 0


def test_l31_who_stepped_back_is_out_though_no_word_of_the_post_names_them(desk: Desk) -> None:
    """L31, T07: a nickname that only people understand: every step but alarms and notes is gone."""
    desk.report(
        "The big cheese of Ysgol Llanbedrog, I will kill him and stab everyone", "https://social.example/2"
    )
    number = "2026-0002"
    step = ("incident", "move", number)
    assert (
        desk.run(
            *step, "hand_over", "--as", "head", "--reason", "as found", "--fact", "conflict_checked=yes"
        ).code
        == 0
    )
    assert desk.run(*step, "recuse", "--as", "head", "--reason", "they mean me").code == 0
    steps = desk.run("incident", "show", number, "--json").row["steps"]
    open_to_head = {one["event"] for one in steps if "head" in one["open_to"]}
    assert open_to_head == {"stop_image", "safeguarding", "safety", "recuse", "note", "support_offered"}
    assert "head" in desk.run("incident", "show", number, "--json").row["subjects"]


def test_l31_a_sealed_post_still_knows_whom_it_is_about(desk: Desk) -> None:
    """I3, T04: the words are frozen, the head stays out of it."""
    desk.report("I will kill the headteacher of Ysgol Llanbedrog, I will stab him")
    assert desk.move("stop_image", "operator").code == 0
    assert "head" in desk.run("incident", "show", "2026-0001", "--json").row["subjects"]


def test_l39_an_extended_limit_is_only_ever_later(desk: Desk) -> None:
    """L39, T30."""
    for event, role in (("hand_over", "operator"), ("internal", "head"), ("prepared", "operator"), ("invite", "head"), ("met", "head")):  # fmt: skip
        said = move(desk, event, role)
        assert said.code == 0, said.err
    first = desk.move("removal_asked", "head", "they agreed at the meeting", "--json").row["deadline_at"]
    later = desk.move("extend", "head", "they asked for a week", "--json").row["deadline_at"]
    assert first and later > first
    sooner = desk.move("extend", "head", "changed my mind", "--fact", f"until={first}")
    assert sooner.code == 5 and "never earlier" in sooner.err


def test_b10_from_report_to_closed_with_support_said(desk: Desk) -> None:
    """B10, T35, T36: closed only after support, and reopened by anyone who knows more."""
    for event, role in (("hand_over", "operator"), ("internal", "head"), ("settle", "head")):
        assert move(desk, event, role).code == 0
    assert "support for the person targeted" in move(desk, "close", "head").err
    for event, role in (("support_closed", "operator"), ("close", "head")):
        assert move(desk, event, role).code == 0
    assert desk.move("reopen", "operator", "it is back on another page", "--json").row["state"] == "OPENED"


def test_i12_a_changed_pack_leaves_an_open_incident_under_its_own_and_offers_itself(tmp_path: Path) -> None:
    """I12: the pack is edited between two steps; the old text decides until the decider adopts the new one."""
    desk = make_desk(tmp_path / "home")
    shipped = Path(__file__).resolve().parents[2] / "mentionwatch" / "packs" / "llanbedrog.toml"
    own, school = desk.folder / "own.toml", desk.folder / "school.toml"
    own.write_text(shipped.read_text("utf-8"), "utf-8")
    school.write_text(school.read_text("utf-8").replace('pack = "llanbedrog"', 'pack = "own.toml"'), "utf-8")
    assert desk.report().row["incident"] == "2026-0001"
    old = desk.run("incident", "show", "2026-0001", "--json").row["pack"]
    # The new pack says nothing of a letter any more, and gives a new decider.
    text = own.read_text("utf-8")
    start = text.index("[rule.letters]")
    text = text[:start] + text[text.index("[rule.", start + 5) :]
    own.write_text(text.replace('roles = ["head"]', 'roles = ["slt"]'), "utf-8")
    for event, role in (("hand_over", "operator"), ("internal", "head"), ("prepared", "operator")):
        assert move(desk, event, role).code == 0, "the head still decides"
    shown = desk.run("incident", "show", "2026-0001", "--json").row
    assert shown["pack"] == old and shown["pack_offered"] not in (None, old)
    open_now = {one["event"] for one in shown["steps"] if one["open_to"]}
    assert "write_instead" in open_now
    assert all(one["pack"] == old for one in shown["events"])
    assert desk.move("adopt_pack", "head", "the governors changed the policy").code == 0
    after = desk.run("incident", "show", "2026-0001", "--json").row
    assert after["pack"] == shown["pack_offered"] and after["pack_offered"] is None
    refusals = [one["refusals"]["head"] for one in after["steps"] if one["event"] == "write_instead"]
    assert "not set by your policy" in refusals[0]
    assert [one["pack"] for one in after["events"]] == [
        *(one["pack"] for one in shown["events"]),
        after["pack"],
    ]
    assert desk.run("evidence", "verify").code == 0


def test_g09_a_picture_that_must_go_is_erased_at_once_and_the_incident_goes_on(tmp_path: Path) -> None:
    """G09: never retained as evidence; the step itself is the written gap, so that nothing is stuck."""
    desk = make_desk(tmp_path / "home", "grappenhall_heys")
    number = desk.report().row["incident"]
    gone = desk.run("incident", "move", number, "must_delete", "--as", "operator", "--reason", "a child in swimwear", "--fact", "described=a picture from sports day")  # fmt: skip
    assert gone.code == 0, gone.err
    assert desk.run("mentions", "--json").rows == []
    handed = desk.run("incident", "move", number, "hand_over", "--as", "operator", "--reason", "what is left of it", "--fact", "conflict_checked=yes")  # fmt: skip
    assert handed.code == 0, handed.err
    assert b"stab everyone" not in b"".join(path.read_bytes() for path in desk.folder.rglob("*.duckdb*"))


def test_of_two_people_who_decide_at_once_one_wins_and_the_other_is_told(desk: Desk) -> None:
    """I8, I9: the second step was decided on a state that is no more."""
    move(desk, "hand_over", "operator")
    home = Home(desk.folder)
    school, pack = read_school(home)
    context = read_context(home, school, pack, NOW, "the head")
    with Warehouse(home.folder).live_reader() as reading:
        assert read_standing(reading, "2026-0001", context).now.state == "AWAITING_DECISION"
    take_step(StepAsked("2026-0001", Event.NO_CASE, Role.HEAD, "nothing in it"), context)
    assert desk.move("no_case", "head").code == 5


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
        long = "a reason that is rather long and has to be wrapped somewhere in the middle of it"
        assert move(desk, event, role, long).code == 0
    for arguments in (("incident", "list"), ("incident", "show", "2026-0001")):
        out = desk.run(*arguments).out
        assert [line for line in out.splitlines() if len(line) > 80] == []
        assert "stab" not in out
        assert "POLICE_HOLD" in out
    assert "AWAITING_DECISION -> POLICE_HOLD" in " ".join(
        desk.run("incident", "show", "2026-0001").out.split()
    )


def test_every_step_shown_as_refused_is_refused(desk: Desk) -> None:
    """Greyed out on the screen is barred at the door."""
    move(desk, "hand_over", "operator")
    steps = desk.run("incident", "show", "2026-0001", "--json").row["steps"]
    assert {step["event"] for step in steps} >= {"police", "internal", "no_case", "recuse", "note"}
    shut = [step["event"] for step in steps if "dsl" in step["refusals"]]
    assert shut
    for event in shut:
        assert move(desk, event, "dsl").code == 5
    assert desk.run("incident", "list", "--json").row["state"] == "AWAITING_DECISION"


def test_l04_whose_page_a_post_is_on_is_known_by_its_source_and_its_address(desk: Desk) -> None:
    """L04: school account, personal or other; a source that does not say, and no address of ours, is other."""

    def channel() -> str:
        return str(desk.run("incident", "show", "2026-0001", "--json").row["channel"])

    assert channel() == "other"
    sources = desk.folder / "sources.toml"
    for name in ("school_account", "personal"):
        sources.write_text(f'[[source]]\nname = "report"\ncollector = "feed"\nchannel = "{name}"\n', "utf-8")
        assert channel() == name
