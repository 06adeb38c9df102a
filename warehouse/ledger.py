"""What each run did and saw: `runs`, `run_sources`, and where each source resumes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mentionwatch.fetching import Fault
from mentionwatch.labels import FaultKind, Verdict
from mentionwatch.model import LabelCounts, NightReport, SourceNight, SourceRun
from warehouse.session import Reading, Row, Writing, at_utc, to_utc

_RUN_SOURCE_COLUMNS = (
    "run_id", "source", "collector", "verdict", "fetched", "new", "edited", "gone", "out_of_scope", "fault_kind", "fault_detail",
    "last_ok_at", "not_looked_at_json", "stored_at",
)  # fmt: skip
_SELECT_RUN_SOURCES = (
    "SELECT source, collector, verdict, fetched, new, edited, gone, out_of_scope, fault_kind, fault_detail, last_ok_at, not_looked_at_json "
    "FROM run_sources"
)


class Ledger:
    """The ledger rows and cursors of one `store_nights`."""

    def __init__(self, writing: Writing, nights: Sequence[SourceNight], now: datetime) -> None:
        self._writing, self._now = writing, now
        names = sorted({night.run.name for night in nights})
        runs = sorted({night.run_id for night in nights})
        self._latest: dict[str, str] = dict(
            writing.rows(
                "SELECT source, run_id FROM cursors WHERE source IN (SELECT unnest(?::VARCHAR[]))", [names]
            )
        )
        self._entered: dict[tuple[str, str], tuple[int, int, int]] = {
            (run, source): (new, edited, gone)
            for run, source, new, edited, gone in writing.rows(
                "SELECT run_id, source, new, edited, gone FROM run_sources "
                "WHERE run_id IN (SELECT unnest(?::VARCHAR[])) AND source IN (SELECT unnest(?::VARCHAR[]))",
                [runs, names],
            )
        }
        self._stored = set(self._entered)
        self._rows: dict[tuple[str, str], Row] = {}
        self._cursors: dict[str, Row] = {}

    def was_entered(self, night: SourceNight) -> bool:
        """Has this run's look at this source been stored before?"""
        return (night.run_id, night.run.name) in self._entered

    def is_over(self, night: SourceNight) -> bool:
        """Stored before, and a later run of the source has been stored since: a replay with nothing to add."""
        return self.was_entered(night) and self._latest.get(night.run.name) != night.run_id

    def enter(self, night: SourceNight, new: int, edited: int, gone: int) -> None:
        """Enter one look. A second look of the same run adds to the counts and replaces the rest."""
        run, key = night.run, (night.run_id, night.run.name)
        before = self._entered.get(key, (0, 0, 0))
        counts = (before[0] + new, before[1] + edited, before[2] + gone)
        self._entered[key] = counts
        self._latest[run.name] = night.run_id
        verdict = Verdict.MENTIONS if run.verdict is Verdict.CLEAR and counts[0] + counts[1] else run.verdict
        fault = run.fault
        self._rows[key] = (
            night.run_id, run.name, run.collector, verdict.value, run.fetched, *counts, run.out_of_scope,
            fault.kind.value if fault else None, fault.detail if fault else None, run.last_ok_at, json.dumps(run.not_looked_at, ensure_ascii=False), self._now,
        )  # fmt: skip
        cursor = (
            night.cursor.json
            if night.cursor
            else self._cursors[run.name][2]
            if run.name in self._cursors
            else None
        )
        self._cursors[run.name] = (run.name, run.collector, cursor, night.run_id, run.last_ok_at, self._now)

    def save(self) -> None:
        """Write both tables. A night without a cursor leaves the stored one alone."""
        self._writing.insert(
            "run_sources",
            _RUN_SOURCE_COLUMNS,
            [row for key, row in self._rows.items() if key not in self._stored],
        )
        sets = ", ".join(f"{name} = ?" for name in _RUN_SOURCE_COLUMNS[2:])
        for key in self._stored & self._rows.keys():
            sql = f"UPDATE run_sources SET {sets} WHERE run_id = ? AND source = ?"  # noqa: S608 -- fixed names
            self._writing.run(sql, [*self._rows[key][2:], *key])
        if not self._cursors:
            return
        columns = list(zip(*self._cursors.values(), strict=True))
        self._writing.run(
            "INSERT INTO cursors SELECT unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), unnest(?::VARCHAR[]), "
            "unnest(?::TIMESTAMPTZ[]), unnest(?::TIMESTAMPTZ[]) "
            "ON CONFLICT (source) DO UPDATE SET collector = excluded.collector, "
            "cursor_json = coalesce(excluded.cursor_json, cursor_json), run_id = excluded.run_id, "
            "last_ok_at = coalesce(excluded.last_ok_at, last_ok_at), saved_at = excluded.saved_at",
            [list(column) for column in columns],
        )


