"""The words a person is shown decided: without them the model says something else. And they are the post's own."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.encoder import make_encoder
from classifiers.explain import MOST_REASONS, TOGETHER
from classifiers.model import Classifier, TextToClassify
from classifiers.store import MODELS, load, read_manifest
from classifiers.unseen import read_strangers
from mentionwatch.labels import Label
from mentionwatch.model import Classification, Reason

LEAST_SHARE = 0.80
"""Of the posts a person is asked about for being bad: so often the words shown must be the cause (issue 4, point 5)."""
FOR_BEING_BAD = frozenset(
    f"{note}: a person should look"
    for note in ("may go beyond criticism", "may be a threat", "may be a matter for the police")
)
_SPEAKS = re.compile(r"“(.*)” speaks for (\w+)", re.DOTALL)
ABUSE = "the deputy head is a lying thief and everyone should spit at her in the street"


def words_of(judged: Classification) -> list[str]:
    """The quoted words, strongest first."""
    return [found[1] for reason in judged.reasons if (found := _SPEAKS.fullmatch(reason.why))]


def take_out(text: str, words: list[str]) -> str:
    """The text without these words, wherever they stand."""
    for word in words:
        text = re.sub(rf"(?<![\w'’]){re.escape(word)}(?![\w'’])", "", text, flags=re.IGNORECASE)
    return text


@pytest.fixture(scope="module")
def words_only() -> Classifier:
    return load(MODELS / "word")


def measure(model: Classifier) -> tuple[float, int]:
    """The share of strangers' posts, proposed as inappropriate or asked about for being bad, in which taking the words
    shown out flips the label or the asking, or at least halves the probability; and how many posts there are."""
    items = [TextToClassify(row.title, row.text) for row in read_strangers()]
    cases = [
        (item, before)
        for item, before in zip(items, model.classify(items), strict=True)
        if before.label is Label.INAPPROPRIATE or FOR_BEING_BAD & {reason.why for reason in before.reasons}
    ]
    shown = [words_of(before)[:TOGETHER] for _, before in cases]
    without = [
        # Its language is not in question: it is the same post.
        TextToClassify(take_out(item.title, words), take_out(item.text, words), before.lang)
        for (item, before), words in zip(cases, shown, strict=True)
    ]
    decided = 0
    for (_, before), after in zip(cases, model.classify(without), strict=True):
        is_flipped = (after.label, after.needs_person) != (before.label, before.needs_person)
        decided += is_flipped or after.probabilities.inappropriate <= before.probabilities.inappropriate / 2
    return decided / len(cases), len(cases)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["word", "e5"])
def test_without_the_words_shown_the_model_says_something_else(name: str) -> None:
    if not (MODELS / name).exists():
        pytest.skip(f"no model {name} came with this copy")
    manifest = read_manifest(MODELS / name)
    encoder = make_encoder(manifest.encoder)
    if (encoder.name if encoder else "") != manifest.vectors:
        pytest.skip(f"{manifest.vectors} is not installed here")
    share, posts = measure(load(MODELS / name, with_corpus=True))
    assert posts >= 100, "too few to say anything"
    assert share >= LEAST_SHARE, f"{share:.3f} of {posts}"


def test_other_words_do_not_do(words_only: Classifier) -> None:
    """Taking out is no trick that works on any word."""
    (before,) = words_only.classify([TextToClassify("", ABUSE)])
    shown = words_of(before)[:TOGETHER]
    others = [word for word in re.findall(r"\w+", ABUSE) if word not in words_of(before)][:TOGETHER]
    assert len(shown) == len(others) == TOGETHER
    after = words_only.classify(
        [TextToClassify("", take_out(ABUSE, words), before.lang) for words in (shown, others)]
    )
    chances = [each.probabilities.inappropriate for each in after]
    assert chances[0] < chances[1] and chances[0] < before.probabilities.inappropriate


def test_even_where_the_model_is_sure_words_are_named(words_only: Classifier) -> None:
    """Near one no single word makes a difference in probability; it does in odds."""
    sure = f"{ABUSE}. She is scum, vermin, a disgusting filthy liar and a thief, somebody should smash her face in"
    (judged,) = words_only.classify([TextToClassify("", sure)])
    assert judged.probabilities.inappropriate > 0.95
    assert len(words_of(judged)) >= TOGETHER


def test_a_word_that_stands_twice_is_named_once_with_its_first_place(words_only: Classifier) -> None:
    text = f"Thief! {ABUSE}, thief"
    (judged,) = words_only.classify([TextToClassify("", text)])
    named = [word.casefold() for word in words_of(judged)]
    assert len(named) == len(set(named))
    assert "thief" in named
    (reason,) = [each for each in judged.reasons if each.why.casefold().startswith("“thief”")]
    assert reason.span == (0, 5)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from([*ABUSE.split(), "👍", "…", "<b>", "a\u0301", "Ysgol"]), max_size=30),
    st.booleans(),
)
def test_words_are_the_posts_own_at_their_place_and_never_many(
    words_only: Classifier, pieces: list[str], titled: bool
) -> None:
    text = " ".join(pieces)
    (judged,) = words_only.classify([TextToClassify("A lying thief" if titled else "", text)])
    quoted: list[Reason] = [reason for reason in judged.reasons if _SPEAKS.fullmatch(reason.why)]
    assert len(quoted) <= MOST_REASONS
    for reason, word in zip(quoted, words_of(replace(judged, reasons=tuple(quoted))), strict=True):
        assert reason.weight > 0
        if reason.span is not None:
            assert text[slice(*reason.span)] == word
        else:
            assert titled and word.casefold() in "a lying thief"
