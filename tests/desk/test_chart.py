"""Charts say the same drawn, read aloud and as a table, in nobody's colours, whatever a source or school is called."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desk.chart import WIDTH, Bar, BarChart, Series, draw_bars, table_of
from desk.render import environment
from tests.desk.chromium import open_browser

SVG = "{http://www.w3.org/2000/svg}"
WEEKS = ("7 Sep", "14 Sep", "21 Sep")
ONE = BarChart(
    id="weeks",
    title="Mentions each week",
    summary="Three weeks; most mentions, 12, in the week of 14 September.",
    axis="Week from",
    categories=WEEKS,
    series=(Series("Mentions", (Bar(0, "0"), Bar(12, "12"), Bar(4, "fewer than 5", is_open=True))),),
)
TWO = replace(
    ONE,
    series=(
        Series("good", tuple(Bar(n, str(n)) for n in (3, 0, 5))),
        Series("criticism", tuple(Bar(n, str(n)) for n in (1, 7, 0))),
    ),
)


def parse(chart: BarChart) -> ElementTree.Element:
    return ElementTree.fromstring(str(draw_bars(chart)))  # noqa: S314 - our own output


def boxes(chart: BarChart) -> list[ElementTree.Element]:
    """The drawn bars, without the pattern's own boxes and without the key."""
    drawn = parse(chart).find(f"{SVG}g")
    assert drawn is not None
    found = drawn.findall(f"{SVG}rect")
    return found[len(chart.series) :] if len(chart.series) > 1 else found


@st.composite
def charts(draw: st.DrawFn) -> BarChart:
    words = st.text(max_size=60)
    names = draw(st.lists(words, max_size=8))
    bars = st.builds(Bar, st.floats(min_value=0, max_value=1e9), st.text(max_size=40), st.booleans())
    series = draw(
        st.lists(
            st.builds(
                Series,
                words,
                st.lists(bars, min_size=len(names), max_size=len(names)).map(tuple),
            ),
            min_size=1,
            max_size=6,
        )
    )
    told = st.text(min_size=1, max_size=60).filter(str.strip)
    return BarChart("c", draw(told), draw(told), draw(words), tuple(names), tuple(series))


def test_a_reader_who_hears_the_page_gets_title_and_summary_for_the_picture() -> None:
    """WCAG 1.1.1."""
    svg = parse(ONE)
    assert svg.get("role") == "img"
    named = (svg.get("aria-labelledby") or "").split()
    told = {found.get("id"): found.text for found in svg if found.get("id")}
    assert [told[each] for each in named] == [ONE.title, ONE.summary]


def test_the_table_says_every_figure_and_every_whole_name() -> None:
    long = replace(ONE, categories=("x" * 90, *WEEKS[1:]))
    table = table_of(long)
    assert table.headings == ("Week from", "Mentions")
    assert table.rows == (("x" * 90, "0"), ("14 Sep", "12"), ("21 Sep", "fewer than 5"))
    assert "x" * 90 not in draw_bars(long)


def test_nothing_is_told_by_colour() -> None:
    """WCAG 1.4.1: every ink is the reader's own, and two series never share a pattern."""
    for chart in (ONE, TWO):
        inks = set(re.findall(r'(?:fill|stroke)="([^"]*)"', str(draw_bars(chart))))
        assert {ink for ink in inks if not ink.startswith("url(#weeks-")} <= {"currentColor", "none"}
    patterns = [
        ElementTree.tostring(found[0]) if len(found) else b"" for found in parse(TWO).iter(f"{SVG}pattern")
    ]
    assert len(set(patterns)) == 2
    assert {box.get("fill") for box in boxes(TWO)} == {"url(#weeks-0)", "url(#weeks-1)"}


def test_lengths_are_in_proportion_and_bars_of_one_row_lie_end_to_end() -> None:
    widths = [float(box.get("width", "0")) for box in boxes(ONE)]
    assert widths[0] == pytest.approx(3 * widths[1], abs=0.2)
    first, second = boxes(TWO)[:2]
    assert float(first.get("x", "0")) + float(first.get("width", "0")) == pytest.approx(
        float(second.get("x", "0")), abs=0.2
    )


def test_a_row_of_several_series_says_what_it_comes_to_where_the_chart_does() -> None:
    """Lengths end to end without a number: nobody could read one off."""

    def texts(chart: BarChart) -> list[str]:
        return [found.text or "" for found in parse(chart).iter(f"{SVG}text")]

    with_totals = replace(TWO, totals=("4", "7", ""))
    assert sorted(texts(with_totals)) == sorted([*texts(TWO), "4", "7"])
    longest = max(float(box.get("x", "0")) + float(box.get("width", "0")) for box in boxes(with_totals))
    assert longest < max(float(box.get("x", "0")) + float(box.get("width", "0")) for box in boxes(TWO))
    with pytest.raises(ValueError, match="totals"):
        draw_bars(replace(TWO, totals=("4",)))


def test_a_figure_that_is_not_told_is_drawn_empty_and_dashed_and_zero_is_no_bar() -> None:
    drawn = boxes(ONE)
    assert len(drawn) == 2
    assert drawn[0].get("stroke-dasharray") is None
    assert (drawn[1].get("fill"), drawn[1].get("stroke-dasharray")) == ("none", "3 2")


