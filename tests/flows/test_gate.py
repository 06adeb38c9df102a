"""The gate between champion and challenger: what rises, what falls, and what is only noise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from classifiers.labelled import LabelledText
from flows.gate import Given, compare_group, find_faults
from mentionwatch.labels import Harm, Label, Route

LABELS = st.sampled_from(tuple(Label))
TRIPLES = st.lists(st.tuples(LABELS, LABELS, LABELS), min_size=1, max_size=60)


def row_of(label: Label, harms: frozenset[Harm] = frozenset(), route: Route = Route.NONE) -> LabelledText:
    return LabelledText("voice", "voice/1", "en", label, harms, route, "text", "")


def judged_as(
    row: LabelledText, old: Label, new: Label, asked: bool = False
) -> tuple[LabelledText, Given, Given]:
    return row, Given(old, asked), Given(new, asked)


@settings(max_examples=60, deadline=None)
@given(triples=TRIPLES)
def test_macro_f1_is_scikit_learns(triples: list[tuple[Label, Label, Label]]) -> None:
    group = compare_group("en", [judged_as(row_of(want), old, new) for want, old, new in triples])
    wanted = [want for want, _, _ in triples]
    for at in (0, 1):
        told = [triple[at + 1] for triple in triples]
        expected = f1_score(wanted, told, labels=sorted(set(wanted)), average="macro", zero_division=0)
        assert group.macro_f1[at] == pytest.approx(expected)
    assert group.interval[0] <= group.interval[1]


@settings(max_examples=20, deadline=None)
@given(triples=TRIPLES)
def test_a_model_that_decides_alike_passes(triples: list[tuple[Label, Label, Label]]) -> None:
    group = compare_group("cy", [judged_as(row_of(want), old, old) for want, old, _ in triples])
    assert (group.difference, group.interval, find_faults(group)) == (0.0, (0.0, 0.0), [])


THREAT = row_of(Label.INAPPROPRIATE, frozenset({Harm.THREAT}))
POLICE = row_of(Label.INAPPROPRIATE, frozenset({Harm.HATE}), Route.POLICE)
CRITIC = row_of(Label.CONCERN)
CALM = [
    judged_as(row_of(label), label, label)
    for label in (Label.POSITIVE, Label.NEUTRAL, Label.CONCERN)
    for _ in range(400)
]


@pytest.mark.parametrize(
    ("row", "old", "new", "cause"),
    (
        (THREAT, Label.INAPPROPRIATE, Label.CONCERN, "threats missed rose from 0 to 1"),
        (POLICE, Label.INAPPROPRIATE, Label.NEUTRAL, "threats missed rose from 0 to 1"),
        (CRITIC, Label.CONCERN, Label.INAPPROPRIATE, "criticism called inappropriate rose from 0 to 1"),
    ),
)
def test_one_missed_threat_or_accused_critic_more_is_enough(
    row: LabelledText, old: Label, new: Label, cause: str
) -> None:
    good = [judged_as(THREAT, Label.INAPPROPRIATE, Label.INAPPROPRIATE)] * 50
    faults = find_faults(compare_group("cy", [*CALM, *good, judged_as(row, old, new)]))
    assert [fault for fault in faults if cause in fault]
    assert find_faults(compare_group("cy", [*CALM, *good, judged_as(row, new, old)])) == []


def test_a_threat_that_a_person_sees_is_not_missed() -> None:
    shown = (THREAT, Given(Label.CONCERN, True), Given(Label.NEUTRAL, True))
    assert compare_group("en", [*CALM, shown]).threats_missed == (0, 0)


def test_a_fall_is_refused_when_it_is_large_or_surely_there_and_not_when_it_is_noise() -> None:
    neutral = row_of(Label.NEUTRAL)

    def turned(worse: int, better: int) -> list[str]:
        rows = [judged_as(neutral, Label.NEUTRAL, Label.POSITIVE)] * worse
        rows += [judged_as(neutral, Label.POSITIVE, Label.NEUTRAL)] * better
        return find_faults(compare_group("en", [*CALM, *rows]))

    assert turned(6, 5) == []
    assert len(turned(8, 0)) == 1 and "chance" in turned(8, 0)[0]
    assert len(turned(60, 0)) == 2


def test_the_same_comparison_gives_the_same_figures() -> None:
    rows = [*CALM, judged_as(CRITIC, Label.NEUTRAL, Label.CONCERN)]
    assert compare_group("en", rows) == compare_group("en", rows)
