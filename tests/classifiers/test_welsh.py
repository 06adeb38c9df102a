"""Welsh mutations: every form of the table, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.welsh import aspirate, mutations, nasal, soft, with_h


@pytest.mark.parametrize(
    ("word", "softened", "nasalised", "aspirated"),
    [
        ("pwllheli", "bwllheli", "mhwllheli", "phwllheli"),
        ("tywyn", "dywyn", "nhywyn", "thywyn"),
        ("caernarfon", "gaernarfon", "nghaernarfon", "chaernarfon"),
        ("bangor", "fangor", "mangor", "bangor"),
        ("dolgellau", "ddolgellau", "nolgellau", "dolgellau"),
        ("gwalchmai", "walchmai", "ngwalchmai", "gwalchmai"),
        ("machynlleth", "fachynlleth", "machynlleth", "machynlleth"),
        ("llanbedrog", "lanbedrog", "llanbedrog", "llanbedrog"),
        ("rhuthun", "ruthun", "rhuthun", "rhuthun"),
    ],
)
def test_every_mutable_consonant_takes_its_three_mutations(
    word: str, softened: str, nasalised: str, aspirated: str
) -> None:
    assert (soft(word), nasal(word), aspirate(word)) == (softened, nasalised, aspirated)
    assert mutations(word) == {softened, nasalised, aspirated} - {word}


@pytest.mark.parametrize("word", ["nefyn", "felinheli", "chwilog", "sarn", "harlech", "ffestiniog", "lerpwl"])
def test_a_word_that_begins_with_another_letter_never_changes(word: str) -> None:
    assert mutations(word) == frozenset()


def test_h_goes_before_a_vowel_after_our_and_their() -> None:
    assert with_h("ysgol") == "hysgol"
    assert mutations("abersoch") == {"habersoch"}
    assert with_h("bangor") == "bangor"


@given(st.text(alphabet="abcdefghilmnoprstuwy", max_size=20))
def test_a_mutation_keeps_the_rest_of_the_word(word: str) -> None:
    for form in mutations(word):
        assert form.endswith(word[2:])
        assert form != word
