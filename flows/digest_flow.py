"""The morning digest as a Prefect flow: there is one every morning, also when the night run failed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from desk.words import LONDON
from flows.crashes import plainly_failing
from flows.digest import read_digest, write_digest
from flows.home import Home, read_school
from flows.mailing import send_digest, wants_mail
from mentionwatch.settings import read_environment


@flow(name="digest", persist_result=False)
def digest(home: str, now: str = "") -> str:
    """Write today's digest and, where a mail server is named, send the e-mail that says so; the digest's path."""
    place = Home(Path(home))
    school, pack = read_school(place)
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    environment = read_environment()
    with plainly_failing(place):
        path = str(write_digest(place, school, pack, moment))
        if wants_mail(place, environment):
            today = read_digest(place, school, pack, moment.astimezone(LONDON).date())
            send_digest(place, school, today, environment)
        return path
