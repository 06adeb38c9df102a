"""Does an analyst wait while a night is written, and is one ever turned away? The how-to's own queries, with plain DuckDB and pandas.

    python -m bench.analysts [--nights 4] [--rounds 30]

A home of the town is swept for real, night after night, by another process; this one opens `analysis.duckdb` anew for
every query, as a notebook does, once while nothing runs and once while the nights do. Beside it: the writer's own file,
opened the same way, which is what an analyst would have without a published copy (ADR 0008).
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from tests.flows.plain import sweep_plainly
from town.home import write_home
from town.server import Town

FIRST = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "for-analysts.md"


@dataclass(slots=True)
class Looks:
    """What came of asking: milliseconds of each answer, how many were refused, and how many copies were seen."""

    took: list[float] = field(default_factory=list)
    refused: int = 0
    copies: set[int] = field(default_factory=set)

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.took, n=20)[-1] if len(self.took) > 1 else float("nan")

    def say(self, name: str) -> str:
        median = statistics.median(self.took) if self.took else float("nan")
        return f"| {name} | {len(self.took)} | {self.refused} | {median:.1f} ms | {self.p95:.1f} ms | {len(self.copies)} |"


def queries() -> tuple[str, ...]:
    """Those of docs/how-to/for-analysts.md."""
    return tuple(
        re.findall(r"^```sql\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    )


def ask(file: Path, looks: Looks, asked: tuple[str, ...], *, frames: bool = True) -> None:
    """Each query once, with a connection of its own."""
    for query in asked:
        began = time.perf_counter()
        try:
            with duckdb.connect(str(file), read_only=True) as db:
                found = db.sql(query)
                _ = found.df() if frames else found.fetchall()
        except duckdb.IOException:
            looks.refused += 1
            continue
        looks.took.append((time.perf_counter() - began) * 1000)
        looks.copies.add(file.stat().st_ino)


def run_nights(folder: str, nights: int, is_over: Event) -> None:
    """Whole nights, one after the other; in a process of its own."""
    try:
        for number in range(1, nights + 1):
            now = FIRST + timedelta(days=number)
            with Town(now) as town:
                write_home(Path(folder), town.base)
                sweep_plainly(Path(folder), now)
    finally:
        is_over.set()


def during_nights(folder: Path, nights: int, look: Callable[[], None]) -> None:
    """`look` again and again until that many nights are written."""
    context = multiprocessing.get_context("spawn")
    is_over = context.Event()
    working = context.Process(target=run_nights, args=(str(folder), nights, is_over))
    working.start()
    while not is_over.is_set():
        look()
    working.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--nights", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=30)
    given = parser.parse_args()
    asked = queries()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "home"
        with Town(FIRST) as town:
            write_home(folder, town.base)
            sweep_plainly(folder, FIRST)
        copy, own = folder / "analysis.duckdb", folder / "warehouse.duckdb"
        quiet, busy, without = Looks(), Looks(), Looks()
        ask(copy, Looks(), asked)  # pandas is loaded once
        for _ in range(given.rounds):
            ask(copy, quiet, asked)

        def look() -> None:
            ask(copy, busy, asked)
            ask(own, without, ("SELECT count(*) FROM runs",))

        during_nights(folder, given.nights, look)
    print(f"{len(asked)} queries, {given.nights} nights\n")
    print("| | answers | refused | median | p95 | copies seen |\n|---|---|---|---|---|---|")
    print(quiet.say("the copy, nothing else running"))
    print(busy.say("the copy, nights being written"))
    print(without.say("the writer's own file, nights being written"))
    print(f"\np95 while a night is written: {busy.p95 / quiet.p95:.2f} times that of a quiet machine")


if __name__ == "__main__":
    main()
