"""What a changed model, threshold or profile would have done to the stored mentions. Reads; writes nothing.

The latest revision of each mention is judged again and compared with what is stored. A sealed one is passed over:
nobody reads it, the program included. What was erased is not there.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from classifiers.decision import Thresholds
from classifiers.model import Classifier, TextToClassify
from classifiers.scope import Scoper, build_scoper
from flows.home import Home, read_sources
from flows.reporting import SOURCE as REPORTS
from flows.shadow import show_sample
from incidents.triage import calls_for_incident
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Label, Scope
from mentionwatch.model import Classification, SourceSpec
from mentionwatch.school import SchoolProfile
from warehouse.reading import MentionRow
from warehouse.session import Reading
from warehouse.shadow import read_places

ALL_ABOUT_US = "everything at this source is about the school"
"""The reason that flows.night stores with what stands at such a source."""
BATCH = 100
"""Texts judged at once: what a model holds in memory for them stays small."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One mention, as it is stored (`was_`) and as it would be. `label` is the classifier's, None: out of scope."""

    id: str
    was_label: Label
    label: Label | None
    was_opening: bool
    opens: bool
    was_asking: bool
    asks: bool
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Replay:
    """The whole comparison; `sealed` were passed over."""

    rows: tuple[Replayed, ...]
    sealed: int

    @property
    def table(self) -> Counter[tuple[Label, Label | None]]:
        """How many went from which label to which."""
        return Counter((row.was_label, row.label) for row in self.rows)

    @property
    def opening(self) -> tuple[str, ...]:
        """Ids that would open an incident and did not call for one."""
        return tuple(row.id for row in self.rows if row.opens and not row.was_opening)

    @property
    def not_opening(self) -> tuple[str, ...]:
        """Ids that called for an incident and would no longer."""
        return tuple(row.id for row in self.rows if row.was_opening and not row.opens)

    @property
    def asking(self) -> tuple[str, ...]:
        """Ids that would go to a person and did not."""
        return tuple(row.id for row in self.rows if row.asks and not row.was_asking)

    @property
    def not_asking(self) -> tuple[str, ...]:
        """Ids that went to a person and would no longer."""
        return tuple(row.id for row in self.rows if row.was_asking and not row.asks)

    @property
    def changed(self) -> tuple[str, ...]:
        """Ids of which anything would be other than it is."""
        return tuple(row.id for row in self.rows if row.is_changed)


def read_thresholds(given: Sequence[str]) -> dict[str, float]:
    """`NAME=VALUE` as cut-offs. Raises `ConfigError` for a name that is none, and for a value outside 0 to 1."""
    known = [field.name for field in fields(Thresholds)]
    found: dict[str, float] = {}
    for text in given:
        name, sign, value = text.partition("=")
        name = name.strip()
        if not sign or name not in known:
            raise ConfigError(
                "replay", "--threshold", f"{text!r} names no cut-off", f"Write one of: {', '.join(known)}, then =0.5"
            )  # fmt: skip
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not 0 <= number <= 1:
            raise ConfigError(
                "replay", "--threshold", f"{text!r}: a cut-off lies between 0 and 1", f"Write {name}=0.5"
            )
        found[name] = number
    return found


def with_thresholds(classifier: Classifier, given: Sequence[str]) -> Classifier:
    """The same model under other cut-offs, in both languages; the classifier itself where none is given."""
    parts = classifier.parts
    for name, value in read_thresholds(given).items():
        parts = parts.with_threshold(name, value)
    return classifier if parts is classifier.parts else classifier.with_parts(parts)


@dataclass(frozen=True, slots=True)
class Rescoper:
    """Decides anew whether stored mentions are about the school, under a profile."""

    scoper: Scoper
    specs: Mapping[str, SourceSpec]
    places: Mapping[str, str]

    def decide(self, row: MentionRow) -> Scope:
        """As a night would: what a person reported, and what stands where all is about the school, is certain.

        A source that is not in `specs` is taken to be what it was when the post was stored.
        """
        spec = self.specs.get(row.source)
        about_us = spec.about_us if spec else ALL_ABOUT_US in row.scope_reasons
        if row.source == REPORTS or about_us:
            return Scope.CERTAIN
        place = self.places.get(row.id, "") or (spec.place if spec else "")
        found = self.scoper.decide(row.title, row.text, row.url, place).scope
        # An earlier version was about the school: an edit does not take it out of sight.
        return Scope.POSSIBLE if found is Scope.OUT and row.revision > 1 else found


def read_specs(home: Home, profile: SchoolProfile) -> dict[str, SourceSpec]:
    """The home's sources by name; none where sources.toml is not there or wrong: what is stored can be judged without."""
    try:
        _, collectors = read_sources(home, profile)
    except ConfigError:
        return {}
    return {collector.spec.name: collector.spec for collector in collectors}


def make_rescoper(reading: Reading, profile: SchoolProfile, specs: Mapping[str, SourceSpec]) -> Rescoper:
    """Under this profile, with these sources (`read_specs`) and the stored regions."""
    return Rescoper(build_scoper(profile), specs, read_places(reading))


def _judge(
    rows: Sequence[MentionRow], classifier: Classifier, names: tuple[str, ...]
) -> Iterator[Classification]:
    for at in range(0, len(rows), BATCH):
        yield from classifier.classify(
            # Of a report the words alone were judged: a digest in the title says nothing.
            [
                TextToClassify("" if row.source == REPORTS else row.title, row.text, names=names)
                for row in rows[at : at + BATCH]
            ]
        )


def _compare(row: MentionRow, judged: Classification, scope: Scope, every: int) -> Replayed:
    was_opening = calls_for_incident(row.scope, row.machine_label, row.machine_route)
    is_out = scope is Scope.OUT
    opens = calls_for_incident(scope, judged.label, judged.route, stop_image=judged.stop_image)
    if not opens:
        judged = show_sample(row.id, judged, every)
    # Of a report the person who made it asks for a look, whatever the model says.
    asks = not is_out and (judged.needs_person or row.source == REPORTS)
    label = None if is_out else judged.label
    same = (row.machine_label, row.scope, row.machine_route, row.needs_person, was_opening) == (
        label, scope, judged.route, asks, opens,
    )  # fmt: skip
    return Replayed(row.id, row.machine_label, label, was_opening, opens, row.needs_person, asks, not same)


def replay(
    found: Sequence[MentionRow],
    classifier: Classifier,
    rescoper: Rescoper | None,
    names: tuple[str, ...],
    every: int,
) -> Replay:
    """Judge stored mentions again. `rescoper` None: whether they are about the school stays as stored.

    `names` are the school's, for long articles. Takes rows, not a database: judging is slow, and nobody else could open the database meanwhile.
    """
    rows = [row for row in found if not row.is_sealed]
    compared = tuple(
        _compare(row, judged, rescoper.decide(row) if rescoper else row.scope, every)
        for row, judged in zip(rows, _judge(rows, classifier, names), strict=True)
    )
    return Replay(compared, len(found) - len(rows))
