"""The gate: champion and challenger on texts that neither was trained on, and on what people corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from classifiers.labelled import LabelledText
from mentionwatch.labels import Harm, Label, Route

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from classifiers.model import Classifier

SEED = 20261121
RESAMPLES = 2000
MAY_FALL = 0.01
"""How much the point estimate of macro-F1 may fall: less than chance moves it by."""
_LANGS = {"en": frozenset({"en"}), "cy": frozenset({"cy", "mixed"})}
_LABELS = tuple(Label)


@dataclass(frozen=True, slots=True)
class Given:
    """What a model makes of one text: label, and whether a person is asked."""

    label: Label
    needs_person: bool


def decide_all(classifier: Classifier, rows: Sequence[LabelledText]) -> list[Given]:
    """What the product would decide on each row, with this model's thresholds."""
    from classifiers.evaluate import decide_row
    from classifiers.train import judge

    decided = (decide_row(item, classifier.parts).decision for item in judge(classifier, rows))
    return [Given(one.label, one.needs_person) for one in decided]


@dataclass(frozen=True, slots=True)
class GroupCompared:
    """One language of the frozen set; pairs are champion, challenger. `interval` holds 95 % of the resampled differences."""

    lang: str
    texts: int
    threats: int
    threats_missed: tuple[int, int]
    critics: int
    accused: tuple[int, int]
    macro_f1: tuple[float, float]
    difference: float
    interval: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Compared:
    """Champion and challenger. `reasons` says why not; empty when it passed."""

    groups: tuple[GroupCompared, ...]
    corrections_right: tuple[int, int]
    reasons: tuple[str, ...]


def _macro_f1(counts: NDArray[Any], there: Sequence[int]) -> NDArray[np.float64]:
    """From [..., wanted, given] counts, over the labels that occur."""
    import numpy as np

    hits = 2.0 * np.einsum("...ii->...i", counts)
    total = counts.sum(axis=-1) + counts.sum(axis=-2)
    shares = np.divide(hits, total, out=np.zeros_like(hits), where=total > 0)
    found: NDArray[np.float64] = shares[..., list(there)].mean(axis=-1)
    return found


def _compare_f1(triples: Sequence[tuple[Label, Label, Label]]) -> tuple[float, float, float, float]:
    """Macro-F1 of both, and the 95 % interval of the difference, resampling texts (paired bootstrap).

    Drawing texts with replacement is drawing their (wanted, champion, challenger) triples from a multinomial.
    """
    import numpy as np

    size = len(_LABELS)
    cells = np.zeros((size, size, size))
    for triple in triples:
        cells[tuple(_LABELS.index(label) for label in triple)] += 1
    there = [at for at in range(size) if cells[at].sum()]
    draws = np.random.default_rng(SEED).multinomial(
        len(triples), cells.ravel() / len(triples), size=RESAMPLES
    )
    drawn = draws.reshape(-1, size, size, size)
    differences = _macro_f1(drawn.sum(axis=2), there) - _macro_f1(drawn.sum(axis=3), there)
    low, high = np.quantile(differences, (0.025, 0.975))
    return (
        float(_macro_f1(cells.sum(axis=2), there)),
        float(_macro_f1(cells.sum(axis=1), there)),
        float(low),
        float(high),
    )


def _is_missed(row: LabelledText, decision: Given) -> bool:
    """A threat, or what is for the police, that neither got the label nor goes to a person."""
    is_threat = Harm.THREAT in row.harms or row.route is Route.POLICE
    return is_threat and decision.label is not Label.INAPPROPRIATE and not decision.needs_person


def _is_accused(row: LabelledText, decision: Given) -> bool:
    return row.label is Label.CONCERN and decision.label is Label.INAPPROPRIATE


def compare_group(lang: str, judged: Sequence[tuple[LabelledText, Given, Given]]) -> GroupCompared:
    """The figures of one language: each text with what champion and challenger made of it. Needs one text at least."""
    f1s = _compare_f1([(row.label, old.label, new.label) for row, old, new in judged])
    return GroupCompared(
        lang=lang,
        texts=len(judged),
        threats=sum(Harm.THREAT in row.harms or row.route is Route.POLICE for row, _, _ in judged),
        threats_missed=(sum(_is_missed(row, old) for row, old, _ in judged), sum(_is_missed(row, new) for row, _, new in judged)),
        critics=sum(row.label is Label.CONCERN for row, _, _ in judged),
        accused=(sum(_is_accused(row, old) for row, old, _ in judged), sum(_is_accused(row, new) for row, _, new in judged)),
        macro_f1=f1s[:2],
        difference=f1s[1] - f1s[0],
        interval=f1s[2:],
    )  # fmt: skip


def find_faults(group: GroupCompared) -> list[str]:
    """Why the challenger must not replace the champion, as far as this language goes; empty when it may."""
    faults = []
    for what, (old, new) in (
        ("threats missed", group.threats_missed),
        ("criticism called inappropriate", group.accused),
    ):
        if new > old:
            faults.append(f"{group.lang}: {what} rose from {old} to {new}")
    if group.interval[1] < 0:
        faults.append(f"{group.lang}: macro-F1 fell, by chance in fewer than one case in forty")
    if group.difference < -MAY_FALL:
        faults.append(f"{group.lang}: macro-F1 fell from {group.macro_f1[0]:.3f} to {group.macro_f1[1]:.3f}")
    return faults


def compare(
    champion: Classifier,
    challenger: Classifier,
    frozen: Sequence[LabelledText],
    lessons: Sequence[LabelledText],
) -> Compared:
    """Hold both against texts neither was trained on, and against what people corrected."""
    old, new = decide_all(champion, frozen), decide_all(challenger, frozen)
    judged = list(zip(frozen, old, new, strict=True))
    groups, reasons = [], list[str]()
    for lang, langs in _LANGS.items():
        of_lang = [one for one in judged if one[0].lang in langs]
        if not of_lang:
            reasons.append(f"{lang}: there is no text to compare on")
            continue
        groups.append(compare_group(lang, of_lang))
        reasons += find_faults(groups[-1])
    before, after = (
        sum(row.label is one.label for row, one in zip(lessons, decide_all(model, lessons), strict=True))
        for model in (champion, challenger)
    )
    if after < before:
        reasons.append(f"of the corrections it gets {after} right, the model in use {before}")
    return Compared(tuple(groups), (before, after), tuple(reasons))
