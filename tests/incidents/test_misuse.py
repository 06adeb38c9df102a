"""What a person in a hurry, or in a temper, may try with the real commands: each is refused in one line that names the mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.incidents.homes import Desk, Said, make_desk
from tests.incidents.letter_home import (
    DECISION,
    MONDAY,
    POST,
    URL,
    WEDNESDAY,
    decided_home,
    letter,
    letter_home,
    prepared_home,
    step,
)

SENT = ("tracking=AB1", "second_reader=the deputy", "screenshot=no")


def try_step(desk: Desk, event: str, role: str, *facts: str, id_: str = "2026-0001", now: str = MONDAY, reason: str = "because it is so") -> Said:  # fmt: skip
    given = [part for fact in facts for part in ("--fact", fact)]
    return desk.run("incident", "move", id_, event, "--as", role, "--reason", reason, "--now", now, *given)


def second_incident(desk: Desk, text: str) -> None:
    desk.report(text, "https://social.example/post/2", "2026-11-20T18:00:00Z")
    assert try_step(desk, "hand_over", "operator", "conflict_checked=yes", id_="2026-0002").code == 0


def assert_one_line(said: Said, words: str, code: int = 5) -> None:
    assert said.code == code and words in said.err, (said.code, said.err, said.out)
    assert len(said.err.strip().splitlines()) == 1


def test_l39_a_time_limit_is_not_typed_and_not_worded_away(tmp_path: Path) -> None:
    """L39: neither as a field nor in a changed passage."""
    desk = letter_home(tmp_path / "home")
    assert_one_line(letter(desk, "removal", "--field", "deadline_at=noon tomorrow"), "is not typed")
    assert_one_line(letter(desk, "removal", "--change", "request=Take it down within the hour."), "leaves out {deadline_at}")  # fmt: skip
    assert_one_line(letter(desk, "removal", "--field", "colour=red"), "is not typed")
    for year in ("9999-12-31T19:00Z", "0001-01-01T00:00+05:00", "soon"):
        assert_one_line(letter(desk, "removal", "--field", f"until={year}"), "until is no time")
    for brace in ("a { b", "}", "a {} b"):
        assert_one_line(letter(desk, "removal", "--change", f"seen={brace}"), "belongs to no field")
    assert_one_line(letter(desk, "removal", "--change", "seen=Dear {colour},"), "which is no field")


def test_l31_merging_puts_nobody_over_a_post_about_them(tmp_path: Path) -> None:
    """L31: while two incidents are one, the subjects of both are out of both."""
    desk = prepared_home(tmp_path / "home")
    second_incident(desk, "The headteacher of Ysgol Llanbedrog is a liar and we will smash her face in")
    merged = desk.run("incident", "merge", "2026-0002", "2026-0001", "--because", "same_campaign", "--as", "operator", "--reason", "one campaign", "--now", MONDAY)  # fmt: skip
    assert merged.code == 0, merged.err
    invite = try_step(
        desk, "invite", "head", "means=telephone", "said=rang them", "meeting_at=2026-11-26T15:30Z"
    )
    assert_one_line(invite, "the post mentions the head")
    assert try_step(desk, "recuse", "operator").code == 0


def test_t29_after_a_merge_an_author_keeps_the_limit_they_were_given(tmp_path: Path) -> None:
    """L39, T34: the earlier limit shows; still up counts after the incident's own."""
    desk = prepared_home(tmp_path / "home")
    step(desk, "ask_removal", "head", "means=telephone", "said=asked by telephone")
    second_incident(desk, POST)
    late = "2026-11-25T19:30:00Z"
    step_two = [("internal", "head", ("author=parent", *(part for part in DECISION if part != "--fact"))), ("prepared", "operator", ("cross_reference=r1 unacceptable: the same threat again",))]  # fmt: skip
    for event, role, facts in step_two:
        assert try_step(desk, event, role, *facts, id_="2026-0002", now=WEDNESDAY).code == 0
    asked = try_step(desk, "ask_removal", "head", "means=telephone", "said=asked by telephone", id_="2026-0002", now=late)  # fmt: skip
    assert asked.code == 0, asked.err
    merged = desk.run("incident", "merge", "2026-0001", "2026-0002", "--because", "same_post", "--as", "operator", "--reason", "one post", "--now", late, "--json")  # fmt: skip
    assert merged.code == 0, merged.err
    assert desk.run("incident", "show", "2026-0002", "--json").row["deadline_at"] == "2026-11-25T18:00:00Z"
    early = try_step(desk, "still_up", "head", "looked_at=2026-11-26T08:00Z", id_="2026-0002", now="2026-11-26T09:00:00Z")  # fmt: skip
    assert_one_line(early, "has not passed")


