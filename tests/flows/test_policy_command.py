"""`policy check|show|diff`: a head reads what binds, a technician what is wrong."""

from __future__ import annotations

import contextlib
import io
import json
import re
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from flows.cli import main
from flows.commands.policy import check_exits, policy_check, policy_show
from flows.commands.policy_text import ADVICE_PAGE, ADVICE_TITLE, WIDTH, show_lines
from flows.home import list_packs, read_pack
from incidents.steps import Event
from incidents.transitions import TRANSITIONS
from mentionwatch.errors import ConfigError
from mentionwatch.labels import IncidentState
from mentionwatch.policy import NOT_SET, RuleKey, Standing
from mentionwatch.policy_words import RULE_TITLES
from mentionwatch.tables import Table
from tests.conftest import ROOT
from tests.incidents.homes import Desk, Said, make_desk

ON = date(2026, 11, 21)
TEMPLATE = files("mentionwatch.packs_template").joinpath("template.toml").read_text(encoding="utf-8")
HOLE = re.compile(r"<[^<>]*>")


def run(*arguments: str) -> Said:
    """One command in this process, without a home."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(arguments)
    return Said(code, out.getvalue(), err.getvalue())


def one_line(said: Said) -> str:
    """Without the line breaks that the width of a terminal put in."""
    return " ".join(said.out.split())


def fill(text: str) -> str:
    """The template with its placeholders filled in, as a person would."""
    filled = text.replace('"<short name>"', '"oakfield"')
    return HOLE.sub("Something the policy says.", filled)


def adopting(folder: Path, more: str) -> Desk:
    """A home under the pack of Grappenhall Heys, with more in its school.toml."""
    desk = make_desk(folder, "grappenhall_heys")
    school = folder / "school.toml"
    school.write_text(school.read_text(encoding="utf-8") + more, encoding="utf-8")
    return desk


NO_CONTACT = "\n[adopt.no_contact]\nadopted_on = 2026-11-02\n"


# --- check ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list_packs())
def test_the_packs_that_ship_are_sound(name: str) -> None:
    said = run("policy", "check", name)
    assert said.code == 0 and said.out.startswith("ok ") and said.err == ""
    assert f"all {len(IncidentState)} states have a way on" in said.out
    row = run("policy", "check", name, "--json").row
    assert row["ok"] is True and row["id"] == name and row["version"].startswith(f"{name}@")
    assert sum(row["points"].values()) == len(RuleKey)
    for standing, count in row["points"].items():
        assert f"{count} {standing}" in one_line(said)


def test_check_says_how_the_policys_dates_stand() -> None:
    """G11: undated is said in so many words; a review that was due makes it stale."""
    assert "undated, no review date" in one_line(run("policy", "check", "grappenhall_heys"))
    assert "review due 30 September 2023: stale on" in one_line(run("policy", "check", "cansfield"))
    assert run("policy", "check", "grappenhall_heys", "--json").row["standing"] == "undated"
    assert run("policy", "check", "cansfield", "--json").row["standing"] == "stale"


def test_check_says_whether_the_policy_lets_the_school_watch() -> None:
    """B02, C08, D02."""
    for name in list_packs():
        allows = name in ("llanbedrog", "grappenhall_heys")
        assert run("policy", "check", name, "--json").row["allows_monitoring"] is allows
        needs = "the governors' own decision is needed" in one_line(run("policy", "check", name))
        assert needs is not allows


def test_check_counts_what_the_school_adopted(tmp_path: Path) -> None:
    """G02: in the home's own pack, and in no other."""
    desk = adopting(tmp_path, NO_CONTACT)
    here = desk.run("policy", "check", "--json").row
    shipped = desk.run("policy", "check", "grappenhall_heys", "--json").row
    assert here["points"]["adopted"] == 1 and shipped["points"]["adopted"] == 0
    assert here["points"]["silent"] == shipped["points"]["silent"] - 1
    assert here["version"] != shipped["version"]


