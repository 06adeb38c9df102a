"""What is kept of the reasons for which a post had counted as about the school: a fixed word and a name of our own, never the post's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.scope import build_scoper
from flows.scope_causes import name_cause
from mentionwatch.labels import ScopeRule
from mentionwatch.naming import words
from mentionwatch.school import SchoolProfile

WORD = st.sampled_from("ysgol llanbedrog primary school pwllheli St Mary's county cup Jones".split())


@given(st.lists(WORD, max_size=8), st.lists(WORD, max_size=8), st.sampled_from(["", "mentions", "names"]))
def test_no_word_of_the_post_is_kept_whatever_the_reasons_quote(
    one: list[str], two: list[str], verb: str
) -> None:
    profile = SchoolProfile("Ysgol Llanbedrog", ("Llanbedrog School", "YLB"), ("Pwllheli",))
    cause = name_cause([f"{verb} “{' '.join(one)}” without saying school", f"“{' '.join(two)}”"], profile)
    assert cause.name in ("", *profile.called) and cause.rule in tuple(ScopeRule)
    if cause.name:
        told = set(words(" ".join([*one, *two])))
        assert told & set(words(cause.name))


@pytest.mark.parametrize(
    ("text", "place", "rule"),
    [
        ("The fair at Ysgol Llanbedrog was lovely", "", ScopeRule.FULL_NAME),
        ("See https://ysgol-llanbedrog.example/news for more", "", ScopeRule.OWN_SITE),
        ("Llanbedrog pupils won", "", None),
    ],
)
def test_the_rules_own_reasons_are_told_apart(text: str, place: str, rule: ScopeRule | None) -> None:
    """The words are the scoper's: were they to change there, this falls."""
    profile = SchoolProfile(
        "Ysgol Llanbedrog", (), ("Pwllheli",), websites=("https://ysgol-llanbedrog.example",)
    )
    found = build_scoper(profile).decide("", text, "", place)
    cause = name_cause(found.reasons, profile)
    assert (
        cause.rule is rule
        if rule
        else cause.rule in (ScopeRule.VILLAGE, ScopeRule.NAME_ALONE, ScopeRule.OTHER)
    )