def test_t14_a_ban_gives_a_day_to_answer_that_lies_ahead_and_is_the_one_on_paper(tmp_path: Path) -> None:
    """L28: representations and review, both real."""
    desk = prepared_home(tmp_path / "home")
    step(desk, "ban_considered", "head", "ban_reason=came to the gate and shouted")
    said = letter(desk, "ban_notice", "--lang", "en", "--field", "respond_by=2026-12-10")
    assert said.code == 0, said.err
    assert_one_line(try_step(desk, "ban_notice", "head", "respond_by=2026-11-01"), "has passed")
    assert_one_line(try_step(desk, "ban_notice", "head", "respond_by=2026-12-01"), "another day: 2026-12-10")
    step(desk, "ban_notice", "head", "respond_by=2026-12-10")
    step(desk, "ban_heard", "operator", "heard=they are sorry")
    assert_one_line(
        try_step(desk, "ban_decided", "head", "ban=imposed", "review_on=0001-01-01"), "has passed"
    )


def test_l26_nothing_is_parted_from_an_incident_that_the_police_have(tmp_path: Path) -> None:
    """L26: neither by undoing the merge nor by reopening."""
    desk = prepared_home(tmp_path / "home")
    second_incident(desk, POST)
    for words in (("merge", "2026-0001", "2026-0002", "--because", "same_post"),):
        assert (
            desk.run("incident", *words, "--as", "operator", "--reason", "one post", "--now", MONDAY).code
            == 0
        )
    limbs = tuple(part for part in DECISION if part != "--fact")
    police = try_step(desk, "police", "head", *limbs, "offence=other", "proportionate=a threat of violence against a man", "informant=school", id_="2026-0002")  # fmt: skip
    assert police.code == 0, police.err
    undo = desk.run(
        "incident", "undo", "2026-0001", "--as", "operator", "--reason", "they differ", "--now", MONDAY
    )
    assert_one_line(undo, "POLICE_HOLD")
    assert_one_line(try_step(desk, "reopen", "operator"), "POLICE_HOLD")


@pytest.mark.parametrize("path", ["recused", "released"])
def test_a_letter_from_before_counts_no_more(tmp_path: Path, path: str) -> None:
    """L37: made for a decider who stepped back, or before the police had it, it is made again."""
    desk = letter_home(tmp_path / "home")
    assert letter(desk, "removal").code == 0
    if path == "recused":
        step(desk, "recuse", "operator", now="2026-11-23T10:00:00Z")
        later = "2026-11-23T10:30:00Z"
    else:
        step(desk, "police", "head", "offence=other", "proportionate=a threat of violence against a man", "informant=school", now="2026-11-23T10:00:00Z")  # fmt: skip
        step(desk, "police_release", "head", "advice=leave it to the school", "advised_at=2026-11-23T10:00Z", now="2026-11-23T10:10:00Z")  # fmt: skip
        step(desk, "prepared", "operator", "cross_reference=r1 unacceptable: the same threat", now="2026-11-23T10:20:00Z")  # fmt: skip
        step(desk, "write_instead", "head", "risk=threatened the caretaker", now="2026-11-23T10:25:00Z")
        later = "2026-11-23T10:30:00Z"
    sent = try_step(desk, "letter_sent", "operator", f"letter_posted_at={later}", *SENT, now=later)
    assert_one_line(sent, "no removal on file")


def test_g09_a_held_post_is_not_said_to_be_deleted(tmp_path: Path) -> None:
    """G09, I11: a hold comes before the policy's own deletion, and says so."""
    desk = make_desk(tmp_path / "home", "grappenhall_heys")
    desk.report(f"Mrs Puw too. {POST}", URL, "2026-11-20T18:00:00Z")  # fmt: skip
    assert desk.run("access", "Mrs Puw").code == 0
    said = try_step(desk, "must_delete", "operator", "described=a picture that came out badly", now="2026-11-30T09:00:00Z")  # fmt: skip
    assert_one_line(said, "it is held")


