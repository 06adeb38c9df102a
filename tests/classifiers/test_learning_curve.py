"""The learning curve is drawn from fair samples: nested, of every voice, and never of a voice left out."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.learning_curve import average, leave_out, measure, order
from classifiers.heads import LABELS
from classifiers.labelled import read_corpus
from mentionwatch.labels import Label

ROWS = read_corpus()
TRAIN, OUT = leave_out(ROWS)


def _shares(bad: float, label: Label = Label.CONCERN) -> list[float]:
    rest = dict.fromkeys(LABELS, 0.0) | {label: 1 - bad}
    return [bad if each is Label.INAPPROPRIATE else rest[each] for each in LABELS]


def test_the_voices_left_out_are_a_fifth_of_both_languages_and_never_trained_on() -> None:
    voices = {row.voice for row in ROWS}
    out = {row.voice for row in OUT}
    assert len(TRAIN) + len(OUT) == len(ROWS)
    assert not {row.voice for row in TRAIN} & out
    assert abs(len(out) - len(voices) / 5) <= 1
    assert {voice[:2] for voice in out} == {"en", "cy"}


@pytest.mark.parametrize("seed", (1, 2))
def test_every_sample_holds_each_voice_in_proportion_and_the_smaller_ones(seed: int) -> None:
    ordered = order(TRAIN, seed)
    assert Counter(id(row) for row in ordered) == Counter(id(row) for row in TRAIN)
    whole, part = Counter(row.voice for row in TRAIN), Counter(row.voice for row in ordered[:2000])
    for voice, count in whole.items():
        assert abs(part[voice] - count * 2000 / len(TRAIN)) <= 2, voice


def test_a_seed_gives_the_same_sample_and_another_seed_another() -> None:
    assert order(TRAIN, 1) == order(TRAIN, 1)
    assert order(TRAIN, 1)[:1000] != order(TRAIN, 2)[:1000]


def test_recall_is_counted_where_one_critic_in_fifty_is_accused() -> None:
    critics = [row for row in ROWS if row.label is Label.CONCERN][:100]
    bad = [row for row in ROWS if row.label is Label.INAPPROPRIATE][:100]
    # Critics score 0.00 to 0.99: two of them, 0.98 and 0.99, may be accused, so what exceeds 0.97 is found.
    shares = [_shares(at / 100) for at in range(100)]
    assert measure([*critics, *bad], [*shares, *[_shares(0.975)] * 60, *[_shares(0.97)] * 40]).recall == 0.6


def test_macro_f1_counts_each_label_alike() -> None:
    rows = [row for row in ROWS if row.label is Label.CONCERN][:9]
    rows.append(next(row for row in ROWS if row.label is Label.POSITIVE))
    found = measure(rows, [_shares(0.0)] * 10)
    assert found.macro_f1 == pytest.approx((2 * 9 / 19 + 0) / 2)


def test_the_average_lies_halfway() -> None:
    ((one, other),) = average([[0.2, 0.8]], [[0.6, 0.4]])
    assert (one, other) == pytest.approx((0.4, 0.6))
