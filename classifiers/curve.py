"""The learning curve: what more texts are worth, on voices left out. Measured by bench/learning_curve.py, drawn here."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import log
from pathlib import Path
from typing import Any, Literal

from classifiers.canvas import BLUE, GREY, PALE, RED, Line, Mark, Picture, Shape, Text
from mentionwatch.errors import ConfigError

CURVE = Path(__file__).resolve().parent.parent / "bench" / "learning_curve.json"
MODELS = {
    "word": "words",
    "vectors": "words and vectors",
    "kernel": "kernel on vectors",
    "both": "linear and kernel",
}
DRAWN = ("word", "vectors")
_LANGS = {"en": "English", "cy": "Welsh"}
_WIDE, _HIGH, _TOP, _LEFTS = 82.0, 76.0, 38.0, (18.0, 116.0)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One model at one number of training texts, on texts of one language by voices left out.

    `macro_f1` by the likeliest label; `recall`: of *inappropriate*, at the cut-off that accuses 2 % of those very
    critics. Each is a mean over `seeds` samples, with the lowest and the highest.
    """

    model: str
    lang: str
    texts: int
    seeds: int
    macro_f1: float
    macro_f1_range: tuple[float, float]
    recall: float
    recall_range: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Curve:
    """A whole run. `encoder` is empty where there was none; `left_out` counts the voices, then their texts."""

    corpus_sha256: str
    encoder: str
    left_out: tuple[int, int]
    points: tuple[CurvePoint, ...]


def save_curve(curve: Curve, path: Path = CURVE) -> None:
    """Write it as JSON."""
    path.write_text(json.dumps(asdict(curve), indent=1) + "\n", encoding="utf-8")


