"""Reports with a name that occurs nowhere else, and a search for it through every file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from mentionwatch.ids import mention_id
from tests.warehouse.factory import NOW
from warehouse.sealed_lines import SealedReport

CANARY = "Zanzibar Quuxley"
P1, P2, P3 = (mention_id("paper", name) for name in ("p1", "p2", "p3"))


def make_report(
    id_: str = P1, reporter: str = CANARY, platform: str = "QuuxleyNet", days: int = 0
) -> SealedReport:
    at = NOW + timedelta(days=days)
    return SealedReport(id_, reporter, platform, at, at - timedelta(hours=3))


def found_in(folder: Path, *words: str) -> list[str]:
    """Files that hold one of the words, as UTF-8 or UTF-16, or in their names."""
    needles = [form for word in words for form in (word.lower().encode(), word.lower().encode("utf-16-le"))]
    return [
        path.name
        for path in folder.rglob("*")
        if any(word.lower() in path.name.lower() for word in words)
        or (path.is_file() and any(needle in path.read_bytes().lower() for needle in needles))
    ]
