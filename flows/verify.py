"""The nightly check of the evidence as a Prefect flow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.home import Home, read_fetch, read_school
from flows.integrity import watch_evidence
from flows.pictures import draw_pictures
from flows.upkeep import keep_custody


@flow(name="verify", persist_result=False)
def verify(home: str, now: str = "") -> int:
    """Draw the pictures that are missing, check all evidence, sign and stamp that it was checked; how many things are
    not as they were."""
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC).replace(microsecond=0)
    place = Home(Path(home))
    with plainly_failing(place):
        school, pack = read_school(place)
        draw_pictures(place.folder, moment)
        watched = watch_evidence(place, school, pack, moment)
        keep_custody(place, school, read_fetch(place), moment)
        return len(watched.done.findings)
