"""A desk remembers what judged posts come to: the same answers as without, for less, and nothing of what is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from classifiers.model import Classifier
from classifiers.store import MODELS, load
from desk.explanations import Alike
from flows.digest import read_digest
from flows.home import Home, read_school
from flows.likeness import Likeness
from tests.desk.test_explanations import DAY, ITSELF, NIGHT, OLD, desk, judge, template
from tests.incidents.homes import Desk
from warehouse import words
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.keyring import Keyring

__all__ = ["desk", "template"]


def _model() -> Classifier:
    return load(MODELS / "word")


def _alike(home: Desk, likeness: Likeness | None = None) -> tuple[Alike, ...]:
    school, pack = read_school(Home(home.folder))
    found = read_digest(Home(home.folder), school, pack, DAY, "en", None, likeness)
    told = next(row.explanation for row in found.mentions if row.id == ITSELF)
    assert told is not None
    return told.alike


def test_the_second_look_opens_no_judged_words_and_says_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page costs what it shows, not what was ever judged."""
    judge(desk, OLD, "inappropriate")
    likeness, opened = Likeness(_model), list[str]()
    first = _alike(desk, likeness)
    plain = words.open_words

    def noted(keys: Keyring, rows: Sequence[words.SealedWords]) -> object:
        opened.extend(row[0] for row in rows)
        return plain(keys, rows)

    monkeypatch.setattr("warehouse.reading.open_words", noted)
    assert _alike(desk, likeness) == first == _alike(desk) != ()
    assert opened.count(OLD) == 1, "by the look that remembers nothing, and by no other"


def test_a_word_said_since_changes_the_answer(desk: Desk) -> None:
    """What is remembered is never older than the last decision."""
    likeness = Likeness(_model)
    assert _alike(desk, likeness) == ()
    judge(desk, OLD, "inappropriate")
    said = [one.label.value for one in _alike(desk, likeness)]
    judge(desk, OLD, "concern", NIGHT - timedelta(hours=1))
    assert (said, [one.label.value for one in _alike(desk, likeness)]) == (["inappropriate"], ["concern"])


def test_what_is_erased_is_forgotten(desk: Desk) -> None:
    """Not spoken of, and no number of it kept, from the next look on."""
    judge(desk, OLD, "inappropriate")
    likeness = Likeness(_model)
    assert _alike(desk, likeness) != ()
    assert likeness.remembers(OLD)
    erase(Warehouse(desk.folder), [OLD], "asked", NIGHT, "A Person")
    assert _alike(desk, likeness) == ()
    assert not likeness.remembers(OLD)
