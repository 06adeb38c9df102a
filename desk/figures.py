"""The charts of the page of figures, made from what one viewer may know of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from desk.chart import Bar, BarChart, Series
from desk.suppression import tell_split
from desk.vocabulary import LONDON
from mentionwatch.accounts import Right, Viewer
from mentionwatch.labels import Label

if TYPE_CHECKING:
    from warehouse.figures import WeekCount

WEEKS = (8, 26, 52)
MOST_SOURCES = 30
REPORT = "report"
"""What stands as source of a post that a person reported: no name of a source, and said in words."""
NOT_WATCHED = "–"
_BOUNDS = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
_WAITS = ("wait_day", "wait_three", "wait_week", "wait_more")
Say = Callable[..., str]


def sees_numbers_only(viewer: Viewer) -> bool:
    """Does this viewer see numbers over records they may not open? Then small ones are not told (L31)."""
    return not (viewer.has(Right.MENTIONS) or viewer.has(Right.INCIDENTS))


def mondays(now: datetime, weeks: int) -> tuple[date, ...]:
    """The Mondays of so many weeks, the present one last, London time."""
    today = now.astimezone(LONDON).date()
    this = today - timedelta(days=today.weekday())
    return tuple(this - timedelta(weeks=back) for back in range(weeks - 1, -1, -1))


def chart_weeks(
    lines: Sequence[WeekCount],
    now: datetime,
    weeks: int,
    say: Say,
    name_label: Callable[[Label], str],
    name_day: Callable[[date], str],
    watched: frozenset[date],
    *,
    only_numbers: bool = False,
) -> BarChart | None:
    """Mentions by week, the labels end to end; None where there are none.

    A week outside `watched` has dashes: nobody looked, which is not the same as nothing there. Where small numbers
    are left out (`only_numbers`), nothing is written at the end of a row without any.
    """
    days = mondays(now, weeks)
    counts = Counter[tuple[date, Label]]()
    for line in lines:
        counts[line.week_on, line.label] += line.mentions
    totals = [sum(counts[day, label] for label in Label) for day in days]
    if not any(totals):
        return None
    most = max(totals)

    def said(day: date, count: int) -> str:
        return str(count) if count or day in watched else NOT_WATCHED

    return BarChart(
        id="weeks",
        title=say("by_week"),
        summary=say("by_week_summary", n=weeks, total=sum(totals), week=name_day(days[totals.index(most)]), most=most),
        axis=say("week"),
        categories=tuple(map(name_day, days)),
        series=tuple(
            Series(name_label(label), tuple(Bar(counts[day, label], said(day, counts[day, label])) for day in days))
            for label in Label
        ),
        totals=tuple(
            "" if only_numbers and not total and day in watched else said(day, total)
            for day, total in zip(days, totals, strict=True)
        ),
    )  # fmt: skip


def chart_sources(lines: Sequence[WeekCount], weeks: int, say: Say) -> BarChart | None:
    """Mentions by source, the most first; None where there are none."""
    counts = Counter[str]()
    for line in lines:
        counts[say("by_report") if line.source == REPORT else line.source] += line.mentions
    found = sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:MOST_SOURCES]
    if not found:
        return None
    return BarChart(
        id="sources",
        title=say("by_source"),
        summary=say("by_source_summary", n=weeks, sources=len(counts), name=found[0][0], most=found[0][1]),
        axis=say("source"),
        categories=tuple(name for name, _ in found),
        series=(Series(say("mentions_head"), tuple(Bar(count, str(count)) for _, count in found)),),
    )


def chart_waits(waits: Sequence[timedelta], say: Say, *, only_numbers: bool) -> BarChart | None:
    """How long decisions took; None where there are none, or too few to be told."""
    counts = [0, 0, 0, 0]
    for wait in waits:
        counts[sum(wait > bound for bound in _BOUNDS)] += 1
    # Somebody who may open no incident is told no part so small that it speaks of single ones.
    if not waits or (only_numbers and tell_split(counts).parts != tuple(counts)):
        return None
    return BarChart(
        id="waits",
        title=say("times"),
        summary=say(
            "times_summary", n=len(waits), median=_say_wait(sorted(waits)[(len(waits) - 1) // 2], say)
        ),
        axis=say("waited"),
        categories=tuple(map(say, _WAITS)),
        series=(Series(say("incidents_head"), tuple(Bar(count, str(count)) for count in counts)),),
    )


def _say_wait(wait: timedelta, say: Say) -> str:
    hours = max(1, -(-int(wait.total_seconds()) // 3600))
    return say("hours", n=hours) if hours < 48 else say("days", n=-(-hours // 24))
