"""One run of the sweep around the plain functions of `flows/night.py`: what is open, finished, stored.

A `Night` lives in the process that runs the flow. Tasks find it by its run id, because what Prefect
keeps of a task (parameters, results) must hold neither posts nor credentials.
"""

from __future__ import annotations

import queue
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta

from filelock import FileLock, Timeout

from classifiers.model import Classifier
from classifiers.scope import build_scoper
from collectors.base import Collector
from collectors.fetch import Door, Limits
from flows.crashes import log_crash
from flows.home import Home, HomeConfig
from flows.night import NEVER_SEEN, Stages, look_at, unseen, whole_verdict, withdraw_secrets
from flows.progress import advance
from flows.shadow import read_shadow
from flows.storing import store_looks
from incidents.authority import check_authority
from mentionwatch import __version__
from mentionwatch.errors import AnotherRunHoldsTheLock, ConfigError
from mentionwatch.fetching import Fault
from mentionwatch.labels import TRANSIENT_FAULTS, FaultKind
from mentionwatch.model import LabelCounts, NightReport, SourceNight, SourceRun
from mentionwatch.settings import FetchSettings
from mentionwatch.urls import origin
from warehouse.connection import Warehouse
from warehouse.ledger import finish_run, start_run
from warehouse.protocol_records import keep_pack
from warehouse.reading import StoredSource, read_start
from warehouse.store import StoredNight

TASKS = 8
"""Tasks that feeds are shared among; each looks at several of its feeds at once, for a look is mostly waiting."""

BATCH = 100
"""Feeds of one task at most: some seconds of work, never one task a mention."""

_OPEN: dict[str, Night] = {}


@contextmanager
def sweep_lock(home: Home) -> Iterator[None]:
    """One sweep at a time per home. The operating system drops the lock with the process, however it ends."""
    lock = FileLock(home.lock, timeout=0, is_singleton=True, mode=0o600)
    try:
        lock.acquire()
    except Timeout:
        raise AnotherRunHoldsTheLock(
            f"another sweep of {home.folder} is running; this one did nothing"
        ) from None
    try:
        yield
    finally:
        lock.release()


