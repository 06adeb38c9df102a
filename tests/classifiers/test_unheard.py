"""The voices kept apart from training keep the corpus's rules, and are not in it."""

from __future__ import annotations

from collections import Counter
from importlib.resources import files

from classifiers.labelled import read_corpus
from mentionwatch.labels import Harm, Label

HEARD = read_corpus()
UNHEARD = read_corpus(files("classifiers").joinpath("unheard"))


def _plain(text: str) -> str:
    return " ".join(text.lower().split())


def test_no_unheard_text_was_heard_and_none_occurs_twice() -> None:
    seen = Counter(_plain(row.text) for row in UNHEARD)
    assert [text for text, count in seen.items() if count > 1] == []
    assert not set(seen) & {_plain(row.text) for row in HEARD}
    assert not {row.voice for row in UNHEARD} & {row.voice for row in HEARD}


def test_there_are_many_voices_of_every_label_and_harm_in_both_languages() -> None:
    assert len({row.voice for row in UNHEARD}) == 28
    for welsh in (False, True):
        rows = [row for row in UNHEARD if (row.lang != "en") is welsh]
        assert {row.label for row in rows} == set(Label)
        assert {harm for row in rows for harm in row.harms} == set(Harm)


def test_harms_stand_on_every_inappropriate_text_and_on_no_other() -> None:
    for row in UNHEARD:
        assert bool(row.harms) is (row.label is Label.INAPPROPRIATE), row.group
