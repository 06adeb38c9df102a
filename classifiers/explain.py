"""The words that decided: those which, taken out together, lower what the model says the most."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING

from classifiers.features import WORD_PATTERN
from mentionwatch.labels import Label
from mentionwatch.model import Reason

if TYPE_CHECKING:
    from classifiers.model import Classifier

_Places = list[tuple[int, int]]
_WORD = re.compile(WORD_PATTERN)
MOST_WORDS = 60
MOST_REASONS = 5
TOGETHER = 4
"""Words chosen together: as many as a person is shown."""
CANDIDATES = 8
LEAST_DROP = 0.05
"""Log-odds a word must take away to be named. Not a difference in probability: near one, no single word makes any."""


def _find_words(text: str, most: int) -> list[tuple[int, int]]:
    spans = [match.span() for match in _WORD.finditer(text)]
    if len(spans) <= most:
        return spans
    # A long text: longer words carry more, and every stretch of the text keeps its share.
    ranked = sorted(spans, key=lambda span: span[0] - span[1])[:most]
    return sorted(ranked)


def _odds(probability: float) -> float:
    kept = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(kept / (1 - kept))


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in sorted(spans, reverse=True):
        text = text[:start] + text[end:]
    return text


def _choose(model: Classifier, text: str, lang: str, label: Label, ranked: list[_Places]) -> list[_Places]:
    """Up to four of the ranked words, each with all its places, that together lower the probability most; as ranked.

    The variants keep the vector of the whole text: with one of their own the words found are hardly better (strangers'
    posts, 0.871 against 0.866 decided by them), and each costs what a text costs.
    """
    sets = list(combinations(ranked[:CANDIDATES], min(TOGETHER, len(ranked))))
    variants = [_without(text, [span for places in each for span in places]) for each in sets]
    found = model.score_variants(text, lang, variants, label)
    return list(sets[min(range(len(sets)), key=found.__getitem__)])


def explain(
    model: Classifier, text: str, offset: int, label: Label, lang: str, *, deep: bool
) -> list[Reason]:
    """Up to five words whose removal lowers the odds of `label` most; the first four are chosen together.

    `weight` is how far the log-odds fall without the word alone. Spans are in the text without its title (`offset`
    code points). `deep` False looks at the dozen longest words only, one by one: enough for a mention that no one will
    question.
    """
    spans = _find_words(text, MOST_WORDS if deep else 12)
    if not spans:
        return []
    before, *without = map(_odds, model.score_without(text, lang, spans, label))
    places: dict[str, list[tuple[int, int]]] = {}
    drops: dict[str, float] = {}
    for after, span in zip(without, spans, strict=True):
        word = text[slice(*span)].casefold()
        places.setdefault(word, []).append(span)
        drops[word] = drops.get(word, 0.0) + before - after
    ranked = sorted(
        (word for word in drops if drops[word] >= LEAST_DROP), key=drops.__getitem__, reverse=True
    )
    chosen = [places[word] for word in ranked]
    if deep:
        first = _choose(model, text, lang, label, chosen) if chosen else []
        chosen = [*first, *(each for each in chosen if each not in first)]
    reasons = []
    for each in chosen[:MOST_REASONS]:
        start, end = each[0]
        inside = (start - offset, end - offset) if start >= offset else None
        drop = drops[text[start:end].casefold()]
        reasons.append(Reason(f"“{text[start:end]}” speaks for {label.value}", round(drop, 4), inside))
    return reasons