@dataclass(slots=True)
class Night:
    """The state of one run. `finished` is filled by tasks and emptied by the one writer."""

    config: HomeConfig
    stages: Stages
    door: Door
    warehouse: Warehouse
    collectors: dict[str, Collector]
    starts: dict[str, StoredSource]
    clock: Callable[[], datetime]
    finished: queue.SimpleQueue[SourceNight] = field(default_factory=queue.SimpleQueue)
    held: dict[str, SourceNight] = field(default_factory=dict)
    runs: dict[str, SourceRun] = field(default_factory=dict)
    incidents: list[str] = field(default_factory=list)
    counts: LabelCounts = field(default_factory=LabelCounts)

    @property
    def run_id(self) -> str:
        return self.stages.run_id

    @property
    def _tasks(self) -> int:
        return min(TASKS, self.config.fetch.workers)

    def batches(self) -> list[list[str]]:
        """Names of sources, a task's worth each. APIs get a task of their own; feeds share."""
        feeds = [name for name, collector in self.collectors.items() if collector.kind == "feed"]
        alone = [[name] for name in self.collectors if name not in feeds]
        size = max(1, min(BATCH, -(-len(feeds) // self._tasks)))
        return alone + [feeds[at : at + size] for at in range(0, len(feeds), size)]

    def look(self, name: str, *, again: bool = False) -> SourceRun:
        """Take one source through the night and queue it for storing. Safe in any thread of this process.

        A source that failed for a passing reason is held back for a second look (`again`), whose result counts.
        """
        night = look_at(self.collectors[name], self.starts.get(name, NEVER_SEEN), self.stages)
        if not again and is_passing(night.run):
            self.held[name] = night
        else:
            self.held.pop(name, None)
            self.finished.put(night)
        return night.run

    def look_each(self, names: Sequence[str], *, again: bool = False) -> None:
        """Look at these, this task's share of all workers at once. A look that crashes costs its own source and no other."""

        def look(name: str) -> None:
            try:
                self.look(name, again=again)
            except Exception as error:  # noqa: BLE001 -- Prefect would keep the message, and that may quote a post
                log_crash(self.config.home, error)
                self.give_up_on(name, type(error).__name__)

        at_once = min(len(names), -(-self.config.fetch.workers // self._tasks))
        if at_once <= 1:
            for name in names:
                look(name)
            return
        with ThreadPoolExecutor(at_once, thread_name_prefix="look") as threads:
            # The list asks every future, so that what is no Exception still ends the task.
            list(threads.map(look, names))

    def release_held(self) -> None:
        """Queue what is still held back: a second look that never came must not lose the first."""
        for name in list(self.held):
            self.finished.put(self.held.pop(name))

    def give_up_on(self, name: str, kind: str) -> None:
        """A source whose look crashed: blind, named, and the others go on."""
        self.held.pop(name, None)
        start = self.starts.get(name, NEVER_SEEN)
        fault = Fault(
            FaultKind.UNEXPECTED, f"{kind} while looking at it: a defect of mentionwatch; see logs/errors.log"
        )
        self.finished.put(
            unseen(name, self.collectors[name].spec.collector, fault, self.run_id, start.last_ok_at)
        )

    def is_done(self, name: str) -> bool:
        return name in self.runs

    def store(self) -> int:
        """Write every finished source in one short transaction; how many there were."""
        nights: list[SourceNight] = []
        while not self.finished.empty():
            nights.append(self._without_secrets(self.finished.get()))
        if not nights:
            return 0
        with self.warehouse.writer() as writing:
            keep_pack(writing, self.stages.pack, self.stages.now)
            stored = store_looks(writing, Home(self.warehouse.folder), nights, self.stages.now)
        for night, result in zip(nights, stored, strict=True):
            self._count(night, result)
        advance(len(nights))
        return len(nights)

    def _without_secrets(self, night: SourceNight) -> SourceNight:
        fault = night.run.fault
        if fault is None:
            return night
        return replace(
            night,
            run=replace(night.run, fault=withdraw_secrets(fault, tuple(self.stages.credentials.values()))),
        )

    def _count(self, night: SourceNight, result: StoredNight) -> None:
        run = replace(night.run, new=result.new, edited=result.edited, gone=result.gone)
        self.runs[run.name] = run
        self.incidents.extend(result.incidents_opened)
        self.counts = add_counts(
            self.counts, replace(result.counts, collected=run.fetched, out_of_scope=run.out_of_scope)
        )

    def report(self, digest: str, finished_at: datetime) -> NightReport:
        """The outcome so far, sources in the order of sources.toml."""
        ordered = tuple(self.runs[name] for name in self.collectors if name in self.runs)
        return NightReport(
            run_id=self.run_id,
            started_at=self.stages.now,
            finished_at=finished_at,
            verdict=whole_verdict(ordered),
            sources=ordered,
            counts=self.counts,
            incidents_opened=tuple(self.incidents),
            digest=digest,
        )


def is_passing(run: SourceRun) -> bool:
    """Did the source fail in a way that may be over in a few seconds?"""
    return run.fault is not None and run.fault.kind in TRANSIENT_FAULTS and not run.fetched


def running_clock(start: datetime) -> Callable[[], datetime]:
    """A clock that started at `start` when this was called, and runs at the usual speed."""
    began = time.monotonic()
    return lambda: start + timedelta(seconds=int(time.monotonic() - began))


def add_counts(first: LabelCounts, second: LabelCounts) -> LabelCounts:
    """Both together."""
    return LabelCounts(
        **{f.name: getattr(first, f.name) + getattr(second, f.name) for f in fields(LabelCounts)}
    )


def choose_sources(config: HomeConfig, names: Sequence[str]) -> dict[str, Collector]:
    """The collectors to run, all of them when no name is given. Raises `ConfigError` for an unknown name."""
    known = {collector.spec.name: collector for collector in config.collectors}
    for name in names:
        if name not in known:
            raise ConfigError(
                str(config.home.sources_file),
                "source",
                f"there is no source {name!r}",
                f"Write one of: {', '.join(known)}",
            )
    return {name: known[name] for name in known if not names or name in names}


def make_door(
    fetch: FetchSettings,
    collectors: Sequence[Collector],
    clock: Callable[[], datetime],
    more_urls: Sequence[str] = (),
) -> Door:
    """The guarded door for one run; private networks open for configured origins only, `more_urls` among them."""
    contact = f"; {fetch.contact}" if fetch.contact else ""
    return Door(
        allow_networks=fetch.allow_networks,
        configured_origins=frozenset(
            filter(None, map(origin, (*(url for each in collectors for url in each.urls), *more_urls)))
        ),
        limits=Limits(
            total_s=fetch.total_s,
            per_host_pause_s=fetch.per_host_pause_s,
            in_all=max(Limits().in_all, fetch.workers),
        ),
        user_agent=f"mentionwatch/{__version__} (school mention monitor{contact})",
        now=clock,
    )


@contextmanager
def open_night(
    config: HomeConfig, now: datetime, names: Sequence[str], classifier: Classifier
) -> Iterator[Night]:
    """Everything a run needs, read once; the database is closed again before the first look.

    Raises `Refused` without authority or DPIA, `ConfigError` for an unknown source.
    """
    authority = check_authority(config.school, config.pack, now.date())
    collectors = choose_sources(config, names)
    warehouse = Warehouse(config.home.folder)
    warehouse.check_space()
    run_id = f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with warehouse.writer() as writing:
        start_run(writing, run_id, now, config.pack.version, authority, f"mentionwatch {__version__}")
        starts = read_start(writing, tuple(collectors))
        shadow = read_shadow(writing, config.school.shadow_nights, now)
    clock = running_clock(now)
    door = make_door(config.fetch, tuple(collectors.values()), clock)
    stages = Stages(
        run_id=run_id,
        now=now,
        profile=config.school.profile,
        pack=config.pack,
        scoper=build_scoper(config.school.profile),
        classifier=classifier,
        fetch=door,
        credentials=config.credentials,
        is_shadow=shadow.is_on,
        sample_every=config.school.sample_every,
    )
    night = Night(config, stages, door, warehouse, collectors, starts, clock)
    _OPEN[run_id] = night
    try:
        yield night
    finally:
        del _OPEN[run_id]
        door.close()


def night_of(run_id: str) -> Night:
    """The open night of this process."""
    return _OPEN[run_id]


def close_night(night: Night, digest: str) -> NightReport:
    """Complete the ledger."""
    report = night.report(digest, night.clock())
    with night.warehouse.writer() as writing:
        finish_run(writing, report)
    return report
