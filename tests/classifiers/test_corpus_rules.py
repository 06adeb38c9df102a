"""The labelled texts keep the corpus's rules, and the linter finds what breaks them."""

from __future__ import annotations

import random
from dataclasses import replace
from importlib.resources import files

import pytest

from classifiers.corpus_rules import (
    LEAST,
    MADE_UP_HOSTS,
    Finding,
    check_row,
    check_size,
    count_as,
    find_missing_look_alikes,
    find_near_duplicates,
    find_templates,
    measure_likeness,
    shingle,
)
from classifiers.labelled import LabelledText, read_corpus
from mentionwatch.labels import Harm, Label, Route

ROWS = read_corpus()
UNHEARD = read_corpus(files("classifiers").joinpath("unheard"))


def _row(text: str, group: str = "en-a/1", **changes: object) -> LabelledText:
    row = LabelledText(
        group.split("/")[0], group, "en", Label.CONCERN, frozenset(), Route.COMPLAINT, text, ""
    )
    return replace(row, **changes)  # type: ignore[arg-type]


BAD = {"label": Label.INAPPROPRIATE, "harms": frozenset({Harm.THREAT}), "route": Route.POLICE}


def test_there_are_enough_distinct_texts_of_everything() -> None:
    assert check_size(ROWS) == ()
    assert LEAST == {"texts": 5000, "welsh": 1700, "label": 400, "en": 200, "cy": 100, "voices": 20}


def test_every_harm_has_as_many_look_alikes_as_texts_in_both_languages() -> None:
    assert find_missing_look_alikes(ROWS) == {}


def test_a_third_of_the_texts_is_welsh_or_mixed() -> None:
    assert sum(count_as(row) == "cy" for row in ROWS) * 3 >= len(ROWS)


def test_every_row_keeps_the_rules_of_a_row() -> None:
    assert [finding for row in (*ROWS, *UNHEARD) for finding in check_row(row)] == []
    assert set() == MADE_UP_HOSTS


def test_no_text_is_another_but_for_names_and_numbers() -> None:
    assert find_templates((*ROWS, *UNHEARD)) == ()


@pytest.mark.slow
def test_no_two_groups_share_a_text_and_none_was_heard_of_the_unheard() -> None:
    assert find_near_duplicates((*ROWS, *UNHEARD)) == ()


