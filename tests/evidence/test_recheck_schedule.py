"""When the second looks are made, and what must be seen before a person may confirm a removal (L42, T28, Annex B)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.recheck import PostState
from evidence.recheck_schedule import (
    MOST_FETCHES,
    LookReason,
    Observation,
    due_looks,
    may_say_complied,
    next_look_at,
    plan_looks,
)
from evidence.recheck_words import COMPLIANCE_SENTENCES, ComplianceKey

LONDON = ZoneInfo("Europe/London")
OPENED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SIX = datetime(2026, 11, 22, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIVE = [LookReason.BASELINE, LookReason.HALF_WAY, LookReason.AFTER_DEADLINE, LookReason.NEXT_DAY, LookReason.NEXT_WEEK]  # fmt: skip

moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
spans = st.timedeltas(timedelta(minutes=-90), timedelta(days=40))
deadlines = st.one_of(st.none(), spans)


def run_clock(
    opened: datetime, deadline: datetime | None, ticks: Sequence[datetime], spend: int = 9
) -> tuple[list[datetime], list[LookReason], int]:
    """What a machine does that asks at these moments, each look spending all it may, up to `spend`."""
    looked: list[datetime] = []
    reasons: list[LookReason] = []
    fetched = 0
    for now in ticks:
        due = due_looks(opened, deadline, looked, now, fetched=fetched)
        if due is not None:
            looked.append(now)
            reasons.append(due.reason)
            fetched += min(spend, due.fetches)
    return looked, reasons, fetched


def test_l42_five_looks_around_the_limit_of_six_in_the_evening() -> None:
    at = [look.due_at for look in plan_looks(OPENED, SIX)]
    assert at == [
        OPENED,
        datetime(2026, 11, 21, 13, 30, tzinfo=UTC),
        SIX + timedelta(minutes=5),
        SIX + timedelta(days=1),
        SIX + timedelta(days=7),
    ]
    assert [look.reason for look in plan_looks(OPENED, SIX)] == FIVE
    assert plan_looks(OPENED, SIX)[0].late_at == OPENED + HOUR


def test_without_a_limit_there_are_three() -> None:
    assert [(look.reason, look.due_at - OPENED) for look in plan_looks(OPENED, None)] == [
        (LookReason.BASELINE, timedelta(0)),
        (LookReason.NEXT_DAY, timedelta(days=1)),
        (LookReason.NEXT_WEEK, timedelta(days=7)),
    ]


def test_a_machine_that_asks_every_five_minutes_makes_each_look_once_within_its_time() -> None:
    ticks = [OPENED + timedelta(minutes=5 * count) for count in range(12 * 24 * 12)]
    looked, reasons, _ = run_clock(OPENED, SIX, ticks)
    assert reasons == FIVE
    for look, planned in zip(looked, plan_looks(OPENED, SIX), strict=True):
        assert planned.due_at <= look <= planned.late_at


def test_looks_missed_while_the_machine_was_off_are_made_up_by_one() -> None:
    due = due_looks(OPENED, SIX, [OPENED], SIX + timedelta(days=3))
    assert due is not None and due.reason is LookReason.NEXT_DAY
    assert due_looks(OPENED, SIX, [OPENED, SIX + timedelta(days=3)], SIX + timedelta(days=4)) is None


def test_b13_l26_nothing_is_looked_at_once_sealed_closed_or_at_the_wish_of_the_police() -> None:
    assert due_looks(OPENED, SIX, [], OPENED + HOUR, is_stopped=True) is None
    assert due_looks(OPENED, SIX, [], OPENED + HOUR) is not None


def test_an_extended_limit_moves_the_looks_with_it() -> None:
    later = SIX + timedelta(days=2)
    looked = [OPENED, OPENED + timedelta(hours=30), SIX + timedelta(minutes=5)]
    assert due_looks(OPENED, SIX, looked, SIX + timedelta(hours=25)) is not None
    assert due_looks(OPENED, later, looked, SIX + timedelta(hours=25)) is None
    due = due_looks(OPENED, later, looked, later + HOUR)
    assert due is not None and due.reason is LookReason.AFTER_DEADLINE


@pytest.mark.parametrize("spend", [1, 2, 3])
def test_the_eight_fetches_reach_the_last_look_whatever_each_spends(spend: int) -> None:
    ticks = [look.due_at for look in plan_looks(OPENED, SIX)]
    _, reasons, fetched = run_clock(OPENED, SIX, ticks, spend)
    assert reasons == FIVE and fetched <= MOST_FETCHES


def test_a_time_without_its_zone_is_no_time() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_looks(OPENED, None, [], datetime(2026, 11, 20))  # noqa: DTZ001


@settings(max_examples=300, deadline=None)
@given(moments, deadlines, st.lists(st.timedeltas(timedelta(days=-3), timedelta(days=20)), max_size=60))
def test_however_the_clock_is_set_no_more_than_eight_fetches_are_made(
    opened: datetime, span: timedelta | None, offsets: list[timedelta]
) -> None:
    deadline = None if span is None else opened + span
    looked, _, fetched = run_clock(opened, deadline, [opened + offset for offset in offsets])
    assert fetched <= MOST_FETCHES
    assert all(look >= opened for look in looked), "nothing is looked at before the incident is open"


@settings(max_examples=200, deadline=None)
@given(moments, deadlines, st.lists(spans, max_size=6), spans)
def test_a_look_made_now_is_not_due_again_now(
    opened: datetime, span: timedelta | None, offsets: list[timedelta], offset: timedelta
) -> None:
    deadline = None if span is None else opened + span
    looked, now = [opened + one for one in offsets], opened + offset
    assert due_looks(opened, deadline, [*looked, now], now) is None


@settings(max_examples=200, deadline=None)
@given(moments, deadlines, st.lists(spans, max_size=6), spans)
def test_london_time_and_the_change_of_the_clocks_alter_nothing(
    opened: datetime, span: timedelta | None, offsets: list[timedelta], offset: timedelta
) -> None:
    deadline = None if span is None else opened + span
    looked, now = [opened + one for one in offsets], opened + offset
    in_london = due_looks(
        opened.astimezone(LONDON),
        deadline.astimezone(LONDON) if deadline else None,
        [look.astimezone(LONDON) for look in looked],
        now.astimezone(LONDON),
    )
    assert in_london == due_looks(opened, deadline, looked, now)
    planned = [look.due_at for look in plan_looks(opened, deadline)]
    assert planned == sorted(planned)
    assert next_look_at(opened, deadline, planned[-1]) is None
    assert next_look_at(opened, deadline, opened - HOUR) == opened


@settings(max_examples=40, deadline=None)
@given(
    moments,
    st.timedeltas(timedelta(hours=3), timedelta(days=3)),
    st.timedeltas(timedelta(0), timedelta(hours=23)),
)
def test_a_clock_put_back_by_less_than_a_day_repeats_no_look(
    opened: datetime, span: timedelta, back: timedelta
) -> None:
    deadline = opened + span
    due_at = deadline + timedelta(minutes=5)
    step = timedelta(minutes=20)
    before = [opened + step * count for count in range(int((due_at - opened) / step) + 2)]
    after = [before[-1] - back + step * count for count in range(int(back / step) + 1)]
    _, once, _ = run_clock(opened, deadline, before, 1)
    _, twice, _ = run_clock(opened, deadline, before + after, 1)
    assert len(twice) == len(once)


def test_a_look_entered_by_a_clock_far_ahead_silences_nothing() -> None:
    wrong = OPENED + timedelta(days=900)
    due = due_looks(OPENED, SIX, [OPENED, wrong], SIX + HOUR)
    assert due is not None and due.reason is LookReason.AFTER_DEADLINE
    assert due_looks(OPENED, SIX, [wrong] * MOST_FETCHES, SIX + HOUR) is None, "the limit still holds"


def seen(hours: float, state: PostState, well: bool = True) -> Observation:
    return Observation(OPENED + timedelta(hours=hours), state, well)


GONE, PRESENT, EDITED, UNKNOWN = PostState.GONE, PostState.PRESENT, PostState.EDITED, PostState.UNKNOWN


@pytest.mark.parametrize(
    ("observations", "key"),
    [
        ([], ComplianceKey.NEVER_SEEN_GONE),
        ([seen(0, UNKNOWN), seen(9, PostState.PROBABLY_GONE), seen(20, PostState.PROBABLY_GONE)], ComplianceKey.NEVER_SEEN_GONE),
        ([seen(0, GONE, False), seen(9, GONE, False)], ComplianceKey.NEVER_SEEN_GONE),
        ([seen(0, PRESENT), seen(9, EDITED)], ComplianceKey.STILL_SEEN),
        ([seen(0, GONE)], ComplianceKey.LOOK_AGAIN),
        ([seen(0, GONE), seen(5.99, GONE)], ComplianceKey.LOOK_AGAIN),
        ([seen(0, GONE), seen(6, GONE)], ComplianceKey.PERSON_MAY_CONFIRM),
        ([seen(0, GONE), seen(9, GONE, False)], ComplianceKey.LOOK_AGAIN),
        ([seen(0, GONE), seen(3, UNKNOWN), seen(9, GONE)], ComplianceKey.PERSON_MAY_CONFIRM),
        ([seen(0, GONE), seen(3, PRESENT), seen(9, GONE)], ComplianceKey.LOOK_AGAIN),
        ([seen(0, GONE), seen(9, GONE), seen(30, EDITED)], ComplianceKey.STILL_SEEN),
        ([seen(0, PRESENT), seen(60, GONE), seen(84, GONE)], ComplianceKey.PERSON_MAY_CONFIRM),
        ([seen(40, GONE), seen(20, GONE), seen(22, GONE)], ComplianceKey.LOOK_AGAIN),
    ],
)  # fmt: skip
def test_l42_t28_two_sure_looks_six_hours_apart_and_then_a_person(
    observations: list[Observation], key: ComplianceKey
) -> None:
    found = may_say_complied(observations)
    assert found.key is key
    assert found.may_confirm is (key is ComplianceKey.PERSON_MAY_CONFIRM)


observations = st.lists(
    st.builds(
        Observation,
        st.timedeltas(timedelta(0), timedelta(days=10)).map(lambda span: OPENED + span),
        st.sampled_from(PostState),
        st.booleans(),
    ),
    max_size=8,
)


@settings(max_examples=300, deadline=None)
@given(observations)
def test_a_person_may_confirm_only_after_two_sure_looks_with_nothing_contrary_since(
    looks: list[Observation],
) -> None:
    found = may_say_complied(looks)
    if not found.may_confirm:
        return
    assert found.first_gone_at and found.last_gone_at
    assert found.last_gone_at - found.first_gone_at >= timedelta(hours=6)
    sure = [index for index, one in enumerate(looks) if one.state is GONE and one.site_is_well]
    first = next(index for index in sure if looks[index].at == found.first_gone_at)
    assert any(looks[index].at == found.last_gone_at for index in sure)
    since = looks[max(index for index in sure if looks[index].at == found.first_gone_at) :]
    assert first in sure and not any(one.state in (PRESENT, EDITED) for one in since)


@settings(max_examples=100, deadline=None)
@given(observations)
def test_a_post_seen_at_the_last_look_is_never_complied_with(looks: list[Observation]) -> None:
    assert not may_say_complied([*looks, seen(999, PRESENT)]).may_confirm


def test_what_is_wanted_is_said_in_both_languages_and_blames_nobody() -> None:
    for key, (english, welsh) in COMPLIANCE_SENTENCES.items():
        assert english != welsh and "author" not in english and "awdur" not in welsh, key
