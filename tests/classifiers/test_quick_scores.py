"""The classifier's own arithmetic gives what scikit-learn's gives, for whole texts and for texts without a word."""

from __future__ import annotations

import re
from functools import cache

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifiers.features import WORD_PATTERN
from classifiers.labelled import read_corpus
from classifiers.model import LABELS, Classifier, Scores
from classifiers.store import load

_PIECES = (
    "Ysgol",
    "the head",
    "liar,",
    "(bus)",
    "Σίσυφος ΟΔΟΣ",
    "ﷺ",
    "tŷ’r",
    "\u00a0",
    "\x1c",
    "\u00a8x",
    "a-b-c",
    "É",
    "!!",
)


@cache
def _loaded() -> Classifier:
    return load()


@pytest.fixture(scope="module")
def model() -> Classifier:
    return _loaded()


def _by_the_library(model: Classifier, texts: list[str]) -> list[Scores]:
    matrix = model.parts.features.transform(texts)
    columns = (
        part.predict_proba(matrix) for part in (model.parts.labels, model.parts.harms, model.parts.routes)
    )
    return [Scores(*(tuple(map(float, values)) for values in row)) for row in zip(*columns, strict=True)]


def _remove_each(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[:start] + text[end:] for start, end in spans]


def _flat(scores: Scores) -> tuple[float, ...]:
    return (*scores.labels, *scores.harms, *scores.routes)


def test_every_labelled_text_scores_as_by_the_library(model: Classifier) -> None:
    texts = [row.text for row in read_corpus()][::7]
    for ours, theirs in zip(model.score(texts), _by_the_library(model, texts), strict=True):
        assert _flat(ours) == pytest.approx(_flat(theirs), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=12)), max_size=12),
    st.sampled_from(("", " ", "\n ")),
)
@example([], "")
@example(["word"], " ")
def test_any_text_without_any_word_scores_as_by_the_library(pieces: list[str], joint: str) -> None:
    model, text = _loaded(), joint.join(pieces)
    spans = [match.span() for match in re.finditer(WORD_PATTERN, text)]
    wanted = _by_the_library(model, [text, *_remove_each(text, spans)])
    assert _flat(model.score([text])[0]) == pytest.approx(_flat(wanted[0]), abs=1e-9)
    for label in LABELS:
        found = model.score_without(text, spans, label)
        assert found == pytest.approx([scores.of(label) for scores in wanted[1:]], abs=1e-9)
