"""The labelled texts keep their own rules (classifiers/corpus/README.md)."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from classifiers.labelled import HEADER, hash_corpus, read_corpus
from classifiers.train import split_by_voice
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Label

ROWS = read_corpus()


def test_no_text_occurs_twice() -> None:
    seen = Counter(" ".join(row.text.lower().split()) for row in ROWS)
    assert [text for text, count in seen.items() if count > 1] == []


def test_every_label_and_harm_is_there_in_both_languages() -> None:
    for welsh in (False, True):
        rows = [row for row in ROWS if (row.lang != "en") is welsh]
        assert {row.label for row in rows} == set(Label)
        assert {harm for row in rows for harm in row.harms} == set(Harm)
        assert all(sum(row.label is label for row in rows) >= 100 for label in Label)


def test_there_are_many_voices_and_welsh_is_no_afterthought() -> None:
    assert len({row.voice for row in ROWS}) >= 15
    assert sum(row.lang != "en" for row in ROWS) * 3 >= len(ROWS)


def test_no_row_carries_both_a_harm_and_a_harmless_label() -> None:
    assert not [row.group for row in ROWS if row.harms and row.label is not Label.INAPPROPRIATE]


def test_telephone_numbers_are_the_ones_set_aside_for_fiction() -> None:
    """07700 900xxx and the 01632 960xxx kind: no real person can be rung."""
    drama = re.compile(r"07700\s?900|01632\s?960|0\d{2,3}\s?496\s?0|0300|0800|0845|101|999")
    mobile = re.compile(r"(?<!\d)07\d{3}\s?\d{3}\s?\d{3}(?!\d)")
    assert [
        match.group()
        for row in ROWS
        for match in mobile.finditer(row.text)
        if not drama.search(match.group())
    ] == []


def test_no_voice_is_on_both_sides_of_a_split() -> None:
    for train, test in split_by_voice(ROWS):
        assert not {ROWS[at].voice for at in train} & {ROWS[at].voice for at in test}
        assert not {ROWS[at].group for at in train} & {ROWS[at].group for at in test}


def test_the_hash_changes_with_any_row() -> None:
    assert hash_corpus(ROWS) != hash_corpus(ROWS[1:])
    assert hash_corpus(ROWS) == hash_corpus(ROWS)


@pytest.mark.parametrize(
    ("line", "cause"),
    (
        ("a\ten\tconcern\tthreat\tnone\ttext\t", "carries harms"),
        ("a\tfr\tconcern\t\tnone\ttext\t", "language"),
        ("a\ten\tworry\t\tnone\ttext\t", "worry"),
        ("a\ten\tconcern\t\tnone\t\t", "no text"),
        ("a\ten\tconcern", "columns"),
    ),
)
def test_a_bad_row_is_refused_with_file_and_line(tmp_path: Path, line: str, cause: str) -> None:
    (tmp_path / "en-test.tsv").write_text("\t".join(HEADER) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        read_corpus(tmp_path)
    assert "en-test.tsv: line 2" in str(error.value)
    assert cause in str(error.value)
