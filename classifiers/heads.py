"""The three linear models as plain arrays: the same probabilities as scikit-learn's own, without its checks.

For a few rows scikit-learn spends milliseconds on validating what we made ourselves a moment ago.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from classifiers.counting import Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


class Heads:
    """Labels (sigmoid-calibrated, normalised), harms (each on its own) and routes (softmax), a row a text."""

    def __init__(self, labels: Any, harms: Any, routes: Any) -> None:
        import numpy as np

        calibrated = labels.calibrated_classifiers_[0]
        inner = calibrated.estimator
        self._label_weights, self._label_shift = np.ascontiguousarray(inner.coef_.T), inner.intercept_
        self._slopes = np.array([sigmoid.a_ for sigmoid in calibrated.calibrators])
        self._offsets = np.array([sigmoid.b_ for sigmoid in calibrated.calibrators])
        self._harm_weights = np.ascontiguousarray(np.vstack([one.coef_ for one in harms.estimators_]).T)
        self._harm_shift = np.concatenate([one.intercept_ for one in harms.estimators_])
        self._route_weights, self._route_shift = np.ascontiguousarray(routes.coef_.T), routes.intercept_

    def labels(self, rows: Rows) -> Numbers:
        """Calibrated probabilities; each row sums to one."""
        import numpy as np
        from scipy.special import expit

        raw = rows.values @ self._label_weights[rows.columns] + self._label_shift
        each: Numbers = expit(-(self._slopes * raw + self._offsets))
        total = each.sum(axis=1, keepdims=True)
        even = np.full_like(each, 1 / each.shape[1])
        found: Numbers = np.divide(each, total, out=even, where=total > 0)
        return found

    def harms(self, rows: Rows) -> Numbers:
        """Each harm's own probability."""
        from scipy.special import expit

        found: Numbers = expit(rows.values @ self._harm_weights[rows.columns] + self._harm_shift)
        return found

    def routes(self, rows: Rows) -> Numbers:
        """Probabilities that sum to one."""
        from scipy.special import softmax

        found: Numbers = softmax(rows.values @ self._route_weights[rows.columns] + self._route_shift, axis=1)
        return found
