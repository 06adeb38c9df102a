"""Training: from the labelled texts in the repository to a model, reproducibly.

Everything random is seeded and splits follow voices, so the same texts give the same probabilities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.features import join, make_features
from classifiers.labelled import LabelledText, hash_corpus
from classifiers.model import HARMS, LABELS, ROUTES, Parts, Scores, Thresholds
from mentionwatch.labels import Harm, Label, Route

FOLDS = 5
ACCUSED_AT_MOST = 0.02
"""Share of lawful criticism that may be called inappropriate (product goals)."""
ASKED_AT_MOST = 0.25
"""Share of mentions that may be sent to a person."""
FOUND_AT_LEAST = 0.95
"""Share of inappropriate posts that must get the label or a person."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled text with the scores of a model that never saw its voice."""

    row: LabelledText
    scores: Scores


def _texts(rows: Sequence[LabelledText]) -> list[str]:
    return [join(row.title, row.text) for row in rows]


def split_by_voice(rows: Sequence[LabelledText], folds: int = FOLDS) -> list[tuple[list[int], list[int]]]:
    """(train, test) row numbers; a voice, and so a group, is never on both sides."""
    from sklearn.model_selection import GroupKFold

    voices = [row.voice for row in rows]
    splitter = GroupKFold(n_splits=min(folds, len(set(voices))))
    return [
        (list(map(int, train)), list(map(int, test))) for train, test in splitter.split(rows, groups=voices)
    ]


def _fit_labels(matrix: Any, rows: Sequence[LabelledText]) -> Any:
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.linear_model import LogisticRegression

    wanted = [LABELS.index(row.label) for row in rows]
    model = LogisticRegression(C=8.0, max_iter=2000, class_weight="balanced")
    return CalibratedClassifierCV(model, method="sigmoid", cv=split_by_voice(rows), ensemble=False).fit(
        matrix, wanted
    )


def _fit_harms(matrix: Any, rows: Sequence[LabelledText]) -> Any:
    import numpy as np
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    wanted = np.array([[harm in row.harms for harm in HARMS] for row in rows], dtype=int)
    return OneVsRestClassifier(LogisticRegression(C=8.0, max_iter=2000)).fit(matrix, wanted)


def _fit_routes(matrix: Any, rows: Sequence[LabelledText]) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=8.0, max_iter=2000).fit(matrix, [ROUTES.index(row.route) for row in rows])


def fit(rows: Sequence[LabelledText], thresholds: Thresholds, name: str) -> Parts:
    """All pieces on all given rows. Every label, harm and route must occur."""
    for kind, there in (
        (Label, {r.label for r in rows}),
        (Route, {r.route for r in rows}),
        (Harm, {h for r in rows for h in r.harms}),
    ):
        missing = set(kind) - there
        if missing:
            raise ValueError(f"the labelled texts hold no {', '.join(sorted(missing))}")
    features = make_features()
    matrix = features.fit_transform(_texts(rows))
    for _, vectorizer in features.transformer_list:
        # Plain numbers: as NumPy's own, each of the 20,000 would become a file of its own in the stored model.
        vectorizer.vocabulary_ = {gram: int(column) for gram, column in vectorizer.vocabulary_.items()}
    return Parts(
        features,
        _fit_labels(matrix, rows),
        _fit_harms(matrix, rows),
        _fit_routes(matrix, rows),
        thresholds,
        name,
    )


def score_unseen(rows: Sequence[LabelledText]) -> list[Judged]:
    """Each row scored by a model that saw none of its voice: the headline way to evaluate."""
    from classifiers.model import Classifier

    anything = Thresholds(0.5, 0.3, 0.3, 0.3, 0.4)
    judged: list[Judged | None] = [None] * len(rows)
    for train, test in split_by_voice(rows):
        model = Classifier(fit([rows[at] for at in train], anything, "fold"))
        for at, scores in zip(test, model.score(_texts([rows[at] for at in test])), strict=True):
            judged[at] = Judged(rows[at], scores)
    return [item for item in judged if item is not None]


def _lowest(candidates: Sequence[float], holds: Any, otherwise: float) -> float:
    return next((cut for cut in sorted(candidates) if holds(cut)), otherwise)


def choose_thresholds(judged: Sequence[Judged]) -> Thresholds:
    """Cut-offs from unseen voices.

    `label_high`: the lowest that accuses at most 2 % of critics. `ask_low`: the highest that still finds 95 % of the
    inappropriate posts as label or person, but never so low that more than a quarter goes to a person.
    """
    grid = [step / 100 for step in range(2, 99)]
    bad = [(item.scores.of(Label.INAPPROPRIATE), item.row.label) for item in judged]
    critics = [score for score, label in bad if label is Label.CONCERN]
    posts = [score for score, label in bad if label is Label.INAPPROPRIATE]
    label_high = _lowest(
        grid, lambda cut: sum(s >= cut for s in critics) <= ACCUSED_AT_MOST * len(critics), 0.98
    )
    finding = [
        cut
        for cut in grid
        if cut <= label_high and sum(s >= cut for s in posts) >= FOUND_AT_LEAST * len(posts)
    ]
    affordable = _lowest(
        grid, lambda cut: sum(cut <= s < label_high for s, _ in bad) <= ASKED_AT_MOST * len(bad), label_high
    )
    ask_low = max(max(finding, default=grid[0]), min(affordable, label_high))
    threats = [item.scores.harm(Harm.THREAT) for item in judged if Harm.THREAT not in item.row.harms]
    threat_ask = _lowest(grid, lambda cut: sum(s >= cut for s in threats) <= 0.02 * len(threats), 0.5)
    return Thresholds(label_high=label_high, ask_low=ask_low, harm_name=0.3, threat_ask=threat_ask, sure=0.4)


def build(rows: tuple[LabelledText, ...]) -> tuple[Parts, list[Judged]]:
    """The whole of training: thresholds on unseen voices, then the pieces on everything."""
    judged = score_unseen(rows)
    return fit(rows, choose_thresholds(judged), f"word-{hash_corpus(rows)[:12]}"), judged
