"""Strict reading of what a person wrote: no typo passes, every error says where and how to mend it."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.errors import ConfigError
from mentionwatch.tables import Table

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.dates()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def table(**values: object) -> Table:
    return Table("school.toml", values, "school")


@given(VALUES)
def test_whatever_is_written_a_getter_returns_its_own_type_or_a_config_error(value: object) -> None:
    for read, kinds in (
        (lambda t: t.text("x", ""), (str,)),
        (lambda t: t.number("x", 1), (int, float)),
        (lambda t: t.flag("x"), (bool,)),
        (lambda t: t.day("x"), (date, type(None))),
        (lambda t: t.texts("x"), (tuple,)),
        (lambda t: t.table("x"), (Table,)),
        (lambda t: t.tables("x"), (tuple,)),
    ):
        try:
            found = read(table(x=value))  # type: ignore[no-untyped-call]
        except ConfigError as error:
            text = str(error)
            assert text.startswith("school.toml: school.x: ") and "\n" not in text
        else:
            assert isinstance(found, kinds)
            assert not isinstance(found, datetime)


def test_a_missing_text_is_asked_for_with_an_example() -> None:
    with pytest.raises(ConfigError, match=r'school.name: is missing. Add name = "Ysgol Llanfair"'):
        table().text("name", example='"Ysgol Llanfair"')
    with pytest.raises(ConfigError, match="is missing"):
        table(name="   ").text("name")
    assert table(name="  a ").text("name") == "a"
    assert table().text("name", "b") == "b"


@pytest.mark.parametrize("value", [True, "1", math.inf, math.nan, -1, [1]])
def test_what_is_no_number_or_too_small_is_refused(value: object) -> None:
    with pytest.raises(ConfigError, match=r"school.n: "):
        table(n=value).number("n")


def test_numbers_keep_their_bounds() -> None:
    assert table(n=3).number("n", least=3) == 3
    with pytest.raises(ConfigError, match="must be at least 3, found 2"):
        table(n=2).number("n", least=3)


@pytest.mark.parametrize("value", [0, 1, "true", "yes"])
def test_a_flag_is_only_true_or_false(value: object) -> None:
    with pytest.raises(ConfigError, match="expected true or false"):
        table(f=value).flag("f")


def test_a_day_may_be_written_bare_or_as_text() -> None:
    assert table(d=date(2026, 9, 1)).day("d") == table(d="2026-09-01").day("d") == date(2026, 9, 1)
    assert table(d=datetime(2026, 9, 1, 8, tzinfo=UTC)).day("d") == date(2026, 9, 1)
    assert table().day("d") is None and table(d="").day("d") is None
    with pytest.raises(ConfigError, match=r"is not a date: '1/9/26'.*year-month-day"):
        table(d="1/9/26").day("d")


def test_one_text_counts_as_a_list_of_one_and_blanks_are_left_out() -> None:
    assert table(n="a").texts("n") == ("a",)
    assert table(n=["a ", " ", "b"]).texts("n") == ("a", "b")
    with pytest.raises(ConfigError, match="holds a int, not text"):
        table(n=["a", 1]).texts("n")


def test_tables_are_numbered_as_a_person_counts_them() -> None:
    found = Table("sources.toml", {"source": [{"url": "a"}, {"url": 1}]}).tables("source")
    with pytest.raises(ConfigError, match=r"sources.toml: source\[2\].url: expected text, found int"):
        found[1].text("url")
    with pytest.raises(ConfigError, match=r"is not an array of tables.*\[\[source\]\]"):
        Table("sources.toml", {"source": [1]}).tables("source")


def test_a_key_nobody_asked_for_is_refused_with_the_nearest_known_one() -> None:
    found = table(naem="x")
    found.text("name", "")
    with pytest.raises(ConfigError, match=r"school.naem: is not a key.*Did you mean name\?"):
        found.finish()
    other = table(zzz="x")
    other.text("name", "")
    other.text("lang", "")
    with pytest.raises(ConfigError, match="known keys are lang, name"):
        other.finish()


def test_a_key_with_unprintable_letters_is_shown_escaped() -> None:
    with pytest.raises(ConfigError) as error:
        Table("x.toml", {"a\x1b[31m\n": 1}).finish()
    assert "\x1b" not in str(error.value) and "\n" not in str(error.value)
