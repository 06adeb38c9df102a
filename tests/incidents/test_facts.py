"""What a step must state: typed, checked, and refused with the way to write it."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from incidents.facts import NO_FACTS, Fact, FactKind, Facts, read_facts
from incidents.transitions import TRANSITIONS
from mentionwatch.errors import Refused

ONE = {
    FactKind.TEXT: Fact("key", "what it says"),
    FactKind.INSTANT: Fact("key", "when", FactKind.INSTANT),
    FactKind.DAY: Fact("key", "on which day", FactKind.DAY),
    FactKind.YES: Fact("key", "that it is so", FactKind.YES),
    FactKind.CHOICE: Fact("key", "which", FactKind.CHOICE, ("this", "that")),
    FactKind.LIST: Fact("key", "each", FactKind.LIST),
}


def read(kind: FactKind, *values: str) -> str:
    return read_facts([ONE[kind]], [("key", value) for value in values], NO_FACTS, "2026-0001 step").get(
        "key"
    )


@pytest.mark.parametrize(
    ("kind", "values", "stored"),
    [
        (FactKind.TEXT, ("  two \n\t words ",), "two words"),
        (FactKind.TEXT, ("first", "last"), "last"),
        (FactKind.INSTANT, ("2026-07-01T10:00+01:00",), "2026-07-01T09:00:00+00:00"),
        (FactKind.INSTANT, ("2026-11-24T10:00Z",), "2026-11-24T10:00:00+00:00"),
        (FactKind.DAY, ("2028-02-29",), "2028-02-29"),
        (FactKind.YES, ("yes",), "yes"),
        (FactKind.CHOICE, ("that",), "that"),
        (FactKind.LIST, ("one  line", "another"), "one line\nanother"),
    ],
)
def test_a_fact_is_stored_in_one_form(kind: FactKind, values: tuple[str, ...], stored: str) -> None:
    assert read(kind, *values) == stored


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FactKind.TEXT, ""),
        (FactKind.TEXT, " x "),
        (FactKind.INSTANT, "2026-11-24T10:00"),  # whose ten o'clock?
        (FactKind.INSTANT, "2026-11-24"),
        (FactKind.INSTANT, "tomorrow"),
        (FactKind.INSTANT, "0001-01-01T00:00+14:00"),  # would overflow on the way to UTC
        (FactKind.INSTANT, "9999-12-31T23:00Z"),  # has no six in the evening after it
        (FactKind.DAY, "2026-02-29"),
        (FactKind.DAY, "24/11/2026"),
        (FactKind.YES, "no"),
        (FactKind.YES, "Yes please"),
        (FactKind.CHOICE, "neither"),
        (FactKind.LIST, "x"),
    ],
)
def test_a_fact_in_another_form_is_refused_with_the_way_to_write_it(kind: FactKind, value: str) -> None:
    with pytest.raises(Refused) as refused:
        read(kind, value)
    assert str(refused.value) == (
        f"refused: 2026-0001 step: key must be {ONE[kind].says}. Write {ONE[kind].example()}"
    )


@given(st.sampled_from(FactKind), st.text(max_size=40))
@example(FactKind.INSTANT, "9999-12-31T23:59:59-23:59")
@example(FactKind.DAY, "0001-01-01")
def test_any_text_is_stored_or_refused_and_breaks_nothing(kind: FactKind, text: str) -> None:
    try:
        stored = Facts((("key", read(kind, text)),))
    except Refused as refused:
        assert "\n" not in str(refused)
        return
    if kind is FactKind.INSTANT:
        assert stored.instant("key") is not None
    if kind is FactKind.DAY:
        assert stored.day("key") is not None
    assert read(kind, *stored.get("key").splitlines() or [""]) == stored.get("key"), (
        "reading it again changes it"
    )


def test_what_is_missing_is_named_with_all_that_is_missing() -> None:
    asked = [ONE[FactKind.TEXT], Fact("other", "the other thing", FactKind.YES), Fact("may", "not needed", is_optional=True)]  # fmt: skip
    with pytest.raises(
        Refused, match=r'what it says; the other thing. Add --fact key="..." --fact other=yes$'
    ):
        read_facts(asked, [], NO_FACTS, "step")


def test_a_fact_that_is_none_of_the_step_is_refused() -> None:
    with pytest.raises(Refused, match="'colour' is no fact of this step; it takes key"):
        read_facts([ONE[FactKind.TEXT]], [("key", "fine"), ("colour", "blue")], NO_FACTS, "step")
    with pytest.raises(Refused, match="it takes none"):
        read_facts([], [("colour", "blue")], NO_FACTS, "step")


def test_a_fact_asked_once_is_not_asked_again_and_may_be_corrected() -> None:
    once = Fact("author", "who", FactKind.CHOICE, ("parent", "pupil"), once=True)
    known = Facts((("author", "parent"),))
    assert read_facts([once], [], known, "step") == NO_FACTS
    assert read_facts([once], [("author", "pupil")], known, "step").get("author") == "pupil"
    with pytest.raises(Refused):
        read_facts([once], [], NO_FACTS, "step")


def test_the_later_value_of_a_fact_wins() -> None:
    both = Facts((("a", "1"), ("b", "2"))).with_more(Facts((("a", "3"),)))
    assert (both.get("a"), both.get("b"), both.get("c"), "c" in both) == ("3", "2", "", False)


def test_every_fact_of_the_table_can_be_written_as_its_example_shows() -> None:
    """What a refusal tells a person to type is taken, for every row."""
    for row in TRANSITIONS:
        assert len({fact.key for fact in row.facts}) == len(row.facts), row.event
        for fact in row.facts:
            assert fact.says and not fact.says.endswith("."), fact
            assert (fact.kind is FactKind.CHOICE) is bool(fact.choices), fact
            key, _, value = fact.example().removeprefix("--fact ").partition("=")
            value = value.strip('"').split("|")[0]
            assert read_facts([fact], [(key, value)], NO_FACTS, "step").get(fact.key)
