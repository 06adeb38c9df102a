"""The five policies are five packs of data; each rule names its place; what is wrong is named with its key."""

from __future__ import annotations

import tomllib
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from importlib.resources import files
from itertools import chain
from typing import Any

import pytest

from incidents.deadlines import acknowledges
from incidents.fact_guards import cross_reference, who_may_ask
from incidents.facts import NO_FACTS, Facts
from incidents.protocol import quote_rule
from mentionwatch.labels import AuthorKind, Channel, Harm, IncidentState, Role, Route
from mentionwatch.policy import (
    NOT_SET,
    RULE_VALUES,
    Clause,
    DeadlineKey,
    FirstStep,
    PolicyPack,
    RuleKey,
    Standing,
)
from mentionwatch.policy_file import parse_pack, read_adopted
from mentionwatch.tables import Table
from tests.incidents.packs import standing

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


def authors(name: str) -> set[str]:
    """Whom a pack regulates as authors."""
    return set(PACKS[name].rule(RuleKey.REGULATED_AUTHORS).values)


def adopt(name: str, **rules: dict[str, object]) -> PolicyPack:
    """A shipped pack with what a school's `[adopt.KEY]` lays over it."""
    return read_adopted(Table("school.toml", rules, "adopt"), PACKS[name])


def change(*pairs: object) -> dict[str, Any]:
    """Llanbedrog's pack with some things changed: path, value, path, value; None takes one away."""
    data = raw("llanbedrog")
    for path, value in zip(pairs[::2], pairs[1::2], strict=True):
        place: Any = data
        *folders, last = str(path).split(".")
        for folder in folders:
            place = place[int(folder)] if folder.isdigit() else place.setdefault(folder, {})
        if value is None:
            del place[last]
        else:
            place[last] = value
    return data


# --- the packs that ship --------------------------------------------------------------------------


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
def test_every_rule_that_binds_has_its_clause_in_the_pack(name: str) -> None:
    pack = PACKS[name]
    written = {clause for _, clause in pack.clauses}
    for rule in pack.rules:
        assert (rule.clause in written) == (rule.standing is Standing.SET)
        assert rule.standing is not Standing.ADOPTED, "no shipped pack adopts anything for a school"


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
    pack = PACKS["llanbedrog"]
    assert step.routes == (Route.POLICE,)
    police = set(pack.steps_for(Route.POLICE, "en")) - set(pack.steps_for(Route.INTERNAL, "en"))
    assert any("inform the police" in shown for shown in police)


@pytest.mark.parametrize("name", NAMES)
def test_every_harm_gets_its_own_clause_or_the_general_one(name: str) -> None:
    pack = PACKS[name]
    own, general = dict(pack.harm_clauses), pack.rule(RuleKey.INAPPROPRIATE).clause
    for harm in Harm:
        assert pack.clause_for((harm,)) == own.get(harm, general)
    assert pack.clause_for(()) == general


def test_l31_llanbedrogs_order_is_head_deputy_chair_and_the_others_are_silent() -> None:
    """L31: the order for posts about the decider."""
    rule = PACKS["llanbedrog"].conflict_order
    assert rule is not None and rule.roles == (Role.HEAD, Role.DEPUTY, Role.CHAIR)
    assert rule.clause is not None and rule.clause.cite() == "Internal Protocol, Internal Procedure 1"
    for name in set(NAMES) - {"llanbedrog"}:
        assert PACKS[name].conflict_order is None


def test_the_packs_without_a_clause_on_public_postings_have_none() -> None:
    """B02, C08, D02: no clause lets the school watch public postings."""
    for name in ("brighton_hill", "cansfield", "caldecote"):
        assert PACKS[name].monitoring_clause is None and PACKS[name].monitoring_note
    for name in ("llanbedrog", "grappenhall_heys"):
        assert PACKS[name].monitoring_clause is not None
    assert "IT systems" in PACKS["cansfield"].monitoring_note
    own_systems = PACKS["cansfield"].clause("own_systems")
    assert own_systems is not None and own_systems.section == "section 8"


