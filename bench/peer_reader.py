"""lemon24/reader over the bench's feeds. Runs in a Python of its own that has `reader` installed; standard
library only besides. Two passes, a line of JSON each.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any


def _processor_s() -> float:
    used = os.times()
    return used.user + used.system


def main() -> None:
    """Add the feeds (not timed), then update them twice with `--workers` threads."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("database", type=Path)
    parser.add_argument("urls", type=Path)
    parser.add_argument("--workers", type=int, default=10)
    given = parser.parse_args()
    library: Any = importlib.import_module("reader")
    reader = library.make_reader(str(given.database))
    for url in json.loads(given.urls.read_text()):
        reader.add_feed(url)
    for name in ("first", "unchanged"):
        began, used = time.perf_counter(), _processor_s()
        # Without scheduled=False it leaves out feeds that are not yet due, and looks infinitely fast.
        reader.update_feeds(workers=given.workers, scheduled=False)
        took, processor = time.perf_counter() - began, _processor_s() - used
        failed = sum(1 for feed in reader.get_feeds() if feed.last_exception)
        row = {
            "pass": name,
            "wall_s": took,
            "cpu_s": processor,
            "items": reader.get_entry_counts().total,
            "failed": failed,
        }
        print(json.dumps(row), flush=True)
    print(json.dumps({"reader": library.__version__, "python": sys.version.split()[0]}), flush=True)


if __name__ == "__main__":
    main()
