"""A process that pays for the imports once and forks a night at a time, so that nights can be killed by the dozen.

Lines of JSON in, lines of JSON out. A night tells of its progress through a pipe; `kill` names the mark and
how long after it SIGKILL comes (`tests.flows.nights.Kill`).
"""

from __future__ import annotations

import importlib
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

LOADED_LATE = ("duckdb", "jinja2", "lxml.html", "praw", "trafilatura", "desk.render", "warehouse.publish")


LAST_PHASES = ("publishing", "published", "digesting", "digested")
"""They come once, in this order, at the end."""


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


def _is_due(seen: list[tuple[str, float]], kill: dict[str, Any]) -> bool:
    phases = [word.split()[0] for word, _ in seen]
    is_there = phases[-1] == kill["phase"] and phases.count(kill["phase"]) == kill["count"]
    is_late = phases[-1] == "publishing" and kill["phase"] not in LAST_PHASES
    return is_there or is_late


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
    kill = job["kill"]
    for word, at in _marks(end):
        seen.append((word, at))
        if kill and _is_due(seen, kill):
            time.sleep(kill["delay_s"])
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


def _load_once() -> None:
    """Pay before the first fork for what no night changes: the imports and the model that ships."""
    for name in LOADED_LATE:
        importlib.import_module(name)
    from classifiers.model import Classifier
    from flows import order
    from flows.home import Home
    from flows.learning import model_in_use

    shipped = model_in_use(None)

    def load_nothing(home: Home, *, asks: bool = False) -> Classifier:
        return shipped

    order.model_for_night = load_nothing  # type: ignore[attr-defined]


def main(lines: TextIO, answers: TextIO) -> None:
    """Serve until the input ends."""
    _load_once()
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
        raise RuntimeError("a fork now would copy a process with threads")
    answers.write('{"ready": true}\n')
    answers.flush()
    for line in lines:
        answers.write(json.dumps(run_one(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.stdin, sys.stdout)
