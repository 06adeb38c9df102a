"""Storing what was looked at: the transaction of the warehouse, and what must leave the exhibits' folder with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flows.exhibit_files import take_back_sealed
from flows.home import Home
from mentionwatch.model import SourceNight
from warehouse.session import Writing
from warehouse.store import StoredNight, store_nights


def store_looks(
    writing: Writing, home: Home, nights: Sequence[SourceNight], at: datetime
) -> tuple[StoredNight, ...]:
    """As `store_nights`; an exhibit of what is stopped now is taken back, whoever stopped it (B13, T04)."""
    stored = store_nights(writing, nights, at)
    take_back_sealed(writing, home)
    return stored
