"""Bar charts as inline SVG: read aloud as one picture, drawn in the colour of the text, with a table that says the same.

Nothing is told by colour (WCAG 1.4.1): series differ by pattern, and whatever the reader's colours are (forced colours,
dark paper, a black and white printer) the ink is theirs. No script, no style attribute, nothing to fetch: it stands
under a strict content security policy.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

from desk.masking import shorten, tidy

WIDTH: Final = 288
"""Units wide, as a telephone of 320 px shows it: words are scaled with it, up to a width the style sheet sets for `.chart`."""
_ROW, _BAR, _SIZE, _LETTER, _GAP = 22, 15, 13, 8.2, 6
_LONGEST: Final = 17
"""Signs of a name beside its bar; the table has the whole name."""
_LONGEST_ABOVE: Final = 34
"""Signs of a name above its bar."""
_LONGEST_IN_KEY: Final = 31
_LEAST_ROOM: Final = 100
"""Units for the longest bar; where names and figures leave less, the names stand above their bars."""
_MOST_SAID: Final = 18
"""Signs of a figure at the end of its bar: there is always room for a bar between the two."""

_PATTERNS: Final = (
    Markup('<rect width="6" height="6" fill="currentColor"/>'),
    Markup('<path d="M-1 1 1 -1M0 6 6 0M5 7 7 5" stroke="currentColor" stroke-width="1.4"/>'),
    Markup('<circle cx="3" cy="3" r="1.3" fill="currentColor"/>'),
    Markup(""),
    Markup('<path d="M0 3H6" stroke="currentColor" stroke-width="1.6"/>'),
    Markup('<path d="M0 0 6 6M0 6 6 0" stroke="currentColor" stroke-width="0.9"/>'),
)
"""Full, slanted, dotted, empty, striped, crossed: six series are told apart in ink alone."""

_ID: Final = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its length, and what is written for it. `is_open`: the length is only known to be at most `value`."""

    value: float
    said: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """One bar for each category, in the chart's order."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars that lie, one row a category; several series lie end to end.

    `id` is a lower-case word, one of its kind on its page. `summary` is the text alternative: what the picture shows,
    in a sentence. `axis` heads the column of categories in the table. `totals`: what is written at the end of each row
    of several series, one a category, or none at all.
    """

    id: str
    title: str
    summary: str
    axis: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    totals: tuple[str, ...] = ()

    @property
    def at_ends(self) -> tuple[str, ...]:
        """What is written behind each row."""
        return tuple(bar.said for bar in self.series[0].bars) if len(self.series) == 1 else self.totals


