"""What a model made of voices it never heard: stored at training, read back, and measured without training again.

Two parts: `left_out`, every text of the corpus scored by a fold's model that saw none of its voice, and `strangers`,
the frozen texts in classifiers/unheard, scored by the model itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from classifiers.decision import Scores
from classifiers.evaluate import Figures, calibrate, measure_all
from classifiers.heads import HARMS, LABELS, ROUTES
from classifiers.labelled import LabelledText, hash_corpus, read_corpus
from classifiers.thresholds import Judged
from classifiers.train import judge
from mentionwatch.errors import Fatal

if TYPE_CHECKING:
    from classifiers.model import Classifier

UNSEEN_FILE = "unseen.npz"
LEFT_OUT, STRANGERS = "left_out", "strangers"
_WIDTHS = {"labels": len(LABELS), "harms": len(HARMS), "routes": len(ROUTES)}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the two parts: its texts with calibrated scores, and their figures for all, en and cy."""

    name: str
    judged: tuple[Judged, ...]
    figures: tuple[Figures, ...]


def save_unseen(judged: Sequence[Judged], name: str, rows: tuple[LabelledText, ...], folder: Path) -> Path:
    """Store the scores that `train.score_unseen` gave to `rows`, beside the model called `name` (Parts.name).

    Raises `ValueError` when `judged` is not of just these rows in their order. The same scores give the same bytes.
    """
    import numpy as np

    if [item.row for item in judged] != list(rows):
        raise ValueError("the scores are not of these labelled texts, in their order")
    single = np.float32
    path = folder / UNSEEN_FILE
    np.savez_compressed(
        path,
        name=np.array(name),
        corpus_sha256=np.array(hash_corpus(rows)),
        groups=np.array([row.group for row in rows], dtype=np.str_),
        labels=np.array([item.scores.labels for item in judged], dtype=single),
        harms=np.array([item.scores.harms for item in judged], dtype=single),
        routes=np.array([item.scores.routes for item in judged], dtype=single),
    )
    return path


def load_unseen(folder: Path, name: str, rows: tuple[LabelledText, ...]) -> list[Judged]:
    """The stored scores at temperature 1, each beside its text.

    Raises `Fatal` in one line where there are none, or they are damaged, of another model, or of other texts than
    `rows`; runs no code from the file.
    """
    path = folder / UNSEEN_FILE
    mend = f"Run: mentionwatch train --out {folder}"
    try:
        arrays = _read(path)
        stored_name, sha256 = str(arrays["name"]), str(arrays["corpus_sha256"])
        groups = [str(group) for group in arrays["groups"]]
        lists = [_shares(arrays[key], len(groups), width) for key, width in _WIDTHS.items()]
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as error:
        raise Fatal(f"{path}: no usable scores of voices left out ({type(error).__name__}). {mend}") from None
    if stored_name != name:
        raise Fatal(f"{path}: the scores are of the model {stored_name!r}, not of {name!r}. {mend}")
    if sha256 != hash_corpus(rows) or groups != [row.group for row in rows]:
        raise Fatal(
            f"{path}: the scores are of other labelled texts than those in classifiers/corpus. {mend}"
        )
    return [
        Judged(row, Scores(tuple(labels), tuple(harms), tuple(routes)))
        for row, labels, harms, routes in zip(rows, *lists, strict=True)
    ]


def _read(path: Path) -> dict[str, Any]:
    import numpy as np

    with np.load(path, allow_pickle=False) as stored:
        return {key: stored[key] for key in ("name", "corpus_sha256", "groups", *_WIDTHS)}


def _shares(values: Any, rows: int, width: int) -> list[list[float]]:
    """Raises `ValueError` for another shape, and for what is no probability."""
    import numpy as np

    if values.shape != (rows, width) or values.dtype != np.float32:
        raise ValueError("not one row of numbers for each text")
    if not (np.isfinite(values).all() and (values >= 0).all() and (values <= 1).all()):
        raise ValueError("not probabilities")
    found: list[list[float]] = values.astype(np.float64).tolist()
    return found


def read_strangers() -> tuple[LabelledText, ...]:
    """The texts that no model is ever trained on."""
    return read_corpus(files("classifiers").joinpath("unheard"))


def measure_left_out(classifier: Classifier, folder: Path, rows: tuple[LabelledText, ...]) -> Part:
    """The headline: the cut-offs of this model on stored scores. Raises as `load_unseen` does."""
    stored = load_unseen(folder, classifier.parts.name, rows)
    calm = calibrate(stored, classifier.parts)
    return Part(LEFT_OUT, tuple(calm), tuple(measure_all(calm, classifier.parts)))


def measure_strangers(classifier: Classifier) -> Part:
    """The model itself on the frozen texts. With vectors, half a minute where these are not stored."""
    judged = judge(classifier, read_strangers())
    return Part(STRANGERS, tuple(judged), tuple(measure_all(judged, classifier.parts)))
