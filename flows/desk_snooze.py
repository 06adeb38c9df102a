"""Putting an incident off to the next school morning, in one person's own queue: never what cannot wait until then."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Final

from desk.acts import SnoozePage
from desk.digest import cannot_wait
from flows.standing import Context, Standing
from incidents.deadlines import Clock
from incidents.limits import LONDON
from mentionwatch.labels import Role
from warehouse.session import Reading, Writing
from warehouse.snoozes import Snooze, end_snooze, snoozed_until, store_snooze

MORNING: Final = time(7)
"""When the e-mail goes out (protocol 5.8): what was put off is back for it."""


def next_morning(context: Context) -> datetime:
    """Seven o'clock in London on the school day after today, as UTC."""
    today = context.at.astimezone(LONDON).date()
    day = context.calendar.next_school_day(today + timedelta(days=1))
    return datetime.combine(day, MORNING, LONDON).astimezone(UTC)


def _due_before(standing: Standing, until: datetime) -> Clock | None:
    return next((clock for clock in standing.clocks if clock.due_at < until), None)


def may_be_put_off(standing: Standing, context: Context) -> bool:
    """Can it wait until the next school morning? Whether somebody has put it off already is not looked at."""
    row = standing.row
    is_urgent = cannot_wait(row.state, row.route, row.kind)
    return not (standing.is_new or is_urgent or _due_before(standing, next_morning(context)))


def read_snooze(reading: Reading, standing: Standing, context: Context) -> SnoozePage:
    """Whether it may be put off, and until when; or what stands against it."""
    row, until = standing.row, next_morning(context)
    now_until = snoozed_until(reading, context.actor, row.id, context.at)
    due = _due_before(standing, until)
    return SnoozePage(
        id=row.id,
        until_at=now_until or until,
        is_on=now_until is not None,
        is_urgent=cannot_wait(row.state, row.route, row.kind),
        clock=due.name if due else None,
        due_at=due.due_at if due else None,
    )


def put_off(writing: Writing, standing: Standing, context: Context, role: Role, *, is_end: bool) -> bool:
    """Done, or False: it cannot wait until then. Taking back what was not put off changes nothing."""
    page = read_snooze(writing, standing, context)
    asked = Snooze(standing.row.id, context.actor, role, context.at, page.until_at, standing.row.pack)
    if is_end:
        end_snooze(writing, asked)
        return True
    if page.may and not page.is_on:
        store_snooze(writing, asked)
    return page.may
