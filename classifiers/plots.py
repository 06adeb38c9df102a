"""Pictures of what a model is worth: how sure and how right it is. They hold numbers, never a word of a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from pathlib import Path

from classifiers.canvas import BLUE, GREY, PALE, Box, Line, Mark, Picture, Shape, Text, draw_svg
from classifiers.evaluate import BINS, calibration_error
from classifiers.heads import LABELS
from classifiers.thresholds import Judged
from classifiers.unseen import LEFT_OUT, STRANGERS, Part

VOICES = {LEFT_OUT: "voices left out", STRANGERS: "strangers"}
LANGUAGES = {"en": "English", "cy": "Welsh"}
_LEFT, _TOP, _SIDE, _BARS = 22.0, 26.0, 84.0, 18.0
_TABLE = 124.0
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class Bin:
    """The texts whose best label got a probability in [low, high): how sure on average, and what share was right."""

    low: float
    high: float
    texts: int
    sure: float
    right: float

    @property
    def interval(self) -> tuple[float, float]:
        """Between which shares the truth lies, 95 % of the time (Wilson 1927)."""
        if not self.texts:
            return (0.0, 1.0)
        share = Z95 * Z95 / self.texts
        middle = (self.right + share / 2) / (1 + share)
        half = sqrt(self.right * (1 - self.right) * share + share * share / 4) / (1 + share)
        return (max(0.0, middle - half), min(1.0, middle + half))


def of_language(judged: Sequence[Judged], lang: str) -> list[Judged]:
    """The texts of a language as the figures count them: code-switching goes with Welsh."""
    return [item for item in judged if (item.row.lang == "en") is (lang == "en")]


def fill_bins(judged: Sequence[Judged]) -> tuple[Bin, ...]:
    """All ten, the empty ones too; calibrated scores."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for item in judged:
        best = max(range(len(LABELS)), key=item.scores.labels.__getitem__)
        sure = item.scores.labels[best]
        bins[min(int(sure * BINS), BINS - 1)].append((sure, LABELS[best] is item.row.label))
    return tuple(
        Bin(
            at / BINS,
            (at + 1) / BINS,
            len(each),
            sum(sure for sure, _ in each) / max(1, len(each)),
            sum(right for _, right in each) / max(1, len(each)),
        )
        for at, each in enumerate(bins)
    )


def plot_reliability(part: Part, lang: str, model: str) -> Picture:
    """How sure and how right on the part's texts of one language (en, cy)."""
    items = of_language(part.judged, lang)
    bins = fill_bins(items)
    error = calibration_error(items)
    title = f"How sure, and how right: {LANGUAGES[lang]} posts by {VOICES[part.name]}"
    below = f"Model {model}. {len(items):,} texts. Expected calibration error {error:.3f} over ten steps."
    shapes: list[Shape] = [Text(8, 9, title, size=13, is_bold=True), Text(8, 16, below, colour=GREY)]
    shapes += _axes()
    shapes += [shape for each in bins if each.texts for shape in _point(each)]
    shapes += _counts(bins)
    shapes += _table(bins)
    return Picture(title, f"{below} {_say(bins)}", 192, 154, tuple(shapes))


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _axes() -> list[Shape]:
    shapes: list[Shape] = []
    for at in range(0, 11, 2):
        share = at / 10
        shapes.append(Line(((_x(0), _y(share)), (_x(1), _y(share))), 0.3, PALE))
        shapes.append(Line(((_x(share), _y(0)), (_x(share), _y(1))), 0.3, PALE))
        shapes.append(Text(_x(0) - 2, _y(share), f"{share:.1f}", "right", 8))
    shapes.append(Line(((_x(0), _y(1)), (_x(0), _y(0)), (_x(1), _y(0)))))
    shapes.append(Line(((_x(0), _y(0)), (_x(1), _y(1))), 0.8, GREY, "dashed"))
    shapes.append(Text(_x(0.02), _y(0.96), "more often right than it is sure", colour=GREY, size=8))
    shapes.append(Text(_x(0.98), _y(0.04), "less often right than it is sure", "right", 8, colour=GREY))
    shapes.append(Text(_LEFT - 12, _y(0.5), "Share that was right", "centre", is_turned=True))
    return shapes


def _point(each: Bin) -> list[Shape]:
    low, high = each.interval
    x = _x(each.sure)
    return [Line(((x, _y(low)), (x, _y(high))), 0.9, BLUE), Mark(x, _y(each.right), "circle", BLUE)]


def _counts(bins: Sequence[Bin]) -> list[Shape]:
    base = _TOP + _SIDE + 8 + _BARS
    most = max(1, *(each.texts for each in bins))
    shapes: list[Shape] = []
    for each in bins:
        if each.texts:
            height = _BARS * each.texts / most
            shapes.append(Box(_x(each.low) + 0.6, base - height, _SIDE / BINS - 1.2, height, BLUE))
            shapes.append(
                Text(_x((each.low + each.high) / 2), base - height - 2, f"{each.texts}", "centre", 7.5)
            )
    shapes.append(Line(((_x(0), base), (_x(1), base))))
    shapes += [Text(_x(at / 10), base + 3.5, f"{at / 10:.1f}", "centre", 8) for at in range(0, 11, 2)]
    shapes.append(Text(_x(0.5), base + 9.5, "How sure: the probability of the best label", "centre"))
    shapes.append(Text(_LEFT - 12, base - _BARS / 2, "Texts", "centre", is_turned=True))
    return shapes


def _table(bins: Sequence[Bin]) -> list[Shape]:
    columns = (("sure", 0.0), ("texts", 20.0), ("on average", 42.0), ("right", 58.0))
    top = _TOP + 2
    shapes: list[Shape] = [
        Text(_TABLE + at, top, name, "left" if not at else "right", 8.5, is_bold=True) for name, at in columns
    ]
    shapes.append(Line(((_TABLE, top + 3), (_TABLE + 58, top + 3))))
    for number, each in enumerate(bins):
        y = top + 7 + 6 * number
        cells = (f"{each.texts}", f"{each.sure:.3f}", f"{each.right:.3f}") if each.texts else ("0", "–", "–")
        shapes.append(Text(_TABLE, y, f"{each.low:.1f} to {each.high:.1f}", size=8.5))
        shapes += [
            Text(_TABLE + at, y, cell, "right", 8.5) for cell, (_, at) in zip(cells, columns[1:], strict=True)
        ]
    notes = ("dashed: just as right as it is sure", "upright lines: where the truth lies, 95 in 100")
    return shapes + [
        Text(_TABLE, top + 72 + 5 * at, note, size=8, colour=GREY) for at, note in enumerate(notes)
    ]


def _say(bins: Sequence[Bin]) -> str:
    said = (
        f"{each.low:.1f} to {each.high:.1f}: {each.texts} texts, right {each.right:.3f}"
        for each in bins
        if each.texts
    )
    return "Sure, texts, share right: " + "; ".join(said) + "."


def write_reliability(part: Part, model: str, folder: Path) -> list[Path]:
    """reliability-en.svg and reliability-cy.svg in a folder that is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for lang in LANGUAGES:
        path = folder / f"reliability-{lang}.svg"
        path.write_bytes(draw_svg(plot_reliability(part, lang, model)))
        written.append(path)
    return written
