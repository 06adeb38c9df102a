"""`policy schema` and `policy template`: a new school writes its own pack, and works under it, without touching code."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from flows.home import Home, read_pack, read_school
from mentionwatch.labels import Harm, Role, Route
from mentionwatch.policy import DECIDING_ROLES, RULE_VALUES, DeadlineKey, RuleKey
from mentionwatch.tables import Table
from tests.conftest import ROOT
from tests.flows.test_policy_command import TEMPLATE, fill, run
from tests.incidents.homes import make_desk


def take_the_marks_away(text: str) -> str:
    """Every part of the template that is commented out, taken in."""
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


def test_schema_prints_the_one_in_the_documents() -> None:
    shown = (ROOT / "docs" / "policy-pack.schema.json").read_text(encoding="utf-8")
    assert run("policy", "schema").out == shown
    assert run("policy", "schema", "--json").row == json.loads(shown)


def test_template_prints_the_template() -> None:
    assert run("policy", "template").out == TEMPLATE
    assert run("policy", "template", "--json").row == {"template": TEMPLATE}


def test_a_template_that_is_not_filled_in_is_refused_with_the_place(tmp_path: Path) -> None:
    path = tmp_path / "our-policy.toml"
    path.write_text(TEMPLATE, encoding="utf-8")
    said = run("policy", "check", str(path))
    assert said.code == 2 and "still holds a placeholder of the template" in said.err


@pytest.mark.parametrize("whole", [False, True])
def test_the_template_filled_in_is_a_pack_small_or_whole(tmp_path: Path, whole: bool) -> None:
    """With only what must be there, and with every part of it taken in."""
    path = tmp_path / "our-policy.toml"
    path.write_text(fill(take_the_marks_away(TEMPLATE) if whole else TEMPLATE), encoding="utf-8")
    assert run("policy", "check", str(path)).err == ""
    pack = read_pack(str(path), Table("test", {}))
    set_rules = {rule.key for rule in pack.rules}
    assert set_rules == (set(RuleKey) if whole else {RuleKey.INAPPROPRIATE, RuleKey.EVIDENCE})
    assert {rule.key for rule in pack.deadlines} == (set(DeadlineKey) if whole else set())
    if whole:
        assert {harm for harm, _ in pack.harm_clauses} == set(Harm)
        assert pack.monitoring_clause and pack.conflict_order and pack.questions and pack.contacts
        assert pack.dated_on == date(2026, 9, 1)


def test_the_template_names_every_word_there_is() -> None:
    words = [*DECIDING_ROLES, *Route, *Harm, *(value for values in RULE_VALUES.values() for value in values)]
    missing = [word for word in words if not re.search(rf'"{word}"|^#?{word} = ', TEMPLATE, re.MULTILINE)]
    assert missing == []


def test_a_new_school_goes_from_template_to_decision_without_touching_code(tmp_path: Path) -> None:
    """Template, filled in, `init --pack`, a report, steps: all under the school's own pack."""
    text = fill(TEMPLATE).replace('roles = ["head"]', 'roles = ["slt"]')
    (tmp_path / "my-pack.toml").write_text(text, encoding="utf-8")
    desk = make_desk(tmp_path, "my-pack.toml")
    refused = desk.report()
    assert refused.code == 5 and "does not authorise this" in refused.err
    school = tmp_path / "school.toml"
    decided = (
        school.read_text(encoding="utf-8").replace("# decision = ", "decision = ").replace("# on = ", "on = ")
    )
    school.write_text(decided, encoding="utf-8")
    _, pack = read_school(Home(tmp_path))
    assert desk.run("policy", "check", "--json").row["version"] == pack.version
    assert pack.version.startswith("oakfield@undated+")
    assert desk.report("I will stab the caretaker of Ysgol Llanbedrog, I know the house").code == 0
    (incident,) = desk.run("incident", "list", "--json").rows
    assert incident["decider"] == Role.SLT
    show = desk.run("incident", "show", incident["id"], "--json")
    assert pack.version in show.out
    checked = ("--fact", "conflict_checked=yes")
    handed = desk.move("hand_over", "operator", "the evidence is with senior leaders", *checked)
    assert handed.code == 0, handed.err
    refused = desk.move("no_case", "head")
    assert refused.code == 5 and "only the slt may do this" in refused.err
    assert "Something the policy says." in refused.err
    assert desk.move("no_case", "slt").code == 0
    (after,) = desk.run("incident", "list", "--json").rows
    assert after["state"] == "CLOSED"
