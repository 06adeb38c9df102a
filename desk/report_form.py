"""The form of a report: what was typed becomes a value, or the word keys of what is wrong with it.

Times are typed as people read them, in London time. An hour that comes twice, or never, when the clocks change is not
guessed at: unknown stays unknown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final

from desk.report_port import ReportGiven
from desk.vocabulary import LONDON

MOST_ADDRESS: Final = 2048
MOST_TEXT: Final = 10_000
MOST_LINE: Final = 200
OLDEST: Final = 1990

_BLANK = re.compile(r"[\x00-\x20\x7f]")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_PICTURE_SIGNS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"%PDF-")


@dataclass(frozen=True, slots=True)
class ReportTyped:
    """The fields as they were sent. `reporter` and `picture` are never put back into a form."""

    address: str = ""
    platform: str = ""
    posted: str = ""
    posted_on: str = ""
    posted_time: str = ""
    text: str = ""
    reporter: str = ""
    picture: bytes = b""


@dataclass(frozen=True, slots=True)
class Amiss:
    """A field's id, and the word key of what is wrong with it."""

    field: str
    key: str


def is_picture(data: bytes) -> bool:
    """By its first octets, never by its name or by what the browser calls it: PNG, JPEG, GIF, WebP or PDF."""
    return data.startswith(_PICTURE_SIGNS) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def read_posted_at(on: str, at: str, now: datetime) -> datetime | str:
    """A day and a time of day in London as aware UTC; else the word key of what is wrong."""
    try:
        local = datetime.combine(date.fromisoformat(on), time.fromisoformat(at))
    except ValueError:
        return "bad_time"
    if local.tzinfo is not None or not OLDEST <= local.year < 2200:
        return "bad_time"
    first, second = (local.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first != second:
        return "unclear_hour"
    return "in_future" if first > now else first


def read_report(typed: ReportTyped, now: datetime, *, is_indecent: bool) -> ReportGiven | tuple[Amiss, ...]:
    """The report, or everything that is wrong with it, in the order of the fields."""
    amiss: list[Amiss] = []
    address_wrong = _address_wrong(typed.address)
    if address_wrong:
        amiss.append(Amiss("address", address_wrong))
    if _is_no_line(typed.platform):
        amiss.append(Amiss("platform", "bad_line"))
    posted_at = None
    if typed.posted == "known":
        found = read_posted_at(typed.posted_on, typed.posted_time, now)
        if isinstance(found, str):
            amiss.append(Amiss("posted_on", found))
        else:
            posted_at = found
    elif typed.posted != "unknown":
        amiss.append(Amiss("posted", "say_posted"))
    if len(typed.text) > MOST_TEXT:
        amiss.append(Amiss("text", "text_too_long"))
    if typed.picture and not is_picture(typed.picture):
        amiss.append(Amiss("picture", "no_picture"))
    if _is_no_line(typed.reporter):
        amiss.append(Amiss("reporter", "bad_line"))
    if amiss:
        return tuple(amiss)
    return ReportGiven(
        typed.address, posted_at, typed.text, b"" if is_indecent else typed.picture, is_indecent,
        typed.reporter, typed.platform,
    )  # fmt: skip


def _address_wrong(address: str) -> str:
    """A web address, or the name of a place that has none."""
    if not address:
        return "need_address"
    if len(address) > MOST_ADDRESS or _BLANK.search(address) or not address.isprintable():
        return "bad_address"
    scheme = _SCHEME.match(address)
    return "bad_address" if scheme and scheme.group().lower() not in ("http:", "https:") else ""


def _is_no_line(text: str) -> bool:
    return len(text) > MOST_LINE or (bool(text) and not text.isprintable())