def test_near_duplicates_are_those_a_plain_comparison_of_all_pairs_finds() -> None:
    """Oracle: every pair compared with every other, on real texts and on copies changed at random."""
    dice = random.Random(4)
    rows = [replace(row, group=f"{row.voice}/{at}") for at, row in enumerate(dice.sample(ROWS, 150))]
    for at, row in enumerate(dice.sample(rows, 60)):
        words = row.text.split()
        for _ in range(dice.randint(0, max(1, len(words) // 3))):
            words[dice.randrange(len(words))] = dice.choice(("tomorrow", "yr", "😭", "bws", "never"))
        rows.append(replace(row, group=f"{row.voice}/copy{at}", text=" ".join(words)))
    dice.shuffle(rows)
    sets = [shingle(row.text) for row in rows]
    for alike in (0.3, 0.5, 0.8):
        expected = {
            frozenset({left.group, rows[other].group})
            for at, left in enumerate(rows)
            for other in range(at)
            if measure_likeness(sets[at], sets[other]) >= alike
        }
        found = {frozenset({item.where, item.what.split()[-1]}) for item in find_near_duplicates(rows, alike)}
        assert found == expected
        assert len(found) > 10


def test_a_minimal_pair_of_one_group_is_no_near_duplicate() -> None:
    rows = [_row("the bus was late again today and nobody rang us"), _row("the bus was late again today!")]
    assert find_near_duplicates(rows) == ()
    apart = [rows[0], replace(rows[1], group="en-b/1", voice="en-b")]
    assert [item.where for item in find_near_duplicates(apart)] == ["en-b/1"]


def test_a_filled_in_template_is_found_whatever_its_group() -> None:
    rows = [
        _row("thanks to Mrs Price for 12 years in the kitchen"),
        _row("thanks to Mr Okafor for 3 years in the kitchen", "en-b/1"),
        _row("thanks to Mr Okafor for 3 years at the gate", "en-b/2"),
    ]
    assert find_templates(rows) == (Finding("template", "en-b/1", "same words as en-a/1"),)


def test_a_text_that_occurs_twice_is_found_and_counted_once() -> None:
    found = check_size([*ROWS, replace(ROWS[7], group="en-a/1", text=f"  {ROWS[7].text.upper()} ")])
    assert found == (Finding("twice", "en-a/1", f"same text as {ROWS[7].group}"),)


def test_missing_texts_and_voices_are_named() -> None:
    few = tuple(row for row in ROWS if not (Harm.HATE in row.harms and count_as(row) == "cy"))
    assert [item.what.split(":")[0] for item in check_size(few)] == ["cy hate"]
    assert "voices: 1 of 20" in [item.what for item in check_size([_row("one two")])]


@pytest.mark.parametrize(
    ("text", "rule"),
    (
        ("one", "length"),
        ("word " * 201, "length"),
        ("ring me on 07911 123456 tonight", "place"),
        ("ring me on +44 7911 123456 tonight", "place"),
        ("ring 0161 224 9999 or come in", "place"),
        ("ring 01632 961999 or come in", "place"),
        ("write to head@school.org.uk now", "place"),
        ("see https://bad.company/page for more", "place"),
        ("it is on www.ourschool.net today", "place"),
        ("it is on ourschool.cymru today", "place"),
        ("he lives at LL57 2DG by the park", "place"),
        ("he lives at sw1a1aa by the park", "place"),
        ("he lives at S10 1ST by the park", "place"),
        ("even Keir Starmer could not find it", "place"),
    ),
)
def test_a_row_that_breaks_a_rule_is_found(text: str, rule: str) -> None:
    assert [item.rule for item in check_row(_row(text))] == [rule]


@pytest.mark.parametrize(
    "text",
    (
        "two words",
        "word " * 200,
        "ring 07700 900123 or 01632 960999 or 0114 496 0999",
        "ring +44 7700 900123 or 020 7946 0123",
        "write to office@ysgol.example or see https://www.school.invalid/x and school.test",
        "he lives at ZZ9 9ZZ, room B2 1st floor, from 8.45.then out",
        "ring 101 or 999, account 12340000, sort 00-00-00, on 14.03.2026",
    ),
)
def test_a_row_that_keeps_the_rules_is_left_alone(text: str) -> None:
    assert check_row(_row(text)) == ()


@pytest.mark.parametrize(
    "changes",
    (
        {"label": Label.INAPPROPRIATE, "route": Route.POLICE},
        {**BAD, "route": Route.COMPLAINT},
        {**BAD, "route": Route.NONE},
        {**BAD, "like": frozenset({Harm.HATE})},
        {"harms": frozenset({Harm.HATE})},
        {"label": Label.POSITIVE, "route": Route.POLICE},
        {"label": Label.NEUTRAL, "route": Route.SAFEGUARDING},
        {"label": Label.NEUTRAL, "route": Route.COMPLAINT},
        {"lang": "cy"},
        {"group": "en-b/1"},
        {"text": "mae hi yn y dosbarth gyda ni ac mae o yn hapus"},
        {"voice": "cy-a", "group": "cy-a/1", "lang": "cy", "text": "and they said it was not for us to know"},
    ),
)
def test_columns_that_contradict_each_other_are_found(changes: dict[str, object]) -> None:
    assert check_row(_row("two words", **BAD)) == ()  # type: ignore[arg-type]
    assert [item.rule for item in check_row(replace(_row("two words"), **changes))] == ["label"]  # type: ignore[arg-type]
