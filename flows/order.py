"""The order of one night, whoever runs its steps: Prefect's tasks, or plain threads.

Rules are in `flows/night.py`, state in `flows/running.py`; here is what comes after what.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from desk.words import LONDON
from flows.home import Home, read_home
from flows.model_status import model_for_night
from flows.need_to_know import read_again
from flows.running import Night, close_night, open_night, sweep_lock
from flows.upkeep import keep_after_night
from mentionwatch.model import NightReport
from mentionwatch.settings import read_environment

STORE_EVERY_S = 1.0
"""Finished sources wait that long for company: opening the database costs as much as storing fifty of them."""


class Looking(Protocol):
    """A batch of sources that is being looked at."""

    def is_over(self) -> bool:
        """Has it ended, however it went?"""
        ...

    def crash(self) -> str:
        """The type of the error that ended it; empty when none did. Waits for the end."""
        ...


class Steps(Protocol):
    """Who runs the steps of a night. Steps find the night by its run id (`night_of`)."""

    poll_s: float
    """How long to rest before asking again which batches are over."""

    def look(self, run_id: str, names: list[str], again: bool) -> Looking:
        """Start to look at these sources, one after another."""
        ...

    def publish(self, run_id: str) -> None:
        """Refresh the analysts' copy."""
        ...

    def write_digest(self, run_id: str) -> str:
        """Write the digest; its path."""
        ...


def _look_at_all(night: Night, batches: Sequence[list[str]], steps: Steps, *, again: bool) -> None:
    """Start all batches, and store whatever is finished while the others are still looking."""
    started = [(steps.look(night.run_id, batch, again), batch) for batch in batches]
    pending = list(started)
    stored_at = time.monotonic()
    while pending:
        still = [(looking, batch) for looking, batch in pending if not looking.is_over()]
        if not still or time.monotonic() - stored_at >= STORE_EVERY_S:
            night.store()
            stored_at = time.monotonic()
        if still and len(still) == len(pending):
            time.sleep(steps.poll_s)
        pending = still
    for looking, batch in started:
        crash = looking.crash()
        for name in batch if crash else ():
            if not night.is_done(name) and name not in night.held:
                night.give_up_on(name, crash)
    night.store()


def run_night(home: Home, now: datetime, names: Sequence[str], steps: Steps) -> NightReport:
    """One night. Raises what `open_night` raises; a second sweep at once is refused."""
    with sweep_lock(home):
        config = read_home(home, read_environment())
        with open_night(config, now, names, model_for_night(home)) as night:
            # Before anybody is shown tonight's posts: whom the stored ones are about, should a surname have changed.
            read_again(home, config.school.profile)
            _look_at_all(night, night.batches(), steps, again=False)
            if night.held:
                time.sleep(config.fetch.second_look_s)
                _look_at_all(night, [[name] for name in night.held], steps, again=True)
                night.release_held()
                night.store()
            keep_after_night(config, now)
            close_night(night, str(config.home.digests / f"{now.astimezone(LONDON):%Y-%m-%d}.html"))
            steps.publish(night.run_id)
            return night.report(steps.write_digest(night.run_id), night.clock())
