"""The night's own order with plain threads in the place of Prefect's tasks: the same steps, seconds faster."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from types import TracebackType

from flows.digest import write_digest
from flows.home import Home
from flows.order import run_night
from flows.running import night_of
from mentionwatch.model import NightReport
from warehouse.publish import publish


class _Batch:
    def __init__(self, future: Future[None]) -> None:
        self._future = future

    def is_over(self) -> bool:
        return self._future.done()

    def crash(self) -> str:
        error = self._future.exception()
        return type(error).__name__ if error else ""


class PlainSteps:
    """Steps in threads of this process."""

    poll_s = 0.01

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(max_workers=8)

    def __enter__(self) -> PlainSteps:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def look(self, run_id: str, names: list[str], again: bool) -> _Batch:
        return _Batch(self._pool.submit(self._look, run_id, names, again))

    def _look(self, run_id: str, names: list[str], again: bool) -> None:
        night_of(run_id).look_each(names, again=again)

    def publish(self, run_id: str) -> None:
        publish(night_of(run_id).warehouse)

    def write_digest(self, run_id: str) -> str:
        night = night_of(run_id)
        return str(write_digest(night.config.home, night.config.school, night.config.pack, night.stages.now))


def sweep_plainly(folder: Path, now: datetime, names: list[str] | None = None) -> NightReport:
    """One whole night of a home."""
    with PlainSteps() as steps:
        return run_night(Home(folder), now, names or [], steps)
