"""From text to numbers: words, character pieces, and sentence vectors where an encoder is at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

WORD_PATTERN = r"(?u)\b\w[\w'’]*\b"
VECTOR_SCALE = 0.025
"""What a standardised vector is multiplied with beside the words; 0.01 to 0.03 did alike, more did worse."""


def join(title: str, text: str) -> str:
    """Title and text are judged together."""
    return f"{title}\n{text}" if title else text


def make_features() -> Any:
    """A scikit-learn union of word 1-2-grams and character 3-5-grams, TF-IDF weighted.

    Accents are folded: much of written Welsh on phones has none. Give it texts that `unmask` has read.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import FeatureUnion

    common = {"lowercase": True, "strip_accents": "unicode", "sublinear_tf": True}
    return FeatureUnion(
        [
            ("words", TfidfVectorizer(ngram_range=(1, 2), token_pattern=WORD_PATTERN, min_df=2, **common)),
            (
                "pieces",
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(3, 5), min_df=3, max_features=60_000, **common
                ),
            ),
        ]
    )


@dataclass(frozen=True, slots=True)
class Scaling:
    """Mean and spread of each of the vectors' columns, (dimension,) each, from the training texts."""

    mean: Numbers
    spread: Numbers

    def apply(self, vectors: Any) -> Numbers:
        """(n, dimension), standardised and scaled to stand beside the words."""
        found: Numbers = (vectors - self.mean) / self.spread * VECTOR_SCALE
        return found


def fit_scaling(vectors: Any) -> Scaling:
    """Columns without spread are left alone."""
    import numpy as np

    spread = np.asarray(vectors.std(axis=0), dtype=np.float64)
    return Scaling(np.asarray(vectors.mean(axis=0), dtype=np.float64), np.where(spread > 0, spread, 1.0))


def put_together(features: Any, scaling: Scaling | None, texts: Sequence[str], vectors: Any) -> Any:
    """The matrix the linear models are fitted on: words, pieces, then vectors (n, columns), sparse."""
    import scipy.sparse as sparse

    words = features.transform(texts)
    if scaling is None:
        return words.tocsr()
    return sparse.hstack([words, sparse.csr_matrix(scaling.apply(vectors))]).tocsr()
