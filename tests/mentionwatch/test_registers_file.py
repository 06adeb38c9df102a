"""registers.toml is read strictly: what has no place in it is refused, with file, key and mend."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

from mentionwatch.errors import ConfigError
from mentionwatch.registers import AccountStanding, Registers
from mentionwatch.registers_gaps import find_gaps
from mentionwatch.registers_words import GapKind
from tests.mentionwatch.register_template import ALL, ON, WHOLE, gaps, kinds, read

Place: TypeAlias = tuple[str | int, ...]


def _leaves(value: object, path: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, inner in enumerate(value):
            yield from _leaves(inner, (*path, place))
    else:
        yield path


def _tables(value: object, path: Place = ()) -> Iterator[Place]:
    if isinstance(value, dict):
        yield path
        for key, inner in value.items():
            yield from _tables(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _tables(inner, (*path, place))


def _inside(data: Any, path: Place) -> Any:
    for step in path:
        data = data[step]
    return data


def _shown(path: Place) -> str:
    """A key as a message names it: `account[1].url`."""
    return "".join(f"[{step + 1}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(
        "."
    )


LEAVES = list(_leaves(WHOLE))
TABLES = list(_tables(WHOLE))


def names(paths: list[Place]) -> list[str]:
    return [_shown(path) or "(top)" for path in paths]


# --- the template, and every key of it --------------------------------------------------------------


def test_the_template_of_the_how_to_is_read_whole_and_lacks_nothing() -> None:
    found = read(WHOLE)
    assert all(getattr(found, name) for name in Registers.__slots__)
    assert find_gaps(found, ON, ALL) == ()
    assert [account.standing(ON) for account in found.accounts] == [
        AccountStanding.APPROVED,
        AccountStanding.CLOSED,
    ]


MAY_BE_LEFT_OUT = ("topic", "new_lead", "lead_left_on", "closed_on", "title", "url")


@pytest.mark.parametrize("path", LEAVES, ids=names(LEAVES))
def test_whatever_is_left_out_is_asked_for_or_reported(path: Place) -> None:
    data = copy.deepcopy(WHOLE)
    del _inside(data, path[:-1])[path[-1]]
    try:
        found = gaps(data, ALL)
    except ConfigError as error:
        assert (error.file, error.key, error.cause) == ("registers.toml", _shown(path), "is missing")
        assert error.mend.startswith(f"Add {path[-1]} = ")
        return
    account_is_closed = path[:2] == ("account", 1)
    assert found or path[-1] in MAY_BE_LEFT_OUT or account_is_closed


def test_an_empty_file_is_a_school_that_keeps_no_registers() -> None:
    assert read({}) == Registers()
    assert gaps({}) == ()
    assert set(kinds(gaps({}, ALL))) == {
        GapKind.DECLARATION,
        GapKind.INVESTIGATOR,
        GapKind.AGREEMENT,
        GapKind.LINKED_POLICY,
        GapKind.COMPLAINTS,
        GapKind.MEDIA_POLICY,
        GapKind.UNDER_AGE_FORM,
        GapKind.CONTACT,
        GapKind.POLICY,
    }


@pytest.mark.parametrize(
    ("text", "key", "cause", "mend"),
    [
        ("[[acount]]\nname = 'x'", "acount", "is not a key mentionwatch knows", "Did you mean account?"),
        ("[policy]\npages = 'x'", "policy.pages", "is not a key", "known keys are"),
        ("[contact.head_title]\nfr = 'x'", "contact.head_title.fr", "is not a key", "known keys are cy, en"),
        (
            "[[declaration]]\nwho = 'AJ'\nsigned_on = 'last autumn'",
            "declaration[1].signed_on",
            "is not a date",
            "Write signed_on = 2026-09-01",
        ),
        (
            "[[investigator]]\nwho = 'AJ'\ntrained_on = '1/9/26'",
            "investigator[1].trained_on",
            "is not a date",
            "Write trained_on = 2026-09-01",
        ),
        (
            "[[declaration]]\nwho = 'a.jones@school.example'\n",
            "declaration[1].who",
            "is an e-mail address",
            "Write initials or a staff number",
        ),
        (
            "[[family_link]]\nwho = 'Ann Jones'\n",
            "family_link[1].who",
            "is neither initials",
            'Write who = "AJ"',
        ),
        (
            "[[under_age_form]]\nplatform = 'X'\nurl = 'x.example'",
            "under_age_form[1].url",
            "is no web",
            "https",
        ),
        ("[contact]\nwebsite = 'http://[x'", "contact.website", "is no web address", "https"),
        ("[contact]\nwebsite = 'javascript:alert(1)'", "contact.website", "is no web address", "https"),
        (
            "[[linked_policy]]\nname = 'x'\ntopic = 'pay'",
            "linked_policy[1].topic",
            "is unknown",
            "internet_safety",
        ),
        ("[media_policy]\ntitle = ''", "media_policy.title", "is missing", "or url ="),
        ("[account]\nname = 'x'", "account", "expected tables", "[[account]]"),
        ("complaints = 'x'", "complaints", "expected a table", "{ }"),
    ],
)
def test_a_wrong_file_is_refused_with_file_key_and_mend(text: str, key: str, cause: str, mend: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert (caught.value.file, caught.value.key, caught.value.exit_code) == ("registers.toml", key, 2)
    assert cause in caught.value.cause and mend in caught.value.mend


@pytest.mark.parametrize(
    ("table", "change", "cause"),
    [
        ("account", {}, "is there twice on this platform"),
        ("under_age_form", {"platform": "FACEBOOK"}, "is there twice"),
    ],
)
def test_the_same_thing_twice_is_refused(table: str, change: dict[str, str], cause: str) -> None:
    data = copy.deepcopy(WHOLE)
    data[table] = [data[table][0], data[table][0] | change]
    with pytest.raises(ConfigError, match=re.escape(cause)):
        read(data)


@pytest.mark.parametrize("key", ["operators", "lead", "new_lead"])
def test_people_who_run_an_account_are_roles_or_initials_never_addresses(key: str) -> None:
    data = copy.deepcopy(WHOLE)
    data["account"][0][key] = "head@school.example"
    with pytest.raises(ConfigError, match=rf"account\[1\].{key}: holds an e-mail address. Name roles"):
        read(data)


@pytest.mark.parametrize(
    "who", ["AJ", "A.J.", "A. J.", "LlE", "RhÊ", "Ŵ-J", "A", "ABCD", "S0142", "142/7", "wr9"]
)
def test_a_person_is_initials_or_a_staff_number(who: str) -> None:
    assert read({"declaration": [{"who": who}]}).declarations[0].who == who


@pytest.mark.parametrize(
    "who", ["Ann", "Ed", "aj", "ŵj", "ABCDE", "AJ (mother of Ifan)", "S 0142", "S0142 Ann", "-"]
)
def test_a_name_is_no_initials(who: str) -> None:
    with pytest.raises(ConfigError, match="is neither initials nor a staff number"):
        read({"declaration": [{"who": who}]})


# --- no passwords -----------------------------------------------------------------------------------

PASSWORD = "password: hunter2"


@pytest.mark.parametrize("path", LEAVES, ids=names(LEAVES))
def test_a_password_on_any_line_of_the_file_is_refused_and_not_repeated(path: Place) -> None:
    """C07, L05"""
    data = copy.deepcopy(WHOLE)
    _inside(data, path[:-1])[path[-1]] = [PASSWORD] if path[-1] in ("operators", "address") else PASSWORD
    with pytest.raises(ConfigError) as caught:
        read(data)
    if path[-1] != "is_open":
        assert caught.value.cause == "looks like a password or a log-in"
    assert caught.value.key == _shown(path) and "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "key", ["password", "facebook_password", "Cyfrinair", "log-in", "pin", "api_key", "pwd"]
)
@pytest.mark.parametrize("path", TABLES, ids=names(TABLES))
def test_there_is_no_key_for_a_password_anywhere(path: Place, key: str) -> None:
    """C07, L05"""
    data = copy.deepcopy(WHOLE)
    _inside(data, path)[key] = "hunter2"
    with pytest.raises(ConfigError) as caught:
        read(data)
    assert caught.value.cause == "looks like a password or a log-in"
    assert caught.value.key == _shown((*path, key)) and "never keeps passwords" in caught.value.mend
    assert "hunter2" not in str(caught.value)


def test_a_key_that_is_itself_the_password_is_not_repeated() -> None:
    """C07"""
    with pytest.raises(ConfigError) as caught:
        read({"contact": {"password: hunter2": 1}})
    assert caught.value.key == "contact.(a key)" and "hunter2" not in str(caught.value)
