"""The classifier's own arithmetic gives what scikit-learn's gives, for whole texts and for texts without a word."""

from __future__ import annotations

import re
from functools import cache

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifiers.features import WORD_PATTERN
from classifiers.heads import LABELS
from classifiers.kinds import KINDS
from classifiers.labelled import read_corpus
from classifiers.model import Classifier
from classifiers.store import MODELS, load
from classifiers.train import plain_texts
from classifiers.unmask import unmask

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
def _words() -> Classifier:
    return load(MODELS / "word")


def _by_the_library(model: Classifier, texts: list[str]) -> list[list[float]]:
    """From the fitted scikit-learn features and NumPy alone: each label's probability."""
    weights = model.parts.weights
    matrix = model.parts.features.transform([unmask(text) for text in texts])
    raw = np.asarray(matrix @ weights.words + weights.shift)[:, : len(KINDS)]
    spread = np.exp(raw - raw.max(axis=1, keepdims=True))
    spread /= spread.sum(axis=1, keepdims=True)
    sums = np.stack([spread[:, [kind[0] is label for kind in KINDS]].sum(axis=1) for label in LABELS], axis=1)
    softened = sums ** (1 / model.parts.english.temperature)
    found: list[list[float]] = (softened / softened.sum(axis=1, keepdims=True)).tolist()
    return found


def test_every_labelled_text_scores_as_by_the_library() -> None:
    texts = plain_texts(read_corpus()[::17])
    scored = _words().score(texts, ["en"] * len(texts))
    for ours, theirs in zip(scored, _by_the_library(_words(), texts), strict=True):
        assert ours.labels == pytest.approx(theirs, abs=1e-9)


def _remove_each(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[:start] + text[end:] for start, end in spans]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=12)), max_size=12),
    st.sampled_from(("", " ", "\n ")),
)
@example([], "")
@example(["word"], " ")
def test_any_text_without_any_word_scores_as_by_the_library(pieces: list[str], joint: str) -> None:
    text = joint.join(pieces)
    spans = [match.span() for match in re.finditer(WORD_PATTERN, text)]
    wanted = _by_the_library(_words(), [text, *_remove_each(text, spans)])
    for at, label in enumerate(LABELS):
        found = _words().score_without(text, "en", spans, label)
        assert found == pytest.approx([each[at] for each in wanted], abs=1e-9)
