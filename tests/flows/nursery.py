"""A process that pays for the imports once and forks a night at a time, so that nights can be killed by the dozen.

Lines of JSON in, lines of JSON out. A night tells of its progress through a pipe; `kill_at` names how many of
those marks are let through and `delay_s` how long after the last of them SIGKILL comes.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "LOKY_MAX_CPU_COUNT": "1",
}
"""Forking is safe only while there is one thread."""


def _watch_progress(pipe: int) -> None:
    """Tell the parent at every step of the night which step it is."""
    from flows.running import Night
    from tests.flows.plain import PlainSteps
    from warehouse.connection import Warehouse

    def mark(word: str) -> None:
        os.write(pipe, f"{word}\n".encode())

    look, writer, publish, digest = (
        Night.look,
        Warehouse.writer,
        PlainSteps.publish,
        PlainSteps.write_digest,
    )

    def marked_look(self: Night, name: str, *, again: bool = False) -> Any:
        mark(f"looking {name}")
        found = look(self, name, again=again)
        mark(f"looked {name}")
        return found

    @contextmanager
    def marked_writer(self: Warehouse) -> Iterator[Any]:
        mark("opening")
        with writer(self) as writing:
            mark("writing")
            yield writing
            mark("committing")
        mark("committed")

    def marked_publish(self: PlainSteps, run_id: str) -> None:
        mark("publishing")
        publish(self, run_id)
        mark("published")

    def marked_digest(self: PlainSteps, run_id: str) -> str:
        mark("digesting")
        path = digest(self, run_id)
        mark("digested")
        return path

    Night.look = marked_look  # type: ignore[method-assign]
    Warehouse.writer = marked_writer  # type: ignore[method-assign]
    PlainSteps.publish = marked_publish  # type: ignore[method-assign]
    PlainSteps.write_digest = marked_digest  # type: ignore[method-assign]


def _run_child(job: dict[str, Any], pipe: int) -> int:
    from tests.flows.plain import sweep_plainly

    _watch_progress(pipe)
    report = sweep_plainly(Path(job["home"]), datetime.fromisoformat(job["now"]))
    return 0 if report.sources else 1


def _marks(pipe: int) -> Iterator[tuple[str, float]]:
    """Each mark as it comes, with the time since the first."""
    began, rest = time.monotonic(), b""
    while True:
        ready, _, _ = select.select([pipe], [], [], 60)
        chunk = os.read(pipe, 4096) if ready else b""
        if not chunk:
            return
        *whole, rest = (rest + chunk).split(b"\n")
        for word in whole:
            yield word.decode(), time.monotonic() - began


def run_one(job: dict[str, Any]) -> dict[str, Any]:
    """Fork one night; kill it when and where the job says so."""
    end, pipe = os.pipe()
    child = os.fork()
    if child == 0:
        code = 70
        try:
            os.close(end)
            code = _run_child(job, pipe)
        finally:
            # The parser's own children end when our ends of their pipes close with us.
            os._exit(code)
    os.close(pipe)
    seen: list[tuple[str, float]] = []
    for word, at in _marks(end):
        seen.append((word, at))
        if len(seen) == job.get("kill_at"):
            time.sleep(job["delay_s"])
            os.kill(child, signal.SIGKILL)
            break
    _, status = os.waitpid(child, 0)
    os.close(end)
    killed = os.WIFSIGNALED(status)
    return {
        "killed": killed,
        "code": None if killed else os.WEXITSTATUS(status),
        "marks": seen,
    }


def main(lines: TextIO, answers: TextIO) -> None:
    """Serve until the input ends."""
    import duckdb  # noqa: F401 -- paid for once, before the first fork

    from flows.learning import model_in_use

    model_in_use(None)
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
        raise RuntimeError("a fork now would copy a process with threads")
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in lines:
        answers.write(json.dumps(run_one(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
