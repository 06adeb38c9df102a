"""When the morning e-mail goes out: from 07:00 on school days; on other days as the school has said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from mentionwatch.accounts import DeskRole
from mentionwatch.calendar import LONGEST_CLOSURE, SchoolCalendar
from mentionwatch.tables import Table

OPENS, CLOSES = time(7), time(18)
"""London time. An e-mail that could not go out before CLOSES is old news: the next morning's says more."""


class Holidays(StrEnum):
    """What happens on a day without school."""

    SEND = "send"
    HOLD = "hold"
    ROTA = "rota"


@dataclass(frozen=True, slots=True)
class Mornings:
    """`[digest]` of school.toml. `rota`: who gets the e-mail on days without school, where `holidays` is ROTA.

    `duty`: who is told at any hour, and without content, that something cannot wait; None: nobody is.
    """

    holidays: Holidays = Holidays.HOLD
    rota: DeskRole | None = None
    duty: DeskRole | None = None

    def goes_to(self, roles: frozenset[DeskRole], is_school_day: bool) -> bool:
        """Does somebody with these roles get the e-mail on such a day? Without accounts there are no roles."""
        if is_school_day or self.holidays is Holidays.SEND:
            return True
        return self.rota is not None and self.rota in roles


AS_USUAL = Mornings()
"""Where the school says nothing: held on days without school, and nobody is on duty."""


def is_sending_time(local: datetime) -> bool:
    """`local` is London time."""
    return OPENS <= local.time() < CLOSES


def held_days(calendar: SchoolCalendar, day: date) -> int:
    """How many days without school lie directly before `day`: their digests were held back."""
    found = 0
    while found < LONGEST_CLOSURE and not calendar.is_school_day(day - timedelta(days=found + 1)):
        found += 1
    return found


def _role(table: Table, name: str, text: str) -> DeskRole:
    if text not in tuple(DeskRole):
        raise table.wrong(name, f"is {text!r}", f"Write one of: {', '.join(DeskRole)}")
    return DeskRole(text)


def parse_mornings(table: Table) -> Mornings:
    """`holidays` = "send", "hold" or a role; `duty` = a role. Raises `ConfigError`."""
    holidays, duty = table.text("holidays", Holidays.HOLD.value), table.text("duty", "")
    told = _role(table, "duty", duty) if duty else None
    if holidays in (Holidays.SEND, Holidays.HOLD):
        return Mornings(Holidays(holidays), None, told)
    if holidays not in tuple(DeskRole):
        raise table.wrong("holidays", f"is {holidays!r}", f"Write one of: send, hold, {', '.join(DeskRole)}")
    return Mornings(Holidays.ROTA, DeskRole(holidays), told)


def parse_desk_url(table: Table) -> str:
    """`desk_url`: where people open the desk, without a slash at its end; "" when nobody has said.

    https, or http to this same machine. Raises `ConfigError`.
    """
    text = table.text("desk_url", "").rstrip("/")
    if text and not _is_desk_url(text):
        raise table.wrong(
            "desk_url",
            f"{text!r} is no https address of a server (http is for this machine only)",
            'Write desk_url = "https://desk.school.example"',
        )
    return text


def _is_desk_url(text: str) -> bool:
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    if not host or parts.username is not None or "?" in text or "#" in text:
        return False
    if set(text) & set("<>\"'`{}|^"):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
