"""What is due and when: against slow oracles written another way, and moved by whatever it hangs on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from incidents.deadlines import ClockName, list_clocks, step_deadline
from incidents.facts import Facts
from incidents.history import PastEvent, gather
from incidents.limits import removal_limit
from incidents.standing import IncidentNow, Track, TrackState
from incidents.steps import Event
from mentionwatch.calendar import Closure, SchoolCalendar
from mentionwatch.labels import Channel, Role
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import DeadlineKey, PolicyPack, RuleKey
from tests.incidents.packs import LLANBEDROG, NOW, PACKS, standing, with_values

LONDON = ZoneInfo("Europe/London")
OPEN = SchoolCalendar()
HOUR = timedelta(hours=1)


def london(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LONDON).astimezone(UTC)  # type: ignore[arg-type,misc]


def six_by_walking(start: datetime, hours: int) -> datetime:
    """The slow way: an hour-glass of minutes is turned until the clock on a wall in London strikes six."""
    moment = start.replace(second=0, microsecond=0)
    if moment < start:
        moment += timedelta(minutes=1)
    moment += timedelta(hours=hours)
    while True:
        # On the wall, not by subtraction of local times, which would lose the hour of a clock change.
        wall = moment.astimezone(LONDON)
        if (wall.hour, wall.minute) == (18, 0) and (moment - start).total_seconds() >= hours * 3600:
            return moment
        moment += timedelta(minutes=1 if wall.minute % 15 else 15)


def posting_instants() -> list[datetime]:
    """10,000 instants over ten years: anywhere, and crowded around clock changes, leap days and New Year."""
    dice = random.Random("posting instants")
    first = datetime(2024, 1, 1, tzinfo=UTC)
    found = [first + timedelta(seconds=dice.randrange(10 * 365 * 86400)) for _ in range(6_000)]
    special = [datetime(year, 2, 29, 18, tzinfo=UTC) for year in (2024, 2028, 2032)]
    for year in range(2024, 2034):
        special += [
            datetime(year, 1, 1, tzinfo=UTC),
            *(_last_sunday(year, month) for month in (3, 10)),
        ]
    while len(found) < 10_000:
        near = dice.choice(special) + timedelta(minutes=dice.randrange(-4 * 1440, 4 * 1440))
        found.append(near + timedelta(seconds=dice.choice((0, 0, 1, 59))))
    return found


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def test_ten_thousand_posting_instants_agree_with_a_clock_on_the_wall() -> None:
    """L39, I5: never less than 48 hours, always six in the evening in London, and the first such evening."""
    for posted in posting_instants():
        limit = removal_limit(posted, LLANBEDROG)
        assert limit == six_by_walking(posted, 48), posted
        assert limit - posted >= timedelta(hours=48)
        assert (limit.astimezone(LONDON).hour, limit.astimezone(LONDON).minute) == (18, 0)


def test_an_adopted_longer_limit_counts_and_a_shorter_one_never_does() -> None:
    """L39: a pack with 72 hours gives 72; one that was tampered with to say 24 still gives 48."""
    for hours, wanted in ((72, 72), (24, 48)):
        rules = tuple(
            replace(rule, amount=hours) if rule.key is DeadlineKey.REMOVAL else rule
            for rule in LLANBEDROG.deadlines
        )
        pack = replace(LLANBEDROG, deadlines=rules)
        for posted in posting_instants()[:200]:
            assert removal_limit(posted, pack) == six_by_walking(posted, wanted)
    for name, pack in PACKS.items():
        assert removal_limit(NOW, pack) == six_by_walking(NOW, 48), name


def test_a_letter_counts_from_when_it_was_posted_and_a_person_may_only_give_more() -> None:
    """L39: 48 hours from posting, not from the day somebody recorded it; never before the limit the letter names."""
    posted = NOW - timedelta(days=2)
    facts = Facts((("letter_posted_at", posted.isoformat()),))
    assert step_deadline(Event.LETTER_SENT, NOW, None, facts, LLANBEDROG) == six_by_walking(posted, 48)
    named = six_by_walking(NOW, 90)
    assert step_deadline(Event.LETTER_SENT, NOW, None, facts, LLANBEDROG, named) == named
    ahead = Facts((("until", (NOW + timedelta(days=9, minutes=7)).isoformat()),))
    later = step_deadline(Event.LETTER_SENT, NOW, None, ahead, LLANBEDROG)
    assert later == six_by_walking(NOW + timedelta(days=9, minutes=7), 0)
    sooner = Facts((("until", (NOW + timedelta(hours=1)).isoformat()),))
    assert step_deadline(Event.REMOVAL_ASKED, NOW, None, sooner, LLANBEDROG) == removal_limit(NOW, LLANBEDROG)


def clock(now: IncidentNow, pack: PolicyPack = LLANBEDROG, calendar: SchoolCalendar = OPEN) -> datetime:
    """The one clock of a state."""
    (found,) = list_clocks(now, pack, calendar)
    return found.due_at


FRIDAY = london(2026, 11, 20, 15)


@pytest.mark.parametrize(
    ("state", "name", "due"),
    [
        (S.OPENED, ClockName.PRESERVE, FRIDAY + HOUR),
        (S.STOP_IMAGE, ClockName.STOP_IMAGE, FRIDAY + HOUR),
        (S.PRESERVED, ClockName.HAND_OVER, london(2026, 11, 20, 18)),
        (S.AWAITING_DECISION, ClockName.DECIDE, london(2026, 11, 24, 18)),
        (S.POLICE_HOLD, ClockName.POLICE_REVIEW, london(2026, 11, 27, 18)),
        (S.INTERNAL, ClockName.PREPARE, london(2026, 11, 25, 18)),
        (S.LETTER, ClockName.WRITE, london(2026, 11, 23, 18)),
        (S.MET, ClockName.MINUTES, london(2026, 11, 27, 18)),
        (S.RESOLVED, ClockName.CLOSE, london(2026, 12, 4, 18)),
        (S.REDIRECTED, ClockName.REDIRECT_REVIEW, london(2026, 12, 18, 18)),
    ],
)
def test_each_state_has_the_clock_of_the_table(state: S, name: ClockName, due: datetime) -> None:
    """T02, T05, T06, T08, T11, T18, T20, T24, T23, T35; all over a week-end, and it moves with the holidays."""
    now = standing(state, entered_at=FRIDAY, at=FRIDAY)
    (found,) = list_clocks(now, LLANBEDROG, OPEN)
    assert (found.name, found.due_at) == (name, due)
    shut = SchoolCalendar((Closure(date(2026, 11, 20), date(2026, 11, 27)),))
    is_counted_in_school_days = due.astimezone(LONDON).hour == 18
    assert (clock(now, calendar=shut) > due) is is_counted_in_school_days
    assert clock(replace(now, entered_at=FRIDAY - timedelta(days=7))) < due, "moved with the state"


def test_a_school_day_clock_strikes_six_on_both_sides_of_a_clock_change() -> None:
    for entered, due in (
        (london(2026, 10, 23, 9), datetime(2026, 10, 27, 18, tzinfo=UTC)),
        (london(2026, 3, 27, 9), datetime(2026, 3, 31, 17, tzinfo=UTC)),
        (london(2026, 12, 30, 23), datetime(2027, 1, 1, 18, tzinfo=UTC)),
    ):
        assert clock(standing(S.AWAITING_DECISION, entered_at=entered)) == due


def test_a_time_just_before_midnight_in_summer_counts_from_its_day_in_london() -> None:
    """23:30 UTC on a Monday in July is Tuesday in London."""
    assert clock(
        standing(S.AWAITING_DECISION, entered_at=datetime(2026, 7, 6, 23, 30, tzinfo=UTC))
    ) == london(2026, 7, 9, 18)


def test_l07_a_concern_on_a_school_account_is_acknowledged_within_a_school_day() -> None:
    """L07: one school day, set by the policy, seen when missed, and only on a school account."""
    now = standing(
        S.CONCERN, entered_at=FRIDAY, at=FRIDAY + timedelta(days=9), channel=Channel.SCHOOL_ACCOUNT
    )
    (due,) = list_clocks(now, LLANBEDROG, OPEN)
    assert (due.name, due.is_policy) == (ClockName.ACKNOWLEDGE, True)
    assert due.due_at == london(2026, 11, 23, 18)
    assert now.at is not None and due.due_at < now.at, "a miss stays visible"
    for channel in (Channel.PERSONAL, Channel.OTHER):
        assert list_clocks(replace(now, channel=channel), LLANBEDROG, OPEN) == ()
    assert list_clocks(replace(now, state=S.ACKNOWLEDGED), LLANBEDROG, OPEN) == ()


def test_g03_without_a_clause_nothing_is_acknowledged_by_the_clock_until_the_school_adopts_it() -> None:
    """G03: off by default; adopted, it counts one school day on whichever channel the school named."""
    pack = PACKS["grappenhall_heys"]
    now = standing(S.CONCERN, entered_at=FRIDAY, channel=Channel.SCHOOL_ACCOUNT)
    assert list_clocks(now, pack, OPEN) == ()
    adopted = with_values(pack, RuleKey.ACKNOWLEDGE)
    assert clock(now, adopted) == london(2026, 11, 23, 18)
    assert clock(replace(now, channel=Channel.OTHER), adopted) == london(2026, 11, 23, 18)
    only_own = with_values(pack, RuleKey.ACKNOWLEDGE, "school_account")
    assert list_clocks(replace(now, channel=Channel.OTHER), only_own, OPEN) == ()


def test_l43_a_platform_report_is_followed_up_after_2_7_14_and_28_days() -> None:
    """L43, T31: a reminder for each, and after the last one silence may be recorded."""
    at = london(2026, 10, 20, 10)
    seen: list[tuple[ClockName, timedelta]] = []
    for hours in range(24 * 30):
        (due,) = list_clocks(
            standing(S.PLATFORM_WAIT, entered_at=at, at=at + timedelta(hours=hours)), LLANBEDROG, OPEN
        )
        if not seen or seen[-1] != (due.name, due.due_at - at):
            seen.append((due.name, due.due_at - at))
    reminders = [(ClockName.PLATFORM_REMINDER, timedelta(days=days)) for days in (2, 7, 14, 28)]
    assert seen == [*reminders, (ClockName.PLATFORM_SILENCE, timedelta(days=28))]


def test_the_check_of_a_removal_is_due_an_hour_after_the_limit_and_again_a_week_later() -> None:
    """L42, T28: and the second look, once taken, is no longer asked for."""
    limit = london(2026, 11, 26, 18)
    (due,) = list_clocks(standing(S.REMOVAL_WAIT, deadline_at=limit), LLANBEDROG, OPEN)
    assert (due.name, due.due_at, due.is_policy) == (ClockName.REMOVAL, limit + HOUR, True)
    checked = NOW.isoformat()
    resolved = standing(S.RESOLVED, facts=(("checked_at", checked),), entered_at=NOW, at=NOW)
    names = {one.name: one.due_at for one in list_clocks(resolved, LLANBEDROG, OPEN)}
    assert names[ClockName.VERIFY_AGAIN] == NOW + timedelta(days=7)
    looked = (("checked_at", checked), ("looked_at", (NOW + timedelta(days=7)).isoformat()))
    again = standing(S.RESOLVED, facts=looked, entered_at=NOW, at=NOW + timedelta(days=8))
    assert [one.name for one in list_clocks(again, LLANBEDROG, OPEN)] == [ClockName.CLOSE]


def test_l36_minutes_are_due_until_they_went_out_for_this_meeting() -> None:
    """L36, T23: within five school days of the meeting; those of an earlier meeting do not count."""
    met = london(2026, 11, 18, 16)
    now = standing(S.MET, facts=(("met_at", met.isoformat()),), entered_at=FRIDAY)
    assert clock(now) == london(2026, 11, 25, 18)
    earlier = standing(
        S.MET,
        facts=(("met_at", met.isoformat()), ("shared_at", (met - timedelta(days=30)).isoformat())),
        entered_at=FRIDAY,
    )
    assert clock(earlier) == london(2026, 11, 25, 18)
    shared = (("met_at", met.isoformat()), ("shared_at", (met + timedelta(days=1)).isoformat()))
    assert list_clocks(standing(S.MET, facts=shared), LLANBEDROG, OPEN) == ()


def _past(number: int, event: Event, source: S, target: S, at: datetime, **facts: str) -> PastEvent:
    pairs = tuple(facts.items())
    return PastEvent(number, event.value, source, target, Role.HEAD, "x", at, "because", Facts(pairs))


def test_a_safeguarding_task_is_due_on_the_day_it_was_raised_whatever_else_moves() -> None:
    """T09, T13, L27: same day (or the next school day); a later step of the incident does not put it off."""
    raised = london(2026, 11, 19, 10)
    log = [
        _past(1, Event.HAND_OVER, S.PRESERVED, S.AWAITING_DECISION, london(2026, 11, 2, 10)),
        _past(2, Event.SAFEGUARDING, S.AWAITING_DECISION, S.AWAITING_DECISION, raised),
        _past(3, Event.SAFETY, S.AWAITING_DECISION, S.AWAITING_DECISION, london(2026, 11, 21, 10)),
        _past(4, Event.INTERNAL, S.AWAITING_DECISION, S.INTERNAL, london(2026, 11, 24, 9)),
    ]
    told = gather(log)
    now = replace(standing(S.INTERNAL), tracks=told.tracks, since=told.since, entered_at=told.entered_at)
    due = {one.name: one.due_at for one in list_clocks(now, LLANBEDROG, OPEN)}
    assert due[ClockName.SAFEGUARDING] == london(2026, 11, 19, 18)
    assert due[ClockName.SAFETY] == london(2026, 11, 23, 18), "raised on a Saturday"


def test_a_ban_is_looked_at_again_on_its_day() -> None:
    """T14, L28: until it has been."""
    facts = (("ban", "imposed"), ("review_on", "2027-01-11"))
    now = standing(S.RESOLVED, facts=facts, tracks=((Track.BAN, TrackState.DECIDED),))
    due = {one.name: one.due_at for one in list_clocks(now, LLANBEDROG, OPEN)}
    assert due[ClockName.BAN_REVIEW] == london(2027, 1, 11, 18)
    done = replace(now, tracks=((Track.BAN, TrackState.DONE),))
    assert ClockName.BAN_REVIEW not in {one.name for one in list_clocks(done, LLANBEDROG, OPEN)}


def test_an_invitation_is_due_at_the_meeting_and_moves_with_it() -> None:
    at = london(2026, 12, 1, 16)
    assert clock(standing(S.INVITED, facts=(("meeting_at", at.isoformat()),))) == at
    later = at + timedelta(days=1)
    assert clock(standing(S.INVITED, facts=(("meeting_at", later.isoformat()),))) == later


def test_a_clock_moves_with_the_pack() -> None:
    """A pack that gives the decider one day moves the clock of an incident under it."""
    key = DeadlineKey.DECISION
    rule = replace(LLANBEDROG.deadlines[-1], key=key, amount=1, adopted=None, adopted_on=None)
    pack = replace(LLANBEDROG, deadlines=(*LLANBEDROG.deadlines, rule))
    now = standing(S.AWAITING_DECISION, entered_at=FRIDAY)
    assert clock(now) == london(2026, 11, 24, 18)
    assert clock(now, pack) == london(2026, 11, 23, 18)
    (kinder,) = list_clocks(now, LLANBEDROG, OPEN)
    (own,) = list_clocks(now, pack, OPEN)
    assert (kinder.is_policy, own.is_policy) == (False, True), "the screen says whose clock it is"


def test_school_day_clocks_agree_with_a_count_by_hand() -> None:
    """2,000 states entered at any minute of ten years, with half terms and a summer."""
    dice = random.Random("school-day clocks")
    shut = [
        Closure(date(year, month, day), date(year, month, day) + timedelta(days=length))
        for year in range(2024, 2035)
        for month, day, length in ((2, 12, 4), (4, 1, 12), (5, 27, 4), (7, 22, 42), (10, 28, 4), (12, 20, 15))
    ]
    calendar = SchoolCalendar(tuple(shut))
    counts = {S.AWAITING_DECISION: 2, S.POLICE_HOLD: 5, S.INTERNAL: 3, S.RESOLVED: 10, S.REDIRECTED: 20}
    closed = {
        one.first_on + timedelta(days=n) for one in shut for n in range((one.last_on - one.first_on).days + 1)
    }
    for _ in range(2_000):
        entered = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=dice.randrange(10 * 525_600))
        state = dice.choice(tuple(counts))
        due = clock(standing(state, entered_at=entered), calendar=calendar).astimezone(LONDON)
        assert (due.hour, due.minute) == (18, 0)
        day, left = entered.astimezone(LONDON).date(), counts[state]
        while left:
            day += timedelta(days=1)
            left -= day.isoweekday() < 6 and day not in closed
        assert due.date() == day
