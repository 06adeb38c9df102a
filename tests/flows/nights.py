"""What the tests of whole nights share: the nursery as seen from outside, and what a database holds."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from mentionwatch.ids import digest
from tests.once import ONE_THREAD
from tests.warehouse.opened import words_in
from warehouse.connection import Warehouse

ROOT = Path(__file__).resolve().parent.parent.parent


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without anything that is for mentionwatch or Prefect."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("MENTIONWATCH_", "PREFECT_")) and key != "CI"
    }
    return kept | {"PYTHONPATH": str(ROOT)} | more


def cli(*arguments: str) -> list[str]:
    """The command line as a command."""
    return [sys.executable, "-P", "-m", "flows.cli", *arguments]


@dataclass(frozen=True)
class Kill:
    """SIGKILL comes `delay_s` after the `count`-th mark of `phase`; at publishing, should it not come so far."""

    phase: str
    count: int
    delay_s: float


@dataclass(frozen=True)
class NightEnded:
    """How one forked night ended; `marks` are (step, seconds since the first step)."""

    killed: bool
    code: int | None
    marks: tuple[tuple[str, float], ...]

    @property
    def phase(self) -> str:
        """The last step it told of, without the source's name."""
        return self.marks[-1][0].split()[0] if self.marks else "before the first step"


class Nursery:
    """Forks nights, one at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "tests.flows.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=clean_environment(**ONE_THREAD),
            cwd=ROOT,
        )

    def __enter__(self) -> Nursery:
        assert self._read() == {"ready": True}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=120)

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery died"
        found: dict[str, Any] = json.loads(line)
        return found

    def run(self, home: Path, now: datetime, kill: Kill | None = None) -> NightEnded:
        """One night from start to end, or until it is killed."""
        job = {"home": str(home), "now": now.isoformat(), "kill": asdict(kill) if kill else None}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        found = self._read()
        return NightEnded(found["killed"], found["code"], tuple((word, at) for word, at in found["marks"]))


HOLDINGS = {
    "mentions": "SELECT m.id, m.source, m.native_id, m.revision, m.content_sha256, m.is_gone, i.mention_id "
    "FROM mentions m LEFT JOIN incidents i ON i.id = m.incident_id",
    "revisions": "SELECT mention_id, revision, content_sha256, scope, posted_at FROM revisions",
    "classifications": "SELECT mention_id, revision, label, route, harms, needs_person FROM classifications",
    "evidence": "SELECT mention_id, revision, method, http_status, page_sha256, text_sha256, fault_kind, "
    "(SELECT count(*) FROM objects o WHERE o.sha256 IN (warc_sha256, text_sha256, raw_sha256)) FROM evidence",
    "incidents": "SELECT mention_id, kind, state, decider, route, event_count FROM incidents",
    "events": "SELECT i.mention_id, e.number, e.event, e.to_state FROM incident_events e JOIN incidents i "
    "ON i.id = e.incident_id",
    "audit": "SELECT verb, object_kind, coalesce(i.mention_id, object_id) FROM audit a LEFT JOIN incidents i "
    "ON i.id = a.object_id",
    "objects": "SELECT kind, media_type FROM objects",
    "loose objects": "SELECT sha256 FROM objects WHERE sha256 NOT IN (SELECT unnest([coalesce(warc_sha256, ''), "
    "coalesce(text_sha256, ''), coalesce(raw_sha256, '')]) FROM evidence)",
}
"""What must be the same however often a night was killed. Times, run ids and incident numbers may differ."""


def holdings(home: Path) -> dict[str, Counter[str]]:
    """Everything a home's database holds, as multisets of rows."""
    with Warehouse(home).live_reader() as reading:
        found = {name: Counter(repr(row) for row in reading.rows(sql)) for name, sql in HOLDINGS.items()}
    # Of words and handles their digest: a test that fails prints no post.
    return found | {"words": Counter(f"{id_}/{n} {digest(w.packed())}" for id_, n, w in words_in(home))}


def differences(found: dict[str, Counter[str]], wanted: dict[str, Counter[str]]) -> dict[str, object]:
    """What was lost and what is there twice, by table; empty when nothing was."""
    return {
        name: {"lost": dict(wanted[name] - found[name]), "doubled": dict(found[name] - wanted[name])}
        for name in wanted
        if found[name] != wanted[name]
    }
