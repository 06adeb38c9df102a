"""From the scores of a text's parts to those of the text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from classifiers.decision import Scores
from classifiers.heads import LABELS
from mentionwatch.labels import Label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


def soften_all(labels: Any, temperatures: Any) -> Numbers:
    """(n, labels) probabilities, each row at a temperature of its own (Guo et al. 2017); rows sum to one."""
    import numpy as np
    from scipy.special import softmax

    found: Numbers = softmax(np.log(np.maximum(labels, 1e-12)) / np.reshape(temperatures, (-1, 1)), axis=1)
    return found


def mix_each(values: Any, sizes: Sequence[int]) -> Numbers:
    """(n, columns) from (n + sum(sizes), columns): the whole texts first, then the windows of each in turn.

    A column of a text is the mean of what the whole text got and of the most any of its windows got.
    """
    import numpy as np

    mixed: Numbers = values[: len(sizes)].copy()
    held = np.asarray(sizes, dtype=np.intp)
    rows = np.flatnonzero(held)
    if len(rows):
        begins = (np.cumsum(held) - held)[rows]
        mixed[rows] = (mixed[rows] + np.maximum.reduceat(values[len(sizes) :], begins, axis=0)) / 2
    return mixed


def even_out(values: Any) -> Numbers:
    """(n, columns) with each row summing to one."""
    found: Numbers = values / values.sum(axis=1, keepdims=True)
    return found


def mix_worst(labels: Any, sizes: Sequence[int], bad: int) -> Numbers:
    """The same for label probabilities: only column `bad` is mixed, the others keep their proportions and fill up."""
    import numpy as np

    mixed: Numbers = labels[: len(sizes)].copy()
    worst = mix_each(labels[:, [bad]], sizes)[:, 0]
    rest = 1.0 - mixed[:, bad]
    share = np.divide(1.0 - worst, rest, out=np.zeros_like(rest), where=rest > 0)
    others = [at for at in range(labels.shape[1]) if at != bad]
    mixed[:, others] *= share[:, None]
    mixed[:, bad] = worst
    return even_out(mixed)


def merge(own: Sequence[Scores], lengths: Sequence[int]) -> Scores:
    """The scores of a text from those of its passages: as bad as its worst, else their average by length."""
    if len(own) == 1:
        return own[0]
    worst = max(own, key=lambda each: each.of(Label.INAPPROPRIATE))
    bad, total = worst.of(Label.INAPPROPRIATE), sum(lengths)
    means = [
        sum(each.labels[at] * size for each, size in zip(own, lengths, strict=True)) / total
        for at in range(len(LABELS))
    ]
    place = LABELS.index(Label.INAPPROPRIATE)
    rest = 1.0 - means[place]
    labels = tuple(
        bad if at == place else mean * (1.0 - bad) / rest if rest > 0 else 0.0
        for at, mean in enumerate(means)
    )
    harms = tuple(max(each.harms[at] for each in own) for at in range(len(worst.harms)))
    return Scores(labels, harms, worst.routes)