def test_nothing_of_a_policy_against_scripts_and_styles_is_needed() -> None:
    """ASVS V3.4.3: no style attribute, no script, no link, nothing to fetch."""
    text = str(draw_bars(TWO))
    assert not re.search(r"style|<script|\son\w+=|href|<a\b", text)
    assert set(re.findall(r"url\(([^)]{1,8})", text)) == {"#weeks-0", "#weeks-1"}


def test_where_names_and_figures_leave_no_room_beside_them_the_bar_lies_under_its_name() -> None:
    """The words stay as large, and a bar can still be told from another."""
    names = ("Papur Bro Aberwylan", "Facebook", "Cymdeithas Rhieni")
    crowded = replace(ONE, categories=names, series=(Series("m", (Bar(3, "fewer than 5"), Bar(12, "12"), Bar(6, "not shown to you"))),))  # fmt: skip
    said = {found.text: found for found in parse(crowded).iter(f"{SVG}text")}
    assert set(names) <= set(said), "under its name there is room for the whole of it"
    drawn = boxes(crowded)
    for name, box in zip(names, drawn, strict=True):
        assert float(said[name].get("y", "0")) < float(box.get("y", "0")) + 1
    assert float(drawn[1].get("width", "0")) > WIDTH / 3
    for box, bar in zip(drawn, crowded.series[0].bars, strict=True):
        end, begins = (
            float(box.get("x", "0")) + float(box.get("width", "0")),
            float(said[bar.said].get("x", "0")),
        )
        assert end < begins <= WIDTH - 8 * len(bar.said)
    tops = [float(box.get("y", "0")) for box in drawn]
    assert all(later - earlier >= 30 for earlier, later in pairwise(tops))
    beside = {found.text: found for found in parse(ONE).iter(f"{SVG}text")}
    assert float(beside["14 Sep"].get("y", "0")) > float(boxes(ONE)[0].get("y", "0"))


@settings(max_examples=150, deadline=None)
@given(chart=charts())
@example(chart=BarChart("c", "t", "s", "", ("",), (Series("", (Bar(1e-308, ""),)),)))
def test_whatever_it_is_called_it_is_one_picture_within_its_width(chart: BarChart) -> None:
    svg = parse(chart)
    assert {found.tag.removeprefix(SVG) for found in svg.iter()} <= {
        "svg", "title", "desc", "defs", "pattern", "circle", "path", "rect", "g", "text"
    }  # fmt: skip
    for box in boxes(chart):
        assert float(box.get("x", "0")) + float(box.get("width", "0")) <= WIDTH
    assert len(table_of(chart).rows) == len(chart.categories)


def test_bars_stand_in_rows_that_do_not_touch() -> None:
    tops = [float(box.get("y", "0")) for box in boxes(ONE)]
    assert all(later - earlier >= 15 for earlier, later in pairwise(tops))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(ONE, id='x" onload="'),
        replace(ONE, title=" "),
        replace(ONE, summary=""),
        replace(ONE, categories=WEEKS[:2]),
        replace(ONE, series=()),
        replace(ONE, series=ONE.series * 7),
        replace(ONE, series=(Series("s", (Bar(-1, ""), *ONE.series[0].bars[1:])),)),
        replace(ONE, series=(Series("s", (Bar(float("nan"), ""), *ONE.series[0].bars[1:])),)),
    ],
)
def test_a_chart_that_does_not_add_up_is_no_chart(wrong: BarChart) -> None:
    with pytest.raises(ValueError, match=r"chart|bar"):
        draw_bars(wrong)


@pytest.fixture
def template() -> Iterator[str]:
    yield (
        '{% from "chart.html.j2" import figure %}<!doctype html><html lang="en"><head><meta charset="utf-8">'
        "<title>Charts</title></head><body><main><h1>Charts</h1>{{ figure(drawn, table, 'As a table') }}</main></body></html>"
    )


def test_in_a_page_the_words_of_a_source_stay_words(template: str) -> None:
    hostile = replace(ONE, title="<script>alert(1)</script>", categories=("<b>", "&amp;", '"><img src=x>'))
    page = environment().from_string(template).render(drawn=draw_bars(hostile), table=table_of(hostile))
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("<svg") == 1
    assert "&amp;amp;" in page


@pytest.mark.browser
def test_axe_finds_nothing_wrong_and_no_ink_is_lost_in_forced_colours(template: str) -> None:
    """WCAG 2.2 AA by axe in a real Chromium; with forced colours the bars are still there."""
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    page_text = environment().from_string(template).render(drawn=draw_bars(TWO), table=table_of(TWO))
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 320, "height": 640}, forced_colors="active")
        page.set_content(page_text)
        assert Axe().run(page).violations_count == 0
        assert page.get_by_role("img", name=TWO.title).count() == 1
        ink = page.evaluate(
            "() => [...document.querySelectorAll('svg g rect')].map(box => getComputedStyle(box).stroke)"
        )
        assert set(ink) == {page.evaluate("() => getComputedStyle(document.body).color")}
