"""The classifier's own arithmetic gives what scikit-learn's gives, for whole texts and for texts without a word."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifiers.counting import TextCounts
from classifiers.features import WORD_PATTERN, join
from classifiers.heads import LABELS
from classifiers.kinds import KINDS
from classifiers.labelled import read_corpus
from classifiers.model import Classifier
from classifiers.passages import windows
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


@cache
def _counts() -> TextCounts:
    return TextCounts(_words().parts.features)


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


def _assert_same_rows(texts: list[str], rows: list[Any]) -> None:
    """The very columns, and the values but for the order in which a length was summed."""
    ours = sparse.vstack(rows).tocsr()
    theirs = _words().parts.features.transform([unmask(text) for text in texts]).tocsr()
    theirs.sort_indices()
    assert ours.indptr.tolist() == theirs.indptr.tolist()
    assert ours.indices.tolist() == theirs.indices.tolist()
    assert np.abs(ours.data - theirs.data).max(initial=0.0) < 1e-12


def test_every_labelled_text_is_counted_as_by_the_library() -> None:
    texts = [join(row.title, row.text) for row in read_corpus()[::7]]
    counts = TextCounts(_words().parts.features)
    _assert_same_rows(texts, list(counts.matrices(texts)))
    # Once more, now that every stretch is remembered, and in other company.
    _assert_same_rows(texts[::-3], list(counts.matrices(texts[::-3])))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=12)), max_size=12), max_size=5),
    st.sampled_from(("", " ", "\n ")),
)
@example([["the"], ["the"] * 3_000], " ")
@example([["the", "!!", "head", "…", "of"], []], " ")
@example([["a" * 5_000]], "")
def test_any_texts_are_counted_as_by_the_library(pieces: list[list[str]], joint: str) -> None:
    texts = [joint.join(each) for each in pieces]
    if texts:
        _assert_same_rows(texts, list(_counts().matrices(texts)))
    assert list(_words().score([])) == []


def test_a_batch_counted_in_many_parts_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [join(row.title, row.text) for row in read_corpus()[:200]]
    monkeypatch.setattr("classifiers.counting._ENTRIES", 500)
    monkeypatch.setattr("classifiers.stretches.AT_ONCE", 7)
    monkeypatch.setattr("classifiers.stretches.REMEMBERED", 50)
    _assert_same_rows(texts, list(TextCounts(_words().parts.features).matrices(texts)))


def test_scores_do_not_depend_on_company() -> None:
    texts = plain_texts(read_corpus()[:300])
    model = _words()
    together = model.score(texts, ["en"] * len(texts))
    assert [model.score([text], ["en"])[0] for text in texts[::25]] == together[::25]


def test_every_labelled_text_scores_as_by_the_library() -> None:
    # A text of more sentences is scored by its windows too.
    texts = [text for text in plain_texts(read_corpus()[::17]) if not windows(text)]
    scored = _words().score(texts, ["en"] * len(texts))
    for ours, theirs in zip(scored, _by_the_library(_words(), texts), strict=True):
        assert ours.labels == pytest.approx(theirs, abs=1e-5)


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
        assert found == pytest.approx([each[at] for each in wanted], abs=1e-5)