@dataclass(frozen=True, slots=True)
class ChartTable:
    """The same figures as a table: `rows` begin with their heading."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def table_of(chart: BarChart) -> ChartTable:
    """Every figure of the chart as written, with whole names (WCAG 1.1.1). Raises ValueError as `draw_bars` does."""
    _check(chart)
    rows = tuple(
        (category, *(series.bars[at].said for series in chart.series))
        for at, category in enumerate(chart.categories)
    )
    return ChartTable(chart.title, (chart.axis, *(series.name for series in chart.series)), rows)


def draw_bars(chart: BarChart) -> Markup:
    """The chart as one `<svg class="chart">`, every word escaped. Raises ValueError for a chart that does not add up.

    With one series the figure stands at the end of its bar; with several a key tells their patterns, and the chart's
    totals stand there.
    """
    _check(chart)
    tidied = [tidy(category) for category in chart.categories]
    beside = min(_LONGEST, max(map(len, tidied), default=0)) * _LETTER + _GAP
    right = min(_MOST_SAID, max(map(len, chart.at_ends), default=0)) * _LETTER + _GAP
    is_above = WIDTH - beside - right < _LEAST_ROOM
    left, row = (1, 2 * _ROW) if is_above else (beside, _ROW)
    is_single = len(chart.series) == 1
    scale = _scale(chart, WIDTH - left - right - 1)
    key = Markup() if is_single else _draw_key(chart)
    top = 0 if is_single else _ROW * len(chart.series) + _GAP
    height = top + row * max(1, len(tidied)) + 2
    rows = Markup()
    for at, name in enumerate(tidied):
        y = top + row * at
        if is_above:
            rows += _text(left + _GAP, y + 15, shorten(name, _LONGEST_ABOVE))
            y += _ROW
        else:
            rows += _text(left - _GAP, y + 15, shorten(name, _LONGEST), end=True)
        rows += _draw_row(chart, at, left, y, scale)
    axis = _line(left, top, height)
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{id}-title {id}-summary" viewBox="0 0 {width} {height}" '
        'width="{width}" height="{height}" font-size="{size}" xmlns="http://www.w3.org/2000/svg">'
        '<title id="{id}-title">{title}</title><desc id="{id}-summary">{summary}</desc><defs>{patterns}</defs>'
        '<g fill="currentColor">{key}{rows}{axis}</g></svg>'
    ).format(
        id=chart.id, width=WIDTH, height=height, size=_SIZE, title=tidy(chart.title), summary=tidy(chart.summary),
        patterns=_draw_patterns(chart), key=key, rows=rows, axis=axis,
    )  # fmt: skip


def _check(chart: BarChart) -> None:
    if not _ID.fullmatch(chart.id):
        raise ValueError(f"a chart's id is a lower-case word, not {chart.id!r}")
    if not chart.title.strip() or not chart.summary.strip():
        raise ValueError("a chart needs a title and a summary: they are read aloud in its place")
    if not 1 <= len(chart.series) <= len(_PATTERNS):
        raise ValueError(f"a chart has one to {len(_PATTERNS)} series, not {len(chart.series)}")
    if chart.totals and len(chart.totals) != len(chart.categories):
        raise ValueError(f"{len(chart.totals)} totals for {len(chart.categories)} categories")
    for series in chart.series:
        if len(series.bars) != len(chart.categories):
            raise ValueError(
                f"{series.name!r} has {len(series.bars)} bars for {len(chart.categories)} categories"
            )
        if any(not (math.isfinite(bar.value) and bar.value >= 0) for bar in series.bars):
            raise ValueError(f"{series.name!r} has a bar of no length that can be drawn")


def _scale(chart: BarChart, room: float) -> float:
    """Units of width for one of what is counted."""
    longest = max((sum(series.bars[at].value for series in chart.series) for at in range(len(chart.categories))), default=0)  # fmt: skip
    scale = room / longest if longest > 0 else 0.0
    # Next to nothing would be scaled beyond every number; it is drawn as nothing.
    return scale if math.isfinite(scale) else 0.0


def _draw_patterns(chart: BarChart) -> Markup:
    return Markup().join(
        Markup('<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse">{}</pattern>').format(
            chart.id, at, _PATTERNS[at]
        )
        for at in range(len(chart.series))
    )


def _text(x: float, y: float, said: str, end: bool = False) -> Markup:
    anchor = Markup(' text-anchor="end"') if end else Markup()
    return Markup('<text x="{:.1f}" y="{:.1f}"{}>{}</text>').format(x, y, anchor, escape(tidy(said)))


def _line(x: float, top: float, bottom: float) -> Markup:
    return Markup('<path d="M{:.1f} {:.1f}V{:.1f}" stroke="currentColor"/>').format(x, top, bottom)


def _box(chart: BarChart, at: int, x: float, y: float, width: float, is_open: bool) -> Markup:
    fill = Markup("none") if is_open else Markup("url(#{}-{})").format(chart.id, at)
    dashes = Markup(' stroke-dasharray="3 2"') if is_open else Markup()
    return Markup(
        '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{}" fill="{}" stroke="currentColor"{}/>'
    ).format(x, y, width, _BAR, fill, dashes)


def _draw_key(chart: BarChart) -> Markup:
    return Markup().join(
        _box(chart, at, 1, _ROW * at + 3, 24, False)
        + _text(32, _ROW * at + 15, shorten(tidy(series.name), _LONGEST_IN_KEY))
        for at, series in enumerate(chart.series)
    )


def _draw_row(chart: BarChart, at: int, left: float, y: float, scale: float) -> Markup:
    drawn, x = Markup(), left
    bars: Sequence[Bar] = [series.bars[at] for series in chart.series]
    for place, bar in enumerate(bars):
        if bar.value > 0:
            drawn += _box(chart, place, x, y + 3, bar.value * scale, bar.is_open)
            x += bar.value * scale
    if chart.at_ends and chart.at_ends[at]:
        drawn += _text(x + _GAP, y + 15, shorten(tidy(chart.at_ends[at]), _MOST_SAID))
    return drawn
