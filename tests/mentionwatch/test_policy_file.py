"""What is wrong with a pack, or with what a school adopts, is named with file, key, cause and mend in one line."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mentionwatch.errors import ConfigError
from mentionwatch.labels import Role
from mentionwatch.policy import RoleRule, RuleKey, Standing
from tests.mentionwatch.test_policy import PACKS, adopt, change, parse, raw


def test_a_school_may_settle_what_its_policy_leaves_open_with_its_date() -> None:
    """G02, B02: adopted, dated, quoted as such, and another version of the pack."""
    pack = adopt("grappenhall_heys", no_contact={"adopted_on": date(2026, 11, 2)})
    rule = pack.rule(RuleKey.NO_CONTACT)
    assert rule.is_set and rule.standing is Standing.ADOPTED
    assert rule.quote() == "adopted by the school on 2026-11-02"
    assert pack.version != PACKS["grappenhall_heys"].version
    lost = adopt("brighton_hill", press={"values": ["tell_slt"], "adopted_on": "2026-11-02"})
    assert lost.has(RuleKey.PRESS, "tell_slt")


@pytest.mark.parametrize(
    ("key", "given", "said"),
    [
        ("evidence", {"adopted_on": "2026-11-02"}, r"adopt\.evidence: Ysgol Llanbedrog.* sets this itself"),
        ("own_space", {"values": ["block"]}, r"adopt\.own_space\.clause: names no clause.*adopted_on"),
        ("own_space", {"values": ["shout"], "adopted_on": "2026-11-02"}, r"'shout' is unknown.*block"),
        ("own_spaces", {"adopted_on": "2026-11-02"}, r"'own_spaces' is unknown"),
        ("support", {"adopted_on": "soon"}, r"adopt\.support\.adopted_on: is not a date"),
        ("support", {"clause": "evidence", "adopted_on": "2026-11-02"}, r"adopt\.support\.clause: is not a"),
    ],
)
def test_adopting_wrongly_names_file_key_cause_and_mend(
    key: str, given: dict[str, object], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as error:
        adopt("llanbedrog", **{key: given})
    assert str(error.value).startswith("school.toml: adopt") and "\n" not in str(error.value)
    assert error.value.mend


# --- bad packs ------------------------------------------------------------------------------------

DAY = date(2026, 9, 1)
BAD: list[tuple[dict[str, Any], str]] = [
    (change("decider", None), r"decider: is missing.*roles"),
    (change("decider.roles", ["boss"]), r"decider.roles: 'boss' is unknown.*head"),
    (change("decider.roles", ["pipeline"]), r"decider.roles: must name at least one deciding role"),
    (change("decider.roles", ["operator"]), r"decider.roles: must name at least one deciding role"),
    (change("decider.roles", []), r"decider.roles: must name at least one deciding role"),
    (change("decider.roles", ["head", "head"]), r"decider.roles: is a loop: head comes twice"),
    (change("conflict_order.roles", ["head", "deputy", "head"]), r"conflict_order.roles: is a loop: head"),
    (change("decider.clause", None), r"decider.clause: names no clause.*adopted_on"),
    (change("decider.clause", "hed_decides"), r"decider.clause: there is no clause 'hed_decides'.*head_dec"),
    (change("conflict_order.clause", "nope"), r"conflict_order.clause: there is no clause"),
    (change("monitoring.clause", "nope"), r"monitoring.clause: there is no clause 'nope'"),
    (change("rule.evidence.clause", "nope"), r"rule.evidence.clause: there is no clause 'nope'"),
    (change("rule.evidence.clause", None), r"rule.evidence.clause: names no clause"),
    (change("rule.evidence.values", ["memory"]), r"rule.evidence.values: 'memory' is unknown.*screenshot"),
    (change("rule.safety.values", ["yes"]), r"rule.safety.values: 'yes' is unknown.*takes none"),
    (change("rule.evidense.clause", "evidence"), r"rule: 'evidense' is unknown.*evidence"),
    (change("rule.evidence.walues", []), r"rule.evidence.walues: is not a key.*Did you mean values"),
    (change("rule.evidence.adopted_on", DAY), r"rule.evidence.adopted_on: stands beside a clause"),
    (change("rule.evidence.unknown", "lost"), r"rule.evidence.unknown: stands beside a value"),
    (change("rule.also_tell.values", ["a@b.wales"]), r"rule.also_tell.values: holds an address or a number"),
    (change("rule.also_tell.values", ["Office 01758 123456"]), r"also_tell.values: holds an address or a nu"),
    (change("deadline.removal.hours", 24), r"deadline.removal.hours: gives an author less than 48 hours"),
    (change("deadline.removal.hours", 48.5), r"deadline.removal.hours: is no whole number: 48.5"),
    (change("deadline.removal.school_days", 3), r"deadline.removal.hours: must be the one length"),
    (
        change("deadline.removal.hours", None, "deadline.removal.school_days", 3),
        r"deadline.removal.school_days: gives an author less than 48 hours",
    ),
    (
        change("deadline.removal.adopted", 47, "deadline.removal.adopted_on", DAY),
        r"deadline.removal.adopted: is shorter than the policy's 48 \(Internal Protocol, Annex B\)",
    ),
    (
        change("deadline.acknowledge.adopted", 2, "deadline.acknowledge.adopted_on", DAY),
        r"deadline.acknowledge.adopted: is longer than the policy's 1 \(Social Networking Policy, section 4",
    ),
    (
        change("deadline.removal", {"hours": 96, "clause": "time_limit", "adopted": 60, "adopted_on": DAY}),
        r"deadline.removal.adopted: is shorter than the policy's 96",
    ),
    (change("deadline.removal.adopted", 72), r"deadline.removal.adopted: and adopted_on go together"),
    (change("deadline.removal.clause", None), r"deadline.removal.clause: names no clause"),
    (change("deadline.minutes.school_days", 0), r"deadline.minutes.school_days: must be at least 1"),
    (change("deadline.lunch.hours", 1), r"deadline: 'lunch' is unknown"),
    (change("clause.evidence.section", None), r"clause.evidence.section: is missing"),
    (change("clause.evidence.gist", ""), r"clause.evidence.gist: is missing"),
    (change("clause.evidence.gist", "<what is kept>"), r"clause.evidence.gist: still holds a placeholder"),
    (change("clause.evidence.sektion", "x"), r"clause.evidence.sektion: is not a key"),
    (change("harms.threat", ""), r"harms.threat: names no clause"),
    (change("harms.rudeness", "evidence"), r"'rudeness' is unknown.*threat"),
    (change("contacts.questions", "manager@school.example"), r"contacts.questions: holds an address or a n"),
    (change("contacts.questions", "020 7946 0958"), r"contacts.questions: holds an address or a number"),
    (change("first_step", []), r"first_step: there is none"),
    (change("first_step.0.cy", None), r"first_step\[1\].cy: is missing"),
    (change("first_step.0.clause", None), r"first_step\[1\].clause: names no clause"),
    (change("first_step.0.routes", ["court"]), r"first_step\[1\].routes: 'court' is unknown"),
    (
        change(
            "question", [{"key": "Wo!", "en": "a", "cy": "b", "clause": "evidence", "events": ["police"]}]
        ),
        r"question\[1\].key: 'Wo!' is no name for a fact",
    ),
    (
        change("question", [{"key": "why", "en": "a", "cy": "b", "clause": "evidence"}]),
        r"question\[1\].events: names no step",
    ),
    (change("dated_on", "last May"), r"dated_on: is not a date.*2026-09-01"),
    (change("nation", "france"), r"nation: is 'france'.*england, wales"),
    (change("document", None), r"document: is missing"),
    (change("surprise", 1), r"surprise: is not a key mentionwatch knows"),
]


@pytest.mark.parametrize(("data", "said"), BAD, ids=[said for _, said in BAD])
def test_a_wrong_pack_names_file_key_cause_and_mend_in_one_line(data: dict[str, Any], said: str) -> None:
    """C02 among them: an address or a number where a role belongs is refused."""
    with pytest.raises(ConfigError, match=said) as error:
        parse(data)
    text = str(error.value)
    assert text.startswith("pack.toml: ") and "\n" not in text
    assert error.value.exit_code == 2 and error.value.key and error.value.cause and error.value.mend


def test_a_school_may_adopt_an_order_of_its_own_in_its_own_pack() -> None:
    data = raw("brighton_hill") | {
        "conflict_order": {"roles": ["slt", "chair"], "adopted_on": date(2026, 9, 1)}
    }
    assert parse(data).conflict_order == RoleRule((Role.SLT, Role.CHAIR), None, date(2026, 9, 1))
