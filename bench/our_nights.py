"""Two real nights of mentionwatch over the bench's feeds, in a process of their own; a line of JSON each.

`--steps prefect` is the product as it runs (`flows/sweep.py` against a local Prefect); `--steps plain` the
same order of steps with threads in Prefect's place. `pass_s` runs from the first look to the last row stored
and the ledger closed; publishing and the digest come after and are told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

FIRST_NIGHT = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)


@dataclass(slots=True)
class Marks:
    """Moments of one night on `perf_counter`, and processor time at the same moments."""

    look_at: float = 0.0
    publish_at: float = 0.0
    look_cpu: float = 0.0
    publish_cpu: float = 0.0


def _ticks_of(pid: str) -> float:
    """Processor seconds of a living process from /proc (proc(5), fields 14 and 15)."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def processor_s() -> float:
    """This process and its parsing children; Prefect's server, where there is one, is not counted."""
    used = os.times()
    total = used.user + used.system
    for task in Path("/proc/self/task").iterdir():
        try:
            children = (task / "children").read_text().split()
        except OSError:
            continue
        for child in children:
            try:
                command = Path(f"/proc/{child}/cmdline").read_bytes()
            except OSError:
                continue
            if b"feed_parse" in command:
                total += _ticks_of(child)
    return total


def _timed(steps: type[Any], marks: Marks) -> type[Any]:
    """The same steps, with the two moments noted."""

    class Timed(steps):  # type: ignore[misc]  # the base is chosen at run time
        def look(self, run_id: str, names: list[str], again: bool) -> Any:
            if not marks.look_at:
                marks.look_at, marks.look_cpu = time.perf_counter(), processor_s()
            return super().look(run_id, names, again)

        def publish(self, run_id: str) -> None:
            marks.publish_at, marks.publish_cpu = time.perf_counter(), processor_s()
            super().publish(run_id)

    return Timed


def _run(home: Path, now: datetime, marks: Marks, kind: str) -> Any:
    if kind == "plain":
        from flows.home import Home
        from flows.order import run_night
        from tests.flows.plain import PlainSteps

        with _timed(PlainSteps, marks)() as steps:
            return run_night(Home(home), now, [], steps)
    from flows import sweep as product

    original = product.PrefectSteps
    product.PrefectSteps = _timed(original, marks)  # type: ignore[misc]
    try:
        return product.sweep(str(home), now.isoformat())
    finally:
        product.PrefectSteps = original  # type: ignore[misc]


def _report(home: Path, kind: str) -> None:
    from flows.learning import model_in_use

    model_in_use(str(home))
    for name, now in (("first", FIRST_NIGHT), ("unchanged", FIRST_NIGHT + timedelta(days=1))):
        marks = Marks()
        began = time.perf_counter()
        found = _run(home, now, marks, kind)
        row = {
            "pass": name,
            "wall_s": marks.publish_at - marks.look_at,
            "cpu_s": marks.publish_cpu - marks.look_cpu,
            "before_s": marks.look_at - began,
            "after_s": time.perf_counter() - marks.publish_at,
            "items": found.counts.collected,
            "stored": found.counts.positive
            + found.counts.neutral
            + found.counts.concern
            + found.counts.inappropriate,
            "failed": sum(1 for run in found.sources if run.fault is not None),
        }
        print(json.dumps(row), flush=True)


def main() -> None:
    """Run both nights."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--steps", choices=("plain", "prefect"), default="prefect")
    given = parser.parse_args()
    if given.steps == "plain":
        _report(given.home, "plain")
        return
    from flows.local_server import prefect_api

    began = time.perf_counter()
    with prefect_api(given.home / "prefect", given.home / "prefect.log"):
        import flows.sweep

        assert flows.sweep.sweep is not None
        print(json.dumps({"prefect_start_s": time.perf_counter() - began}), flush=True)
        _report(given.home, "prefect")


if __name__ == "__main__":
    main()