def test_whose_posts_a_policy_regulates_differs_by_pack() -> None:
    """L04, B01, C01, D01: whom each policy binds; a parent breaks no rule of 001 or 002."""
    works_here = {"staff", "governor", "contractor", "volunteer"}
    assert authors("brighton_hill") == authors("cansfield") == works_here
    assert {"staff", "governor", "volunteer", "pupil", "parent"} <= authors("caldecote")
    assert {"staff", "pupil", "parent"} <= authors("llanbedrog")
    assert authors("grappenhall_heys") == {"staff", "pupil", "parent"}
    assert {kind.value for kind in AuthorKind} - {"unknown"} == set(RULE_VALUES[RuleKey.REGULATED_AUTHORS])
    for name in NAMES:
        assert not authors(name) & {"public", "former_pupil", "other_school"}


def test_what_stands_on_the_schools_own_account_is_always_a_matter_of_the_policy() -> None:
    """L04: the channels are the school's account, a personal one, another; the first has a clause of its own."""
    assert {channel.value for channel in Channel} == {"school_account", "personal", "other"}
    clause = PACKS["llanbedrog"].clause("school_account")
    assert clause is not None and clause.cite() == "Social Networking Policy, section 1.2"


def test_only_a_policy_that_says_so_binds_the_head_to_inform_the_police() -> None:
    """L25: the head must, and waits; elsewhere the employee is advised, or the school reports."""
    llanbedrog = PACKS["llanbedrog"]
    assert llanbedrog.rule(RuleKey.POLICE).values == ("must",) and llanbedrog.police_freezes
    assert PACKS["brighton_hill"].rule(RuleKey.POLICE).values == ("advise_employee",)
    assert PACKS["caldecote"].rule(RuleKey.POLICE).values == ("families_refuse_and_it_continues",)
    for name in set(NAMES) - {"llanbedrog"}:
        assert not PACKS[name].has(RuleKey.POLICE, "must") and not PACKS[name].police_freezes


@pytest.mark.parametrize("kind", RULE_VALUES[RuleKey.MEDIA])
def test_the_kinds_of_media_are_the_schools_to_choose(kind: str) -> None:
    """B03: seven kinds as the policy lists them; another school writes its own list, with its date."""
    assert set(PACKS["brighton_hill"].rule(RuleKey.MEDIA).values) == set(RULE_VALUES[RuleKey.MEDIA]) - {
        "reviews"
    }
    pack = adopt("cansfield", media={"values": [kind], "adopted_on": "2026-11-02"})
    assert pack.has(RuleKey.MEDIA, kind) and len(pack.rule(RuleKey.MEDIA).values) == 1


def test_how_far_bullying_reaches() -> None:
    """B08: partners, pupils, parents; in and outside working time; and not a word of it in a silent pack."""
    for value in ("partners", "pupils", "parents", "outside_hours", "target_unaware"):
        assert PACKS["brighton_hill"].has(RuleKey.REACH, value)
    assert PACKS["cansfield"].rule(RuleKey.REACH).standing is Standing.SILENT


def test_whom_the_policy_sends_people_to_is_a_role() -> None:
    """C02: the head first; questions to the business manager, and no address of anybody."""
    pack = PACKS["cansfield"]
    assert pack.rule(RuleKey.FIRST_REPORT).values == ("head",)
    assert pack.contacts == (("questions", "business manager"),)
    assert not [
        name
        for name in NAMES
        if "@" in files("mentionwatch.packs").joinpath(f"{name}.toml").read_text("utf-8")
    ]


def test_the_ten_heads_of_cansfield_can_each_be_chosen_as_the_clause_a_post_breaks() -> None:
    """C05: (a) to (j)."""
    pack = PACKS["cansfield"]
    for letter in "abcdefghij":
        clause = pack.clause(f"head_{letter}")
        assert clause is not None and clause.section == f"section 6({letter})"
        chosen = Facts((("cross_reference", f"r1 head_{letter}: the words are aimed at a colleague"),))
        now = replace(standing(IncidentState.INTERNAL), evidence=("r1",))
        assert cross_reference(now, chosen, pack, Role.HEAD) == ""
        assert "no clause" in cross_reference(now, chosen, PACKS["llanbedrog"], Role.HEAD)


