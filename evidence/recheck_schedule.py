"""When to look again, and when a person may confirm that a post was taken down. Pure: no clock, no door.

Source: evidence design 3.7; T28 (check after the deadline and seven days later); policy Annex B sets the deadline.
All spans are elapsed time: a change of the clocks in March or October moves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from evidence.recheck_baseline import PostState
from evidence.recheck_words import COMPLIANCE_SENTENCES, ComplianceKey, Language

MOST_FETCHES = 8
"""Requests to the site in the life of one incident, those of the controls included."""

FETCHES_A_LOOK = 3
"""The post, its source, an address that is none."""

BASELINE_WITHIN = timedelta(hours=1)
AFTER_DEADLINE = timedelta(minutes=5)
A_DAY = timedelta(hours=24)
A_WEEK = timedelta(days=7)
APART = timedelta(hours=6)


class LookReason(StrEnum):
    """Why a look is made. The values may be stored in the log."""

    BASELINE = "baseline"
    HALF_WAY = "half_way"
    AFTER_DEADLINE = "after_deadline"
    NEXT_DAY = "next_day"
    NEXT_WEEK = "next_week"


@dataclass(frozen=True, slots=True)
class LookPlanned:
    """One look of the plan: made at `due_at` or as soon as possible after it, the baseline by `late_at`."""

    reason: LookReason
    due_at: datetime
    late_at: datetime


@dataclass(frozen=True, slots=True)
class LookDue:
    """A look to be made now. `fetches` is the most it may spend, so that each later look keeps one."""

    reason: LookReason
    due_at: datetime
    fetches: int


def plan_looks(opened_at: datetime, deadline_at: datetime | None) -> tuple[LookPlanned, ...]:
    """All looks of an incident, earliest first. Times must be aware; they come back in UTC.

    Without a deadline: at opening, a day and a week later. A half-way point within the first hour is left out:
    the baseline is as good.
    """
    opened = _utc(opened_at)
    start = opened if deadline_at is None else max(_utc(deadline_at), opened)
    found = [(LookReason.BASELINE, opened)]
    if deadline_at is not None:
        half_way = opened + (start - opened) / 2
        if half_way - opened >= BASELINE_WITHIN:
            found.append((LookReason.HALF_WAY, half_way))
        found.append((LookReason.AFTER_DEADLINE, start + AFTER_DEADLINE))
    found += [(LookReason.NEXT_DAY, start + A_DAY), (LookReason.NEXT_WEEK, start + A_WEEK)]
    return tuple(LookPlanned(reason, due, due + BASELINE_WITHIN) for reason, due in found)


def due_looks(
    opened_at: datetime,
    deadline_at: datetime | None,
    looked_at: Sequence[datetime],
    now: datetime,
    *,
    fetched: int | None = None,
    is_stopped: bool = False,
) -> LookDue | None:
    """The look that is due now, or None.

    `looked_at` are the looks already made, in any order; `fetched` the requests they took (one each when not
    given). `is_stopped`: sealed, closed, or the police asked the school to wait. Looks missed while the machine
    was off are made up by one. After the clock was put back, a look that seems to lie ahead by no more than a day
    still counts as made; one further ahead was entered by a wrong clock and silences nothing, but its fetches count.
    """
    at = _utc(now)
    left = MOST_FETCHES - max(len(looked_at) if fetched is None else fetched, len(looked_at))
    if is_stopped or left <= 0:
        return None
    plan = plan_looks(opened_at, deadline_at)
    last = max((_utc(look) for look in looked_at if _utc(look) <= at + A_DAY), default=None)
    open_looks = [look for look in plan if look.due_at <= at and (last is None or last < look.due_at)]
    if not open_looks:
        return None
    look = open_looks[-1]
    later = len(plan) - plan.index(look) - 1
    return LookDue(look.reason, look.due_at, max(1, min(FETCHES_A_LOOK, left - later)))


def next_look_at(opened_at: datetime, deadline_at: datetime | None, now: datetime) -> datetime | None:
    """When the plan wants the next look after `now`; None after the last."""
    at = _utc(now)
    return next((look.due_at for look in plan_looks(opened_at, deadline_at) if look.due_at > at), None)


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a time without its zone cannot be compared")
    return moment.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Observation:
    """One outcome of the log. `site_is_well`: the control answered as it should at the same time."""

    at: datetime
    state: PostState
    site_is_well: bool


@dataclass(frozen=True, slots=True)
class Compliance:
    """May a person now confirm that the post was taken down? The software itself never says so."""

    may_confirm: bool
    key: ComplianceKey
    first_gone_at: datetime | None = None
    last_gone_at: datetime | None = None

    def says(self, language: Language = "en") -> str:
        """One plain sentence in English or Welsh."""
        english, welsh = COMPLIANCE_SENTENCES[self.key]
        return welsh if language == "cy" else english


def may_say_complied(observations: Sequence[Observation]) -> Compliance:
    """What the observations of one post, in the order of the log, allow a person to confirm.

    Needed: two outcomes `gone` with a healthy control, at least six hours apart, and since the first of them the
    post was seen neither word for word nor in other words. The order is that of the log; where the clock went
    back between two entries, the count begins anew, since the hours between them are not known.
    """
    gone: list[datetime] = []
    was_seen = False
    latest: datetime | None = None
    for one in observations:
        at = _utc(one.at)
        if latest is not None and at < latest:
            gone.clear()
        latest = at
        if one.state in (PostState.PRESENT, PostState.EDITED):
            was_seen = True
            gone.clear()
        elif one.state is PostState.GONE and one.site_is_well:
            gone.append(at)
    if not gone:
        return Compliance(False, ComplianceKey.STILL_SEEN if was_seen else ComplianceKey.NEVER_SEEN_GONE)
    first, last = gone[0], gone[-1]
    if last - first < APART:
        return Compliance(False, ComplianceKey.LOOK_AGAIN, first, last)
    return Compliance(True, ComplianceKey.PERSON_MAY_CONFIRM, first, last)
