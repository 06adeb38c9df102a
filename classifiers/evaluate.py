"""The gate's figures: how a model does on voices it has not heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.features import join
from classifiers.language import detect_language
from classifiers.model import LABELS, Decision, Thresholds, decide
from classifiers.rules import find_hits, is_reported
from classifiers.train import Judged
from mentionwatch.labels import Label, Route

BINS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one group of texts. Shares in [0, 1]; NaN never occurs: a share of nothing is 0 with `texts` 0.

    `found`: inappropriate posts with that label or a person asked. `accused`: lawful criticism called
    inappropriate. `police_missed`: police-route posts neither labelled nor sent to a person.
    `calibration_error`: expected calibration error of the best label, ten bins.
    """

    group: str
    texts: int
    macro_f1: float
    recall_inappropriate: float
    found: float
    asked: float
    accused: float
    police_posts: int
    police_missed: float
    calibration_error: float


def decide_row(item: Judged, cut: Thresholds) -> Decision:
    """The decision the product would have made of this row."""
    text = join(item.row.title, item.row.text)
    return decide(item.scores, find_hits(text), detect_language(text), is_reported(text), cut)


def _share(hits: int, total: int) -> float:
    return hits / total if total else 0.0


def _f1(pairs: Sequence[tuple[Label, Label]], label: Label) -> float:
    true = sum(want is label and got is label for want, got in pairs)
    return _share(2 * true, sum(want is label for want, _ in pairs) + sum(got is label for _, got in pairs))


def calibration_error(items: Sequence[Judged]) -> float:
    """Expected calibration error over the best label (Guo et al. 2017), equal-width bins."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for item in items:
        best = max(range(len(LABELS)), key=item.scores.labels.__getitem__)
        sure = item.scores.labels[best]
        bins[min(int(sure * BINS), BINS - 1)].append((sure, LABELS[best] is item.row.label))
    gaps = (abs(sum(right for _, right in each) - sum(sure for sure, _ in each)) for each in bins)
    return _share(1, len(items)) * sum(gaps)


def measure(group: str, items: Sequence[Judged], cut: Thresholds) -> Figures:
    """The figures of one group of unseen texts."""
    decided = [(item, decide_row(item, cut)) for item in items]
    pairs = [(item.row.label, decision.label) for item, decision in decided]
    bad = [(item, decision) for item, decision in decided if item.row.label is Label.INAPPROPRIATE]
    critics = [decision for item, decision in decided if item.row.label is Label.CONCERN]
    police = [decision for item, decision in bad if item.row.route is Route.POLICE]
    there = [label for label in LABELS if any(want is label for want, _ in pairs)]
    return Figures(
        group=group,
        texts=len(items),
        macro_f1=_share(1, len(there)) * sum(_f1(pairs, label) for label in there),
        recall_inappropriate=_share(sum(d.label is Label.INAPPROPRIATE for _, d in bad), len(bad)),
        found=_share(sum(d.label is Label.INAPPROPRIATE or d.needs_person for _, d in bad), len(bad)),
        asked=_share(sum(d.needs_person for _, d in decided), len(decided)),
        accused=_share(sum(d.label is Label.INAPPROPRIATE for d in critics), len(critics)),
        police_posts=len(police),
        police_missed=_share(
            sum(d.label is not Label.INAPPROPRIATE and not d.needs_person for d in police), len(police)
        ),
        calibration_error=calibration_error(items),
    )


def measure_all(items: Sequence[Judged], cut: Thresholds) -> list[Figures]:
    """Everything together, then per language. Code-switching counts with Welsh."""
    welsh = [item for item in items if item.row.lang in ("cy", "mixed")]
    english = [item for item in items if item.row.lang == "en"]
    return [measure("all", items, cut), measure("en", english, cut), measure("cy", welsh, cut)]
