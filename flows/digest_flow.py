"""The morning digest as a Prefect flow: there is one every morning, also when the night run failed.

Its first run of a morning writes the page; from 07:00 on the e-mail goes out. Later runs send what could not be sent
then, and do nothing when all was.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.digest import write_digest
from flows.home import Home, read_school
from flows.morning_mail import Mailroom, alert_duty, is_morning_over, send_on_time
from flows.recipients import read_accounts
from mentionwatch.settings import read_environment


def _clock(now: str) -> datetime:
    return datetime.fromisoformat(now) if now else datetime.now(UTC)


@flow(name="digest", persist_result=False)
def digest(home: str, now: str = "") -> str:
    """Write today's digest and, when it is time and a mail server is named, send the e-mails that say so; the digest's path."""
    place = Home(Path(home))
    school, pack = read_school(place)
    moment = _clock(now)
    with plainly_failing(place):
        room = Mailroom(place, school, pack, read_environment(), read_accounts(place), lambda: _clock(now))
        page = place.digests / f"{room.today().isoformat()}.html"
        if not is_morning_over(room, page):
            page = write_digest(place, school, pack, moment)
        alert_duty(room)
        send_on_time(room)
        return str(page)
