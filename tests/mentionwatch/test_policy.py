"""The five policies are five packs of data; each rule names its place; what is wrong is named with its key."""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass
from datetime import date, timedelta
from importlib.resources import files
from itertools import chain
from typing import Any

import pytest

from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Role, Route
from mentionwatch.policy import Clause, FirstStep, PolicyPack, RoleRule, parse_pack
from mentionwatch.tables import Table

NAMES = sorted(
    path.name.removesuffix(".toml")
    for path in files("mentionwatch.packs").iterdir()
    if path.name.endswith(".toml")
)


def raw(name: str) -> dict[str, Any]:
    return tomllib.loads(files("mentionwatch.packs").joinpath(f"{name}.toml").read_text("utf-8"))


def parse(data: dict[str, Any]) -> PolicyPack:
    return parse_pack(Table("pack.toml", data))


PACKS = {name: parse(raw(name)) for name in NAMES}


def clauses_in(value: object) -> list[Clause]:
    """Every clause anywhere in a value."""
    if isinstance(value, Clause):
        return [value]
    if isinstance(value, tuple):
        return list(chain.from_iterable(clauses_in(item) for item in value))
    if is_dataclass(value):
        return list(chain.from_iterable(clauses_in(getattr(value, field.name)) for field in fields(value)))
    return []


def test_the_five_policies_are_five_packs() -> None:
    assert NAMES == ["brighton_hill", "caldecote", "cansfield", "grappenhall_heys", "llanbedrog"]
    assert [PACKS[name].id for name in NAMES] == NAMES
    assert len({pack.version for pack in PACKS.values()}) == 5


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_cites_document_and_section_and_says_it_in_its_own_words(name: str) -> None:
    found = clauses_in(PACKS[name])
    assert found
    for clause in found:
        assert clause.document.strip() and clause.section.strip() and clause.gist.strip().endswith(".")
        assert clause.cite() == f"{clause.document}, {clause.section}"


@pytest.mark.parametrize("name", NAMES)
def test_a_clause_that_is_written_down_is_used_or_stands_for_a_known_rule(name: str) -> None:
    cited = {clause.gist for clause in clauses_in(PACKS[name])}
    written = {row["gist"] for row in raw(name)["clause"].values()}
    assert cited <= written


@pytest.mark.parametrize("name", NAMES)
def test_first_steps_are_complete_in_both_languages(name: str) -> None:
    for step in PACKS[name].first_steps:
        assert step.english != step.welsh
        assert step.text("en") == step.english and step.text("cy") == step.welsh
    for route in Route:
        for lang in ("en", "cy"):
            for shown in PACKS[name].steps_for(route, lang):
                assert shown.endswith(")") and "(" in shown


def test_a_step_for_one_route_is_shown_on_that_route_only() -> None:
    clause = Clause("Doc", "1", "Gist.")
    step = FirstStep("tell", "dywedwch", clause, (Route.POLICE,))
    data = raw("llanbedrog")
    pack = parse(data)
    assert step.routes == (Route.POLICE,)
    police = set(pack.steps_for(Route.POLICE, "en")) - set(pack.steps_for(Route.INTERNAL, "en"))
    assert any("inform the police" in shown for shown in police)


def test_l31_llanbedrogs_order_is_head_deputy_chair_and_the_others_are_silent() -> None:
    rule = PACKS["llanbedrog"].conflict_order
    assert rule is not None and rule.roles == (Role.HEAD, Role.DEPUTY, Role.CHAIR)
    assert rule.clause is not None and rule.clause.cite() == "Internal Protocol, Internal Procedure 1"
    for name in ("brighton_hill", "cansfield", "grappenhall_heys"):
        assert PACKS[name].conflict_order is None


def test_b02_c08_d02_the_three_policies_without_a_monitoring_clause_have_none_in_their_pack() -> None:
    for name in ("brighton_hill", "cansfield", "caldecote"):
        assert PACKS[name].monitoring_clause is None
    for name in ("llanbedrog", "grappenhall_heys"):
        assert PACKS[name].monitoring_clause is not None


def test_c08_the_cansfield_pack_says_why_its_clause_does_not_do() -> None:
    assert PACKS["cansfield"].monitoring_note


def test_l25_only_a_policy_that_says_so_binds_the_head_to_inform_the_police() -> None:
    assert PACKS["llanbedrog"].police_must and PACKS["llanbedrog"].police_freezes
    assert not PACKS["brighton_hill"].police_must


