"""A sheet as JSON and back: how it is kept, and what `--format json` prints. Few is the text "fewer than 5", hidden is null.

A week in which nobody looked is null too, never 0, and named in `nobody_looked`: a program that does not know that list
takes it for a number it is not told. Sheets kept from before have no such list.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from desk.governors import GroupTold, Nights, Sheet, Single, Topic, Wait, WaitTold
from desk.suppression import FEW, Few, Told
from mentionwatch.terms import Term, TermName

FEWER: Final = "fewer than 5"


def _show(told: Told | None) -> int | str | None:
    return FEWER if isinstance(told, Few) else told


def _show_gaps(group: GroupTold) -> dict[str, object]:
    if group.topic is not Topic.WEEK or group.nobody_looked is None:
        return {}
    return {"nobody_looked": list(group.nobody_looked)}


def show_sheet(sheet: Sheet) -> dict[str, object]:
    """Plain values for JSON."""
    return {
        "term": sheet.term.name.value,
        "year": sheet.term.year,
        "first_on": sheet.term.first_on.isoformat(),
        "last_on": sheet.term.last_on.isoformat(),
        "counted_on": sheet.counted_on.isoformat(),
        "replaces": sheet.replaces.isoformat() if sheet.replaces else None,
        "nights": {
            "expected": sheet.nights.expected,
            "whole": sheet.nights.whole,
            "in_part": sheet.nights.in_part,
            "blind": sheet.nights.blind,
            "not_run": sheet.nights.not_run,
        },
        "groups": {
            group.topic.value: {
                "total": _show(group.total),
                "parts": None if group.parts is None else dict(group.parts),
                **_show_gaps(group),
            }
            for group in sheet.groups
        },
        "singles": {single.value: _show(told) for single, told in sheet.singles},
        "waits": {
            told.wait.value: {"median_days": told.median, "ninth_days": told.ninth} for told in sheet.waits
        },
    }


def _table(value: object) -> Mapping[str, object]:
    if isinstance(value, dict):
        return value
    raise ValueError("a table is missing")


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("a number is missing")
    return value


def _count_or_none(value: object) -> int | None:
    return None if value is None else _count(value)


def _told(value: object) -> Told | None:
    return FEW if value == FEWER else _count_or_none(value)


def _group(name: str, value: object) -> GroupTold:
    table = _table(value)
    parts = table.get("parts")
    told = (
        None
        if parts is None
        else tuple((part, _count_or_none(count)) for part, count in _table(parts).items())
    )
    topic = Topic(name)
    gaps = _gaps(table, told) if topic is Topic.WEEK else ()
    return GroupTold(topic, _told(table.get("total")), told, gaps)


def _gaps(
    table: Mapping[str, object], parts: tuple[tuple[str, int | None], ...] | None
) -> tuple[str, ...] | None:
    if "nobody_looked" not in table:
        return None
    weeks = table["nobody_looked"]
    if not isinstance(weeks, list) or not all(isinstance(week, str) for week in weeks):
        raise ValueError("the weeks nobody looked in are no list of days")
    if parts is not None and not set(weeks) <= {week for week, count in parts if count is None}:
        raise ValueError("a week nobody looked in has a number, or is none of the term's")
    return tuple(weeks)


def _wait(name: str, value: object) -> WaitTold:
    table = _table(value)
    return WaitTold(
        Wait(name), _count_or_none(table.get("median_days")), _count_or_none(table.get("ninth_days"))
    )


def read_sheet(value: object) -> Sheet:
    """The sheet that `show_sheet` showed. Raises ValueError for anything else."""
    table = _table(value)
    nights = _table(table.get("nights"))
    return Sheet(
        Term(TermName(str(table.get("term"))), _count(table.get("year"))),
        date.fromisoformat(str(table.get("counted_on"))),
        Nights(*(_count(nights.get(name)) for name in ("expected", "whole", "in_part", "blind"))),
        tuple(_group(name, each) for name, each in _table(table.get("groups")).items()),
        tuple((Single(name), _told(each)) for name, each in _table(table.get("singles")).items()),
        tuple(_wait(name, each) for name, each in _table(table.get("waits")).items()),
        date.fromisoformat(str(table["replaces"])) if table.get("replaces") else None,
    )
