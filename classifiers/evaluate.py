"""How a model does on voices it has not heard: the figures of the gate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.decision import Decision, decide
from classifiers.features import join
from classifiers.heads import LABELS
from classifiers.language import detect_language
from classifiers.model import Parts
from classifiers.rules import find_hits
from classifiers.thresholds import Judged, soften
from mentionwatch.labels import Harm, Label, Route

BINS = 10


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Of one label: how many texts carry it, and how the proposals do."""

    label: Label
    texts: int
    recall: float
    precision: float
    f1: float


@dataclass(frozen=True, slots=True)
class HarmFigures:
    """Of one harm: how many texts carry it, how many got the label or a person, and how many the harm's name."""

    harm: Harm
    texts: int
    found: float
    named: float


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one group of texts. Shares in [0, 1]; NaN never occurs: a share of nothing is 0 with `texts` 0.

    `found`: inappropriate posts with that label or a person asked. `asked`: all texts sent to a person. `accused`:
    lawful criticism called inappropriate. `police_missed`: posts for the police neither labelled nor sent to a
    person. `calibration_error`: expected calibration error of the best label, ten bins.
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
    labels: tuple[LabelFigures, ...] = ()
    harms: tuple[HarmFigures, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """A labelled text and what the product would have made of it."""

    row: Judged
    decision: Decision

    @property
    def is_found(self) -> bool:
        return self.decision.label is Label.INAPPROPRIATE or self.decision.needs_person


def calibrate(judged: Sequence[Judged], parts: Parts) -> list[Judged]:
    """Scores at temperature 1, brought to the temperature of their language."""
    langs = (detect_language(join(item.row.title, item.row.text)) for item in judged)
    return soften(judged, [parts.of(lang).temperature for lang in langs])


def decide_row(item: Judged, parts: Parts) -> Decided:
    """The decision the product would have made of this calibrated row."""
    text = join(item.row.title, item.row.text)
    lang = detect_language(text)
    return Decided(item, decide(item.scores, find_hits(text), lang, parts.of(lang).thresholds))


def _share(hits: int, total: int) -> float:
    return hits / total if total else 0.0


def calibration_error(items: Sequence[Judged]) -> float:
    """Expected calibration error over the best label (Guo et al. 2017), equal-width bins."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for item in items:
        best = max(range(len(LABELS)), key=item.scores.labels.__getitem__)
        sure = item.scores.labels[best]
        bins[min(int(sure * BINS), BINS - 1)].append((sure, LABELS[best] is item.row.label))
    gaps = (abs(sum(right for _, right in each) - sum(sure for sure, _ in each)) for each in bins)
    return _share(1, len(items)) * sum(gaps)


def _of_label(decided: Sequence[Decided], label: Label) -> LabelFigures:
    true = sum(each.row.row.label is label and each.decision.label is label for each in decided)
    there = sum(each.row.row.label is label for each in decided)
    given = sum(each.decision.label is label for each in decided)
    return LabelFigures(
        label, there, _share(true, there), _share(true, given), _share(2 * true, there + given)
    )


def _of_harm(decided: Sequence[Decided], harm: Harm) -> HarmFigures:
    own = [each for each in decided if harm in each.row.row.harms]
    return HarmFigures(
        harm,
        len(own),
        _share(sum(each.is_found for each in own), len(own)),
        _share(sum(harm in each.decision.harms for each in own), len(own)),
    )


def measure(group: str, decided: Sequence[Decided]) -> Figures:
    """The figures of one group of unseen texts, decided on calibrated scores."""
    labels = tuple(_of_label(decided, label) for label in LABELS)
    there = [each for each in labels if each.texts]
    bad = [each for each in decided if each.row.row.label is Label.INAPPROPRIATE]
    critics = [each for each in decided if each.row.row.label is Label.CONCERN]
    police = [each for each in bad if each.row.row.route is Route.POLICE]
    named = sum(each.decision.label is Label.INAPPROPRIATE for each in bad)
    return Figures(
        group=group,
        texts=len(decided),
        macro_f1=_share(1, len(there)) * sum(each.f1 for each in there),
        recall_inappropriate=_share(named, len(bad)),
        found=_share(sum(each.is_found for each in bad), len(bad)),
        asked=_share(sum(each.decision.needs_person for each in decided), len(decided)),
        accused=_share(sum(each.decision.label is Label.INAPPROPRIATE for each in critics), len(critics)),
        police_posts=len(police),
        police_missed=_share(sum(not each.is_found for each in police), len(police)),
        calibration_error=calibration_error([each.row for each in decided]),
        labels=labels,
        harms=tuple(_of_harm(decided, harm) for harm in Harm),
    )


def measure_all(judged: Sequence[Judged], parts: Parts) -> list[Figures]:
    """Everything together, then per language, of calibrated rows. Code-switching counts with Welsh."""
    decided = [decide_row(item, parts) for item in judged]
    welsh = [each for each in decided if each.row.row.lang in ("cy", "mixed")]
    english = [each for each in decided if each.row.row.lang == "en"]
    return [measure("all", decided), measure("en", english), measure("cy", welsh)]
