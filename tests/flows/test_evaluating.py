"""`evaluate`: readable on a narrow screen, an exit code for the gate, floors only for what ships."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from classifiers.evaluate import Figures, HarmFigures, LabelFigures
from classifiers.floors import FLOORS
from classifiers.labelled import read_corpus
from classifiers.store import MODELS, load
from classifiers.train import judge
from classifiers.unseen import LEFT_OUT, STRANGERS, Part, save_unseen
from flows.cli import main
from flows.commands.evaluating import say_all
from mentionwatch.labels import Harm, Label


def _figures(group: str) -> Figures:
    labels = tuple(LabelFigures(label, 12_345, 0.5, 0.25, 0.3) for label in Label)
    harms = tuple(HarmFigures(harm, 0 if harm is Harm.HATE else 4_567, 0.75, 0.125) for harm in Harm)
    return Figures(group, 98_765, 0.61, 0.62, 0.63, 0.64, 0.65, 4_321, 0.66, 0.67, labels, harms)


PARTS = [
    Part(name, (), tuple(_figures(group) for group in ("all", "en", "cy"))) for name in (LEFT_OUT, STRANGERS)
]
FINDING = "word, left_out, en: recall.inappropriate is 0.3712, at least 0.401 is pinned"


def test_it_is_readable_in_eighty_columns_with_the_headline_first(capsys: pytest.CaptureFixture[str]) -> None:
    say_all("word-0123456789ab+rules-2", PARTS, [FINDING] * 2, [])
    said = capsys.readouterr().out
    assert max(map(len, said.splitlines())) <= 80
    assert (
        said.index("VOICES LEFT OUT") < said.index("STRANGERS") < said.index("recall.inappropriate is 0.3712")
    )
    for value in (
        "0.610",
        "0.620",
        "0.630",
        "0.640",
        "0.650",
        "0.660",
        "0.670",
        "0.500 0.250",
        "0.750 0.125",
        "none",
    ):
        assert value in said
    assert "English" in said
    assert "Welsh" in said


def test_floors_are_written_for_no_model_but_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = FLOORS.read_bytes() if FLOORS.exists() else b""
    for switch in (
        ["--write-floors"],
        ["--lower-floors", "because it is my own model"],
        ["--lower-floors", ""],
    ):
        assert main(["evaluate", "--model", str(tmp_path), *switch]) == 5
    assert "refused: floors are written for the models that ship" in capsys.readouterr().err
    assert (FLOORS.read_bytes() if FLOORS.exists() else b"") == before


def test_no_model_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "--model", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.slow
def test_a_model_without_any_worth_is_named_with_exit_3_and_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy of the shipped model beside scores that call every text the same."""
    folder = tmp_path / "model"
    shutil.copytree(MODELS / "word", folder)
    model, rows = load(folder), read_corpus()
    (one,) = judge(model, rows[:1])
    save_unseen([type(one)(row, one.scores) for row in rows], model.parts.name, rows, folder)
    assert main(["evaluate", "--model", str(folder), "--json", "--plots", str(tmp_path / "plots")]) == 3
    said = json.loads(capsys.readouterr().out)
    assert said["left_out"][0]["texts"] == len(rows)
    assert said["left_out"][0]["macro_f1"] < 0.3
    assert any("left_out, all: macro_f1" in finding for finding in said["findings"])
    assert {Path(path).name for path in said["plots"]} >= {"reliability-en.svg", "reliability-cy.svg"}
