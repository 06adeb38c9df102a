"""The schema says what the reader says, as far as a schema can; and it is the one in docs/."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from flows.commands.policy import draw_schema
from flows.home import checked
from incidents.transitions import BY_NAME
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Route
from mentionwatch.policy import DECIDING_ROLES, RULE_VALUES, DeadlineKey, RuleKey
from mentionwatch.policy_schema import DIALECT, make_schema
from mentionwatch.tables import Table
from tests.conftest import ROOT
from tests.mentionwatch.test_policy import NAMES, change, parse, raw
from tests.mentionwatch.test_policy_file import BAD

SCHEMA: Any = make_schema(BY_NAME)
CHECK = Draft202012Validator(SCHEMA)

BEYOND_A_SCHEMA = ("there is no clause", "longer than the policy's", "shorter than the policy's 96")
"""What only the reader sees: whether a name is there, and one number against another."""


def as_json(data: dict[str, Any]) -> Any:
    """TOML as a JSON document: dates are text."""
    return json.loads(Table("", data).as_json())


def objects_in(schema: object) -> list[dict[str, Any]]:
    """Every part of a schema that describes an object with properties of its own."""
    found: list[dict[str, Any]] = []
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            found.append(schema)
        for value in schema.values():
            found += objects_in(value)
    elif isinstance(schema, list):
        for value in schema:
            found += objects_in(value)
    return found


def test_the_schema_is_one_and_is_the_one_in_the_documents() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == DIALECT
    shown = (ROOT / "docs" / "policy-pack.schema.json").read_text(encoding="utf-8")
    assert shown == draw_schema(), "run: ./run policy schema, and keep what it prints there"


def test_every_object_is_closed_and_described() -> None:
    objects = objects_in(SCHEMA)
    assert len(objects) > len(RuleKey) + len(DeadlineKey)
    for part in objects:
        assert "additionalProperties" in part and part["description"].strip()
        assert (
            part["additionalProperties"] is False
            or "pattern" in str(part["additionalProperties"])
            or (part["additionalProperties"]["additionalProperties"] is False)
        )


def test_every_word_of_the_vocabulary_is_in_it() -> None:
    parts = SCHEMA["properties"]
    assert set(parts["rule"]["properties"]) == set(RuleKey)
    assert set(parts["deadline"]["properties"]) == set(DeadlineKey)
    assert set(parts["harms"]["properties"]) == set(Harm)
    text = json.dumps(SCHEMA)
    words = [
        *DECIDING_ROLES,
        *Route,
        *BY_NAME,
        *(value for values in RULE_VALUES.values() for value in values),
    ]
    assert [word for word in words if f'"{word}"' not in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_five_packs_fit(name: str) -> None:
    assert [error.message for error in CHECK.iter_errors(as_json(raw(name)))] == []


@pytest.mark.parametrize(("data", "said"), BAD, ids=[said for _, said in BAD])
def test_a_broken_pack_does_not_fit(data: dict[str, Any], said: str) -> None:
    fits = CHECK.is_valid(as_json(data))
    assert fits == any(words in said for words in BEYOND_A_SCHEMA)


def test_an_adopted_rule_and_a_lost_one_fit() -> None:
    own = change("rule.support", {"adopted_on": "2026-11-02"}, "rule.press", {"unknown": "page 4"})
    parse(own)
    assert CHECK.is_valid(as_json(own))


JUNK = st.sampled_from(
    [
        "evidence",
        "head",
        "2026-09-01",
        "x",
        "a@b.wales",
        "<text>",
        0,
        1,
        48,
        72,
        True,
        ["head"],
        ["url"],
        ["evidence"],
        [],
    ]
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """The path of everything in a pack."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, item in inner for found in ((*path, key), *places(item, (*path, key)))]


@given(data=st.data(), name=st.sampled_from(NAMES))
def test_whatever_the_reader_takes_fits(data: st.DataObject, name: str) -> None:
    """A pack with anything in it taken out or replaced: the schema is never the stricter of the two."""
    pack = deepcopy(raw(name))
    *folders, last = data.draw(st.sampled_from(places(pack)))
    place: Any = pack
    for folder in folders:
        place = place[folder]
    if data.draw(st.booleans()):
        del place[last]
    else:
        place[last] = data.draw(JUNK)
    try:
        checked(parse(pack), "pack.toml")
    except ConfigError:
        return
    assert [error.message for error in CHECK.iter_errors(as_json(pack))] == []


def test_the_schema_can_be_read_back_as_json() -> None:
    assert json.loads(draw_schema()) == SCHEMA
