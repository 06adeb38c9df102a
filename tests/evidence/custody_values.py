"""A small custody log, its keys, and a clock that stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from evidence.custody_log import Draft, Event, Head, Purpose, SealedEntry, seal_entries
from evidence.signing_keys import from_secret
from mentionwatch.labels import Role

NOW = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
KEY, NEXT_KEY, FOREIGN = (from_secret(letter * 32) for letter in (b"k", b"n", b"f"))
PUBLIC = {key.kid: key.public for key in (KEY, NEXT_KEY)}
CAPTURE, COMMIT = "0123456789abcdef" * 2, "ab" * 32


def draft(number: Any = 0, **values: Any) -> Draft:
    """A capture by the software, `number` seconds after the clock; `values` replace fields."""
    kept: dict[str, Any] = {
        "at": NOW + timedelta(seconds=number), "event": Event.CAPTURED, "actor_id": "pipeline", "role": Role.PIPELINE,
        "purpose": Purpose.MONITORING, "object_commit": COMMIT, "capture_id": CAPTURE, "after_ok": True,
    }  # fmt: skip
    return Draft(**kept | values)


def make_log(size: int) -> list[SealedEntry]:
    """So many captures, a second apart."""
    return list(seal_entries(Head(), KEY, [draft(number) for number in range(size)]))


LOG = make_log(60)