def test_two_heads_decide_together() -> None:
    """D03: the decider is a set."""
    assert PACKS["caldecote"].decider.roles == (Role.HEAD, Role.CO_HEAD)


def test_a_silent_policy_lends_no_rule_from_another() -> None:
    """G02: not set by your policy, and never taken from elsewhere."""
    pack = PACKS["grappenhall_heys"]
    for key in (RuleKey.NO_CONTACT, RuleKey.ANONYMITY, RuleKey.EVIDENCE, RuleKey.LETTERS, RuleKey.PLATFORM):
        rule = pack.rule(key)
        assert rule.standing is Standing.SILENT and not rule.is_set
        assert rule.clause is None and rule.values == () and rule.quote() == NOT_SET
        assert quote_rule(pack, key) == f"{NOT_SET} ({pack.title})"
    assert pack.deadlines == ()
    for key in (RuleKey.ASK_REMOVAL, RuleKey.MEETING, RuleKey.COMPLAINT):
        assert pack.rule(key).standing is Standing.SET


def test_the_acknowledgement_clock_is_off_until_the_school_turns_it_on() -> None:
    """G03, against L07."""
    silent = PACKS["grappenhall_heys"]
    assert not any(acknowledges(channel, silent) for channel in Channel)
    on = adopt("grappenhall_heys", acknowledge={"values": ["school_account"], "adopted_on": "2026-11-02"})
    assert acknowledges(Channel.SCHOOL_ACCOUNT, on) and not acknowledges(Channel.OTHER, on)
    assert acknowledges(Channel.SCHOOL_ACCOUNT, PACKS["llanbedrog"])


def test_who_may_ask_for_removal_is_the_policys_to_say() -> None:
    """G10: anyone at the school; in 000 senior leaders; another list when the school adopts one."""
    now = standing(IncidentState.PREPARED)
    everyone = [role for role in Role if role is not Role.PIPELINE]
    assert all(not who_may_ask(now, NO_FACTS, PACKS["grappenhall_heys"], role) for role in everyone)
    barred = [role for role in everyone if who_may_ask(now, NO_FACTS, PACKS["llanbedrog"], role)]
    assert barred == [Role.CHAIR, Role.DSL, Role.OPERATOR]
    own = adopt("caldecote", ask_removal={"values": ["decider"], "adopted_on": "2026-11-02"})
    assert [role for role in everyone if not who_may_ask(now, NO_FACTS, own, role)] == [Role.HEAD]


def test_an_undated_policy_is_called_undated_and_stale() -> None:
    """G11."""
    pack = PACKS["grappenhall_heys"]
    assert pack.dated_on is None and pack.version == "grappenhall_heys@undated"
    assert pack.is_stale(date(2026, 11, 21))


@pytest.mark.parametrize("name", [name for name in NAMES if PACKS[name].review_due_on])
def test_a_policy_is_stale_the_day_after_its_review_was_due(name: str) -> None:
    due = PACKS[name].review_due_on
    assert due is not None
    assert not PACKS[name].is_stale(due)
    assert PACKS[name].is_stale(due + timedelta(days=1))


def test_what_a_damaged_copy_has_lost_is_unknown_and_not_silent() -> None:
    rule = PACKS["brighton_hill"].rule(RuleKey.PRESS)
    assert rule.standing is Standing.UNKNOWN and not rule.is_set
    assert "lost" in rule.quote() and rule.quote() != NOT_SET


def test_the_removal_clock_is_the_policys_and_the_school_may_be_kinder() -> None:
    """L39 with L07: the two clocks of 000; no other pack has one."""
    removal = PACKS["llanbedrog"].deadline(DeadlineKey.REMOVAL)
    assert removal is not None and removal.in_force == 48
    kinder = parse(change("deadline.removal.adopted", 72, "deadline.removal.adopted_on", date(2026, 9, 1)))
    own = kinder.deadline(DeadlineKey.REMOVAL)
    assert own is not None and own.in_force == 72 and own.amount == 48
    assert all(not PACKS[name].deadlines for name in set(NAMES) - {"llanbedrog"})
