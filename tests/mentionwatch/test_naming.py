"""However a name is written, its letters are the same; and a hostile text costs no more than its length."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentionwatch.naming import fold, parse_name, read_types, words


@pytest.mark.parametrize(
    "written",
    [
        "St Mary's",
        "ST. MARY’S",
        "st marys",
        "Saint Mary`s",
        "St\u200b Mary\u2019s",
        "ＳＴ　ＭＡＲＹ＇Ｓ",
        "Ѕt Mаry's",  # two Cyrillic letters
        "St Mary&#39;s",
        "S\u0301t Ma\u0300ry's",
        "St Maryâ€™s",
    ],
)
def test_one_name_in_ten_writings(written: str) -> None:
    assert words(written) == ("st", "marys")


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Tŷ Gwyn", "ty gwyn"), ("Pont‑y‑garreg", "pont-y-garreg"), ("Straße & Co", "strasse and co")],
)
def test_letters_dashes_and_ampersands_are_made_plain(written: str, folded: str) -> None:
    assert " ".join(fold(written).split()) == folded


@given(st.text(max_size=60))
def test_folding_never_raises_and_the_unicode_form_does_not_matter(text: str) -> None:
    found = words(text)
    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in found)
    if "&" not in text:
        assert words(unicodedata.normalize("NFD", text)) == words(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("name", "core", "phases", "faiths"),
    [
        ("Ysgol Gynradd Llanbedrog", ("llanbedrog",), {"primary"}, set()),
        ("Ysgol Llanbedrog", ("llanbedrog",), set(), set()),
        ("St Mary's C of E Primary School", ("st", "marys"), {"primary"}, {"anglican"}),
        ("The Grappenhall Heys Community Primary School", ("grappenhall", "heys"), {"primary"}, set()),
        ("Cansfield High School", ("cansfield",), {"secondary"}, set()),
        (
            "Holy Cross Catholic Infant and Nursery School",
            ("holy", "cross"),
            {"infant", "nursery"},
            {"catholic"},
        ),
    ],
)
def test_a_name_comes_apart_into_core_and_type(
    name: str, core: tuple[str, ...], phases: set[str], faiths: set[str]
) -> None:
    found = parse_name(name)
    assert (found.core, set(found.phases), set(found.faiths)) == (core, phases, faiths)


def test_words_after_the_type_are_a_place_and_no_part_of_the_core() -> None:
    found = parse_name("Trinity School, Carlisle")
    assert (found.core, found.tail) == (("trinity",), ("carlisle",))


@given(
    st.lists(
        st.sampled_from("ysgol the school primary st academy c of e and llan 3 college".split()), max_size=9
    )
)
def test_any_row_of_school_words_is_a_name_that_can_be_read(listed: list[str]) -> None:
    found = parse_name(" ".join(listed))
    assert set(found.core) <= set(words(" ".join(listed)))
    assert found.core or not words(" ".join(listed)) or found.is_typed


def test_a_run_of_type_words_has_an_end() -> None:
    assert read_types(("primary", "school", "ely"), 0).end == 2
    assert read_types(("ely",), 0).end == 0


@pytest.mark.parametrize("part", ["a\u0301\u0323", "&amp;", "ysgol ", "\u200b", "c of e ", "-"])
def test_a_hostile_text_costs_no_more_than_its_length(part: str) -> None:
    before = time.process_time()
    fold(part * 100_000)
    parse_name(part * 300)
    assert time.process_time() - before < 5
