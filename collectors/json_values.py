"""Reading JSON that strangers wrote: every value is of the type asked for, or its harmless stand-in."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from collectors.markup import clean, cut
from mentionwatch.fetching import Fault, Fetched
from mentionwatch.labels import FaultKind

LONGEST_TEXT = 100_000
_LATEST = timedelta(hours=1)
_EARLIEST_YEAR = 2000


def parse_json(answer: Fetched, whose: str) -> object | Fault:
    """The body as JSON, or what is wrong with it: empty, broken off, a web page. `whose` names the API."""
    if not answer.body.strip():
        return Fault(FaultKind.EMPTY, f"{whose} answered with nothing at all")
    if answer.truncated:
        return Fault(FaultKind.TRUNCATED, f"the answer of {whose} broke off part-way")
    try:
        value: object = json.loads(answer.body)
    except (ValueError, RecursionError):
        start = answer.body[:2048].lower()
        what = (
            "a web page" if b"<html" in start or b"<!doctype html" in start else "something that is not JSON"
        )
        return Fault(FaultKind.NOT_A_FEED, f"{whose} delivers {what}")
    return value


def table(value: object, *path: str) -> Mapping[str, object]:
    """The object at `path` inside `value`; empty when there is none."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def rows(value: object, *path: str) -> tuple[Mapping[str, object], ...]:
    """The objects in the list at `path`, whatever else lies in it left out."""
    *before, last = path
    found = table(value, *before).get(last)
    return tuple(row for row in found if isinstance(row, dict)) if isinstance(found, list) else ()


def texts(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    """The strings of a list, cleaned."""
    found = fields.get(name)
    return tuple(clean(item)[0] for item in found if isinstance(item, str)) if isinstance(found, list) else ()


def text(fields: Mapping[str, object], name: str) -> str:
    """A string without control characters and lone surrogates, at most 100,000 bytes."""
    value = fields.get(name)
    return cut(clean(value)[0], LONGEST_TEXT)[0] if isinstance(value, str) else ""


def was_cleaned(*values: object) -> bool:
    """Did any of the strings hold characters that `text` takes out?"""
    return any(isinstance(value, str) and clean(value)[1] for value in values)


def number(fields: Mapping[str, object], name: str) -> int:
    """A whole number between 0 and 2**53; 0 when it is none."""
    value = fields.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0
    return int(value) if 0 <= value <= 2**53 else 0


def moment(seconds: object, now: datetime) -> datetime | None:
    """A time in Unix seconds, unless it lies over an hour ahead or before the year 2000."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not math.isfinite(seconds):
        return None
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return at if at.year >= _EARLIEST_YEAR and at <= now + _LATEST else None


def instant(written: str, now: datetime) -> datetime | None:
    """A time in ISO 8601 with its zone, within the same bounds."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        return None
    if at.tzinfo is None:
        return None
    return moment(at.timestamp(), now)


def evidence(*items: object) -> bytes:
    """The source's own values as stable JSON bytes; characters outside ASCII escaped, so any string fits."""
    body = items[0] if len(items) == 1 else list(items)
    return json.dumps(body, sort_keys=True, separators=(",", ":")).encode("ascii")
