"""The data card says what the texts are, and the second reader's agreement is computed right."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from classifiers.data_card import (
    READING_HEADER,
    Reading,
    describe_agreement,
    make_card,
    measure_kappa,
    read_second,
    text_key,
)
from classifiers.labelled import HEADER, LabelledText
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Harm, Label, Route

DOCS = Path(__file__).parents[2] / "docs"

VOICE = '[{}]\npersona = "A"\nlanguage = "{}"\nregister = "b"\nplatform = "c"\nbatch = 1\nwritten_on = 2026-11-20\n'


def _row(text: str, lang: str = "en", label: Label = Label.CONCERN, title: str = "") -> LabelledText:
    harms = frozenset({Harm.THREAT} if label is Label.INAPPROPRIATE else ())
    return LabelledText("en-a", f"en-a/{text}", lang, label, harms, Route.NONE, text, title)


def _read(tmp_path: Path, *lines: str) -> tuple[tuple[Reading, ...], int]:
    file = tmp_path / "second_reading.tsv"
    file.write_text("\n".join(("\t".join(READING_HEADER), *lines)) + "\n", encoding="utf-8")
    return read_second(file, ROWS)


ROWS = (
    _row("one", title="top"),
    _row("two", "cy", Label.INAPPROPRIATE),
    _row("three", "mixed", Label.POSITIVE),
)


def _tiny(folder: Path) -> Path:
    for name in ("corpus", "unheard"):
        (folder / name).mkdir(parents=True)
        for lang in ("en", "cy"):
            rows = [f"{at}\t{lang}\tneutral\t\tnone\t{name} {lang} {at}\t\t" for at in range(3)]
            text = "\n".join(("\t".join(HEADER), *rows))
            (folder / name / f"{lang}-a.tsv").write_text(text, encoding="utf-8")
    (folder / "voices.toml").write_text(
        VOICE.format("en-a", "en") + VOICE.format("cy-a", "cy"), encoding="utf-8"
    )
    return folder


def test_the_card_in_the_documents_is_the_one_the_texts_give() -> None:
    """Mend with: python -m classifiers.data_card > docs/data-card.md"""
    assert (DOCS / "data-card.md").read_text(encoding="utf-8") == make_card(files("classifiers"), DOCS)


def test_a_card_without_second_reading_or_curve_says_so(tmp_path: Path) -> None:
    card = make_card(_tiny(tmp_path / "package"), tmp_path)
    assert "Not yet read twice." in card
    assert "Not yet drawn." in card
    assert "learning-curve.svg" not in card
    assert "| neutral | 3 | 3 | 6 |" in card
    assert "| en-a | 3 | A | en | b | c | 1 | 2026-11-20 |" in card


def test_picture_figures_and_second_reading_appear_as_soon_as_their_files_do(tmp_path: Path) -> None:
    folder = _tiny(tmp_path / "package")
    (tmp_path / "learning-curve.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "learning_curve.tsv").write_text("texts\tmacro-F1\n1000\t0.55\n", encoding="utf-8")
    row = LabelledText("en-a", "en-a/0", "en", Label.NEUTRAL, frozenset(), Route.NONE, "corpus en 0", "")
    reading = "\t".join(READING_HEADER) + f"\n{text_key(row)}\tconcern\t\tcomplaint\n"
    (folder / "second_reading.tsv").write_text(reading, encoding="utf-8")
    card = make_card(folder, tmp_path)
    assert "(learning-curve.svg)" in card
    assert "| 1000 | 0.55 |" in card
    assert "labelled 1 texts" in card
    assert "Not yet" not in card


def test_kappa_of_a_worked_example() -> None:
    """20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no: agreement 0.7, by chance 0.5 (Cohen 1960's way of counting)."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert measure_kappa(pairs) == pytest.approx(0.4)


def test_kappa_is_one_for_agreement_and_nothing_where_there_is_nothing_to_tell() -> None:
    assert measure_kappa([("a", "a"), ("b", "b")]) == 1
    assert measure_kappa([("a", "b"), ("b", "a")]) == -1
    assert measure_kappa([("a", "a"), ("a", "a")]) is None
    assert measure_kappa([]) is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=2, max_size=40))
def test_kappa_is_the_one_scikit_learn_computes(pairs: list[tuple[str, str]]) -> None:
    kappa = measure_kappa(pairs)
    if kappa is not None:
        left, right = zip(*pairs, strict=True)
        assert kappa == pytest.approx(cohen_kappa_score(left, right))
    else:
        assert len({value for pair in pairs for value in pair}) == 1


def test_a_second_reading_finds_its_text_by_title_and_text(tmp_path: Path) -> None:
    readings, void = _read(
        tmp_path,
        f"{text_key(ROWS[1])}\tinappropriate\tthreat,hate\tpolice",
        f"{text_key(ROWS[0])}\tconcern\t\tnone",
        f"{text_key(_row('one'))}\tconcern\t\tnone",
    )
    assert [item.row.text for item in readings] == ["two", "one"]
    assert readings[0].harms == {Harm.THREAT, Harm.HATE}
    assert void == 1


@pytest.mark.parametrize(
    ("line", "cause"),
    (
        ("{}\tworry\t\tnone", "worry"),
        ("{}\tconcern\trudeness\tnone", "rudeness"),
        ("{}\tconcern\t\tsomewhere", "somewhere"),
        ("{}\tconcern", "unpack"),
        ("{0}\tconcern\t\tnone\n{0}\tneutral\t\tnone", "again"),
    ),
)
def test_a_bad_second_reading_is_refused_with_its_line(tmp_path: Path, line: str, cause: str) -> None:
    with pytest.raises(ConfigError) as error:
        _read(tmp_path, line.format(text_key(ROWS[0])))
    assert "second_reading.tsv: line" in str(error.value)
    assert cause in str(error.value)


def test_a_second_reading_without_its_header_is_refused(tmp_path: Path) -> None:
    (tmp_path / "second_reading.tsv").write_text("group\tlabel\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="line 1"):
        read_second(tmp_path / "second_reading.tsv", ROWS)


def test_agreement_is_told_per_language_with_who_said_what() -> None:
    english = [_row(f"e{at}", label=Label.CONCERN if at < 5 else Label.INAPPROPRIATE) for at in range(10)]
    readings = [Reading(row, row.label, row.harms, row.route) for row in english]
    readings[9] = Reading(english[9], Label.CONCERN, frozenset(), Route.COMPLAINT)
    readings += [Reading(row, row.label, row.harms, row.route) for row in ROWS[1:]]
    told = describe_agreement(readings, 3)
    assert "labelled 12 texts" in told
    assert "3 further readings" in told
    assert "| texts | 10 | 2 |" in told
    assert "| labels | 0.80 | 1.00 |" in told
    assert "| routes | 0.00 | – |" in told
    assert "| harm: threat | 0.80 | 1.00 |" in told
    assert "| harm: hate | – | – |" in told
    assert "| inappropriate | 0 | 0 | 1 | 4 |" in told
