"""From text to numbers: words and character pieces, the word model of the reference design."""

from __future__ import annotations

from typing import Any

WORD_PATTERN = r"(?u)\b\w[\w'’]*\b"


def join(title: str, text: str) -> str:
    """Title and text are judged together."""
    return f"{title}\n{text}" if title else text


def make_features() -> Any:
    """A scikit-learn union of word 1-2-grams and character 2-5-grams, TF-IDF weighted.

    Accents are folded: much of written Welsh on phones has none.
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
                    analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=60_000, **common
                ),
            ),
        ]
    )
