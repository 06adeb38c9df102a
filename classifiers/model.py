"""The classifier: calibrated probabilities of a text's worst passage, rules that only raise, an asymmetric decision."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from classifiers.counting import TextCounts
from classifiers.decision import Scores, Thresholds, decide
from classifiers.explain import explain
from classifiers.features import Scaling, join
from classifiers.heads import LABELS, Heads, Weights
from classifiers.language import detect_language
from classifiers.mixing import even_out, merge, mix_each, mix_worst, soften_all
from classifiers.passages import LONG, choose, is_cut, windows
from classifiers.rules import RULES_VERSION, RuleHit, find_hits, points_at_indecent_image
from classifiers.unmask import unmask
from classifiers.vectors import VectorCache
from classifiers.wordless import has_words, name_unreadable
from mentionwatch.labels import Label, Route
from mentionwatch.model import Classification, Probabilities, Reason

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

RULES_READ = 200_000
"""Code points the rules read; what is longer than `is_cut` allows goes to a person anyway."""


@dataclass(frozen=True, slots=True)
class TextToClassify:
    """One mention's words. `lang` is given only where somebody knows it; `names` are the school's, to find the
    passages of a long text that speak of it."""

    title: str
    text: str
    lang: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ByLanguage:
    """What is set apart for each language: cut-offs and temperature, on voices the model had not seen."""

    thresholds: Thresholds
    temperature: float


@dataclass(frozen=True, slots=True)
class Parts:
    """The trained pieces. `encoder` names what made the vectors, or is empty for the word model."""

    features: Any
    scaling: Scaling | None
    weights: Weights
    english: ByLanguage
    welsh: ByLanguage
    name: str
    encoder: str = ""

    def of(self, lang: str) -> ByLanguage:
        """Other languages are cut like English; they go to a person anyway."""
        return self.welsh if lang == "cy" else self.english

    def with_threshold(self, name: str, value: float) -> Parts:
        """The same with one cut-off moved, in both languages."""
        moved = [
            replace(each, thresholds=replace(each.thresholds, **{name: value}))
            for each in (self.english, self.welsh)
        ]
        return replace(self, english=moved[0], welsh=moved[1])


def told_language(item: TextToClassify, text: str) -> str:
    """en, cy or other: as somebody said, else as the text reads, the school's own names set aside."""
    if item.lang in ("en", "cy", "other"):
        return item.lang
    front = text[: 8 * LONG]
    for name in item.names:
        front = re.sub(re.escape(name), " ", front, flags=re.IGNORECASE)
    return detect_language(front)


