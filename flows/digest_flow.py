"""The morning digest as a Prefect flow: there is one every morning, also when the night run failed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.digest import write_digest
from flows.home import Home, read_school


@flow(name="digest", persist_result=False)
def digest(home: str, now: str = "") -> str:
    """Write today's digest; its path."""
    place = Home(Path(home))
    school, pack = read_school(place)
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    with plainly_failing(place):
        return str(write_digest(place, school, pack, moment))
