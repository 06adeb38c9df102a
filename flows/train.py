"""Training as a Prefect flow: builds a challenger when people corrected something, promotes nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.home import Home
from flows.learning import build_challenger


@flow(name="train", persist_result=False)
def train(home: str) -> str:
    """What came of it, in a word: nothing new, passed, or refused by the gate."""
    place = Home(Path(home))
    with plainly_failing(place):
        outcome = build_challenger(place, datetime.now(UTC).replace(microsecond=0))
        return "nothing new" if outcome is None else "passed" if outcome.passed else "refused"