class Classifier:
    """Loaded once, shared by threads: nothing here changes after construction but the memory of vectors."""

    def __init__(self, parts: Parts, cache: VectorCache | None = None) -> None:
        if (parts.scaling is None) is not (cache is None):
            raise ValueError("a model with vectors needs its encoder, and no other model takes one")
        self.parts = parts
        self.cache = cache
        self._counts = TextCounts(parts.features)
        self._heads = Heads(parts.weights)

    @property
    def name(self) -> str:
        """Model and rule versions, as stored with every classification."""
        return f"{self.parts.name}+{RULES_VERSION}"

    def with_parts(self, parts: Parts) -> Classifier:
        """The same features and encoder with other cut-offs."""
        return Classifier(parts, self.cache)

    def _vectors(self, texts: Sequence[str]) -> Any:
        if self.cache is None or self.parts.scaling is None:
            return None
        return self.parts.scaling.apply(self.cache.vectors([unmask(text) for text in texts]))

    def _temperatures(self, langs: Sequence[str]) -> Any:
        import numpy as np

        return np.array([self.parts.of(lang).temperature for lang in langs])

    def score(self, texts: Sequence[str], langs: Sequence[str] = ()) -> list[Scores]:
        """Calibrated probabilities of each text, in order: as a whole, and by its worst two sentences."""
        import numpy as np

        if not texts:
            return []
        langs = langs or [detect_language(text) for text in texts]
        parts = [windows(text) for text in texts]
        flat = [*texts, *(part for each in parts for part in each)]
        raw = self._heads.raw(self._counts.matrices(flat))
        sizes = [len(each) for each in parts]
        routes = raw
        if (vectors := self._vectors(texts)) is not None:
            added = self._heads.by_vectors(vectors)
            # The vector speaks of the text as a whole; it would drown a single sentence again.
            raw[: len(texts)] += added
            # For the route a sentence needs the text around it: "I know where she parks" is a threat after one.
            routes = np.vstack([raw[: len(texts)], raw[len(texts) :] + np.repeat(added, sizes, axis=0)])
        given = (
            self._weigh_labels(raw, sizes, langs),
            mix_each(self._heads.harms(raw), sizes),
            even_out(mix_each(self._heads.routes(routes), sizes)),
        )
        # The last digits of a sum depend on how many texts were summed together.
        given = tuple(np.round(values, 12).tolist() for values in given)
        return [Scores(tuple(a), tuple(b), tuple(c)) for a, b, c in zip(*given, strict=True)]

    def _weigh_labels(self, raw: Any, sizes: Sequence[int], langs: Sequence[str]) -> Any:
        """Calibrated label probabilities from the rows of whole texts, followed by those of all their sentences."""
        labels = mix_worst(self._heads.labels(raw), sizes, LABELS.index(Label.INAPPROPRIATE))
        return soften_all(labels, self._temperatures(langs))

    def score_variants(self, text: str, lang: str, variants: Sequence[str], label: Label) -> list[float]:
        """The probability of `label` for variants of a text, each as `score` would judge it but with the text's vector.

        A vector of its own for every variant would take seconds; where it matters, `score` gives it.
        """
        parts = [windows(variant) for variant in variants]
        # Most variants share most of their sentences.
        numbers = {each: at for at, each in enumerate(dict.fromkeys(chain(variants, *parts)))}
        found = self._heads.raw(self._counts.matrices(tuple(numbers)))
        raw = found[[numbers[each] for each in chain(variants, *parts)]]
        if (vectors := self._vectors([text])) is not None:
            raw[: len(variants)] += self._heads.by_vectors(vectors)
        chances = self._weigh_labels(raw, [len(each) for each in parts], [lang] * len(variants))
        return [float(value) for value in chances[:, LABELS.index(label)]]

    def score_without(
        self, text: str, lang: str, spans: Sequence[tuple[int, int]], label: Label
    ) -> list[float]:
        """The probability of `label` for the text, then without each of the given places, none of which holds a blank.

        By words and pieces; the vector stays that of the whole text, for one word moves it little and encoding a
        text for every word would take seconds.
        """
        raw = self._heads.raw(self._counts.rows(text, spans))
        if (vectors := self._vectors([text])) is not None:
            raw += self._heads.by_vectors(vectors)
        found = soften_all(self._heads.labels(raw), self._temperatures([lang]))
        return [float(value) for value in found[:, LABELS.index(label)]]

    def classify(self, items: Sequence[TextToClassify]) -> list[Classification]:
        """Judge each text; order kept. A text without words goes to a person."""
        langs = [told_language(item, join(item.title, item.text)) for item in items]
        parted = [[join(item.title, each) for each in choose(item.text, item.names)] for item in items]
        flat = [passage for passages in parted for passage in passages]
        spread = [lang for lang, passages in zip(langs, parted, strict=True) for _ in passages]
        scored = iter(self.score(flat, spread))
        judged = []
        for item, lang, passages in zip(items, langs, parted, strict=True):
            own = [next(scored) for _ in passages]
            judged.append(self._judge(item, lang, passages, own))
        return judged

    def _judge(
        self, item: TextToClassify, lang: str, passages: list[str], own: list[Scores]
    ) -> Classification:
        whole = join(item.title, item.text)
        scores = merge(own, [len(passage) for passage in passages])
        front = whole[:RULES_READ]
        hits = find_hits(front)
        stop = points_at_indecent_image(front)
        decision = decide(scores, hits, lang, self.parts.of(lang).thresholds)
        is_empty = not has_words(whole)
        notes = decision.notes + name_unreadable(whole)
        needs_person = bool(notes) or stop is not None or is_empty or is_cut(item.text)
        reasons = _plain_reasons(notes, hits, item, is_empty=is_empty, is_stopped=stop is not None)
        if stop is None and not is_empty:
            asked = decision.label if not needs_person else Label.INAPPROPRIATE
            worst = passages[max(range(len(own)), key=lambda at: own[at].of(asked))]
            deep = needs_person or asked is Label.INAPPROPRIATE
            title = len(worst) - len(worst.removeprefix(f"{item.title}\n"))
            found = explain(self, worst, title, asked, lang, deep=deep)
            reasons += found if len(passages) == 1 else [replace(reason, span=None) for reason in found]
        return Classification(
            label=decision.label,
            probabilities=_round(scores.labels),
            harms=decision.harms,
            route=Route.SAFEGUARDING if stop is not None else decision.route,
            needs_person=needs_person,
            reasons=tuple(reasons),
            lang=lang,
            model=self.name,
            stop_image=stop is not None,
        )


def _plain_reasons(
    notes: Sequence[str], hits: Sequence[RuleHit], item: TextToClassify, *, is_empty: bool, is_stopped: bool
) -> list[Reason]:
    offset = len(join(item.title, item.text)) - len(item.text)
    reasons = [Reason(note, 1.0) for note in notes]
    reasons += [Reason(hit.rule.why, 1.0, _shift(hit.span, offset)) for hit in hits]
    if is_empty:
        reasons.append(Reason("there are no words to judge", 1.0))
    elif is_stopped:
        reasons.append(Reason("may offer an indecent or intimate image: nothing is fetched or kept", 1.0))
    if is_cut(item.text):
        reasons.append(Reason("too long to be read whole", 1.0))
    return reasons


def _shift(span: tuple[int, int] | None, offset: int) -> tuple[int, int] | None:
    """A place in title and text as a place in the text alone; None where it lies in the title, or nowhere."""
    return (span[0] - offset, span[1] - offset) if span is not None and span[0] >= offset else None


def _round(labels: Sequence[float]) -> Probabilities:
    """Six decimals that still sum to one exactly: the largest takes the difference."""
    rounded = [round(value, 6) for value in labels]
    largest = rounded.index(max(rounded))
    rounded[largest] = round(1.0 - sum(value for at, value in enumerate(rounded) if at != largest), 6)
    return Probabilities(*rounded)
