"""Temperature and cut-offs of a language, from texts scored by models that never saw their voices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from classifiers.decision import Scores, Thresholds
from classifiers.features import join
from classifiers.heads import LABELS
from classifiers.labelled import LabelledText
from classifiers.language import detect_language
from classifiers.mixing import soften_all
from classifiers.model import ByLanguage
from classifiers.rules import find_hits
from mentionwatch.labels import Harm, Label, Route

ACCUSED_AT_MOST = 0.02
"""Share of lawful criticism that may be called inappropriate (product goals)."""
FOUND_AT_LEAST = 0.95
"""Share of inappropriate posts that must get the label or a person (product goals)."""
ASKED_AT_MOST = 1 / 3
"""Share of the corpus that may be sent to a person. The goal is a quarter of what strangers write; more than a third of the
corpus is inappropriate and half of its harmless texts are look-alikes, so a third there is less elsewhere."""
ASKED_FOR_CHILDREN = 0.02
"""Share of the corpus beyond that third that may be brought to a person because a child may be at risk."""
SURE = 0.4
HARM_NAME = 0.3
LEAST_ROWS = 100
"""A language with fewer texts to choose on is never filed without a person."""
STEPS = tuple(step / 200 for step in range(4, 199))


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled text with the scores of a model that never saw its voice."""

    row: LabelledText
    scores: Scores


def soften(judged: Sequence[Judged], temperatures: Sequence[float]) -> list[Judged]:
    """The same with the label probabilities of each at a temperature of its own."""
    if not judged:
        return []
    labels = soften_all([item.scores.labels for item in judged], temperatures).tolist()
    return [
        replace(item, scores=replace(item.scores, labels=tuple(own)))
        for item, own in zip(judged, labels, strict=True)
    ]


def choose_temperature(judged: Sequence[Judged]) -> float:
    """The temperature that makes the true labels likeliest."""
    import numpy as np
    from scipy.optimize import minimize_scalar

    logs = np.log(np.maximum([item.scores.labels for item in judged], 1e-12))
    wanted = np.array([LABELS.index(item.row.label) for item in judged])

    def loss(temperature: float) -> float:
        scaled = logs / temperature
        top = scaled.max(axis=1, keepdims=True)
        total = top[:, 0] + np.log(np.exp(scaled - top).sum(axis=1))
        return float(np.mean(total - scaled[np.arange(len(wanted)), wanted]))

    return round(float(minimize_scalar(loss, bounds=(0.3, 5.0), method="bounded").x), 4)


def _is_asked_anyway(item: Judged) -> bool:
    """A rule, another language or a shrug sends it to a person whatever the cut-offs."""
    text = join(item.row.title, item.row.text)
    return bool(find_hits(text)) or detect_language(text) == "other" or max(item.scores.labels) < SURE


def choose_thresholds(judged: Sequence[Judged]) -> Thresholds:
    """Cut-offs on calibrated scores.

    `label_high`: the lowest that accuses at most 2 % of critics. `threat_ask`: asks about 2 % of texts without a threat.
    `safeguarding_ask`: the lowest that asks about 2 % more.
    `ask_low` and `police_ask` together: of all pairs that find 95 % of inappropriate posts as label or person and ask
    about a third at most, the pair that finds most of the posts for the police; of pairs alike in that, the one that
    asks least. Where no pair does both, the one that finds most within the third.
    """
    import numpy as np

    bad = np.array([item.scores.of(Label.INAPPROPRIATE) for item in judged])
    police = np.array([item.scores.route(Route.POLICE) for item in judged])
    threat = np.array([item.scores.harm(Harm.THREAT) for item in judged])
    is_bad = np.array([item.row.label is Label.INAPPROPRIATE for item in judged])
    is_critic = np.array([item.row.label is Label.CONCERN for item in judged])
    is_police = is_bad & np.array([item.row.route is Route.POLICE for item in judged])
    is_threat = np.array([Harm.THREAT in item.row.harms for item in judged])
    label_high = next(
        (cut for cut in STEPS if np.sum(bad[is_critic] >= cut) <= ACCUSED_AT_MOST * np.sum(is_critic)),
        STEPS[-1],
    )
    threat_ask = next(
        (cut for cut in STEPS if np.sum(threat[~is_threat] >= cut) <= 0.02 * np.sum(~is_threat)), STEPS[-1]
    )
    labelled = bad >= label_high
    anyway = np.array([_is_asked_anyway(item) for item in judged]) | (~labelled & (threat >= threat_ask))
    best: tuple[bool, float, float, float] | None = None
    chosen = (label_high, STEPS[-1])
    for ask_low in (cut for cut in STEPS if cut <= label_high):
        for police_ask in STEPS:
            asked = anyway | (~labelled & ((bad >= ask_low) | (police >= police_ask)))
            share = float(np.mean(asked))
            if share > ASKED_AT_MOST:
                continue
            reached = labelled | asked
            found = float(np.mean(reached[is_bad])) if is_bad.any() else 1.0
            serious = float(np.mean(reached[is_police])) if is_police.any() else 1.0
            enough = found >= FOUND_AT_LEAST
            rank = (enough, serious if enough else found, found, -share)
            if best is None or rank > best:
                best, chosen = rank, (ask_low, police_ask)
    child = np.array([item.scores.route(Route.SAFEGUARDING) for item in judged])
    # Where it is the likeliest route, the post is brought to the safeguarding lead without being asked about.
    routed = child >= np.max([item.scores.routes for item in judged], axis=1)
    seen = labelled | anyway | (bad >= chosen[0]) | (police >= chosen[1]) | routed
    safeguarding_ask = next(
        (cut for cut in STEPS if np.mean(~seen & (child >= cut)) <= ASKED_FOR_CHILDREN), STEPS[-1]
    )
    return Thresholds(label_high, chosen[0], HARM_NAME, threat_ask, chosen[1], safeguarding_ask, SURE)


def choose(judged: Sequence[Judged]) -> ByLanguage:
    """Temperature, then cut-offs at that temperature, of one language."""
    if len(judged) < LEAST_ROWS:
        return ByLanguage(Thresholds(STEPS[-1], 0.0, HARM_NAME, 0.0, 0.0, 0.0, 1.0), 1.0)
    temperature = choose_temperature(judged)
    return ByLanguage(choose_thresholds(soften(judged, [temperature] * len(judged))), temperature)
