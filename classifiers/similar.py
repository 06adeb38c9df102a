"""Which of the posts that people have judged is this one most like? Shown beside a proposal, never decides one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifiers.model import Classifier
from classifiers.passages import LONG
from classifiers.unmask import unmask

LIKE_FROM = 0.2
"""Cosine from which two posts are shown together. Of 600 unrelated corpus texts, nine in ten have no neighbour this near; of
texts written as twins, about two thirds do."""
MOST = 2


@dataclass(frozen=True, slots=True)
class Likeness:
    """Number of the known text it is like, and how much, 0 to 1."""

    at: int
    cosine: float


def unit_rows(classifier: Classifier, texts: Sequence[str]) -> Any:
    """A sparse matrix, a row a text, each of length one: what likeness is measured on. Worth keeping for a text seen again."""
    from sklearn.preprocessing import normalize

    plain = [unmask(text[:LONG]) for text in texts]
    return normalize(classifier.parts.features.transform(plain))


def find_alike(
    classifier: Classifier,
    texts: Sequence[str],
    known: Sequence[str],
    itself: Sequence[Collection[int]] = (),
) -> list[tuple[Likeness, ...]]:
    """For each text up to two of the known ones, the most alike first; by words and pieces of words.

    A text is like itself: `itself` names, for each text, the numbers of the known ones it is not compared with.
    """
    if not texts or not known:
        return [() for _ in texts]
    return find_nearest(unit_rows(classifier, texts), unit_rows(classifier, known), itself)


def find_nearest(
    texts: Any, known: Any, itself: Sequence[Collection[int]] = ()
) -> list[tuple[Likeness, ...]]:
    """The same over rows of `unit_rows`; of each at least one."""
    cosines = (texts @ known.T).toarray()
    for at, left_out in enumerate(itself):
        cosines[at, list(left_out)] = 0.0
    found = []
    for row in cosines:
        ranked = sorted(
            (at for at in np.flatnonzero(row >= LIKE_FROM).tolist()), key=lambda at: (-row[at], at)
        )
        found.append(tuple(Likeness(at, float(row[at])) for at in ranked[:MOST]))
    return found
