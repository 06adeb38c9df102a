"""The gate: what a model was once able to do on unseen voices is pinned, and held against what it does now.

Floors live in floors.toml. They rise by themselves when they are written anew; none falls without a reason, which
stays in the file with its date. A seal over the file makes a change by hand visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor

from classifiers.evaluate import Figures
from mentionwatch.errors import Refused
from mentionwatch.labels import Label

CEILINGS = frozenset({"police_missed", "accused", "asked", "calibration_error"})
"""Figures that must stay below what is pinned; all others must stay above."""
FIRST = (
    "police_missed",
    "recall.inappropriate",
    "found",
    "accused",
    "macro_f1",
    "asked",
    "calibration_error",
)
"""What the gate asks about first: posts for the police, then *inappropriate*."""
MARGIN = 0.01
"""Room between what was measured and what is pinned, besides one text: another build of NumPy moves a score."""
LEAST_REASON = 10


@dataclass(frozen=True, slots=True)
class Pin:
    """One figure of a model (`word`, `e5`), a part (`left_out`, `strangers`) and a group (`all`, `en`, `cy`).

    `value` in [0, 1] is what was measured, or what is pinned; `texts` how many texts a measured one rests on.
    """

    model: str
    part: str
    group: str
    name: str
    value: float
    texts: int = 0

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.model, self.part, self.group, self.name)

    @property
    def is_ceiling(self) -> bool:
        return self.name in CEILINGS

    def is_met_by(self, value: float) -> bool:
        """NaN meets nothing."""
        return value <= self.value if self.is_ceiling else value >= self.value


@dataclass(frozen=True, slots=True)
class Lowering:
    """Floors that a person lowered: when, why, and which, a line each."""

    on: date
    reason: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Floors:
    """Everything pinned. No two pins share a key."""

    pins: tuple[Pin, ...] = ()
    lowered: tuple[Lowering, ...] = ()

    def of(self, model: str, parts: Iterable[str]) -> Floors:
        """Only what is pinned for these parts of a model."""
        wanted = frozenset(parts)
        return Floors(tuple(pin for pin in self.pins if pin.model == model and pin.part in wanted))


def kind_of_model(encoder: str) -> str:
    """Which floors a model is held against: a stronger encoder must not do worse than the one that ships."""
    return "e5" if encoder else "word"


def list_figures(model: str, part: str, figures: Sequence[Figures]) -> tuple[Pin, ...]:
    """Measured figures, one by one. A figure of no text is left out: it says nothing."""
    return tuple(pin for group in figures for pin in _of_group(model, part, group) if pin.texts)


def _of_group(model: str, part: str, group: Figures) -> Iterable[Pin]:
    def pin(name: str, value: float, texts: int) -> Pin:
        return Pin(model, part, group.group, name, value, texts)

    texts = {each.label: each.texts for each in group.labels}
    yield pin("police_missed", group.police_missed, group.police_posts)
    yield pin("found", group.found, texts.get(Label.INAPPROPRIATE, 0))
    yield pin("accused", group.accused, texts.get(Label.CONCERN, 0))
    yield pin("macro_f1", group.macro_f1, group.texts)
    yield pin("asked", group.asked, group.texts)
    yield pin("calibration_error", group.calibration_error, group.texts)
    for label in group.labels:
        yield pin(f"recall.{label.label.value}", label.recall, label.texts)
        yield pin(f"precision.{label.label.value}", label.precision, label.texts)
    for harm in group.harms:
        yield pin(f"found_of.{harm.harm.value}", harm.found, harm.texts)


def sort_key(pin: Pin) -> tuple[int, str, str, str, str]:
    """The gravest first, then by name and place."""
    rank = FIRST.index(pin.name) if pin.name in FIRST else len(FIRST)
    return (rank, pin.name, pin.model, pin.part, pin.group)


def arrange(pins: Iterable[Pin]) -> tuple[Pin, ...]:
    """In the order of the file: by place, the gravest of each first."""
    return tuple(sorted(pins, key=lambda pin: (*pin.key[:3], sort_key(pin))))


def compare(measured: Sequence[Pin], floors: Floors) -> tuple[str, ...]:
    """What is worse than pinned, one line each, the gravest first; empty when the gate lets the model through.

    A pinned figure that was not measured is a finding, and so is a measured one that nothing is pinned for.
    """
    now = {pin.key: pin for pin in measured}
    pinned = {pin.key for pin in floors.pins}
    found: list[tuple[Pin, str]] = []
    for pin in floors.pins:
        if pin.key not in now:
            found.append((pin, f"{_place(pin)} is pinned and was not measured"))
        elif not pin.is_met_by(now[pin.key].value):
            bound = "at most" if pin.is_ceiling else "at least"
            found.append(
                (pin, f"{_place(pin)} is {now[pin.key].value:.4f}, {bound} {pin.value:.3f} is pinned")
            )
    unpinned = arrange(pin for pin in measured if pin.key not in pinned)
    for place, pins in groupby(unpinned, key=lambda pin: pin.key[:3]):
        names = [pin.name for pin in pins]
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        found.append((unpinned[0], f"{', '.join(place)}: nothing is pinned for {', '.join(names[:3])}{more}"))
    return tuple(line for _, line in sorted(found, key=lambda each: sort_key(each[0])))


def _place(pin: Pin) -> str:
    return f"{pin.model}, {pin.part}, {pin.group}: {pin.name}"


def room_for(pin: Pin) -> Pin:
    """A measured figure as a pin: the margin and one text below it (a ceiling: above), three decimals, in [0, 1]."""
    room = MARGIN + 1 / max(1, pin.texts)
    if pin.is_ceiling:
        value = min(1.0, ceil(round((pin.value + room) * 1000, 6)) / 1000)
    else:
        value = max(0.0, floor(round((pin.value - room) * 1000, 6)) / 1000)
    return Pin(*pin.key, value)


def raise_floors(measured: Sequence[Pin], old: Floors, on: date, reason: str = "") -> Floors:
    """Floors a margin below what was measured, where that is higher than before; else they stay.

    Raises `Refused` when a figure is below its floor, or gone, and no `reason` is given; with one, those floors fall
    and the reason is kept. Models that were not measured keep their floors.
    """
    models = {pin.model for pin in measured}
    before = {pin.key: pin for pin in old.pins}
    after = {pin.key: pin for pin in old.pins if pin.model not in models}
    changes: list[tuple[Pin, str]] = []
    for each in measured:
        new, standing = room_for(each), before.get(each.key)
        if standing is None or standing.is_met_by(new.value):
            after[each.key] = new
        elif standing.is_met_by(each.value):
            after[each.key] = standing
        else:
            after[each.key] = new
            changes.append((new, f"{_place(new)} from {standing.value:.3f} to {new.value:.3f}"))
    changes += [
        (pin, f"{_place(pin)} from {pin.value:.3f} to nothing")
        for pin in old.pins
        if pin.model in models and pin.key not in after
    ]
    lines = tuple(line for _, line in sorted(changes, key=lambda each: sort_key(each[0])))
    pins = arrange(after.values())
    if not lines:
        return Floors(pins, old.lowered)
    words = "".join(sign for sign in " ".join(reason.split()) if sign.isprintable())
    if len(words) < LEAST_REASON:
        raise Refused(
            f"refused: {len(lines)} floors would fall, first {lines[0]}. Mend the model, "
            f"or give a reason of {LEAST_REASON} characters at least: mentionwatch evaluate --lower-floors REASON"
        )
    return Floors(pins, (*old.lowered, Lowering(on, words, lines)))
