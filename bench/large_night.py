"""What a night's new posts cost a home that holds millions: processor, memory, and whether they go in at all.

    python -m bench.large_night --home FOLDER [--posts 1000]

As many rows as there are new posts go into each table that a post has a row in, under ids drawn as posts' ids are, in one
transaction of the writer; then all of it is undone. Beside it stands the same on a home of a thousand mentions (`--floor`).
"""

from __future__ import annotations

import argparse
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from warehouse.connection import Warehouse
from warehouse.session import Writing

TABLES = (("mentions", "id"), ("revisions", "mention_id"), ("classifications", "mention_id"), ("evidence", "mention_id"), ("subjects_read", "mention_id"))  # fmt: skip


class Undone(Exception):
    """Rolls the night back."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds of processor, and megabytes of DuckDB's indexes at the end."""

    processor_s: float
    index_mb: float


def _put_in(writing: Writing, posts: int) -> None:
    for table, key in TABLES:
        # Copies of the latest rows; ids as `mentionwatch.ids` makes them: a version and thirty digits of a digest.
        writing.run(
            f"INSERT INTO {table} SELECT * REPLACE ('01' || left(md5({key} || '{secrets.token_hex(4)}'), 30) AS {key}) "  # noqa: S608 -- our own tables
            f"FROM (SELECT * FROM {table} WHERE rowid > (SELECT max(rowid) FROM {table}) - {posts})"
        )


def try_night(home: Path, posts: int) -> Cost:
    """Put that many in and take all of it back. Raises DuckDB's own error when they do not fit."""
    cost = Cost(0, 0)
    try:
        with Warehouse(home).writer() as writing:
            before = time.process_time()
            _put_in(writing, posts)
            used = time.process_time() - before
            held = writing.row("SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'ART_INDEX'")
            cost = Cost(used, float(held[0]) / 1_000_000 if held else 0)
            raise Undone
    except Undone:
        return cost


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--home", type=Path, required=True)
    asked.add_argument("--floor", type=Path)
    asked.add_argument("--posts", type=int, default=1_000)
    given = asked.parse_args()
    for name, home in (("home", given.home), ("floor", given.floor)):
        if home is not None:
            cost = try_night(home, given.posts)
            print(
                f"{name}: {given.posts} posts, {cost.processor_s:.2f} s of processor, {cost.index_mb:.0f} MB of indexes"
            )


if __name__ == "__main__":
    main()
