"""`./check`: everything that must be green, in lanes; what a lane said is shown when it ends. It takes no arguments.

The tests are dealt to all cores by pytest-xdist, a file to a process, those in a browser too; beside them go the lanes
whose tests wait for servers, or look at a clock, one test at a time. These are the shorter side: the dealt tests keep all
cores busy to the end.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Lane:
    """Commands run one after another."""

    name: str
    commands: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a lane ended."""

    lane: Lane
    seconds: float
    code: int
    output: str


def tool(name: str, *arguments: str) -> tuple[str, ...]:
    """A tool of our own environment, whatever PATH says."""
    return (str(Path(sys.executable).parent / name), *arguments)


def tests(expression: str, *arguments: str) -> tuple[str, ...]:
    """pytest over one kind of test; its slowest are named at the end."""
    return (sys.executable, "-P", "-m", "pytest", "-m", expression, "--durations=15", *arguments)


def cores() -> int:
    """How many processes may work at once here; a container may have fewer than the machine."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


STATIC = Lane(
    "format, lint, types, walls",
    (
        tool("ruff", "format", "--check", "."),
        tool("ruff", "check", "."),
        tool("mypy"),
        tool("lint-imports", "--config", ".importlinter"),
    ),
)
ALONE = Lane("tests that look at a clock or kill", (tests("alone and not prefect and not peers"),))
REAL = Lane("tests against the real thing", (tests("prefect"), tests("peers")))
DEALT = Lane(
    "tests",
    (
        # A file stays in one process, so what its tests share is made once; the longest come first
        # (tests/conftest.py), so that no long one is left over at the end.
        tests(
            "not alone and not peers and not prefect",
            "--numprocesses",
            str(cores()),
            "--dist",
            "loadfile",
            "--no-loadscope-reorder",
        ),
    ),
)
_CODES = "Ends with 0 when all is green, with 1 when something is not, and with 2 when CI=1 and a program is missing."
SIDES = ((DEALT,), (STATIC, REAL, ALONE))
"""Lanes that go side by side; those of one side one after another."""


def run(lane: Lane) -> Outcome:
    """Run a lane; it ends at its first failing command."""
    started, output, code = time.monotonic(), "", 0
    for command in lane.commands:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        output += done.stdout + done.stderr
        # pytest's 5: this lane has no such tests on this machine
        code = 0 if done.returncode == 5 and "pytest" in command else done.returncode
        if code:
            output += f"\n{' '.join(command)} ended with {done.returncode}\n"
            break
    return Outcome(lane, time.monotonic() - started, code, output)


def name_missing() -> list[str]:
    """System packages the tests would use and do not find, one line each."""
    wanted = {
        "chromium": "the page tests need a browser: apt-get install chromium",
        "php": "the tests against MediaWiki and WordPress need: apt-get install php-cli php-sqlite3 php-mbstring php-xml php-intl php-mysql mediawiki wordpress wordpress-theme-twentytwentythree mariadb-server",
    }
    return [line for program, line in wanted.items() if shutil.which(program) is None]


def show(outcome: Outcome) -> None:
    """How one lane ended, at once; all it said where it failed, its end where it did not."""
    mark = "FAILED" if outcome.code else "ok"
    print(f"--- {outcome.lane.name}: {mark} in {outcome.seconds:.0f} s", flush=True)  # noqa: T201
    print(outcome.output if outcome.code else outcome.output[-2500:], flush=True)  # noqa: T201


def run_side(side: tuple[Lane, ...]) -> Iterator[Outcome]:
    """One lane after another, each shown as it ends."""
    for lane in side:
        outcome = run(lane)
        show(outcome)
        yield outcome


def main() -> int:
    """Run all lanes. 0 when every one is green, or when only asked what it does; 2 for an argument."""
    lanes = "\n".join(f"  - {lane.name}" for side in SIDES for lane in side)
    says = f"Runs everything that must be green, many minutes long, and takes no arguments:\n\n{lanes}\n\n{_CODES}"
    raw = argparse.RawDescriptionHelpFormatter
    argparse.ArgumentParser(prog="check", description=says, formatter_class=raw).parse_args()
    missing = name_missing()
    for line in missing:
        print(f"check: {line}", flush=True)  # noqa: T201
    if missing and os.environ.get("CI"):
        return 2
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=len(SIDES)) as pool:
        sides = as_completed(pool.submit(lambda side: list(run_side(side)), side) for side in SIDES)
        failed = [each.lane.name for side in sides for each in side.result() if each.code]
    took = f"in {(time.monotonic() - started) / 60:.1f} min on {cores()} cores"
    print(f"check: failed {took}: {', '.join(failed)}" if failed else f"check: all green {took}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
