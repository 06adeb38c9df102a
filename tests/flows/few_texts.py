"""A few of the labelled texts, of every kind: enough to train a real model in a second."""

from __future__ import annotations

import random
from importlib.resources import files

from classifiers.labelled import LabelledText, read_corpus

CORPUS = read_corpus()
UNHEARD = read_corpus(files("classifiers").joinpath("unheard"))


def some(rows: tuple[LabelledText, ...], each: int) -> tuple[LabelledText, ...]:
    """A few rows of every label, set of harms and route, in both languages."""
    dice = random.Random(4)
    kinds: dict[tuple[str, ...], list[LabelledText]] = {}
    for row in rows:
        key = (str(row.lang == "en"), row.label, *sorted(row.harms)[:1], row.route)
        kinds.setdefault(key, []).append(row)
    return tuple(
        row for _, found in sorted(kinds.items()) for row in dice.sample(found, min(each, len(found)))
    )


SMALL, FROZEN = some(CORPUS, 4), some(UNHEARD, 3)
