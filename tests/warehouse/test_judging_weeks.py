"""What the classifier said week by week, what people made of it, and when that is more than chance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, fisher_exact

from desk.machine_words import sample_reason
from mentionwatch.ids import mention_id
from mentionwatch.labels import Label, Role
from mentionwatch.model import MentionWrite, Reason
from tests.incidents.homes import Desk, make_desk
from tests.warehouse.factory import make_audit, make_night, make_write
from warehouse.connection import Warehouse
from warehouse.decisions import Decision, record_decision
from warehouse.judging_weeks import (
    LEAST,
    SELDOM,
    JudgedWeek,
    chance_of,
    find_drift,
    read_judged_weeks,
)
from warehouse.publish import publish, query_published
from warehouse.session import Writing
from warehouse.store import store_nights

MONDAY = date(2026, 11, 16)
NIGHT = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
# In London this is Monday 00:30; in UTC it is still Sunday.
SUMMER_MONDAY = datetime(2026, 7, 5, 23, 30, tzinfo=UTC)


def judged(
    name: str, label: Label, at: datetime, *, model: str = "m 1", asks: bool = False, why: str = ""
) -> MentionWrite:
    write = make_write(name, f"words of {name}", label=label, at=at)
    reasons = (Reason(why, 1.0), *write.classification.reasons) if why else write.classification.reasons
    said = replace(write.classification, model=model, needs_person=asks, reasons=reasons)
    return replace(write, classification=said)


def store(writing: Writing, run_id: str, at: datetime, *writes: MentionWrite) -> None:
    store_nights(writing, [make_night(run_id, writes, at=at)], at)


def decide(writing: Writing, name: str, label: Label, at: datetime) -> None:
    decision = Decision(mention_id("paper", name), 1, label, "A Person", Role.HEAD, "read it twice", at)
    record_decision(writing, decision, make_audit())


def fill(warehouse: Warehouse) -> None:
    with warehouse.writer() as writing:
        store(
            writing, "r0", SUMMER_MONDAY,
            judged("s1", Label.POSITIVE, SUMMER_MONDAY),
        )  # fmt: skip
        store(
            writing, "r1", NIGHT,
            judged("p1", Label.NEUTRAL, NIGHT),
            judged("p2", Label.CONCERN, NIGHT, asks=True),
            judged("p3", Label.CONCERN, NIGHT),
            judged("p4", Label.INAPPROPRIATE, NIGHT, asks=True),
            judged("p5", Label.POSITIVE, NIGHT, asks=True, why=sample_reason(20)),
            judged("p6", Label.NEUTRAL, NIGHT, model="m 2"),
        )  # fmt: skip
        decide(writing, "p2", Label.INAPPROPRIATE, NIGHT)
        decide(writing, "p4", Label.CONCERN, NIGHT)
        # Changed their mind within the week: the later word counts, and counts once.
        decide(writing, "p3", Label.NEUTRAL, NIGHT)
        decide(writing, "p3", Label.CONCERN, NIGHT + timedelta(hours=1))
        # Given a week later, of a mention classified before.
        decide(writing, "p6", Label.POSITIVE, NIGHT + WEEK)


def test_a_week_counts_what_was_judged_and_what_people_said_of_it(warehouse: Warehouse) -> None:
    fill(warehouse)
    with warehouse.live_reader() as reading:
        summer, first, second, later = read_judged_weeks(reading)
    assert summer.week == date(2026, 7, 6), "weeks begin on Monday in London"
    assert (first.week, first.model, first.mentions) == (MONDAY, "m 1", 5)
    assert [
        first.label(label) for label in (Label.POSITIVE, Label.NEUTRAL, Label.CONCERN, Label.INAPPROPRIATE)
    ] == [1, 1, 2, 1]
    assert first.mean_best == pytest.approx(0.7)
    assert (first.asked, first.sampled) == (3, 1)
    assert (first.corrections, first.changed, first.too_harsh, first.too_mild) == (3, 2, 1, 1)
    assert (second.model, second.mentions, second.corrections) == ("m 2", 1, 0)
    assert (later.week, later.model, later.mentions, later.mean_best) == (MONDAY + WEEK, "m 2", 0, None)
    assert (later.corrections, later.too_harsh, later.too_mild) == (1, 1, 0)


def test_the_published_view_says_the_same_in_shares(warehouse: Warehouse) -> None:
    fill(warehouse)
    publish(warehouse)
    with warehouse.live_reader() as reading:
        own = read_judged_weeks(reading)
    published = query_published(warehouse, "FROM judgement_weeks").rows
    assert len(published) == len(own) == 4
    for row, week in zip(published, own, strict=True):
        shares = [count / week.mentions if week.mentions else None for count in (*week.labels, week.asked)]
        changed = week.changed / week.corrections if week.corrections else None
        assert row == (
            week.week, week.model, week.mentions, *shares[:4], pytest.approx(week.mean_best) if week.mentions else None, shares[4],
            week.sampled, week.corrections, changed, week.too_harsh, week.too_mild,
        )  # fmt: skip


def test_a_school_without_a_mention_has_no_weeks(warehouse: Warehouse) -> None:
    with warehouse.live_reader() as reading:
        assert read_judged_weeks(reading) == ()
    assert find_drift(()) == ()


def week(
    number: int, mentions: int, bad: int, said: int = 0, changed: int = 0, model: str = "m"
) -> JudgedWeek:
    labels = (0, mentions - bad, 0, bad)
    return JudgedWeek(MONDAY + number * WEEK, model, mentions, labels, 0.8, 0, 0, said, changed, 0)


def test_a_mix_that_moved_is_told_with_both_counts() -> None:
    found = {drift.what: drift for drift in find_drift([week(0, 100, 2), week(1, 100, 3), week(2, 60, 20)])}
    assert set(found) == {"neutral", "inappropriate"}
    assert found["inappropriate"].now == (20, 60)
    assert found["inappropriate"].before == (5, 200)
    assert found["inappropriate"].since == MONDAY + 2 * WEEK
    assert found["inappropriate"].chance < 1e-6
    assert not found["inappropriate"].is_new_model


def test_a_change_of_model_is_named_with_the_drift() -> None:
    found = find_drift([week(0, 100, 2), week(1, 60, 20, model="n")])
    assert found and all(drift.is_new_model for drift in found)


def test_weeks_that_only_wobble_and_weeks_that_hold_too_little_raise_nothing() -> None:
    assert find_drift([week(0, 100, 5), week(1, 100, 9)]) == ()
    assert find_drift([week(0, LEAST - 1, 0), week(1, 100, 90)]) == ()
    assert find_drift([week(0, 100, 0), week(1, LEAST - 1, LEAST - 1)]) == (), "too few, with all before them"


def test_one_rare_post_is_no_drift() -> None:
    assert find_drift([week(0, 2_000, 1), week(1, 30, 1)]) == ()


def test_disagreement_gathers_quiet_weeks_until_there_is_enough() -> None:
    before = [week(at, 0, 0, 10, 0) for at in range(4)]
    (drift,) = find_drift([*before, *(week(at, 0, 0, 10, 6) for at in range(4, 7))])
    assert (drift.what, drift.since, drift.now, drift.before) == (
        "changed",
        MONDAY + 4 * WEEK,
        (18, 30),
        (0, 40),
    )


counts = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: (min(pair), max(pair)))


@given(counts, counts)
def test_chance_is_a_probability_the_same_from_both_sides(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found = chance_of(one, other)
    assert 0 < found <= 1
    assert found == pytest.approx(chance_of(other, one))
    assert found == pytest.approx(chance_of((one[1] - one[0], one[1]), (other[1] - other[0], other[1])))


@given(counts, counts)
def test_chance_is_fishers_exact_test(one: tuple[int, int], other: tuple[int, int]) -> None:
    table = [[one[0], one[1] - one[0]], [other[0], other[1] - other[0]]]
    assert chance_of(one, other) == pytest.approx(fisher_exact(table)[1], rel=1e-5)


def test_equal_shares_are_rarely_called_a_drift() -> None:
    """The false alarms stay under the level that is promised, over every outcome of two weeks of 40."""
    for share in (0.02, 0.1, 0.3, 0.5):
        weights = [float(binom.pmf(hits, 40, share)) for hits in range(41)]
        alarms = sum(
            weights[a] * weights[b]
            for a in range(41)
            for b in range(41)
            if chance_of((a, 40), (b, 40)) < SELDOM
        )
        assert alarms < SELDOM


# --- train status ---------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path / "home")


def test_train_status_shows_the_last_eight_weeks_in_eighty_columns(desk: Desk) -> None:
    with Warehouse(desk.folder).writer() as writing:
        for at in range(10):
            night = NIGHT - at * WEEK
            store(writing, f"r{at}", night, *(judged(f"w{at}-{n}", Label.CONCERN, night) for n in range(2)))
    said = desk.run("train", "status")
    assert said.code == 0, said.err
    assert max(map(len, said.out.splitlines())) < 80
    days = [(MONDAY - at * WEEK).isoformat() for at in range(10)]
    assert [day in said.out for day in days] == [True] * 8 + [False] * 2
    assert "a: m 1" in said.out and "Look at this" not in said.out
    row = desk.run("train", "status", "--json").row
    assert [one["week"] for one in row["weeks"]] == sorted(days[:8])
    assert row["weeks"][0]["mentions"] == 2 and row["drift"] == [] and row["in_use"]


def test_train_status_warns_in_words_when_the_mix_moved(desk: Desk) -> None:
    with Warehouse(desk.folder).writer() as writing:
        for at, label in ((1, Label.NEUTRAL), (0, Label.INAPPROPRIATE)):
            night = NIGHT - at * WEEK
            store(writing, f"r{at}", night, *(judged(f"w{at}-{n}", label, night) for n in range(LEAST)))
    said = desk.run("train", "status")
    assert f"mentions judged inappropriate are {LEAST} of {LEAST} since {MONDAY.isoformat()}" in said.out
    assert max(map(len, said.out.splitlines())) < 80
    assert {one["what"] for one in desk.run("train", "status", "--json").row["drift"]} == {
        "neutral",
        "inappropriate",
    }


def test_train_status_of_a_new_school_says_that_nothing_was_judged(desk: Desk) -> None:
    assert "No mention has been judged yet" in desk.run("train", "status").out
