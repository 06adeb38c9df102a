"""The frozen set of strangers: kept apart from training, varied, and unchanged."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

from classifiers.labelled import hash_corpus, read_corpus
from mentionwatch.labels import Harm, Label

HEARD = read_corpus()
UNHEARD = read_corpus(files("classifiers").joinpath("unheard"))

FROZEN = "eb50fe903c3d03cb18cf21cca08eb91b938ec972a6b2dd15c3d5f08385ea3097"
"""Of the 500 texts. It changes only when the set is written anew; figures from before cannot be compared then."""


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def test_the_set_is_the_one_all_figures_were_measured_on() -> None:
    assert hash_corpus(UNHEARD) == FROZEN


def test_no_unheard_text_was_heard_and_none_occurs_twice() -> None:
    seen = Counter(_plain(row.text) for row in UNHEARD)
    assert [text for text, count in seen.items() if count > 1] == []
    assert not set(seen) & {_plain(row.text) for row in HEARD}
    assert not {row.voice for row in UNHEARD} & {row.voice for row in HEARD}


def test_there_are_500_texts_a_third_of_them_welsh_with_every_label_and_harm() -> None:
    assert len(UNHEARD) == 500
    assert sum(row.lang != "en" for row in UNHEARD) * 3 >= len(UNHEARD)
    for welsh in (False, True):
        rows = [row for row in UNHEARD if (row.lang != "en") is welsh]
        assert {row.label for row in rows} == set(Label)
        assert {harm for row in rows for harm in row.harms} == set(Harm)
        assert {harm for row in rows for harm in row.like} == set(Harm)
