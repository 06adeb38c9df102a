"""The classifier: calibrated probabilities, rules that only raise, an asymmetric decision.

Four labels by a multinomial model, seven harms by one-against-rest heads, the route by a third model, all
on the same features. Unsure goes to a person; *inappropriate* needs a high threshold; a low one on any
serious harm asks a person (reference design 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from classifiers.counting import TextCounts
from classifiers.explain import explain
from classifiers.features import join
from classifiers.heads import Heads
from classifiers.language import detect_language
from classifiers.rules import RULES_VERSION, RuleHit, find_hits, is_reported, points_at_indecent_image
from mentionwatch.labels import Harm, Label, Route
from mentionwatch.model import Classification, Probabilities, Reason

LABELS = tuple(Label)
HARMS = tuple(Harm)
ROUTES = tuple(Route)


@dataclass(frozen=True, slots=True)
class TextToClassify:
    """One mention's words. `lang` is given only where somebody knows it."""

    title: str
    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cut-offs on calibrated probabilities, chosen in training on voices the model had not seen.

    `label_high`: from here on *inappropriate* is the label. `ask_low`: from here on a person is asked.
    `harm_name`: a harm is named; `threat_ask`: a person is asked because of the threat head alone.
    `sure`: below this best probability a person is asked.
    """

    label_high: float
    ask_low: float
    harm_name: float
    threat_ask: float
    sure: float


@dataclass(frozen=True, slots=True)
class Parts:
    """The trained pieces. `features` to a sparse matrix; the three models give probabilities."""

    features: Any
    labels: Any
    harms: Any
    routes: Any
    thresholds: Thresholds
    name: str


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one text, in the order of LABELS, HARMS and ROUTES."""

    labels: tuple[float, ...]
    harms: tuple[float, ...]
    routes: tuple[float, ...]

    def of(self, label: Label) -> float:
        return self.labels[LABELS.index(label)]

    def harm(self, harm: Harm) -> float:
        return self.harms[HARMS.index(harm)]


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from scores and rules, before it is explained."""

    label: Label
    harms: tuple[Harm, ...]
    route: Route
    needs_person: bool
    notes: tuple[str, ...]


def _name_harms(scores: Scores, cut: float, always_one: bool) -> tuple[Harm, ...]:
    ranked = sorted(HARMS, key=scores.harm, reverse=True)
    named = tuple(harm for harm in ranked if scores.harm(harm) >= cut)
    return named or ((ranked[0],) if always_one else ())


def _choose_route(label: Label, harms: tuple[Harm, ...], scores: Scores) -> Route:
    best = ROUTES[max(range(len(ROUTES)), key=scores.routes.__getitem__)]
    if label is Label.INAPPROPRIATE:
        serious = {Harm.THREAT, Harm.HATE} & set(harms)
        return (
            best
            if best in (Route.POLICE, Route.SAFEGUARDING)
            else Route.POLICE
            if serious
            else Route.INTERNAL
        )
    if label is Label.CONCERN:
        return best if best in (Route.SAFEGUARDING, Route.COMPLAINT) else Route.COMPLAINT
    return Route.NONE


def decide(scores: Scores, hits: Sequence[RuleHit], lang: str, reported: bool, cut: Thresholds) -> Decision:
    """The asymmetric decision. Rules raise to a person and suggest a route; they call nothing inappropriate, but
    what may be for the police or the safeguarding lead is no longer called neutral or good news."""
    bad = scores.of(Label.INAPPROPRIATE)
    others = max((label for label in LABELS if label is not Label.INAPPROPRIATE), key=scores.of)
    notes: list[str] = []
    if bad >= cut.label_high:
        label = Label.INAPPROPRIATE
    elif bad >= cut.ask_low:
        # Unsure is shown as a concern, never as inappropriate.
        label = Label.CONCERN
        notes.append("may go beyond criticism: a person should look")
    else:
        label = others
    may_threaten = scores.harm(Harm.THREAT) >= cut.threat_ask and label is not Label.INAPPROPRIATE
    if may_threaten:
        notes.append("may be a threat: a person should look")
    if max(scores.labels) < cut.sure:
        notes.append("the classifier is unsure")
    if lang == "other":
        notes.append("written in a language the classifier does not know")
    notes.extend(f"{hit.rule.why}: a person should look" for hit in hits)
    harms = (
        _name_harms(scores, cut.harm_name, label is Label.INAPPROPRIATE)
        if label is Label.INAPPROPRIATE
        else ()
    )
    route = _choose_route(label, harms, scores)
    if may_threaten and scores.harm(Harm.THREAT) >= cut.harm_name:
        route = Route.POLICE
    if not reported:
        suggested = [hit.rule.route for hit in hits]
        for serious in (Route.SAFEGUARDING, Route.POLICE):
            route = serious if serious in suggested and route is not Route.POLICE else route
        if label is Label.INAPPROPRIATE:
            harms = (
                *harms,
                *(
                    hit.rule.harm
                    for hit in hits
                    if hit.rule.harm not in harms and hit.rule.route is not Route.SAFEGUARDING
                ),
            )
    if route in (Route.POLICE, Route.SAFEGUARDING) and label in (Label.POSITIVE, Label.NEUTRAL):
        label = Label.CONCERN
    return Decision(label, tuple(dict.fromkeys(harms)), route, bool(notes), tuple(notes))


class Classifier:
    """Loaded once, shared by threads: nothing here changes after construction."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._counts = TextCounts(parts.features)
        self._heads = Heads(parts.labels, parts.harms, parts.routes)

    @property
    def name(self) -> str:
        """Model and rule versions, as stored with every classification."""
        return f"{self.parts.name}+{RULES_VERSION}"

    def score(self, texts: Sequence[str]) -> list[Scores]:
        """Calibrated probabilities of each text, in order."""
        scores = []
        for text in texts:
            rows = self._counts.rows(text)
            given = (self._heads.labels(rows), self._heads.harms(rows), self._heads.routes(rows))
            scores.append(Scores(*(tuple(map(float, found[0])) for found in given)))
        return scores

    def score_without(self, text: str, spans: Sequence[tuple[int, int]], label: Label) -> list[float]:
        """The probability of `label` for the text without each of the given places, none of which holds a blank."""
        found = self._heads.labels(self._counts.rows(text, spans))
        return [float(value) for value in found[1:, LABELS.index(label)]]

    def classify(self, items: Sequence[TextToClassify]) -> list[Classification]:
        """Judge each text; order kept. An empty text goes to a person."""
        joined = [join(item.title, item.text) for item in items]
        return [
            self._judge(item, text, scores)
            for item, text, scores in zip(items, joined, self.score(joined), strict=True)
        ]

    def _judge(self, item: TextToClassify, text: str, scores: Scores) -> Classification:
        cut = self.parts.thresholds
        lang = item.lang if item.lang in ("en", "cy", "other") else detect_language(text)
        hits = find_hits(text)
        stop = points_at_indecent_image(text)
        decision = decide(scores, hits, lang, is_reported(text), cut)
        offset = len(text) - len(item.text)
        reasons = [Reason(note, 1.0) for note in decision.notes]
        reasons += [Reason(hit.rule.why, 1.0, _shift(hit.span, offset)) for hit in hits]
        needs_person = decision.needs_person or stop is not None or not text.strip()
        if not text.strip():
            reasons.append(Reason("there are no words to judge", 1.0))
        elif stop is not None:
            reasons.append(Reason("may offer an indecent or intimate image: nothing is fetched or kept", 1.0))
        else:
            asked = decision.label if not needs_person else Label.INAPPROPRIATE
            reasons += explain(
                self, text, offset, scores, asked, deep=needs_person or asked is Label.INAPPROPRIATE
            )
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


def _shift(span: tuple[int, int], offset: int) -> tuple[int, int] | None:
    """A place in title and text as a place in the text alone; None where it lies in the title."""
    return (span[0] - offset, span[1] - offset) if span[0] >= offset else None


def _round(labels: Sequence[float]) -> Probabilities:
    """Six decimals that still sum to one exactly: the largest takes the difference."""
    rounded = [round(value, 6) for value in labels]
    largest = rounded.index(max(rounded))
    rounded[largest] = round(1.0 - sum(value for at, value in enumerate(rounded) if at != largest), 6)
    return Probabilities(*rounded)
