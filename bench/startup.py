"""How soon a command that needs no model answers, beside `python -c pass` of the same interpreter.

python -m bench.startup [--rounds 7]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.feeds import ROOT, serving, write_home
from bench.our_nights import FIRST_NIGHT
from tests.flows.plain import sweep_plainly


def time_command(command: Sequence[str], rounds: int) -> float:
    """Median wall seconds. Exit code 3 is an answer too: `status` says with it that a source is not seen."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    took = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=False)
        took.append(time.perf_counter() - began)
        assert done.returncode in (0, 3), done.stderr.decode()
    # The first run writes byte code and warms the file cache: it is not what a person meets every day.
    return statistics.median(took[1:])


def main() -> None:
    """One night over a few feeds fills a home; then each command is asked several times."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=7)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        serving(feeds=8, items=25, one_in=5, latency_ms=0.0) as server,
    ):
        home = Path(name) / "home"
        write_home(home, server.urls)
        sweep_plainly(home, FIRST_NIGHT)
        base = time_command([sys.executable, "-c", "pass"], given.rounds)
        print(f"{'python -c pass':<24} {base * 1000:7.0f} ms")
        for arguments in (["--help"], ["status", "--now", FIRST_NIGHT.isoformat()], ["mentions"]):
            own = [] if arguments == ["--help"] else ["--home", str(home)]
            took = time_command([sys.executable, "-m", "flows.cli", *arguments, *own], given.rounds)
            print(f"{arguments[0]:<24} {took * 1000:7.0f} ms {took / base:7.1f} times python -c pass")


if __name__ == "__main__":
    main()
