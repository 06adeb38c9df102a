"""Retention as a Prefect flow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.home import Home
from flows.records import purge_for_good


@flow(name="retention", persist_result=False)
def retention(home: str, now: str = "") -> int:
    """Delete what is past its time; how many mentions went."""
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC)
    return len(purge_for_good(Home(Path(home)), moment, dry_run=False).purged)