def read_curve(path: Path = CURVE) -> Curve:
    """A stored run. Raises `ConfigError` in one line where there is none, or it holds something else."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        voices, texts = map(int, data["left_out"])
        points = tuple(_point(each) for each in data["points"])
        if not points:
            raise ValueError("no points")
        return Curve(str(data["corpus_sha256"]), str(data["encoder"]), (voices, texts), points)
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ConfigError(
            str(path),
            "",
            f"holds no learning curve ({type(error).__name__})",
            "Run: python -m bench.learning_curve",
        ) from None


def _point(data: dict[str, Any]) -> CurvePoint:
    model, lang, texts = str(data["model"]), str(data["lang"]), int(data["texts"])
    if model not in MODELS or lang not in _LANGS or texts < 1:
        raise ValueError("an unknown series")

    def share(value: object) -> float:
        if not isinstance(value, float | int) or not 0 <= value <= 1:
            raise ValueError("not a share")
        return float(value)

    def between(values: Sequence[object]) -> tuple[float, float]:
        low, high = values
        return (share(low), share(high))

    return CurvePoint(
        model,
        lang,
        texts,
        int(data["seeds"]),
        share(data["macro_f1"]),
        between(data["macro_f1_range"]),
        share(data["recall"]),
        between(data["recall_range"]),
    )


@dataclass(frozen=True, slots=True)
class _Panel:
    """One of the two diagrams: where it stands and how far its axes go."""

    figure: Literal["macro_f1", "recall"]
    title: str
    left: float
    low: float
    high: float
    sizes: tuple[int, ...]

    def x(self, texts: int) -> float:
        if len(self.sizes) == 1:
            return self.left + _WIDE / 2
        first, last = log(self.sizes[0]), log(self.sizes[-1])
        return self.left + 6 + (_WIDE - 12) * (log(texts) - first) / (last - first)

    def y(self, share: float) -> float:
        return _TOP + (self.high - share) / (self.high - self.low) * _HIGH

    def of(self, point: CurvePoint) -> float:
        return point.macro_f1 if self.figure == "macro_f1" else point.recall

    def range_of(self, point: CurvePoint) -> tuple[float, float]:
        return point.macro_f1_range if self.figure == "macro_f1" else point.recall_range


def plot_curve(curve: Curve) -> Picture:
    """Both figures against the number of training texts, and all values as a table."""
    drawn = [point for point in curve.points if point.model in DRAWN]
    sizes = tuple(sorted({point.texts for point in curve.points}))
    title = "What more texts are worth, on voices left out"
    below = f"{curve.left_out[1]:,} texts by {curve.left_out[0]} voices that no model here was trained on."
    shapes: list[Shape] = [Text(8, 9, title, size=13, is_bold=True), Text(8, 16, below, colour=GREY)]
    shapes += _legend(drawn)
    titles = ("Macro-F1", "Recall of inappropriate at 2 % of critics accused")
    for figure, name, left in zip(("macro_f1", "recall"), titles, _LEFTS, strict=True):
        panel = _scaled(
            _Panel("macro_f1" if figure == "macro_f1" else "recall", name, left, 0, 1, sizes), drawn
        )
        shapes += _frame(panel)
        for number, (model, lang) in enumerate(_series(drawn)):
            own = [each for each in drawn if (each.model, each.lang) == (model, lang)]
            shapes += _draw(panel, own, 1.2 * number - 1.8)
    table, height = _table(curve.points, sizes, _TOP + _HIGH + 28)
    return Picture(title, f"{below} {_say(curve.points)}", 206, height, (*shapes, *table))


def _scaled(panel: _Panel, points: Sequence[CurvePoint]) -> _Panel:
    """Axes in whole tenths around all that is drawn."""
    ends = [end for point in points for end in panel.range_of(point)]
    low = int(min(ends, default=0.0) * 10) / 10
    high = min(1.0, int(max(ends, default=1.0) * 10 + 1) / 10)
    return _Panel(panel.figure, panel.title, panel.left, low, max(high, low + 0.1), panel.sizes)


def _series(points: Sequence[CurvePoint]) -> list[tuple[str, str]]:
    return list(dict.fromkeys((point.model, point.lang) for point in points))


def _style(model: str, lang: str) -> tuple[Literal["solid", "dashed"], str, Mark]:
    """Welsh is red and angular, English blue and round; vectors solid and filled, words dashed and hollow."""
    is_full = model != "word"
    colour = BLUE if lang == "en" else RED
    mark = Mark(0, 0, "circle" if lang == "en" else "diamond", colour, is_full)
    return ("solid" if is_full else "dashed"), colour, mark


def _at(mark: Mark, x: float, y: float) -> Mark:
    return Mark(x, y, mark.shape, mark.colour, mark.is_filled)


def _legend(points: Sequence[CurvePoint]) -> list[Shape]:
    shapes: list[Shape] = []
    x = 8.0
    for model, lang in _series(points):
        words = f"{_LANGS[lang]}, {MODELS[model]}"
        dash, colour, mark = _style(model, lang)
        shapes += [Line(((x, 24), (x + 10, 24)), 1.0, colour, dash), _at(mark, x + 5, 24)]
        shapes.append(Text(x + 12, 24, words, size=8.5))
        x += 20 + 1.4 * len(words)
    return shapes


def _frame(panel: _Panel) -> list[Shape]:
    right, bottom = panel.left + _WIDE, _TOP + _HIGH
    shapes: list[Shape] = [Text(panel.left, _TOP - 6, panel.title, is_bold=True)]
    for tenth in range(round(panel.low * 10), round(panel.high * 10) + 1):
        y = panel.y(tenth / 10)
        shapes.append(Line(((panel.left, y), (right, y)), 0.3, PALE))
        shapes.append(Text(panel.left - 2, y, f"{tenth / 10:.1f}", "right", 8))
    for texts in panel.sizes:
        shapes.append(Line(((panel.x(texts), bottom), (panel.x(texts), bottom + 1.5))))
        shapes.append(Text(panel.x(texts), bottom + 4.5, f"{texts:,}", "centre", 8))
    shapes.append(Line(((panel.left, _TOP), (panel.left, bottom), (right, bottom))))
    shapes.append(
        Text(
            panel.left + _WIDE / 2,
            bottom + 10,
            "Training texts (each step to the right multiplies)",
            "centre",
        )
    )
    return shapes


def _draw(panel: _Panel, points: Sequence[CurvePoint], shift: float) -> list[Shape]:
    """One series, moved sideways a little so that its upright lines do not hide those of another."""
    points = sorted(points, key=lambda point: point.texts)
    dash, colour, mark = _style(points[0].model, points[0].lang)
    places = tuple((panel.x(point.texts) + shift, panel.y(panel.of(point))) for point in points)
    shapes: list[Shape] = [Line(places, 1.1, colour, dash)] if len(places) > 1 else []
    for point, (x, y) in zip(points, places, strict=True):
        low, high = panel.range_of(point)
        if high > low:
            shapes.append(Line(((x, panel.y(low)), (x, panel.y(high))), 0.6, colour))
        shapes.append(_at(mark, x, y))
    return shapes


def _table(points: Sequence[CurvePoint], sizes: Sequence[int], top: float) -> tuple[list[Shape], float]:
    """All values, a row a series; (shapes, where they end)."""
    step = 66.0 / max(4, len(sizes))
    first = (68.0, 136.0)
    shapes: list[Shape] = [
        Text(first[0] - 6, top - 6, "macro-F1 after", size=8.5, is_bold=True),
        Text(first[1] - 6, top - 6, "recall after", size=8.5, is_bold=True),
    ]
    for start in first:
        shapes += [
            Text(start + step * at + 4, top, f"{texts:,}", "right", 8.5) for at, texts in enumerate(sizes)
        ]
    shapes.append(Line(((8, top + 3), (198, top + 3))))
    y = top
    for model, lang in _series(points):
        y += 6 if y > top else 7
        shapes.append(Text(8, y, f"{_LANGS[lang]}, {MODELS[model]}", size=8.5))
        for point in (each for each in points if (each.model, each.lang) == (model, lang)):
            at = step * sizes.index(point.texts) + 4
            shapes.append(Text(first[0] + at, y, f"{point.macro_f1:.3f}", "right", 8.5))
            shapes.append(Text(first[1] + at, y, f"{point.recall:.3f}", "right", 8.5))
    notes = "upright lines: the lowest and the highest of several samples"
    return [*shapes, Text(8, y + 9, notes, size=8, colour=GREY)], y + 16


def _say(points: Sequence[CurvePoint]) -> str:
    said = (
        f"{_LANGS[each.lang]}, {MODELS[each.model]}, {each.texts:,} texts: macro-F1 {each.macro_f1:.3f}, "
        f"recall {each.recall:.3f}"
        for each in points
    )
    return "; ".join(said) + "."
