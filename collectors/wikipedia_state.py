"""What the Wikipedia collector remembers: per article how far it was read, and the last edits to re-read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from collectors.json_values import number, rows, table, text, texts
from collectors.wiki_edits import Step
from mentionwatch.model import Cursor

_VERSION = 1
REMEMBERED = 50


@dataclass(frozen=True, slots=True)
class PageState:
    """`last` is the newest revision id delivered; `steps` the last edits, oldest first."""

    last: int = 0
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class WikiState:
    """Articles by page id; `found` titles that a search once found (watched from then on); `absent` edits
    that the wiki did not know at the last look."""

    pages: Mapping[int, PageState] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    absent: frozenset[str] = frozenset()


def load_state(cursor: Cursor | None) -> WikiState:
    """A cursor of another version, or none, starts afresh: delivery is at least once anyway."""
    if cursor is None:
        return WikiState()
    try:
        stored: object = json.loads(cursor.json)
    except ValueError:
        return WikiState()
    fields = table(stored)
    if number(fields, "v") != _VERSION:
        return WikiState()
    pages = {}
    for row in rows(fields, "pages"):
        steps = tuple(
            Step(number(step, "id"), text(step, "sha1"), texts(step, "flags")) for step in rows(row, "steps")
        )
        pages[number(row, "page")] = PageState(number(row, "last"), steps)
    return WikiState(pages, texts(fields, "found"), frozenset(texts(fields, "absent")))


def save_state(state: WikiState) -> Cursor:
    """The cursor, compact and stable."""
    pages = [
        {
            "page": pageid,
            "last": page.last,
            "steps": [
                {"id": step.revid, "sha1": step.sha1, "flags": list(step.flags)}
                for step in page.steps[-REMEMBERED:]
            ],
        }
        for pageid, page in sorted(state.pages.items())
    ]
    fields = {"v": _VERSION, "pages": pages, "found": list(state.found), "absent": sorted(state.absent)}
    return Cursor(json.dumps(fields, separators=(",", ":"), ensure_ascii=False))
