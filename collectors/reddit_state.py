"""What the Reddit collector remembers between two looks. No title, no text, no author lies in a cursor."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.json_values import number, rows, table, text
from mentionwatch.model import Cursor

_VERSION = 1


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a listing was read: the newest item's time (Unix seconds) and fullname."""

    at: float
    name: str


@dataclass(frozen=True, slots=True)
class RedditState:
    """`marks` by listing; `threads` how many comments a thread had when it was last read whole; `absent` ids
    that api/info left out once; `asked_to` where the round of stored items stopped; `looked_at` Unix seconds."""

    marks: Mapping[str, Mark] = field(default_factory=dict)
    threads: Mapping[str, int] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    asked_to: str = ""
    looked_at: int = 0


def load_state(cursor: Cursor | None) -> RedditState:
    """A cursor of another version, or none, starts afresh: delivery is at least once anyway."""
    if cursor is None:
        return RedditState()
    try:
        stored: object = json.loads(cursor.json)
    except ValueError:
        return RedditState()
    fields = table(stored)
    if number(fields, "v") != _VERSION:
        return RedditState()
    marks = {
        text(row, "key"): Mark(float(number(row, "at")), text(row, "name")) for row in rows(fields, "marks")
    }
    threads = {name: number(table(fields, "threads"), name) for name in table(fields, "threads")}
    absent = fields.get("absent")
    return RedditState(
        marks=marks,
        threads=threads,
        absent=frozenset(str(name) for name in absent) if isinstance(absent, list) else frozenset(),
        asked_to=text(fields, "asked_to"),
        looked_at=number(fields, "looked_at"),
    )


def save_state(state: RedditState) -> Cursor:
    """The cursor, compact and stable."""
    fields = {
        "v": _VERSION,
        "marks": [
            {"key": key, "at": int(mark.at), "name": mark.name} for key, mark in sorted(state.marks.items())
        ],
        "threads": dict(sorted(state.threads.items())),
        "absent": sorted(state.absent),
        "asked_to": state.asked_to,
        "looked_at": state.looked_at,
    }
    return Cursor(json.dumps(fields, separators=(",", ":"), ensure_ascii=False))
