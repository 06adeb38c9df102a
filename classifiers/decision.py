"""From probabilities and rules to a proposal: asymmetric, because a missed threat and an accused critic weigh differently.

Unsure goes to a person; *inappropriate* needs a high probability; a low one of anything for the police asks a
person (reference design 5). Criticism stays a concern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from classifiers.heads import HARMS, LABELS, ROUTES
from classifiers.rules import RuleHit
from mentionwatch.labels import Harm, Label, Route


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Cut-offs on calibrated probabilities, chosen in training on voices the model had not seen.

    `label_high`: from here on *inappropriate* is the label. `ask_low`: from here on a person is asked.
    `harm_name`: a harm is named. `threat_ask`, `police_ask`, `safeguarding_ask`: a person is asked because of the threat
    head, the police route or the safeguarding route alone. `sure`: below this best probability a person is asked.
    """

    label_high: float
    ask_low: float
    harm_name: float
    threat_ask: float
    police_ask: float
    safeguarding_ask: float
    sure: float


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

    def route(self, route: Route) -> float:
        return self.routes[ROUTES.index(route)]


@dataclass(frozen=True, slots=True)
class Decision:
    """What follows from scores and rules, before it is explained."""

    label: Label
    harms: tuple[Harm, ...]
    route: Route
    needs_person: bool
    notes: tuple[str, ...]


def _name_harms(scores: Scores, cut: float) -> tuple[Harm, ...]:
    ranked = sorted(HARMS, key=scores.harm, reverse=True)
    return tuple(harm for harm in ranked if scores.harm(harm) >= cut) or (ranked[0],)


def _choose_route(label: Label, harms: tuple[Harm, ...], scores: Scores) -> Route:
    best = max(ROUTES, key=scores.route)
    if label is Label.INAPPROPRIATE:
        if best in (Route.POLICE, Route.SAFEGUARDING):
            return best
        return Route.POLICE if {Harm.THREAT, Harm.HATE} & set(harms) else Route.INTERNAL
    if label is Label.CONCERN:
        return best if best in (Route.SAFEGUARDING, Route.COMPLAINT) else Route.COMPLAINT
    return Route.NONE


def _rule_route(route: Route, hits: Sequence[RuleHit]) -> Route:
    suggested = {hit.rule.route for hit in hits}
    if route is Route.POLICE or Route.POLICE in suggested:
        return Route.POLICE
    return Route.SAFEGUARDING if Route.SAFEGUARDING in suggested else route


def _notes(scores: Scores, label: Label, lang: str, cut: Thresholds) -> list[str]:
    notes: list[str] = []
    if label is not Label.INAPPROPRIATE:
        if scores.of(Label.INAPPROPRIATE) >= cut.ask_low:
            notes.append("may go beyond criticism: a person should look")
        if scores.harm(Harm.THREAT) >= cut.threat_ask:
            notes.append("may be a threat: a person should look")
        if scores.route(Route.POLICE) >= cut.police_ask:
            notes.append("may be a matter for the police: a person should look")
        if scores.route(Route.SAFEGUARDING) >= cut.safeguarding_ask:
            notes.append("a child may be at risk: a person should look")
    if max(scores.labels) < cut.sure:
        notes.append("the classifier is unsure")
    if lang == "other":
        notes.append("written in a language the classifier does not know")
    return notes


def decide(scores: Scores, hits: Sequence[RuleHit], lang: str, cut: Thresholds) -> Decision:
    """The asymmetric decision. Rules raise to a person and suggest a route; they call nothing inappropriate, but
    what may be for the police or the safeguarding lead is no longer called neutral or good news."""
    bad = scores.of(Label.INAPPROPRIATE)
    if bad >= cut.label_high:
        label = Label.INAPPROPRIATE
    elif bad >= cut.ask_low and bad >= max(scores.labels):
        # What looks bad and is not sure is shown as a concern, never as inappropriate.
        label = Label.CONCERN
    else:
        label = max((each for each in LABELS if each is not Label.INAPPROPRIATE), key=scores.of)
    notes = _notes(scores, label, lang, cut)
    notes.extend(f"{hit.rule.why}: a person should look" for hit in hits)
    harms = _name_harms(scores, cut.harm_name) if label is Label.INAPPROPRIATE else ()
    route = _choose_route(label, harms, scores)
    if label is not Label.INAPPROPRIATE and scores.harm(Harm.THREAT) >= max(cut.harm_name, cut.threat_ask):
        route = Route.POLICE
    told = [hit for hit in hits if not hit.is_reported]
    route = _rule_route(route, told)
    if label is Label.INAPPROPRIATE:
        harms += tuple(hit.rule.harm for hit in told if hit.rule.route is not Route.SAFEGUARDING)
    if route in (Route.POLICE, Route.SAFEGUARDING) and label in (Label.POSITIVE, Label.NEUTRAL):
        label = Label.CONCERN
    return Decision(label, tuple(dict.fromkeys(harms)), route, bool(notes), tuple(notes))
