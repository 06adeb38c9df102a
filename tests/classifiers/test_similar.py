"""Which judged post is this one most like? Twins are found, strangers are not, and a text is not compared with itself."""

from __future__ import annotations

import pytest

from classifiers.model import Classifier
from classifiers.similar import LIKE_FROM, MOST, find_alike
from classifiers.store import MODELS, load

POST = "the deputy head is a lying thief and everyone should spit at her in the street"
TWIN = "everyone should spit at the lying thief who is deputy head, in the street"
FAIR = "The summer fair was lovely this year, thank you to the parents who baked"
CYMRAEG = "mae'r dirprwy yn lleidr celwyddog a dylai pawb boeri arni yn y stryd"
EFAILL = "dylai pawb boeri ar y dirprwy yn y stryd, mae hi'n lleidr celwyddog"


@pytest.fixture(scope="module")
def model() -> Classifier:
    return load(MODELS / "word")


def test_a_twin_is_found_and_a_stranger_is_not(model: Classifier) -> None:
    (found,) = find_alike(model, [POST], [FAIR, TWIN, CYMRAEG])
    assert [one.at for one in found] == [1]
    assert found[0].cosine >= LIKE_FROM
    assert find_alike(model, [FAIR], [POST, TWIN, CYMRAEG]) == [()]


def test_a_welsh_twin_is_found_too(model: Classifier) -> None:
    assert [one.at for one in find_alike(model, [CYMRAEG], [FAIR, EFAILL, POST])[0]] == [1]


def test_what_hides_a_word_hides_no_likeness(model: Classifier) -> None:
    hidden = POST.replace("thief", "th1ef").replace("lying", "l.y.i.n.g")
    assert find_alike(model, [hidden], [POST])[0][0].cosine > 0.8


def test_the_most_alike_comes_first_and_two_are_enough(model: Classifier) -> None:
    (found,) = find_alike(model, [POST], [TWIN, POST, f"{TWIN} again", f"{POST}!"])
    assert len(found) == MOST and found[0].cosine >= found[1].cosine
    assert {found[0].at, found[1].at} == {1, 3}


def test_a_text_is_not_compared_with_itself(model: Classifier) -> None:
    first, second = find_alike(model, [POST, POST], [POST, TWIN], [{0}, set()])
    assert [one.at for one in first] == [1]
    assert second[0].at == 0 and second[0].cosine == pytest.approx(1.0)


def test_nothing_known_and_nothing_asked_is_nothing_alike(model: Classifier) -> None:
    assert find_alike(model, [], [POST]) == []
    assert find_alike(model, [POST, ""], []) == [(), ()]
    assert find_alike(model, ["", "👍👍"], [POST, ""]) == [(), ()]
