"""`./check`: everything that must be green, in lanes; each lane's output only when it fails or at its end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Lane:
    """Commands run one after another; lanes run side by side."""

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
    """pytest over one kind of test."""
    return (sys.executable, "-P", "-m", "pytest", "-m", expression, *arguments)


STATIC = Lane(
    "format, lint, types, walls",
    (
        tool("ruff", "format", "--check", "."),
        tool("ruff", "check", "."),
        tool("mypy"),
        tool("lint-imports", "--config", ".importlinter"),
    ),
)
FAST = Lane("tests", (tests("not slow and not peers and not browser and not prefect"),))
SLOW = Lane("slow tests", (tests("slow and not peers and not browser and not prefect"),))
REAL = Lane(
    "tests against the real thing",
    (tests("prefect"), tests("peers"), tests("browser")),
)


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


def main() -> int:
    """Run all lanes, two at a time. 0 when every one is green."""
    missing = name_missing()
    for line in missing:
        print(f"check: {line}", flush=True)  # noqa: T201
    if missing and os.environ.get("CI"):
        return 2
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(run, (STATIC, REAL, FAST, SLOW)):
            mark = "ok" if outcome.code == 0 else "FAILED"
            print(f"--- {outcome.lane.name}: {mark} in {outcome.seconds:.0f} s", flush=True)  # noqa: T201
            print(outcome.output if outcome.code else outcome.output[-1500:], flush=True)  # noqa: T201
            if outcome.code:
                failed.append(outcome.lane.name)
    print("check: all green" if not failed else f"check: failed: {', '.join(failed)}")  # noqa: T201
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
