"""The nightly sweep as a Prefect flow: order, retries, schedule. The rules are elsewhere.

Prefect keeps parameters, results and artifacts of runs: they hold a folder, names of sources, kinds of
fault and counts. Never a post, never a credential.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, wait
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from flows.crashes import plainly_failing
from flows.digest import write_digest
from flows.home import Home
from flows.morning_mail import tell_duty
from flows.order import run_night
from flows.running import night_of
from mentionwatch.model import NightReport
from warehouse.publish import publish


@task(name="look-at-sources", cache_policy=NO_CACHE, persist_result=False, log_prints=False)
def look_at_sources(run_id: str, names: list[str], again: bool = False) -> list[str]:
    """Look at a few sources, one after another. What was found stays in the process; names go back."""
    night_of(run_id).look_each(names, again=again)
    return names


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_copy(run_id: str) -> None:
    """Refresh the analysts' copy."""
    night = night_of(run_id)
    with plainly_failing(night.config.home):
        publish(night.warehouse)


@task(name="write-digest", cache_policy=NO_CACHE, persist_result=False)
def write_night_digest(run_id: str) -> str:
    """The digest, always written, also when there is nothing."""
    night = night_of(run_id)
    config = night.config
    with plainly_failing(config.home):
        return str(write_digest(config.home, config.school, config.pack, night.stages.now))


class _Batch:
    """A running task."""

    def __init__(self, future: PrefectFuture[Any]) -> None:
        self._future, self._over = future, threading.Event()
        # Asking the future for its state would ask the API, with a new client each time.
        future.add_done_callback(lambda _: self._over.set())

    def is_over(self) -> bool:
        return self._over.is_set()

    def crash(self) -> str:
        wait([self._future])
        if self._future.state.is_completed():
            return ""
        return type(self._future.result(raise_on_failure=False)).__name__


class PrefectSteps:
    """The steps as Prefect tasks, a task a batch."""

    poll_s = 0.05

    def look(self, run_id: str, names: list[str], again: bool) -> _Batch:
        return _Batch(look_at_sources.submit(run_id, names, again))

    def publish(self, run_id: str) -> None:
        publish_copy(run_id)

    def write_digest(self, run_id: str) -> str:
        return write_night_digest(run_id)


def _show(report: NightReport) -> None:
    """The two artifacts of a run: the source table and where the digest is. Nothing when Prefect runs no flow."""
    if not flow_run.id:
        return
    rows = [
        {
            "source": run.name,
            "verdict": run.verdict.value,
            "fetched": run.fetched,
            "new": run.new,
            "edited": run.edited,
            "gone": run.gone,
            "fault": run.fault.kind.value if run.fault else "",
        }
        for run in report.sources
    ]
    create_table_artifact(
        table=rows, key="sources", description=f"Verdict of the night: {report.verdict.value}"
    )
    link = Path(report.digest).as_uri() if report.digest else ""
    create_markdown_artifact(
        f"[Digest of the night]({link})\n\nVerdict: {report.verdict.value}", key="digest"
    )


@flow(
    name="sweep",
    flow_run_name="sweep-{now}",
    task_runner=ThreadPoolTaskRunner(max_workers=8),  # type: ignore[arg-type]  # Prefect types its runners invariantly
    persist_result=False,
    validate_parameters=True,
)
def sweep(home: str, now: str = "", sources: list[str] | None = None) -> NightReport:
    """One nightly run. `home` is the school's folder, `now` an instant (else the clock), `sources` names (else all)."""
    moment = datetime.fromisoformat(now) if now else datetime.now(UTC).replace(microsecond=0)
    place = Home(Path(home))
    with plainly_failing(place):
        report = run_night(place, moment, sources or [], PrefectSteps())
        tell_duty(place, moment)
    _show(report)
    return report
