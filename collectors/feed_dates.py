"""Dates as feeds write them, British and Welsh ones included, as aware UTC times.

A date without a zone is read as London's clock on the wall (these are British sources), except ISO 8601,
where UTC is the custom. What cannot be read is None, never a guess.
"""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_LONDON = ZoneInfo("Europe/London")
_MONTH_NAMES = (
    "jan ion", "feb chw", "mar maw faw", "apr ebr", "may mai fai", "jun meh feh",
    "jul gor orf", "aug aws", "sep med fed", "oct hyd", "nov tac dac", "dec rha rag",
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_ZONES = {
    "gmt": 0, "utc": 0, "ut": 0, "z": 0, "wet": 0, "bst": 1, "west": 1, "cet": 1, "met": 1, "cest": 2, "mest": 2,
    "eet": 2, "eest": 3, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7,
}  # fmt: skip

_CLOCK = (
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:\.\d+)?)?\s*(?P<half>[ap]\.?m\.?|y[bp])?"
)
_ZONE = r"\s*(?P<zone>[A-Za-z]{1,4}(?:[+-]\d\d:?\d\d)?|[+-]\d\d:?\d\d)?(?:\s*\([^()]{0,40}\))?\s*\Z"
_DAY_NAME = r"\s*(?:[^\W\d]{2,12}\.?(?:\s+[^\W\d]{2,12})?,?\s+)?"
_ISO = re.compile(
    r"\s*(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)"
    r"(?:[Tt ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?\s*(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?\s*\Z"
)
_DAY_FIRST = re.compile(
    _DAY_NAME + r"(?P<day>\d{1,2})(?:st|nd|rd|th|af|ail|ydd|fed|eg|ain|ed)?[\s-]+(?:(?:of|o)\s+)?"
    r"(?P<name>[^\W\d]{3,10})\.?,?[\s-]+(?P<year>\d{4}|\d\d)(?:,?\s+(?:at\s+|am\s+)?" + _CLOCK + r")?" + _ZONE
)
_MONTH_FIRST = re.compile(
    _DAY_NAME + r"(?P<name>[^\W\d]{3,10})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?:,?\s+(?:at\s+)?"
    + _CLOCK + r")?" + _ZONE
)  # fmt: skip
_SLASHES = re.compile(
    r"\s*(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})(?:,?\s+(?:at\s+)?" + _CLOCK + r")?" + _ZONE
)
_UNIX = re.compile(r"\s*(\d{9,10}|\d{13})(?:\.\d+)?\s*\Z")
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)\Z")


def _zone(text: str | None, default: tzinfo) -> tzinfo | None:
    """The zone named; None for a name nobody knows."""
    if not text:
        return default
    offset = _OFFSET.search(text)
    if offset:
        minutes = int(offset[2]) * 60 + int(offset[3])
        return (
            timezone(timedelta(minutes=-minutes if offset[1] == "-" else minutes)) if minutes < 1440 else None
        )
    hours = _ZONES.get(text.lower())
    return None if hours is None else timezone(timedelta(hours=hours))


def _build(match: re.Match[str], month: int, default: tzinfo) -> datetime | None:
    parts = match.groupdict()
    zone = _zone(parts.get("zone"), default)
    if zone is None:
        return None
    year, day = int(parts["year"]), int(parts["day"])
    if len(parts["year"]) == 2:
        year += 2000 if year < 70 else 1900
    hour, half = int(parts["hour"] or 0), (parts.get("half") or "").lower().replace(".", "")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in ("pm", "yp") else 0)
    try:
        at = datetime(
            year, month, day, hour, int(parts["minute"] or 0), min(59, int(parts["second"] or 0)), tzinfo=zone
        )
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def parse_date(text: str) -> datetime | None:
    """An aware UTC time, or None. Whether the date is plausible is for the caller to judge."""
    if len(text) > 80:
        return None
    match = _DAY_FIRST.match(text) or _MONTH_FIRST.match(text)
    if match:
        month = _MONTHS.get(match["name"][:3].lower())
        return _build(match, month, _LONDON) if month else None
    match = _ISO.match(text)
    if match:
        return _build(match, int(match["month"]), UTC)
    match = _SLASHES.match(text)
    if match:
        return _build(match, int(match["month"]), _LONDON)
    match = _UNIX.match(text)
    if match:
        number = int(match[1])
        return datetime.fromtimestamp(number / 1000 if number > 10**11 else number, UTC)
    return None


def date_handler(text: str) -> time.struct_time | None:
    """The same for feedparser, which wants a UTC time tuple."""
    at = parse_date(text)
    return None if at is None else at.utctimetuple()