WRONG = [
    ('roles = ["head"]', 'roles = ["head", "head"]', r"decider\.roles: is a loop: head comes twice"),
    ("[decider]", "[decider_of_posts]", r"decider: is missing"),
    ('clause = "decides"', 'clause = "decide"', r"decider\.clause: there is no clause 'decide'"),
    ('"screenshot"', '"memory"', r"rule\.evidence\.values: 'memory' is unknown"),
    (
        "[clause.decides]",
        '[contacts]\nhead = "h@x.example"\n[clause.decides]',
        r"contacts\.head: holds an addr",
    ),
    (
        "[[first_step]]",
        '[[question]]\nkey = "why"\nen = "a"\ncy = "b"\nclause = "evidence"\nevents = ["lunch"]\n[[first_step]]',
        r"question\[1\]\.events: 'lunch' is no step",
    ),
    (
        "[decider]",
        '[deadline.removal]\nhours = 12\nclause = "decides"\n[decider]',
        r"deadline\.removal\.hours: gives an author less than 48 hours",
    ),
    ('nation = "england"', 'nation = "scotland"', r"nation: is 'scotland'"),
    ('nation = "england"', "nation = england", r"is not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_a_wrong_pack_is_one_line_and_exit_2(tmp_path: Path, old: str, new: str, said: str) -> None:
    """C02 among them: an address where a role belongs."""
    text = fill(TEMPLATE)
    path = tmp_path / "our-policy.toml"
    head, mark, tail = text.partition(f"\n{old}") if old.startswith("[") else text.partition(old)
    assert mark, "the template has changed"
    path.write_text(f"{head}{mark.replace(old, new)}{tail}", encoding="utf-8")
    answer = run("policy", "check", str(path))
    assert answer.code == 2 and answer.out == ""
    assert re.search(said, answer.err) and str(path) in answer.err
    assert answer.err.count("\n") == 1 and "Traceback" not in answer.err


def test_a_pack_that_is_not_there_is_one_line_and_exit_2(tmp_path: Path) -> None:
    for name in ("oakfield", str(tmp_path / "none.toml")):
        said = run("policy", "show", name)
        assert said.code == 2 and said.err.count("\n") == 1 and name in said.err


def test_adopting_what_the_policy_sets_itself_is_refused(tmp_path: Path) -> None:
    said = adopting(tmp_path, "\n[adopt.meeting]\nadopted_on = 2026-11-02\n").run("policy", "check")
    assert said.code == 2 and "school.toml: adopt.meeting: " in said.err and "sets this itself" in said.err


def test_a_pack_under_which_an_incident_would_be_stuck_is_refused() -> None:
    """I14: the check looks for a way out of every state."""
    pack = read_pack("cansfield", Table("test", {}))
    assert check_exits(pack) == len(IncidentState)
    without = [row for row in TRANSITIONS if row.event is not Event.SETTLE]
    with pytest.raises(ConfigError, match=r"pack cansfield: rule: leaves no way on from .*PLATFORM") as error:
        check_exits(pack, without)
    assert error.value.exit_code == 2 and "adopt" in error.value.mend


# --- show -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list_packs())
def test_show_goes_through_every_point_in_one_order_and_fits_the_terminal(name: str) -> None:
    said = run("policy", "show", name)
    assert said.code == 0
    assert [line for line in said.out.splitlines() if len(line) > WIDTH or line != line.rstrip()] == []
    places = [said.out.index(f"\n{RULE_TITLES[key]} ") for key in RuleKey]
    assert places == sorted(places)


@pytest.mark.parametrize("name", list_packs())
def test_show_cites_what_is_set_and_says_how_to_adopt_what_is_not(name: str) -> None:
    """G02: "not set by your policy", and the key the school would write; nothing of another pack."""
    pack = read_pack(name, Table("test", {}))
    text = " ".join(" ".join(show_lines(pack, ON)).split())
    for key in RuleKey:
        rule = pack.rule(key)
        if rule.clause:
            assert f"{rule.clause.cite()}: {rule.clause.gist}" in text
        else:
            assert f"[adopt.{key}]" in text
        assert (rule.standing is Standing.UNKNOWN) == (
            f"the copy has lost it: {rule.note}" in text and rule.note != ""
        )
    open_points = [key for key in RuleKey if pack.rule(key).standing is Standing.SILENT]
    assert text.count(f"{NOT_SET} to adopt:") == len(open_points)


def test_show_prints_what_a_shown_adoption_really_does(tmp_path: Path) -> None:
    """G02, G03: the lines under "How to adopt" are lines school.toml takes."""
    pack = read_pack("grappenhall_heys", Table("test", {}))
    shown = list(show_lines(pack, ON))
    lines = shown[shown.index("  [adopt.no_contact]") :]
    desk = adopting(tmp_path, "\n".join(line.strip() for line in ("", *lines, "")))
    row = desk.run("policy", "show", "--json").row
    adopted = {point["key"] for point in row["points"] if point["standing"] == "adopted"}
    assert adopted == {"rule.no_contact", "rule.platform"}
    assert "adopted by the school on 21 November 2026" in one_line(desk.run("policy", "show"))


def test_show_names_who_decides_and_who_does_when_it_is_about_them() -> None:
    """D03: two heads are a set; a silent order is called silent."""
    text = one_line(run("policy", "show", "caldecote"))
    assert "Who decides [set] head, co-head Social Networking Policy, section 3" in text
    assert "about the decider [open] not set by your policy. Whoever else decides follows, then" in text
    assert "head, deputy, chair of governors" in one_line(run("policy", "show", "llanbedrog"))


def test_show_says_that_the_police_must_be_told_and_what_then_waits() -> None:
    """L25."""
    text = one_line(run("policy", "show", "llanbedrog"))
    assert "When the police are told [set] the decider must" in text
    assert "Nothing is done inside while the police have it [set]" in text


def test_show_names_the_clocks() -> None:
    """G03: no prompt-attention clause, no clock."""
    llanbedrog, heys = (one_line(run("policy", "show", name)) for name in ("llanbedrog", "grappenhall_heys"))
    assert "Time given to take a post down [set] 48 hours Internal Protocol, Annex B" in llanbedrog
    assert "Time to acknowledge a concern [set] 1 school day" in llanbedrog
    assert "Time to acknowledge a concern [open] not set by your policy. The clock runs only where" in heys


def test_show_prints_the_governors_decision_of_the_home(tmp_path: Path) -> None:
    """B02: the pack allows nothing; the governors did."""
    make_desk(tmp_path, "cansfield", ("--authority", "Minute 7", "--authority-on", "2026-09-01"))
    text = one_line(Desk(tmp_path).run("policy", "show"))
    assert "cannot stand in for a decision to watch public postings" in text
    assert "the governors decided: Minute 7 (1 September 2026)" in text


def test_show_names_contacts_by_role_and_the_advice_for_staff() -> None:
    """C02, L46."""
    text = one_line(run("policy", "show", "cansfield"))
    assert "questions: business manager" in text
    assert f"For staff themselves: {ADVICE_TITLE} ({ADVICE_PAGE})" in text


def test_the_advice_for_staff_is_in_both_languages_and_judges_no_post() -> None:
    """L46: help text, and no classifier knows of it."""
    page = (ROOT / ADVICE_PAGE).read_text(encoding="utf-8")
    assert page.startswith(f"# {ADVICE_TITLE}\n")
    english, welsh = page.split("\n## ")[1:]
    assert english.startswith("English") and welsh.startswith("Cymraeg")
    counts = [[part.count("\n- ") for part in text.split("\n### ")] for text in (english, welsh)]
    assert counts[0] == counts[1] and min(counts[0][1:]) > 5
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "classifiers").rglob("*.py")]
    assert sources and not [text for text in sources if "staff-advice" in text or "RuleKey" in text]


