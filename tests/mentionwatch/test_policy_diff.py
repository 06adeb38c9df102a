"""Two packs side by side: only what differs, all that differs, and the table in docs/ is that of the packs."""

from __future__ import annotations

import re
import tomllib
from copy import deepcopy
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.commands.policy import COLUMNS, TABLE_ON, draw_differences
from mentionwatch.policy import NOT_SET, RULE_VALUES, DeadlineKey, PolicyPack, RuleKey, Standing
from mentionwatch.policy_diff import diff_packs, list_points, list_rule_points, make_table, say_standing
from mentionwatch.policy_words import RULE_TITLES, say_value
from tests.conftest import ROOT
from tests.mentionwatch.test_policy import PACKS, change, parse, raw

DOCS = ROOT / "docs"


def keys(first: PolicyPack, second: PolicyPack) -> list[str]:
    return [each.first.key for each in diff_packs(first, second)]


def cells(title: str, table: str) -> list[str]:
    (row,) = re.findall(rf"^\| {re.escape(title)} \| (.*) \|$", table, re.MULTILINE)
    found: list[str] = row.split(" | ")
    return found


@pytest.mark.parametrize("name", sorted(PACKS))
def test_a_pack_does_not_differ_from_itself(name: str) -> None:
    assert diff_packs(PACKS[name], parse(raw(name))) == ()


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(PACKS), 2)))
def test_a_difference_is_the_same_from_both_sides(one: str, other: str) -> None:
    there, back = diff_packs(PACKS[one], PACKS[other]), diff_packs(PACKS[other], PACKS[one])
    assert [(each.first, each.second) for each in there] == [(each.second, each.first) for each in back]
    assert there and all(each.first != each.second and each.first.key == each.second.key for each in there)


CHANGES: list[tuple[tuple[object, ...], list[str]]] = [
    (("dated_on", date(2026, 9, 1)), ["dated_on"]),
    (("review_due_on", date(2027, 9, 1)), ["review_due_on"]),
    (("nation", "england"), ["nation"]),
    (("authority_body", "A trust"), ["authority_body"]),
    (("monitoring.clause", None), ["monitoring", "clause"]),
    (("decider.roles", ["slt"]), ["decider"]),
    (("conflict_order.roles", ["head", "chair"]), ["conflict_order"]),
    (("rule.evidence.values", ["screenshot"]), ["rule.evidence"]),
    (("rule.support.clause", "lead"), ["rule.support", "clause"]),
    (("rule.press", {"unknown": "page 4 is missing"}), ["rule.press", "clause"]),
    (("deadline.removal.hours", 72), ["deadline.removal"]),
    (
        ("deadline.removal.adopted", 72, "deadline.removal.adopted_on", date(2026, 9, 1)),
        ["deadline.removal"],
    ),
    (("deadline.decision", {"school_days": 2, "clause": "head_decides"}), ["deadline.decision"]),
    (("harms.threat", "unacceptable"), ["harms.threat"]),
    (("contacts", {"questions": "school office"}), ["contacts"]),
    (("first_step.0.en", "Look at the evidence"), ["first_step"]),
    (("clause.lead.gist", "Something else."), ["clause"]),
    (("clause.lead.section", "section 2.2"), ["clause"]),
    (("clause.no_contact.gist", "Nobody answers."), ["rule.no_contact"]),
]


@pytest.mark.parametrize(("changed", "said"), CHANGES, ids=[str(changed[0]) for changed, _ in CHANGES])
def test_between_two_years_of_one_policy_only_what_changed_is_named(
    changed: tuple[object, ...], said: list[str]
) -> None:
    assert keys(PACKS["llanbedrog"], parse(change(*changed))) == said


