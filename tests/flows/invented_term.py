"""A term of an invented school, written straight into its tables: what the nights and the protocol would have left there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flows.cli import main
from warehouse.connection import Warehouse
from warehouse.session import Writing

START = datetime(2026, 9, 1, 2, 30, tzinfo=UTC)
AFTER = "2027-01-04T08:00:00Z"

Steps = Sequence[tuple[str, str, float]]
"""Event, state it leads to, days after the opening."""

DECIDED: Steps = (
    ("open", "OPENED", 0),
    ("preserve", "PRESERVED", 0.1),
    ("hand_over", "AWAITING_DECISION", 0.5),
)
NO_CASE: Steps = (*DECIDED, ("no_case", "CLOSED", 1.6))
POLICE: Steps = (*DECIDED, ("police", "POLICE_HOLD", 1.2))
REMOVED: Steps = (
    *DECIDED, ("internal", "INTERNAL", 2.0), ("ask_removal", "REMOVAL_WAIT", 4.0), ("removed", "RESOLVED", 9.0), ("close", "CLOSED", 12.0),
)  # fmt: skip


@dataclass(frozen=True)
class File:
    """An incident, or a concern or praise somebody took up."""

    steps: Steps
    kind: str = "harassment"
    route: str = "internal"
    track: str = "incident"
    opened_at: datetime = START + timedelta(days=20)


def make_home(folder: Path, name: str = "Ysgol Nant y Felin", pack: str = "llanbedrog") -> Path:
    """A home as `init` makes it, with its authority and its assessment on record."""
    code = main(
        ["init", "--home", str(folder), "--name", name, "--pack", pack, "--authority", "minute 7", "--authority-on", "2026-07-01",
         "--dpia", "DPIA-3", "--dpia-on", "2026-07-02"]
    )  # fmt: skip
    assert code == 0
    return folder


def write_night(
    writing: Writing, number: int, verdict: str = "mentions", labels: Sequence[int] = (1, 3, 2, 0)
) -> None:
    """One finished run; labels: positive, neutral, concern, inappropriate, all from one feed but one from Reddit."""
    at, run_id = START + timedelta(days=number), f"run-{number}"
    writing.run(
        "INSERT INTO runs (run_id, started_at, finished_at, verdict, pack, authority, software, collected, out_of_scope, possible, positive, "
        "neutral, concern, inappropriate, incidents_opened_json) VALUES (?, ?, ?, ?, 'p', 'a', 's', 9, 1, 0, ?, ?, ?, ?, '[]')",
        [run_id, at, at + timedelta(minutes=9), verdict, *labels],
    )
    total = sum(labels)
    for collector, new in (("feed", max(0, total - 1)), ("reddit", min(1, total))):
        writing.run(
            "INSERT INTO run_sources (run_id, source, collector, verdict, fetched, new, edited, gone, out_of_scope, stored_at, not_looked_at_json) "
            "VALUES (?, ?, ?, 'mentions', 9, ?, 0, 0, 1, ?, '[]')",
            [run_id, f"a person's blog {collector}", collector, new, at],
        )


def write_file(writing: Writing, number: int, file: File, seq: int) -> int:
    """An incident and its steps; returns the next place in the chain."""
    id_ = f"2026-{number:04d}"
    writing.run(
        "INSERT INTO incidents (id, mention_id, canonical_url, kind, state, decider, route, harms, clause, pack, first_steps, reasons_json, "
        "summary, opened_at, moved_at, event_count, track) VALUES (?, ?, 'https://x.test/anna', ?, ?, 'head', ?, [], 's.3', 'p', [], '[]', 'Anna Jones', ?, ?, ?, ?)",
        [id_, f"m{number}", file.kind, file.steps[-1][1], file.route, file.opened_at, file.opened_at, len(file.steps), file.track],
    )  # fmt: skip
    before: str | None = None
    for place, (event, state, days) in enumerate(file.steps, 1):
        writing.run(
            "INSERT INTO incident_events (seq, incident_id, number, from_state, event, to_state, actor, role, commitment, happened_at, pack, prev_hash, hash) "
            "VALUES (?, ?, ?, ?, ?, ?, 'anna', 'head', '', ?, 'p', '', '')",
            [seq, id_, place, before, event, state, file.opened_at + timedelta(days=days)],
        )
        before, seq = state, seq + 1
    return seq


def write_term(
    folder: Path, files: Sequence[File] = (), nights: int = 122, labels: Sequence[int] = (1, 3, 2, 0)
) -> None:
    """A whole autumn: every 30th night blind, every 40th in part."""
    with Warehouse(folder).writer() as writing:
        for number in range(nights):
            if number % 30 == 29:
                write_night(writing, number, "blind", (0, 0, 0, 0))
            else:
                write_night(writing, number, "degraded" if number % 40 == 39 else "mentions", labels)
        seq = 1
        for number, file in enumerate(files, 1):
            seq = write_file(writing, number, file, seq)