def test_show_as_json_is_one_object_with_every_point() -> None:
    row = run("policy", "show", "brighton_hill", "--json").row
    points: dict[str, dict[str, Any]] = {point["key"]: point for point in row["points"]}
    assert {f"rule.{key}" for key in RuleKey} <= set(points)
    assert points["rule.press"]["standing"] == "unknown" and "lost" in points["rule.press"]["note"]
    evidence = points["rule.evidence"]
    assert evidence["values"] == ["screenshot", "emails_kept", "calls_logged"]
    assert evidence["section"] == "section 7b" and evidence["gist"]
    assert points["rule.letters"]["standing"] == "silent" and points["rule.letters"]["section"] is None


def test_the_functions_answer_a_bare_namespace_too(capsys: pytest.CaptureFixture[str]) -> None:
    from argparse import Namespace
    from datetime import UTC, datetime

    then = datetime(2023, 9, 1, tzinfo=UTC)
    bare = Namespace(pack="cansfield", act="check", json=True, home=None, now=then)
    assert policy_check(bare) == 0 and policy_show(bare) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[0])
    assert first["standing"] == "current" and first["on"] == "2023-09-01"


# --- diff -----------------------------------------------------------------------------------------


def test_diff_shows_only_what_differs_one_side_under_the_other() -> None:
    said = run("policy", "diff", "llanbedrog", "cansfield")
    assert said.code == 0 and [line for line in said.out.splitlines() if len(line) > WIDTH] == []
    rows = run("policy", "diff", "llanbedrog", "cansfield", "--json").row["differences"]
    titles = [row["title"] for row in rows]
    shown = [line for line in said.out.splitlines() if line and not line.startswith((" ", "A  ", "B  "))]
    assert shown == [f"{len(rows)} points differ", *titles]
    assert "Report to the platform" in titles and "Kinds of media meant" not in titles
    assert said.out.count("\n  A  ") == said.out.count("\n  B  ") == len(rows)


def test_diff_between_two_years_of_one_policy(tmp_path: Path) -> None:
    text = fill(TEMPLATE)
    old, new = tmp_path / "2026.toml", tmp_path / "2027.toml"
    old.write_text(text, encoding="utf-8")
    assert run("policy", "diff", str(old), str(old)).out.endswith("\n0 points differ\n")
    new.write_text(
        text.replace('roles = ["head"]', 'roles = ["slt"]').replace(', "url"', ""), encoding="utf-8"
    )
    said = run("policy", "diff", str(old), str(new))
    rows = run("policy", "diff", str(old), str(new), "--json").row["differences"]
    assert [row["key"] for row in rows] == ["decider", "rule.evidence"]
    assert "2 points differ" in said.out and "  A  head\n" in said.out and "  B  senior leaders\n" in said.out
    assert rows[1]["first"]["values"] == ["screenshot", "posted_at", "url"]
    assert rows[1]["second"]["values"] == ["screenshot", "posted_at"]
