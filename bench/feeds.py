"""Feeds per second, first and unchanged pass, beside lemon24/reader: same server, same run, turn about.

    python -m bench.feeds --reader-python DIR/bin/python [--one-in 25] [--rounds 3]

Run by hand on a quiet machine; what is counted and what is not stands in bench/README.md.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from town.home import school_toml

ROOT = Path(__file__).resolve().parent.parent


@dataclass(slots=True)
class Server:
    """The bench's server as seen from here."""

    process: subprocess.Popen[str]
    urls: list[str]
    bytes: int

    def counts(self) -> dict[str, int]:
        """What was asked since the last time."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write("counts\n")
        self.process.stdin.flush()
        found: dict[str, int] = json.loads(self.process.stdout.readline())
        return found


@contextmanager
def serving(feeds: int, items: int, one_in: int, latency_ms: float) -> Iterator[Server]:
    """A server of its own for the length of the block."""
    options = {"feeds": feeds, "items": items, "one-in": one_in, "latency-ms": latency_ms}
    command = [
        sys.executable,
        "-m",
        "bench.server",
        *(f"--{name}={value}" for name, value in options.items()),
    ]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdin is not None and process.stdout is not None
        told = json.loads(process.stdout.readline())
        try:
            yield Server(process, told["urls"], told["bytes"])
        finally:
            process.stdin.close()
            process.wait(timeout=10)


def write_home(folder: Path, urls: Sequence[str], workers: int | None = None) -> None:
    """A home of the invented school with one source a feed, everything else as a school has it."""
    folder.mkdir(parents=True)
    (folder / "school.toml").write_text(school_toml(), encoding="utf-8")
    head = '[fetch]\nallow_networks = ["127.0.0.0/8"]\n' + (f"workers = {workers}\n" if workers else "")
    sources = "".join(
        f'\n[[source]]\nname = "paper-{number}"\ncollector = "feed"\nurl = "{url}"\n'
        'terms_ok_by = "The bench"\nterms_ok_on = 2026-09-01\n'
        for number, url in enumerate(urls)
    )
    (folder / "sources.toml").write_text(head + sources, encoding="utf-8")


def _lines(command: Sequence[str]) -> list[dict[str, Any]]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, env=environment, timeout=600
    )
    if done.returncode:
        raise SystemExit(f"{command[2]} ended with code {done.returncode}:\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def run_ours(server: Server, scratch: Path, steps: str, workers: int | None) -> list[dict[str, Any]]:
    """Two nights in a fresh home."""
    home = scratch / "home"
    write_home(home, server.urls, workers)
    found = _lines([sys.executable, "-m", "bench.our_nights", str(home), "--steps", steps])
    shutil.rmtree(home)
    return found


def run_reader(server: Server, scratch: Path, python: str) -> list[dict[str, Any]]:
    """Two updates into a fresh SQLite file."""
    urls, database = scratch / "urls.json", scratch / "reader.sqlite"
    urls.write_text(json.dumps(server.urls), encoding="utf-8")
    found = _lines([python, str(ROOT / "bench" / "peer_reader.py"), str(database), str(urls)])
    for leftover in scratch.glob("reader.sqlite*"):
        leftover.unlink()
    return found


def _show(who: str, rows: Sequence[dict[str, Any]], feeds: int) -> None:
    for name in ("first", "unchanged"):
        runs = [row for row in rows if row.get("pass") == name]
        if not runs:
            continue
        wall = statistics.median(row["wall_s"] for row in runs)
        cpu = statistics.median(row["cpu_s"] for row in runs)
        spread = " ".join(f"{row['wall_s']:.2f}" for row in runs)
        more = {
            key: sorted({row[key] for row in runs}) for key in ("items", "stored", "failed") if key in runs[0]
        }
        apart = ", ".join(
            f"{key} {statistics.median(row[key] for row in runs):.2f}"
            for key in ("before_s", "after_s")
            if key in runs[0]
        )
        print(
            f"{who:<22} {name:<10} {feeds / wall:7.1f} feeds/s  wall {wall:.2f} s ({spread})  cpu {cpu:.2f} s  {more} {apart}"
        )
    started = [row["prefect_start_s"] for row in rows if "prefect_start_s" in row]
    if started:
        print(f"{who:<22} Prefect's start-up, not in the figures: {statistics.median(started):.1f} s")


def main() -> None:
    """Run the contenders turn about and print the medians."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument(
        "--reader-python", default="", help="a Python with lemon24/reader; without it only ours runs"
    )
    parser.add_argument("--feeds", type=int, default=200)
    parser.add_argument("--items", type=int, default=25)
    parser.add_argument("--one-in", type=int, default=25, help="one item in so many is about the school")
    parser.add_argument("--latency-ms", type=float, default=50.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--steps", default="prefect,plain", help="which of ours: prefect, plain")
    parser.add_argument("--workers", type=int, default=None, help="[fetch] workers, else the default")
    given = parser.parse_args()
    ours = [name for name in given.steps.split(",") if name]
    results: dict[str, list[dict[str, Any]]] = {}
    with (
        serving(given.feeds, given.items, given.one_in, given.latency_ms) as server,
        tempfile.TemporaryDirectory(prefix="bench-") as name,
    ):
        print(
            f"{given.feeds} feeds of {given.items} items, {server.bytes / 1e6:.1f} MB, 1 in {given.one_in} about the school"
        )
        contenders = ours + (["reader"] if given.reader_python else [])
        for number in range(given.rounds):
            for who in contenders if number % 2 == 0 else reversed(contenders):
                load = os.getloadavg()[0]
                if who == "reader":
                    rows = run_reader(server, Path(name), given.reader_python)
                else:
                    rows = run_ours(server, Path(name), who, given.workers)
                results.setdefault(who, []).extend(rows)
                shown = ", ".join(f"{row['pass']} {row['wall_s']:.2f} s" for row in rows if "pass" in row)
                print(
                    f"  round {number + 1} {who}: {shown}; load before {load:.1f}; asked {server.counts()}",
                    flush=True,
                )
    for who in contenders:
        _show("lemon24/reader" if who == "reader" else f"mentionwatch ({who})", results[who], given.feeds)


if __name__ == "__main__":
    main()
