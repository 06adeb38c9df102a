"""Clocks: limits that end at six in the evening, London time, and what is due next in each state.

Nothing is stored but the limit an author was given: every other clock is computed anew from the state, the time
it was entered, the pack and the school's calendar, so that a change of any of them moves the clock with it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from incidents.facts import NO_FACTS, Facts
from incidents.limits import LONDON, first_six_after, removal_limit, six_on
from incidents.standing import IncidentNow, Track, TrackState
from incidents.steps import Event
from mentionwatch.calendar import SchoolCalendar
from mentionwatch.labels import Channel
from mentionwatch.labels import IncidentState as S
from mentionwatch.policy import DeadlineKey, DeadlineUnit, PolicyPack, RuleKey

PLATFORM = timedelta(days=28)


def step_deadline(
    event: Event,
    now: datetime,
    current: datetime | None,
    facts: Facts = NO_FACTS,
    pack: PolicyPack | None = None,
    named: datetime | None = None,
) -> datetime | None:
    """The time limit a step sets, or None when it sets none.

    Removal: counted from when it was asked for, for a letter from when it was posted, and never before the limit
    the letter itself names (`named`); a person may give a later one (`until`), which is moved to its 18:00. Extending counts from the present limit, so it never shortens.
    """
    asked_for = facts.instant("until")
    if event in (Event.REMOVAL_ASKED, Event.ASK_REMOVAL, Event.LETTER_SENT):
        least = removal_limit(facts.instant("letter_posted_at") or now, pack)
        least = max(least, named or least)
    elif event is Event.EXTEND:
        start = max(now, current or now)
        least = first_six_after(asked_for) if asked_for else removal_limit(start, pack)
        return max(least, first_six_after(start + timedelta(seconds=1)))
    elif event is Event.PLATFORM_REPORTED:
        return first_six_after(now + PLATFORM)
    else:
        return None
    return max(least, first_six_after(asked_for)) if asked_for else least


class ClockName(StrEnum):
    """What is due. The values are shown through the desk's words."""

    PRESERVE = "preserve"
    HAND_OVER = "hand_over"
    DECIDE = "decide"
    STOP_IMAGE = "stop_image"
    POLICE_REVIEW = "police_review"
    PREPARE = "prepare"
    MEETING = "meeting"
    WRITE = "write"
    MINUTES = "minutes"
    REMOVAL = "removal"
    VERIFY_AGAIN = "verify_again"
    PLATFORM_REMINDER = "platform_reminder"
    PLATFORM_SILENCE = "platform_silence"
    REDIRECT_REVIEW = "redirect_review"
    CLOSE = "close"
    ACKNOWLEDGE = "acknowledge"
    SAFEGUARDING = "safeguarding"
    SAFETY = "safety"
    BAN_REVIEW = "ban_review"


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that is due, when, and whether the policy says so (else it is the product's default)."""

    name: ClockName
    due_at: datetime
    is_policy: bool = False


_REMINDERS = (timedelta(hours=48), timedelta(days=7), timedelta(days=14), timedelta(days=28))
_DEFAULT_SCHOOL_DAYS = {
    DeadlineKey.DECISION: 2,
    DeadlineKey.POLICE_REVIEW: 5,
    DeadlineKey.PREPARE: 3,
    DeadlineKey.MINUTES: 5,
    DeadlineKey.CLOSE: 10,
    DeadlineKey.ACKNOWLEDGE: 1,
}
_REDIRECT_REVIEW = 20


def _day(moment: datetime) -> date:
    return moment.astimezone(LONDON).date()


def _counted(
    key: DeadlineKey, name: ClockName, start: datetime, pack: PolicyPack, calendar: SchoolCalendar
) -> Clock:
    rule = pack.deadline(key)
    if rule is not None and rule.unit is DeadlineUnit.HOURS:
        return Clock(name, start + timedelta(hours=rule.in_force), True)
    count = rule.in_force if rule else _DEFAULT_SCHOOL_DAYS[key]
    return Clock(name, six_on(calendar.add_school_days(_day(start), count)), rule is not None)


def _next_reminder(start: datetime, at: datetime) -> Clock:
    ahead = next((start + gap for gap in _REMINDERS if start + gap > at), None)
    if ahead is None:
        return Clock(ClockName.PLATFORM_SILENCE, start + PLATFORM)
    return Clock(ClockName.PLATFORM_REMINDER, ahead)


def _state_clock(
    now: IncidentNow, start: datetime, pack: PolicyPack, calendar: SchoolCalendar
) -> Clock | None:
    counted = {
        S.AWAITING_DECISION: (DeadlineKey.DECISION, ClockName.DECIDE),
        S.POLICE_HOLD: (DeadlineKey.POLICE_REVIEW, ClockName.POLICE_REVIEW),
        S.INTERNAL: (DeadlineKey.PREPARE, ClockName.PREPARE),
        S.RESOLVED: (DeadlineKey.CLOSE, ClockName.CLOSE),
    }
    if now.state in counted:
        return _counted(*counted[now.state], start, pack, calendar)
    if now.state is S.OPENED:
        return Clock(ClockName.PRESERVE, start + timedelta(hours=1))
    if now.state is S.PRESERVED:
        return Clock(ClockName.HAND_OVER, six_on(calendar.next_school_day(_day(start))))
    if now.state is S.STOP_IMAGE:
        return Clock(ClockName.STOP_IMAGE, start + timedelta(hours=1))
    if now.state is S.LETTER:
        return Clock(ClockName.WRITE, six_on(calendar.add_school_days(_day(start), 1)))
    if now.state is S.INVITED:
        meeting = now.facts.instant("meeting_at")
        return Clock(ClockName.MEETING, meeting) if meeting else None
    if now.state is S.MET:
        met, shared = now.facts.instant("met_at") or start, now.facts.instant("shared_at")
        if shared is None or shared < met:
            return _counted(DeadlineKey.MINUTES, ClockName.MINUTES, met, pack, calendar)
    if now.state is S.REMOVAL_WAIT and now.deadline_at:
        # One hour's grace: the check comes after the limit, not on it (T28).
        return Clock(
            ClockName.REMOVAL,
            now.deadline_at + timedelta(hours=1),
            pack.deadline(DeadlineKey.REMOVAL) is not None,
        )
    if now.state is S.PLATFORM_WAIT:
        return _next_reminder(start, now.at or start)
    if now.state is S.REDIRECTED:
        return Clock(
            ClockName.REDIRECT_REVIEW, six_on(calendar.add_school_days(_day(start), _REDIRECT_REVIEW))
        )
    if now.state is S.CONCERN and acknowledges(now.channel, pack):
        return _counted(DeadlineKey.ACKNOWLEDGE, ClockName.ACKNOWLEDGE, start, pack, calendar)
    return None


def acknowledges(channel: Channel, pack: PolicyPack) -> bool:
    """Does the acknowledgement clock run? Only where the policy, or the school itself, says so (L07, G03)."""
    rule = pack.rule(RuleKey.ACKNOWLEDGE)
    return rule.is_set and (channel is Channel.SCHOOL_ACCOUNT or "school_account" not in rule.values)


def list_clocks(now: IncidentNow, pack: PolicyPack, calendar: SchoolCalendar) -> tuple[Clock, ...]:
    """Everything that is due for an incident, earliest first. `entered_at` must be known."""
    start = now.entered_at
    if start is None:
        return ()
    found = [clock] if (clock := _state_clock(now, start, pack, calendar)) else []
    if now.state is S.RESOLVED and (checked := now.facts.instant("checked_at")):
        again, looked = checked + timedelta(days=7), now.facts.instant("looked_at")
        if looked is None or looked < again:
            found.append(Clock(ClockName.VERIFY_AGAIN, again))
    if now.track(Track.SAFEGUARDING) is TrackState.OPEN:
        raised = dict(now.since).get(Track.SAFEGUARDING, start)
        found.append(Clock(ClockName.SAFEGUARDING, six_on(calendar.next_school_day(_day(raised)))))
    if now.track(Track.SAFETY) is TrackState.OPEN:
        raised = dict(now.since).get(Track.SAFETY, start)
        found.append(Clock(ClockName.SAFETY, six_on(calendar.next_school_day(_day(raised)))))
    review = now.facts.day("review_on")
    if now.track(Track.BAN) is TrackState.DECIDED and review:
        found.append(Clock(ClockName.BAN_REVIEW, six_on(review)))
    return tuple(sorted(found, key=lambda clock: clock.due_at))
