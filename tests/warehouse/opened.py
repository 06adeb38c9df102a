"""What tests elsewhere ask of the sealed words of a home."""

from __future__ import annotations

from pathlib import Path

from warehouse.connection import Warehouse
from warehouse.words import Words, open_words


def words_in(home: Path) -> list[tuple[str, int, Words]]:
    """Mention, revision and words of every revision of a home; fails where one does not open."""
    with Warehouse(home).live_reader() as reading:
        rows = reading.rows("SELECT mention_id, revision, sealed, key_id FROM revisions ORDER BY ALL")
        opened = open_words(reading.keys, [(row[0], row[1], row[2], row[3]) for row in rows])
    found = []
    for row, words in zip(rows, opened, strict=True):
        assert isinstance(words, Words), f"{row[0]}/{row[1]}: {words}"
        found.append((row[0], row[1], words))
    return found