@given(data=st.data(), name=st.sampled_from(sorted(PACKS)))
def test_nothing_that_binds_can_change_unseen(data: st.DataObject, name: str) -> None:
    old = raw(name)
    new = deepcopy(old)
    rules: dict[str, Any] = new["rule"]
    key = data.draw(st.sampled_from(sorted(rules)))
    what = data.draw(st.sampled_from(["gone", "clause", "values"]))
    if what == "gone":
        del rules[key]
    elif what == "clause":
        rules[key] = {"clause": data.draw(st.sampled_from(sorted(new["clause"])))}
    else:
        known = RULE_VALUES.get(RuleKey(key), ())
        rules[key]["values"] = data.draw(st.lists(st.sampled_from(known))) if known else []
        if "unknown" in rules[key]:
            del rules[key]["values"]
    before, after = parse(old).rule(RuleKey(key)), parse(new).rule(RuleKey(key))
    is_same = (before.standing, before.clause, set(before.values)) == (
        after.standing,
        after.clause,
        set(after.values),
    )
    assert (f"rule.{key}" in keys(parse(old), parse(new))) == (not is_same)


def test_the_order_in_which_values_are_listed_is_no_difference() -> None:
    turned = change("rule.evidence.values", ["url", "posted_at", "screenshot"])
    assert keys(PACKS["llanbedrog"], parse(turned)) == []


def test_every_pack_has_the_same_points_in_the_same_order() -> None:
    expected = [point.key for point in list_points(PACKS["llanbedrog"])]
    assert len(expected) == len(set(expected))
    for pack in PACKS.values():
        assert [point.key for point in list_points(pack)] == expected
        assert [point.rule_key for point in list_rule_points(pack)] == list(RuleKey)
    assert {f"deadline.{key}" for key in DeadlineKey} <= set(expected)


def test_every_point_and_every_value_has_words_a_head_can_read() -> None:
    assert set(RULE_TITLES) == set(RuleKey)
    for key, values in RULE_VALUES.items():
        said = [say_value(key, value) for value in values]
        assert len(set(said)) == len(said)
        assert not [words for words in said if "_" in words]


def test_an_offices_name_stays_as_it_is_written() -> None:
    (point,) = [each for each in list_points(PACKS["llanbedrog"]) if each.key == "rule.also_tell"]
    assert point.words == ("Council Health and Safety Unit",)


def test_how_a_policys_dates_stand() -> None:
    """G11: undated is said, and so is a policy that names no day of review."""
    on = date(2026, 11, 21)
    said = {name: say_standing(pack, on) for name, pack in PACKS.items()}
    assert said == {
        "llanbedrog": "stale",
        "brighton_hill": "stale",
        "cansfield": "stale",
        "caldecote": "no review date",
        "grappenhall_heys": "undated",
    }
    assert say_standing(PACKS["cansfield"], date(2023, 9, 30)) == "current"


# --- the table ------------------------------------------------------------------------------------


def test_the_table_in_the_documents_is_that_of_the_packs() -> None:
    shown = (DOCS / "policy-differences.md").read_text(encoding="utf-8")
    (how,) = re.findall(r'`(python -c "[^`]+" > docs/policy-differences.md)`', shown)
    assert shown == draw_differences(), f"run: {how}"


def test_the_table_has_a_column_for_every_pack_and_a_cell_for_every_point() -> None:
    """G02: a silent cell says so and holds nothing of another pack."""
    table = make_table([PACKS[name] for name in COLUMNS], TABLE_ON)
    assert sorted(COLUMNS) == sorted(PACKS)
    for key in RuleKey:
        row = cells(RULE_TITLES[key], table)
        assert len(row) == len(COLUMNS)
        for name, cell in zip(COLUMNS, row, strict=True):
            rule = PACKS[name].rule(key)
            if rule.standing is Standing.SILENT:
                assert cell == NOT_SET
            elif rule.clause:
                assert cell.endswith(f"({rule.clause.cite()})")
            else:
                assert cell.startswith("unknown: ")


def test_the_table_follows_the_packs() -> None:
    changed = parse(change("rule.evidence.values", ["url"]))
    table = make_table([changed], TABLE_ON)
    assert cells("Evidence to keep", table) == ["address of the post (Internal Protocol, Step 1)"]


def test_a_pack_of_this_folder_is_in_the_table() -> None:
    packs = Path(ROOT, "mentionwatch", "packs").glob("*.toml")
    schools = [tomllib.loads(path.read_text(encoding="utf-8"))["school"] for path in packs]
    head = draw_differences().split("| point |")[1].splitlines()[0]
    assert all(f" {school} |" in head for school in schools)
