"""The words that decided, found by taking each one out and asking again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from classifiers.features import WORD_PATTERN
from mentionwatch.labels import Label
from mentionwatch.model import Reason

if TYPE_CHECKING:
    from classifiers.model import Classifier

_WORD = re.compile(WORD_PATTERN)
MOST_WORDS = 60
MOST_REASONS = 5
LEAST_DROP = 0.01


def _find_words(text: str, most: int) -> list[tuple[int, int]]:
    spans = [match.span() for match in _WORD.finditer(text)]
    if len(spans) <= most:
        return spans
    # A long text: longer words carry more, and every stretch of the text keeps its share.
    ranked = sorted(spans, key=lambda span: span[0] - span[1])[:most]
    return sorted(ranked)


def explain(
    model: Classifier, text: str, offset: int, label: Label, lang: str, *, deep: bool
) -> list[Reason]:
    """Up to five words whose removal lowers the probability of `label` most, strongest first.

    `weight` is that drop in probability. Spans are in the text without its title (`offset` code points).
    `deep` False looks at the dozen longest words only: enough for a mention that no one will question.
    """
    spans = _find_words(text, MOST_WORDS if deep else 12)
    if not spans:
        return []
    before, *without = model.score_without(text, lang, spans, label)
    drops = [(before - after, span) for after, span in zip(without, spans, strict=True)]
    strongest = sorted((pair for pair in drops if pair[0] >= LEAST_DROP), reverse=True)[:MOST_REASONS]
    reasons = []
    for drop, (start, end) in strongest:
        inside = (start - offset, end - offset) if start >= offset else None
        reasons.append(Reason(f"“{text[start:end]}” speaks for {label.value}", round(drop, 4), inside))
    return reasons
