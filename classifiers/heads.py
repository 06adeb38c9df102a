"""The linear models as plain arrays: the same probabilities as scikit-learn's own, without its checks.

For a few rows scikit-learn spends milliseconds on validating what we made ourselves a moment ago.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifiers.kinds import KINDS
from mentionwatch.labels import Harm, Label, Route

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

LABELS = tuple(Label)
HARMS = tuple(Harm)
ROUTES = tuple(Route)
COLUMNS = len(KINDS) + len(HARMS) + len(ROUTES)


@dataclass(frozen=True, slots=True)
class Weights:
    """All linear models side by side: kinds, harms, routes.

    `words` (word and piece features, COLUMNS), `vectors` (dimension, COLUMNS) or None without an encoder; `shift`
    (COLUMNS,). C order. All are single-precision numbers, for these are stored; what is small is held as double.
    """

    words: Any
    vectors: Any
    shift: Any


class Heads:
    """Probabilities from weights: kinds and routes by softmax, each harm on its own."""

    def __init__(self, weights: Weights) -> None:
        import numpy as np

        self.weights = weights
        self._words = np.ascontiguousarray(weights.words, dtype=np.float32)
        # (kinds, labels): which kinds make up a label.
        self._labels = np.array([[float(label is kind[0]) for label in LABELS] for kind in KINDS])

    def raw(self, matrices: Iterable[Any]) -> Numbers:
        """(n, COLUMNS) before any squashing and without vectors, from sparse rows of the features, some at a time."""
        import numpy as np
        import scipy.sparse as sparse

        found = [np.empty((0, COLUMNS))]
        for rows in matrices:
            single = sparse.csr_matrix(
                (rows.data.astype(np.float32), rows.indices, rows.indptr), shape=rows.shape
            )
            # Row by row, in the order of the columns: one text has one answer in any company.
            found.append(single @ self._words)
        whole: Numbers = np.concatenate(found) + self.weights.shift
        return whole

    def by_vectors(self, vectors: Any) -> Numbers:
        """(n, COLUMNS): what the vectors add to `raw`."""
        import numpy as np

        # Not a matrix product: that may round differently in other company, and one text must have one answer.
        found: Numbers = np.einsum("nd,dc->nc", vectors, self.weights.vectors)
        return found

    def labels(self, raw: Numbers) -> Numbers:
        """(n, labels), each row summing to one: the sums over each label's kinds."""
        from scipy.special import softmax

        found: Numbers = softmax(raw[:, : len(KINDS)], axis=1) @ self._labels
        return found

    def harms(self, raw: Numbers) -> Numbers:
        """(n, harms), each harm's own probability."""
        from scipy.special import expit

        found: Numbers = expit(raw[:, len(KINDS) : len(KINDS) + len(HARMS)])
        return found

    def routes(self, raw: Numbers) -> Numbers:
        """(n, routes), each row summing to one."""
        from scipy.special import softmax

        found: Numbers = softmax(raw[:, len(KINDS) + len(HARMS) :], axis=1)
        return found
