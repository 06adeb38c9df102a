"""Reports of a kind of their own, disclaimers, and when something was seen."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifiers.disclaimer import find_disclaimer
from mentionwatch.report_kinds import KINDS, ReportKind
from tests.incidents.homes import Desk, Said, make_desk
from tests.incidents.packs import PACKS

URL = "https://social.example/post/9"
GOVERNORS = ("--authority", "Minute 7", "--authority-on", "2026-09-01")


def caldecote(folder: Path) -> Desk:
    return make_desk(folder, "caldecote", GOVERNORS)


def report(desk: Desk, kind: str, text: str = "see the address", *more: str) -> Said:
    return desk.report(text, URL, "unknown", "--kind", kind, *more)


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("staff_area", "the heads are told today, and the pupil's parents"),
        ("working_day", "designated child protection officer"),
        ("under_age", "the platform's own form"),
        ("other_child_picture", "copy nothing, keep the address only"),
    ],
)
def test_d08_d09_d10_d11_each_kind_is_an_incident_whose_first_step_says_what_to_do(
    tmp_path: Path, kind: str, said: str
) -> None:
    """D08, D09, D10, D11: whatever the words sound like, with the clause it comes from."""
    desk = caldecote(tmp_path / "home")
    done = report(desk, kind)
    assert done.code == 0, done.err
    shown = desk.run("incident", "show", done.row["incident"], "--json").row
    clause = PACKS["caldecote"].clause(KINDS[ReportKind(kind)].clause)
    assert shown["kind"] == kind and clause is not None and shown["clause"] == clause.cite()
    assert said in shown["first_steps"][0] and clause.cite() in shown["first_steps"][0]
    assert said in " ".join(desk.run("incident", "show", shown["id"]).out.split())


def test_d11_no_copy_of_the_picture_is_taken_in(tmp_path: Path) -> None:
    """D11: address and description only; the file is not even opened."""
    desk = caldecote(tmp_path / "home")
    refused = report(desk, "other_child_picture", "a picture from sports day", "--screenshot", str(tmp_path / "none.png"))  # fmt: skip
    assert refused.code == 5 and "no copy of that picture" in refused.err and "section 8" in refused.err
    assert desk.run("incident", "list", "--json").rows == []


def test_c13_the_logo_has_a_kind_where_the_policy_speaks_of_it(tmp_path: Path) -> None:
    """C13: under Cansfield; under another policy it is not set."""
    desk = make_desk(tmp_path / "c", "cansfield", GOVERNORS)
    assert report(desk, "logo").row["incident"] == "2026-0001"
    other = make_desk(tmp_path / "l")
    refused = report(other, "logo")
    assert refused.code == 5 and "not set by your policy" in refused.err


def test_a_kind_reported_of_a_post_that_has_an_open_incident_is_told_to_it(tmp_path: Path) -> None:
    desk = caldecote(tmp_path / "home")
    first = report(desk, "staff_area").row
    again = report(desk, "working_day").row
    assert again["incident"] == first["incident"]
    events = desk.run("incident", "show", first["incident"], "--json").row["events"]
    assert events[-1]["reason"] == "reported again, under a clause of its own"
    assert len(desk.run("incident", "list", "--json").rows) == 1


def test_an_unknown_kind_is_named_with_those_there_are(tmp_path: Path) -> None:
    said = report(caldecote(tmp_path / "home"), "gossip")
    assert said.code == 2 and "staff_area" in said.err and said.err.count("\n") == 1


def test_c03_when_it_was_seen_and_when_it_was_reported_are_kept_and_shown(tmp_path: Path) -> None:
    """C03: also to the safeguarding lead, and never in the future."""
    desk = make_desk(tmp_path / "home")
    ahead = desk.report("late", URL, "unknown", "--seen-at", "2099-01-01T00:00Z")
    assert ahead.code == 2 and "--seen-at" in ahead.err and "future" in ahead.err
    vague = desk.report("late", URL, "unknown", "--seen-at", "yesterday")
    assert vague.code == 2 and "--seen-at" in vague.err
    said = desk.run("report", "--url", URL, "--posted-at", "unknown", "--text", "late again", "--seen-at", "2026-01-05T09:00Z", "--reporter", "Mrs Q")  # fmt: skip
    assert "Seen 2026-01-05T09:00:00Z, reported" in said.out and "hours later" in said.out
    mention = desk.run("mentions", "--json").row["id"]
    shown = desk.run(
        "reporter", "show", mention, "--as", "dsl", "--purpose", "to ask when it was seen", "--json"
    )
    assert shown.row["reports"][0]["seen_at"] == "2026-01-05T09:00:00Z"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dull staff meeting again. Views my own.", "Views my own"),
        ("I am not speaking on behalf of the school here.", "I am not speaking on behalf of the school"),
        ("Opinions don't reflect those of my employer", "Opinions don't reflect those of my employer"),
        ("Barn bersonol yn unig yw hon.", "Barn bersonol"),
        ("Nid ar ran yr ysgol y dywedaf hyn", "Nid ar ran yr ysgol"),
        ("The school should listen to our views.", ""),
        ("My own view is that lunch is dear.", ""),
        ("She spoke on behalf of the school.", ""),
        ("Mae barn rhieni'n bwysig", ""),
    ],
)
def test_l03_a_disclaimer_is_found_in_both_languages(text: str, words: str) -> None:
    """L03: the post's own words."""
    assert find_disclaimer(text) == words


def test_l03_a_disclaimer_is_shown_and_its_absence_is_no_reason_of_any_kind(tmp_path: Path) -> None:
    """L03: two posts alike but for it have the same label and the same incident; nothing is said of the one without."""
    shown = {}
    for name, tail in (("with", " Views my own."), ("without", "")):
        desk = make_desk(tmp_path / name)
        desk.report(f"We will come to Ysgol Llanbedrog and smash that caretaker's face in.{tail}", URL)
        shown[name] = desk.run("incident", "show", "2026-0001", "--json").row
    assert shown["with"]["disclaimer"] == "Views my own" and shown["without"]["disclaimer"] is None
    for key in ("kind", "route", "clause", "reasons", "first_steps", "state"):
        assert shown["with"][key] == shown["without"][key]
    assert "disclaimer" not in str(shown["without"]["reasons"])
