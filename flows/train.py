"""Training as a Prefect flow: builds a challenger, promotes nothing."""

from __future__ import annotations

from pathlib import Path

from prefect import flow

from flows.crashes import plainly_failing
from flows.home import Home
from flows.learning import build_challenger, models_of


@flow(name="train", persist_result=False)
def train(home: str) -> str:
    """The challenger's folder."""
    place = Home(Path(home))
    with plainly_failing(place):
        return str(build_challenger(models_of(place) / "challenger"))
