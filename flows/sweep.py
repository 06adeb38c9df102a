"""The nightly sweep as a Prefect flow: order, retries, schedule. The rules are elsewhere.

Prefect keeps parameters, results and artifacts of runs: they hold a folder, names of sources, kinds of
fault and counts. Never a post, never a credential.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.futures import PrefectFuture, wait
from prefect.runtime import flow_run
from prefect.task_runners import ThreadPoolTaskRunner

from classifiers.store import load
from desk.words import LONDON
from flows.digest import write_digest
from flows.home import Home, read_home
from flows.running import Night, close_night, night_of, open_night, sweep_lock
from mentionwatch.model import NightReport
from mentionwatch.settings import read_environment
from warehouse.publish import publish

POLL_S = 0.2


@task(name="look-at-sources", cache_policy=NO_CACHE, persist_result=False, log_prints=False)
def look_at_sources(run_id: str, names: list[str], again: bool = False) -> list[str]:
    """Look at a few sources, one after another. What was found stays in the process; names go back."""
    night = night_of(run_id)
    for name in names:
        night.look(name, again=again)
    return names


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish_copy(run_id: str) -> None:
    """Refresh the analysts' copy."""
    publish(night_of(run_id).warehouse)


@task(name="write-digest", cache_policy=NO_CACHE, persist_result=False)
def write_night_digest(run_id: str) -> str:
    """The digest, always written, also when there is nothing."""
    night = night_of(run_id)
    config = night.config
    return str(write_digest(config.home, config.school, config.pack, night.stages.now))


def _look_at_all(night: Night, batches: list[list[str]], *, again: bool) -> None:
    """Start a task a batch and store whatever is finished while the others are still looking."""
    futures: dict[PrefectFuture[Any], list[str]] = {}
    for batch in batches:
        futures[look_at_sources.submit(night.run_id, batch, again)] = batch
    pending = set(futures)
    while pending:
        done = {future for future in pending if future.state.is_final()}
        pending -= done
        night.store()
        if pending and not done:
            time.sleep(POLL_S)
    wait(list(futures))
    night.store()
    for future, batch in futures.items():
        if future.state.is_failed() or future.state.is_crashed():
            error = future.result(raise_on_failure=False)
            for name in batch:
                if not night.is_done(name) and name not in night.held:
                    night.give_up_on(name, type(error).__name__)
    night.store()


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


def run_night(home: Home, now: datetime, names: list[str]) -> NightReport:
    """The order of one night. Raises what `open_night` raises; a second sweep at once is refused."""
    with sweep_lock(home):
        config = read_home(home, read_environment())
        with open_night(config, now, names, load()) as night:
            _look_at_all(night, night.batches(), again=False)
            if night.held:
                time.sleep(config.fetch.second_look_s)
                _look_at_all(night, [[name] for name in night.held], again=True)
                night.release_held()
                night.store()
            close_night(night, str(config.home.digests / f"{now.astimezone(LONDON):%Y-%m-%d}.html"))
            publish_copy(night.run_id)
            digest = write_night_digest(night.run_id)
            report = night.report(digest, night.clock())
    _show(report)
    return report


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
    return run_night(Home(Path(home)), moment, sources or [])
