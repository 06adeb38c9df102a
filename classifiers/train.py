"""Training: from the labelled texts in the repository to a model, reproducibly.

Everything random is seeded and splits follow voices, so the same texts give the same probabilities.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from classifiers.decision import Scores, Thresholds
from classifiers.features import Scaling, fit_scaling, join, make_features, put_together
from classifiers.heads import HARMS, ROUTES, Weights
from classifiers.kinds import KINDS, kind_of
from classifiers.labelled import LabelledText, hash_corpus
from classifiers.language import detect_language
from classifiers.model import ByLanguage, Classifier, Parts
from classifiers.thresholds import HARM_NAME, SURE, Judged, choose
from classifiers.unmask import unmask
from classifiers.vectors import VectorCache

FOLDS = 5
STRENGTH = 4.0
"""Inverse regularisation; between 2 and 8 the figures did not move."""
UNCUT = ByLanguage(Thresholds(0.5, 0.3, HARM_NAME, 0.3, 0.3, 0.3, SURE), 1.0)
"""Of a model whose cut-offs nobody has chosen yet."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model and the scores its unseen voices got, from which cut-offs and figures come."""

    parts: Parts
    judged: tuple[Judged, ...]


def _say_nothing(line: str) -> None:
    """For whoever need not know how far training has come."""
    del line


def plain_texts(rows: Sequence[LabelledText]) -> list[str]:
    """What the features read of labelled texts."""
    return [unmask(join(row.title, row.text)) for row in rows]


def split_by_voice(rows: Sequence[LabelledText], folds: int = FOLDS) -> list[tuple[list[int], list[int]]]:
    """(train, test) row numbers; a voice, and so a group, is never on both sides."""
    from sklearn.model_selection import GroupKFold

    voices = [row.voice for row in rows]
    splitter = GroupKFold(n_splits=min(folds, len(set(voices))))
    return [
        (list(map(int, train)), list(map(int, test))) for train, test in splitter.split(rows, groups=voices)
    ]


def _solve(matrix: Any, wanted: Any, weight: Any, classes: int) -> tuple[Any, Any]:
    """(columns, classes) and (classes,) of a softmax over classes; for `classes` 1, of a yes or no."""
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    # Newton: twice as fast here as the default solver, and ten times as exact.
    model = LogisticRegression(C=STRENGTH, solver="newton-cg", tol=1e-5, max_iter=200)
    model.fit(matrix, wanted, sample_weight=weight)
    if classes > 1 and list(model.classes_) != list(range(classes)):
        raise ValueError("the labelled texts do not hold every kind, harm and route")
    return np.ascontiguousarray(model.coef_.T), model.intercept_


def fit_weights(matrix: Any, rows: Sequence[LabelledText], width: int, weight: Any = None) -> Weights:
    """All linear models on a matrix of which the last `width` columns are the vectors'.

    `weight` (n,) counts some texts more than others. Raises `ValueError` where a kind, harm or route never occurs.
    """
    import numpy as np

    kinds = [kind_of(row.label, row.harms, row.route) for row in rows]
    routes = [ROUTES.index(row.route) for row in rows]
    solved = [_solve(matrix, kinds, weight, len(KINDS))]
    solved += [_solve(matrix, [harm in row.harms for row in rows], weight, 1) for harm in HARMS]
    solved += [_solve(matrix, routes, weight, len(ROUTES))]
    # Single precision is what is stored: what is measured must be what is shipped.
    whole = np.hstack([values for values, _ in solved]).astype(np.float32).astype(np.float64)
    shift = np.concatenate([shift for _, shift in solved]).astype(np.float32).astype(np.float64)
    words = len(whole) - width
    return Weights(np.ascontiguousarray(whole[:words]), whole[words:] if width else None, shift)


