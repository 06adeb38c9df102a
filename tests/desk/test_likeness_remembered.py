"""A desk remembers what judged posts come to: the same answers as without, for less, and nothing of what is erased."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from classifiers.model import Classifier
from classifiers.store import MODELS, load
from desk.explanations import Alike
from flows.digest import gather_digest, read_digest
from flows.home import Home, read_school
from flows.likeness import Likeness, find_likenesses
from flows.remembered import Known
from mentionwatch.labels import Label, Route
from tests.desk.test_explanations import AGAIN, DAY, ITSELF, NIGHT, OLD, desk, judge, template
from tests.incidents.homes import Desk
from warehouse import words
from warehouse.connection import Warehouse
from warehouse.erase import erase
from warehouse.keyring import Keyring
from warehouse.reading import MentionFilter, MentionRow, list_mentions

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


def _alone(desk: Desk) -> MentionRow:
    with Warehouse(desk.folder).live_reader() as reading:
        (row,) = list_mentions(reading, MentionFilter(ids=(ITSELF,)))
    return row


@pytest.mark.parametrize("route", [Route.POLICE, Route.SAFEGUARDING])
def test_what_may_be_grave_is_never_said_to_be_like_something_harmless(desk: Desk, route: Route) -> None:
    """A head who reads "like the one you marked as a concern" beside a threat is led the wrong way; to something as bad it may be likened."""
    row, model = _alone(desk), _model()
    grave = (replace(row, route=route), replace(row, machine_route=route))

    def labels(one: MentionRow, label: Label) -> list[Label]:
        known = [Known("k", "https://old.example/k", AGAIN, label, DAY)]
        return [alike.label for alike in find_likenesses(lambda: model, [one], known).get(ITSELF, ())]

    for label in Label:
        assert labels(row, label) == [label]
        worst = [label] if label is Label.INAPPROPRIATE else []
        assert [labels(one, label) for one in grave] == [worst, worst]


def test_comments_are_not_alike_for_the_thread_they_stand_in(desk: Desk) -> None:
    """The title of a comment is its thread's: a mild answer stood under the same one as a threat."""
    row, model = _alone(desk), _model()
    thread = (
        "Parking outside Ysgol Llanbedrog is out of control, and nobody at the school does anything about it"
    )
    article = replace(row, title=thread, text="Same here.", kind="article")
    known = [Known("k", "https://old.example/k", f"{thread}\nNot a word more.", Label.CONCERN, DAY)]
    assert ITSELF in find_likenesses(lambda: model, [article], known)
    assert find_likenesses(lambda: model, [replace(article, kind="comment")], known) == {}
