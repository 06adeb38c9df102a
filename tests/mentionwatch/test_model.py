"""Values that walk from stage to stage cannot be changed on the way."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
import pkgutil
import re
from enum import StrEnum

import pytest

import mentionwatch
from mentionwatch import labels, model
from mentionwatch.errors import AnotherRunHoldsTheLock, ConfigError, MentionwatchError, Refused

MODULES = [
    importlib.import_module(f"mentionwatch.{found.name}")
    for found in pkgutil.iter_modules(mentionwatch.__path__)
]
DATACLASSES = sorted(
    {
        kind
        for module in MODULES
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if dataclasses.is_dataclass(kind) and kind.__module__.startswith("mentionwatch")
    },
    key=lambda kind: kind.__qualname__,
)


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__qualname__)
def test_every_value_is_frozen_and_has_no_room_for_more(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(kind)
    assert kind.__doc__ and not kind.__doc__.startswith(f"{kind.__name__}(")


@pytest.mark.parametrize("kind", DATACLASSES, ids=lambda kind: kind.__qualname__)
def test_no_field_holds_a_list_a_set_or_a_dict_that_could_change(kind: type) -> None:
    for field in dataclasses.fields(kind):
        assert not re.match(r"(list|set|dict|bytearray)\b", str(field.type)), field.name


@pytest.mark.parametrize(
    "kind",
    [kind for kind in DATACLASSES if kind.__module__ == model.__name__],
    ids=lambda kind: kind.__qualname__,
)
def test_instants_end_in_at_and_days_in_on(kind: type) -> None:
    for field in dataclasses.fields(kind):
        if "datetime" in str(field.type):
            assert field.name.endswith("_at") or field.name == "at"
        elif re.search(r"\bdate\b", str(field.type)):
            assert field.name.endswith("_on")


def test_stored_words_are_lower_case_or_state_names_and_each_is_there_once() -> None:
    for _, kind in inspect.getmembers(labels, inspect.isclass):
        if issubclass(kind, StrEnum) and kind is not StrEnum:
            values = [member.value for member in kind]
            assert len(values) == len(set(values))
            assert all(re.fullmatch(r"[a-z0-9_]+|[A-Z_]+", value) for value in values)


def test_the_contracts_words_are_there() -> None:
    """A stored or printed value is changed only with a migration and a changelog line."""
    assert [label.value for label in labels.Label] == ["positive", "neutral", "concern", "inappropriate"]
    assert [scope.value for scope in labels.Scope] == ["certain", "possible", "out"]
    assert [route.value for route in labels.Route] == [
        "police",
        "safeguarding",
        "internal",
        "complaint",
        "none",
    ]
    assert [verdict.value for verdict in labels.Verdict] == ["clear", "mentions", "degraded", "blind"]
    assert [kind.value for kind in labels.FaultKind] == (
        "dns tls timeout refused_by_policy http_401_403 http_404_410 rate_limited server_error not_a_feed "
        "truncated too_large empty frozen credentials terms unexpected"
    ).split()


def test_errors_carry_the_exit_code_of_the_contract_and_one_plain_line() -> None:
    assert [kind.exit_code for kind in (MentionwatchError, ConfigError, AnotherRunHoldsTheLock, Refused)] == [
        1,
        2,
        4,
        5,
    ]
    assert str(ConfigError("a.toml", "k", "is bad", "Mend it")) == "a.toml: k: is bad. Mend it"
    assert str(ConfigError("a.toml", "", "is bad", "Mend it")) == "a.toml: is bad. Mend it"
