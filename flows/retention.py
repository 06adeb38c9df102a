"""Retention as a Prefect flow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.home import Home
from flows.records import purge_for_good


@flow(name="retention", persist_result=False)
def retention(home: str, now: str = "") -> int:
    """Delete what is past its time; how many mentions went."""
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    place = Home(Path(home))
    with plainly_failing(place):
        return len(purge_for_good(place, moment, dry_run=False).purged)
