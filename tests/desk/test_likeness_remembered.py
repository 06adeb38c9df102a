"""A desk remembers what judged posts come to: the same answers as without, for less, and nothing of what is erased."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from classifiers.model import Classifier
from classifiers.store import MODELS, load
from desk.explanations import Alike
from flows.digest import gather_digest, read_digest
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


def test_the_first_word_said_while_the_desk_is_open_is_told(desk: Desk) -> None:
    """Nothing had been judged when the file was opened: that must not be remembered as the last of it."""
    likeness = Likeness(_model)
    with Warehouse(desk.folder).kept_open():
        assert _alike(desk, likeness) == ()
        judge(desk, OLD, "inappropriate")
        assert [one.label.value for one in _alike(desk, likeness)] == ["inappropriate"]


def test_a_past_day_is_told_nothing_that_was_said_after_it(desk: Desk) -> None:
    """Also while the file is kept open, and after pages of today."""
    likeness, early = Likeness(_model), NIGHT - timedelta(days=2)
    with Warehouse(desk.folder).kept_open():
        judge(desk, OLD, "inappropriate", NIGHT - timedelta(days=3))
        _alike(desk, likeness)
        judge(desk, OLD, "concern", NIGHT - timedelta(hours=1))
        for until, said in ((NIGHT + timedelta(days=1), ["concern"]), (early, []), (NIGHT, ["concern"])):
            with Warehouse(desk.folder).live_reader() as reading:
                known = likeness.known(reading, until)
            # A word said since takes the one before it out of force, for the past as well.
            assert [one.label.value for one in known] == said


def test_a_page_finished_after_an_erasure_brings_nothing_back(desk: Desk) -> None:
    judge(desk, OLD, "inappropriate")
    judge(desk, ITSELF, "inappropriate", NIGHT + timedelta(hours=1))
    home, likeness = Home(desk.folder), Likeness(_model)
    with Warehouse(desk.folder).kept_open():
        with Warehouse(desk.folder).live_reader() as reading:
            begun = gather_digest(reading, DAY, home, *read_school(home), "en", None, likeness)
        erase(Warehouse(desk.folder), [OLD], "asked", NIGHT, "A Person")
        for _ in range(3):
            _alike(desk, likeness)
        begun.finish(likeness)
        _alike(desk, likeness)
        assert not likeness.remembers(OLD)