def start_run(
    writing: Writing,
    run_id: str,
    started_at: datetime,
    pack: str = "",
    authority: str = "",
    software: str = "",
) -> None:
    """Enter a run as begun; entering it again changes nothing. `authority` is the clause that allows monitoring (L01)."""
    writing.run(
        "INSERT INTO runs (run_id, started_at, pack, authority, software) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [run_id, started_at, pack, authority, software],
    )


def finish_run(writing: Writing, report: NightReport) -> None:
    """Complete a run's row. The sources' rows are there already: `store_nights` wrote each with its mentions."""
    start_run(writing, report.run_id, report.started_at)
    counts = report.counts
    writing.run(
        "UPDATE runs SET finished_at = ?, verdict = ?, collected = ?, out_of_scope = ?, possible = ?, positive = ?, neutral = ?, "
        "concern = ?, inappropriate = ?, incidents_opened_json = ?, digest = ? WHERE run_id = ?",
        [
            report.finished_at, report.verdict.value, counts.collected, counts.out_of_scope, counts.possible, counts.positive,
            counts.neutral, counts.concern, counts.inappropriate, json.dumps(report.incidents_opened), report.digest, report.run_id,
        ],
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run as the ledger has it; `finished_at` and `verdict` are None while it runs, or when it was cut off."""

    run_id: str
    started_at: datetime
    finished_at: datetime | None
    verdict: Verdict | None
    pack: str
    authority: str
    sources: tuple[SourceRun, ...]
    counts: LabelCounts
    incidents_opened: tuple[str, ...]
    digest: str


def _source_run(row: Row) -> SourceRun:
    source, collector, verdict, fetched, new, edited, gone, out, kind, detail, last_ok_at, not_looked_at = row
    return SourceRun(
        name=source,
        collector=collector,
        verdict=Verdict(verdict),
        fetched=fetched,
        new=new,
        edited=edited,
        gone=gone,
        out_of_scope=out,
        fault=Fault(FaultKind(kind), detail) if kind else None,
        last_ok_at=to_utc(last_ok_at),
        not_looked_at=tuple(json.loads(not_looked_at)),
    )


def list_runs(reading: Reading, limit: int = 30) -> tuple[RunRecord, ...]:
    """The latest runs, newest first, finished or not."""
    found = reading.rows(
        "SELECT run_id, started_at, finished_at, verdict, pack, authority, collected, out_of_scope, possible, positive, neutral, "
        "concern, inappropriate, incidents_opened_json, digest FROM runs ORDER BY started_at DESC, run_id DESC LIMIT ?",
        [limit],
    )
    sources: dict[str, list[SourceRun]] = {row[0]: [] for row in found}
    for run_id, *row in reading.rows(
        f"{_SELECT_RUN_SOURCES.replace('SELECT ', 'SELECT run_id, ', 1)} WHERE run_id IN (SELECT unnest(?::VARCHAR[])) ORDER BY source",
        [list(sources)],
    ):
        sources[run_id].append(_source_run(tuple(row)))
    return tuple(
        RunRecord(
            run_id=row[0],
            started_at=at_utc(row[1]),
            finished_at=to_utc(row[2]),
            verdict=Verdict(row[3]) if row[3] else None,
            pack=row[4],
            authority=row[5],
            sources=tuple(sources[row[0]]),
            counts=LabelCounts(*(number or 0 for number in row[6:13])),
            incidents_opened=tuple(json.loads(row[13] or "[]")),
            digest=row[14] or "",
        )
        for row in found
    )


def last_run(reading: Reading, *, only_finished: bool = False) -> RunRecord | None:
    """The latest run, or the latest that came to its end."""
    runs = list_runs(reading, 1 if not only_finished else 50)
    return next((run for run in runs if run.finished_at or not only_finished), None)


@dataclass(frozen=True, slots=True)
class SourceLook:
    """One look at one source."""

    run_id: str
    stored_at: datetime
    run: SourceRun


def source_history(reading: Reading, name: str, limit: int = 30) -> tuple[SourceLook, ...]:
    """The latest looks at one source, newest first."""
    found = reading.rows(
        f"{_SELECT_RUN_SOURCES.replace('SELECT ', 'SELECT run_id, stored_at, ', 1)} WHERE source = ? ORDER BY stored_at DESC LIMIT ?",
        [name, limit],
    )
    return tuple(SourceLook(row[0], at_utc(row[1]), _source_run(tuple(row[2:]))) for row in found)


def last_ok_times(reading: Reading) -> Mapping[str, datetime]:
    """When each source was last seen working."""
    return {
        name: at_utc(at)
        for name, at in reading.rows("SELECT source, last_ok_at FROM cursors WHERE last_ok_at IS NOT NULL")
    }


def latest_looks(reading: Reading, names: Iterable[str]) -> Mapping[str, SourceRun]:
    """The latest look at each named source; one that was never looked at is missing."""
    found = reading.rows(
        f"{_SELECT_RUN_SOURCES} WHERE source IN (SELECT unnest(?::VARCHAR[])) "
        "QUALIFY row_number() OVER (PARTITION BY source ORDER BY stored_at DESC) = 1",
        [sorted(set(names))],
    )
    return {row[0]: _source_run(row) for row in found}
