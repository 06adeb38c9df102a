"""The small registers: what is missing is said in both languages, and nothing is guessed."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.errors import ConfigError
from mentionwatch.registers import Account, AccountStanding, Registers, Topic
from mentionwatch.registers_gaps import Asked, Gap
from mentionwatch.registers_words import SENTENCES, STANDINGS, GapKind
from tests.mentionwatch.register_template import ALL, ON, WHOLE, gaps, kinds, read

# --- accounts ---------------------------------------------------------------------------------------


def account(**change: Any) -> Account:
    return read({"account": [WHOLE["account"][0] | change]}).accounts[0]


def account_gaps(**change: Any) -> list[GapKind]:
    return kinds(gaps({"account": [WHOLE["account"][0] | change]}))


@pytest.mark.parametrize(
    ("change", "standing", "found"),
    [
        ({}, AccountStanding.APPROVED, []),
        ({"operators": ["AJ"]}, AccountStanding.UNAPPROVED, [GapKind.UNAPPROVED]),
        ({"operators": []}, AccountStanding.UNAPPROVED, [GapKind.UNAPPROVED]),
        ({"operators": ["AJ", "aj"]}, AccountStanding.UNAPPROVED, [GapKind.UNAPPROVED]),
        ({"approved_on": ""}, AccountStanding.UNAPPROVED, [GapKind.UNAPPROVED]),
        ({"approved_on": ON}, AccountStanding.APPROVED, []),
        ({"approved_on": ON + timedelta(days=1)}, AccountStanding.UNAPPROVED, [GapKind.UNAPPROVED]),
        ({"operators": ["AJ"], "approved_on": ""}, AccountStanding.UNAPPROVED, [GapKind.UNAPPROVED] * 2),
        ({"trained_on": ""}, AccountStanding.UNTRAINED, [GapKind.UNTRAINED]),
        (
            {"trained_on": "", "approved_on": ""},
            AccountStanding.UNAPPROVED,
            [GapKind.UNAPPROVED, GapKind.UNTRAINED],
        ),
    ],
)
def test_an_account_needs_two_operators_an_approval_and_training(
    change: dict[str, Any], standing: AccountStanding, found: list[GapKind]
) -> None:
    """L05"""
    assert account(**change).standing(ON) is standing
    assert account_gaps(**change) == found


@given(
    st.lists(st.sampled_from(["AJ", "aj", "SLT", "head"]), max_size=4),
    st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 10)),
    st.none() | st.dates(date(2026, 11, 1), date(2026, 12, 10)),
)
def test_approved_means_that_nothing_is_missing_and_only_that(
    operators: list[str], approved_on: date | None, trained_on: date | None
) -> None:
    """L05"""
    change = {"operators": operators, "approved_on": approved_on or "", "trained_on": trained_on or ""}
    wanted = len({person.lower() for person in operators}) >= 2 and all(
        day is not None and day <= ON for day in (approved_on, trained_on)
    )
    assert (account(**change).standing(ON) is AccountStanding.APPROVED) == wanted
    assert (account_gaps(**change) == []) == wanted


LEFT = {"lead": "RhE", "operators": ["RhE", "AJ", "SLT"], "lead_left_on": ON}


@pytest.mark.parametrize(
    ("change", "standing"),
    [
        (LEFT, AccountStanding.ORPHAN),
        (LEFT | {"lead_left_on": ON + timedelta(days=1)}, AccountStanding.APPROVED),
        (LEFT | {"new_lead": "AJ"}, AccountStanding.APPROVED),
        (LEFT | {"new_lead": "rhe"}, AccountStanding.ORPHAN),
        (LEFT | {"closed_on": ON}, AccountStanding.CLOSED),
        (LEFT | {"closed_on": ON + timedelta(days=1)}, AccountStanding.ORPHAN),
        # Whoever has left runs nothing any more: one operator is one too few.
        (LEFT | {"new_lead": "AJ", "operators": ["RhE", "AJ"]}, AccountStanding.UNAPPROVED),
    ],
)
def test_an_account_whose_lead_left_is_an_orphan_until_it_is_handed_over_or_closed(
    change: dict[str, Any], standing: AccountStanding
) -> None:
    """G07"""
    assert account(**change).standing(ON) is standing
    assert (GapKind.ORPHAN in account_gaps(**change)) == (standing is AccountStanding.ORPHAN)
    assert (account_gaps(**change) == []) == (standing in (AccountStanding.APPROVED, AccountStanding.CLOSED))


def test_open_or_closed_is_said_and_not_assumed() -> None:
    """L05"""
    assert not account(is_open=False).is_open
    data = copy.deepcopy(WHOLE)
    del data["account"][0]["is_open"]
    with pytest.raises(ConfigError, match=r"account\[1\].is_open: is missing. Add is_open = true"):
        read(data)


# --- people -----------------------------------------------------------------------------------------


def test_a_declaration_without_a_date_is_reported_and_nothing_is_inferred() -> None:
    """B14"""
    found = gaps(
        {
            "declaration": [{"who": "AJ"}, {"who": "S7", "signed_on": ON}],
            "investigator": [{"who": "RhE", "trained_on": ON}],
        },
        frozenset({Asked.DECLARATIONS}),
    )
    assert [(gap.kind, gap.name) for gap in found] == [(GapKind.DECLARATION, "AJ")]
    assert "AJ" in found[0].english and "AJ" in found[0].welsh
    assert gaps({}, frozenset({Asked.DECLARATIONS}))[0].english.startswith("No signed staff declaration")


def test_an_investigator_has_a_training_date_or_is_reported() -> None:
    """C13"""
    data = {"investigator": [{"who": "AJ"}, {"who": "S7", "trained_on": ON}]}
    assert [(gap.kind, gap.name) for gap in gaps(data)] == [(GapKind.INVESTIGATOR, "AJ")]
    found = read(data)
    assert found.is_trained_investigator("S7", ON)
    assert not found.is_trained_investigator("S7", ON - timedelta(days=1))
    assert not found.is_trained_investigator("AJ", ON) and not found.is_trained_investigator("B", ON)


@pytest.mark.parametrize("key", ["pupil", "pupils", "pupil_name", "child", "disgybl"])
def test_a_family_link_names_no_pupil(key: str) -> None:
    """D14"""
    with pytest.raises(
        ConfigError, match=rf"family_link\[1\].{key}: .*these registers name no pupil. Take it out"
    ):
        read({"family_link": [{"who": "LlE", key: "Ifan"}]})


def test_a_declared_family_link_can_be_looked_up_by_its_member_of_staff_only() -> None:
    """D14"""
    data = {"family_link": [{"who": "LlE", "declared_on": ON}, {"who": "AJ"}]}
    found = read(data)
    assert found.has_family_link("LlE", ON) and not found.has_family_link("AJ", ON)
    assert not found.has_family_link("LlE", ON - timedelta(days=1))
    assert set(found.family_links[0].__slots__) == {"who", "dated_on"}
    assert [(gap.kind, gap.name) for gap in gaps(data)] == [(GapKind.FAMILY_LINK, "AJ")]


# --- policies and letters ---------------------------------------------------------------------------


def test_the_home_school_agreement_is_quoted_only_with_its_date() -> None:
    """D01"""
    assert not Registers().may_quote_agreement(ON)
    undated = {"home_school_agreement": {"document": "version 3"}}
    assert not read(undated).may_quote_agreement(ON)
    assert kinds(gaps(undated)) == [GapKind.AGREEMENT]
    dated = read({"home_school_agreement": {"document": "version 3", "agreed_on": ON}})
    assert dated.may_quote_agreement(ON) and not dated.may_quote_agreement(ON - timedelta(days=1))


@pytest.mark.parametrize(
    "key", ["adopted_on", "reviewed_on", "sent_to_parents_on", "sent_to_staff_on", "sent_to_governors_on"]
)
def test_each_missing_date_of_a_linked_policy_is_reported_by_itself(key: str) -> None:
    """L45"""
    data = copy.deepcopy(WHOLE)
    del data["linked_policy"][1][key]
    (found,) = gaps(data, ALL)
    kind, english, welsh = SENTENCES[key]
    name = WHOLE["linked_policy"][1]["name"]
    assert found == Gap(kind, name, english.format(name=name), welsh.format(name=name))


@pytest.mark.parametrize("topic", Topic)
def test_each_of_the_three_linked_policies_is_wanted_where_the_pack_asks(topic: Topic) -> None:
    """L45"""
    data = copy.deepcopy(WHOLE)
    data["linked_policy"] = [row for row in data["linked_policy"] if row["topic"] != topic]
    (found,) = gaps(data, ALL)
    assert found.english == SENTENCES[topic][1] and found.kind is GapKind.LINKED_POLICY
    assert gaps(data, ALL - {Asked.LINKED_POLICIES}) == ()


def test_the_form_for_users_under_age_is_found_by_platform_and_its_check_has_a_date() -> None:
    """D08"""
    form = {"platform": "Facebook", "url": "https://social.example/f", "checked_on": ON - timedelta(days=365)}
    found = read({"under_age_form": [form]}).under_age_form("facebook")
    assert found is not None and found.url == "https://social.example/f"
    assert read({"under_age_form": [form]}).under_age_form("X") is None
    assert gaps({"under_age_form": [form]}) == ()
    for checked_on, said in ((ON - timedelta(days=366), "more than a year ago"), ("", "no date of checking")):
        (gap,) = gaps({"under_age_form": [form | {"checked_on": checked_on}]})
        assert gap.kind is GapKind.UNDER_AGE_FORM and gap.name == "Facebook" and said in gap.english
    assert kinds(gaps({}, frozenset({Asked.UNDER_AGE_FORM}))) == [GapKind.UNDER_AGE_FORM]


def test_the_media_policy_is_wanted_by_title_or_address() -> None:
    """G05"""
    asked = frozenset({Asked.MEDIA_POLICY})
    assert kinds(gaps({}, asked)) == [GapKind.MEDIA_POLICY]
    assert gaps({"media_policy": {"title": "Media policy"}}, asked) == ()
    assert gaps({"media_policy": {"url": "https://school.example/media"}}, asked) == ()


def test_that_the_policy_was_circulated_is_a_recorded_day_that_has_come() -> None:
    """L40"""
    for day, said in (("", "is not recorded."), (ON + timedelta(days=1), "2026-11-22, lies ahead.)")):
        data = copy.deepcopy(WHOLE)
        data["policy"]["circulated_to_parents_on"] = day
        (gap,) = gaps(data, ALL)
        assert gap.kind is GapKind.POLICY and gap.english.endswith(said)
        assert ("yn y dyfodol" in gap.welsh) == ("ahead" in said)


def test_a_half_in_one_language_never_stands_in_for_the_other() -> None:
    found = read({"complaints": {"en": "the office"}}).complaints
    assert (found.text("en"), found.text("cy")) == ("the office", "")
    assert [
        gap.english for gap in gaps({"complaints": {"en": "the office"}}, frozenset({Asked.COMPLAINTS}))
    ] == [SENTENCES["complaints.cy"][1]]


@pytest.mark.parametrize("key", SENTENCES)
def test_every_gap_is_said_in_both_languages_with_the_same_name(key: str) -> None:
    _, english, welsh = SENTENCES[key]
    assert english != welsh and english.endswith(".") and welsh.endswith(".")
    assert english.count("{name}") == welsh.count("{name}") <= 1


def test_every_standing_has_its_words() -> None:
    assert set(STANDINGS) == set(AccountStanding) and all(en != cy for en, cy in STANDINGS.values())