def test_l20_half_a_name_here_and_half_there_is_a_name(tmp_path: Path) -> None:
    """L20: in two fields of one page, and in reason and fact of one step."""
    desk = make_desk(tmp_path / "home")
    desk.run("report", "--url", URL, "--posted-at", "2026-11-20T18:00:00Z", "--text", POST, "--reporter", "Angharad Quuxley")  # fmt: skip
    assert_one_line(try_step(desk, "support_offered", "operator", "support=Quuxley was told", reason="it was Angharad"), "whoever reports is not named")  # fmt: skip


def test_a_clock_behind_the_log_is_refused(tmp_path: Path) -> None:
    """L39: no step and no letter is dated before the latest event."""
    desk = letter_home(tmp_path / "home")
    before = "2026-01-05T10:00:00Z"
    assert_one_line(letter(desk, "removal", now=before), "Set the clock right")
    assert_one_line(try_step(desk, "note", "operator", now=before), "Set the clock right")
    for year in ("0001-01-01T00:00:00+05:00", "9999-12-31T23:00:00Z"):
        assert desk.run("incident", "show", "2026-0001", "--now", year).code == 2


def test_l42_what_was_gone_before_it_was_asked_for_is_no_compliance(tmp_path: Path) -> None:
    """L42: and still up is believed only of a look after the limit."""
    desk = prepared_home(tmp_path / "home")
    step(desk, "ask_removal", "head", "means=telephone", "said=asked by telephone")
    later = "2026-11-26T09:00:00Z"
    gone = try_step(desk, "removed", "operator", "first_gone_at=1991-01-01T00:00Z", "checked_at=2026-11-26T08:00Z", now=later)  # fmt: skip
    assert_one_line(gone, "before removal was asked for")
    still = try_step(desk, "still_up", "head", "looked_at=2026-11-24T08:00Z", now=later)
    assert_one_line(still, "before the time limit")


def test_l29_another_time_needs_another_invitation(tmp_path: Path) -> None:
    """L29: the time that is recorded is the one on the paper."""
    desk = prepared_home(tmp_path / "home")
    assert letter(desk, "invitation", "--field", "meeting_at=2026-12-03T15:30Z").code == 0
    other = try_step(desk, "invite", "head", "means=letter", "meeting_at=2026-11-24T15:30Z")
    assert_one_line(other, "another time needs another letter")
    assert try_step(desk, "invite", "head", "means=letter", "meeting_at=2026-12-03T15:30Z").code == 0


def test_no_terminal_is_painted_by_what_somebody_typed(tmp_path: Path) -> None:
    desk = decided_home(tmp_path / "home")
    assert try_step(desk, "note", "operator", reason="look \x1b[31mRED\x1b]0;pwn\x07 here").code == 0
    for command in ("show", "timeline"):
        assert "\x1b" not in desk.run("incident", command, "2026-0001").out


def test_a_rule_is_not_adopted_before_its_day(tmp_path: Path) -> None:
    """G03: a date that has not come binds nothing."""
    desk = make_desk(tmp_path / "home", "grappenhall_heys")
    desk.report(POST, URL)
    path = desk.folder / "school.toml"
    path.write_text(path.read_text("utf-8") + '\n[adopt.acknowledge]\nvalues = ["school_account"]\nadopted_on = 2099-01-01\n', encoding="utf-8")  # fmt: skip
    assert_one_line(desk.run("incident", "show", "2026-0001"), "has not come yet", 2)


def test_a_letters_folder_that_cannot_be_written_leaves_nothing_on_file(tmp_path: Path) -> None:
    desk = letter_home(tmp_path / "home")
    (desk.folder / "letters").write_text("in the way", encoding="utf-8")
    said = letter(desk, "removal")
    assert_one_line(said, "could not be written", 1)
    assert desk.run("incident", "show", "2026-0001", "--json").row["documents"] == []
    assert desk.run("evidence", "verify").code == 0


def test_an_argument_that_is_no_text_is_named_as_that(tmp_path: Path) -> None:
    desk = make_desk(tmp_path / "home")
    assert desk.run("incident", "show", "\udcff").code == 2