def test_g02_a_silent_policy_lends_no_rule_from_another() -> None:
    pack = PACKS["grappenhall_heys"]
    assert pack.no_contact_clause is None and pack.anonymity_clause is None and pack.conflict_order is None


def test_g11_an_undated_policy_is_called_undated_and_stale() -> None:
    pack = PACKS["grappenhall_heys"]
    assert pack.dated_on is None and pack.version == "grappenhall_heys@undated"
    assert pack.is_stale(date(2026, 11, 21))


@pytest.mark.parametrize("name", [name for name in NAMES if PACKS[name].review_due_on])
def test_a_policy_is_stale_the_day_after_its_review_was_due(name: str) -> None:
    due = PACKS[name].review_due_on
    assert due is not None
    assert not PACKS[name].is_stale(due)
    assert PACKS[name].is_stale(due + timedelta(days=1))


@pytest.mark.parametrize("name", NAMES)
def test_every_harm_gets_its_own_clause_or_the_general_one(name: str) -> None:
    pack = PACKS[name]
    own = dict(pack.harm_clauses)
    for harm in Harm:
        assert pack.clause_for((harm,)) == own.get(harm, pack.inappropriate_clause)
    assert pack.clause_for(()) == pack.inappropriate_clause


def change(path: str, value: object) -> dict[str, Any]:
    """Llanbedrog's pack with one thing changed; None takes it away."""
    data = raw("llanbedrog")
    place: Any = data
    *folders, last = path.split(".")
    for folder in folders:
        place = place[int(folder)] if folder.isdigit() else place.setdefault(folder, {})
    if value is None:
        del place[last]
    else:
        place[last] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("decider", None, r"decider: is missing.*roles"),
        ("decider.roles", ["boss"], r"decider.roles: 'boss' is unknown.*head"),
        ("decider.roles", ["pipeline"], r"decider.roles: must name each deciding role once"),
        ("decider.roles", ["operator"], r"decider.roles: must name each deciding role once"),
        ("decider.roles", ["head", "head"], r"decider.roles: must name each"),
        ("decider.roles", [], r"decider.roles: must name each"),
        ("decider.clause", None, r"decider.clause: names no clause.*adopted_on"),
        ("decider.clause", "hed_decides", r"decider.clause: there is no clause 'hed_decides'.*head_decides"),
        ("conflict_order.clause", "nope", r"conflict_order.clause: there is no clause"),
        ("protocol.evidence", "nope", r"protocol.evidence: there is no clause 'nope'"),
        ("protocol.police_must", "yes", r"protocol.police_must: expected true or false"),
        ("protocol.evidense", "x", r"protocol.evidense: is not a key.*Did you mean evidence"),
        ("clause.evidence.section", None, r"clause.evidence.section: is missing"),
        ("clause.evidence.gist", "", r"clause.evidence.gist: is missing"),
        ("clause.evidence.sektion", "x", r"clause.evidence.sektion: is not a key"),
        ("harms.threat", "", r"harms.threat: names no clause"),
        ("harms.rudeness", "evidence", r"'rudeness' is unknown.*threat"),
        ("first_step", [], r"first_step: there is none"),
        ("first_step.0.cy", None, r"first_step\[1\].cy: is missing"),
        ("first_step.0.clause", None, r"first_step\[1\].clause: names no clause"),
        ("first_step.0.routes", ["court"], r"first_step\[1\].routes: 'court' is unknown"),
        ("also_tell.0.who", None, r"also_tell\[1\].who: is missing"),
        ("dated_on", "last May", r"dated_on: is not a date.*2026-09-01"),
        ("document", None, r"document: is missing"),
        ("surprise", 1, r"surprise: is not a key mentionwatch knows"),
    ],
)
def test_a_wrong_pack_names_file_key_cause_and_mend_in_one_line(path: str, value: object, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        parse(change(path, value))
    text = str(error.value)
    assert text.startswith("pack.toml: ") and "\n" not in text
    assert error.value.exit_code == 2 and error.value.mend


def test_a_school_may_adopt_a_rule_of_its_own_with_its_date() -> None:
    data = raw("brighton_hill") | {
        "conflict_order": {"roles": ["slt", "chair"], "adopted_on": date(2026, 9, 1)}
    }
    assert parse(data).conflict_order == RoleRule((Role.SLT, Role.CHAIR), None, date(2026, 9, 1))
