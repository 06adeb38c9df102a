"""Long texts are judged by the passages that speak of the school, at a bounded cost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from classifiers.decision import Scores
from classifiers.heads import HARMS, LABELS, ROUTES
from classifiers.mixing import merge
from classifiers.passages import LONG, MOST, READ, choose, is_cut, split
from mentionwatch.labels import Label

FILLER = "The council spoke of bins and buses until it was late. " * 12


def test_a_short_text_is_judged_whole() -> None:
    assert choose("Oakfield is closed tomorrow.", ("Oakfield",)) == ["Oakfield is closed tomorrow."]


def test_of_a_long_article_the_passage_with_the_name_and_its_neighbours_are_judged() -> None:
    parts = [f"{number} {FILLER}" for number in range(9)]
    parts[6] = "At OAKFIELD Primary the roof came down. " + FILLER
    chosen = choose("\n\n".join(parts), ("Oakfield Primary",))
    assert len(chosen) < 9
    assert any("OAKFIELD" in passage for passage in chosen)
    assert not any(passage.startswith(("0 ", "1 ", "2 ")) for passage in chosen)


def test_without_a_name_every_passage_counts_up_to_the_most() -> None:
    chosen = choose("\n\n".join(f"{number} {FILLER}" for number in range(60)), ())
    assert len(chosen) == MOST
    assert chosen[0].startswith("0 ")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=5_000))
def test_no_word_is_lost_in_the_splitting(text: str) -> None:
    joined = "".join(split(text))
    assert re.sub(r"\s", "", joined) == re.sub(r"\s", "", text)
    assert all(passage.strip() for passage in split(text))


@given(st.integers(1, 400_000), st.sampled_from(("a", "a ", "a. ", "\n", "é")))
def test_the_cost_is_bounded(size: int, unit: str) -> None:
    chosen = choose(unit * (size // len(unit)), ("Oakfield",))
    assert len(chosen) <= MOST
    assert all(len(passage) <= LONG + 700 for passage in chosen)


def test_what_is_not_read_is_said() -> None:
    assert is_cut("a" * (READ + 1))
    assert not is_cut("a" * READ)


_SHARES = st.lists(st.floats(0.01, 1.0), min_size=4, max_size=4).map(
    lambda weights: tuple(weight / sum(weights) for weight in weights)
)


@given(st.lists(_SHARES, min_size=2, max_size=5))
def test_a_text_is_as_bad_as_its_worst_passage_and_its_probabilities_sum_to_one(
    shares: list[tuple[float, ...]],
) -> None:
    own = [Scores(labels, (0.0,) * len(HARMS), (0.2,) * len(ROUTES)) for labels in shares]
    whole = merge(own, [100] * len(own))
    assert whole.of(Label.INAPPROPRIATE) == max(each.of(Label.INAPPROPRIATE) for each in own)
    assert abs(sum(whole.labels) - 1.0) < 1e-9
    assert len(whole.labels) == len(LABELS)