def fit(rows: Sequence[LabelledText], cache: VectorCache | None, name: str) -> Parts:
    """All pieces on all given rows, cut-offs not chosen yet."""
    texts = plain_texts(rows)
    features = make_features().fit(texts)
    for _, vectorizer in features.transformer_list:
        # Plain numbers: as NumPy's own, each of the 80,000 would become a file of its own in the stored model.
        vectorizer.vocabulary_ = {gram: int(column) for gram, column in vectorizer.vocabulary_.items()}
    vectors = cache.vectors(texts) if cache else None
    scaling: Scaling | None = fit_scaling(vectors) if cache else None
    matrix = put_together(features, scaling, texts, vectors)
    width = vectors.shape[1] if vectors is not None else 0
    weights = fit_weights(matrix, rows, width)
    encoder = cache.encoder.name if cache else ""
    return Parts(features, scaling, weights, UNCUT, UNCUT, name, encoder)


def judge(classifier: Classifier, rows: Sequence[LabelledText]) -> list[Judged]:
    """Each row with the scores this classifier gives its text as a whole."""
    texts = [join(row.title, row.text) for row in rows]
    scored: list[Scores] = classifier.score(texts)
    return [Judged(row, scores) for row, scores in zip(rows, scored, strict=True)]


def score_unseen(
    rows: Sequence[LabelledText],
    cache: VectorCache | None,
    say: Callable[[str], None] = _say_nothing,
) -> list[Judged]:
    """Each row scored, at temperature 1, by a model that saw none of its voice: the headline way to evaluate."""
    judged: list[Judged | None] = [None] * len(rows)
    for number, (train, test) in enumerate(split_by_voice(rows), 1):
        model = Classifier(fit([rows[at] for at in train], cache, "fold"), cache)
        for at, item in zip(test, judge(model, [rows[at] for at in test]), strict=True):
            judged[at] = item
        say(f"voices left out: part {number} of {FOLDS}")
    return [item for item in judged if item is not None]


def told(item: Judged) -> str:
    """The language the product would take a labelled text for: its cut-offs are the ones to measure with."""
    return detect_language(join(item.row.title, item.row.text))


def choose_cuts(parts: Parts, judged: Sequence[Judged]) -> Parts:
    """The same with temperature and cut-offs for each language."""
    tongues = [told(item) for item in judged]
    english = choose([item for item, lang in zip(judged, tongues, strict=True) if lang != "cy"])
    welsh = choose([item for item, lang in zip(judged, tongues, strict=True) if lang == "cy"])
    return replace(parts, english=english, welsh=welsh)


def model_name(rows: tuple[LabelledText, ...], encoder: str) -> str:
    """What kind of model, and the texts it was made of."""
    return f"{encoder.split(':')[0] or 'word'}-{hash_corpus(rows)[:12]}"


def build(
    rows: tuple[LabelledText, ...],
    cache: VectorCache | None,
    say: Callable[[str], None] = _say_nothing,
) -> Trained:
    """The whole of training: cut-offs on unseen voices, then the pieces on everything."""
    judged = score_unseen(rows, cache, say)
    parts = fit(rows, cache, model_name(rows, cache.encoder.name if cache else ""))
    return Trained(choose_cuts(parts, judged), tuple(judged))


CORRECTION_WEIGHT = 3.0
"""What one correction by a person counts beside an invented text."""


def learn(
    champion: Classifier, rows: Sequence[LabelledText], corrections: Sequence[LabelledText], name: str
) -> Classifier:
    """The champion with new weights from its own texts and the school's corrections.

    Vocabulary, document frequencies, scaling and cut-offs stay as they are: no word of a school's post, not even as
    an entry in a list, is ever kept in a model, and an erased post is gone with the next training.
    """
    import numpy as np

    both = [*rows, *corrections]
    texts = plain_texts(both)
    vectors = champion.cache.vectors(texts) if champion.cache else None
    parts = champion.parts
    matrix = put_together(parts.features, parts.scaling, texts, vectors)
    weight = np.array([1.0] * len(rows) + [CORRECTION_WEIGHT] * len(corrections))
    weights = fit_weights(matrix, both, vectors.shape[1] if vectors is not None else 0, weight)
    return Classifier(replace(parts, weights=weights, name=name), champion.cache)
