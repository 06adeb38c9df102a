"""Pictures of the cited posts, made of stored bytes after a night: incidents first, and never longer than allowed.

The same bytes give the same picture, so one that was not made tonight can be made in a year: nothing waits for it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from evidence.browser import find_browser
from evidence.picture import NoPicture, NoPictureKind, Picture, Renderer, has_player
from evidence.recheck import choose_baseline
from mentionwatch.ids import digest
from warehouse.connection import Warehouse
from warehouse.pictures import NONE, PictureStored, lacking_pictures, store_picture
from warehouse.reading import StoredEvidence, read_evidence

MOST_A_NIGHT = 200
MOST_S = 180.0
STORE_EVERY = 10

# What another browser, or another day, may mend: nothing is written down, so that it is tried again.
_FOR_NOW = frozenset({NoPictureKind.NO_BROWSER, NoPictureKind.BROWSER_FAILED})


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pictures were made, for how many posts there is a reason why not, and that there is no browser."""

    made: int
    none: int
    no_browser: bool


def draw_one(
    renderer: Renderer, found: StoredEvidence, now: datetime, *, whole: bool = False
) -> PictureStored | NoPicture:
    """The picture of one stored capture; a `NoPicture` that may mend itself is handed back, any other is a row to keep."""
    passage = choose_baseline(found.url, found.title, found.text, found.page_text).passage
    drawn = renderer.draw(found.warc, passage, whole_page=whole)
    if isinstance(drawn, NoPicture) and drawn.kind in _FOR_NOW:
        return drawn
    picture = drawn if isinstance(drawn, Picture) else None
    return PictureStored(
        found.mention_id,
        found.revision,
        picture.kind.value if picture else NONE,
        picture.png if picture else b"",
        digest(picture.png) if picture else "",
        found.warc_sha256,
        picture.width if picture else 0,
        picture.height if picture else 0,
        picture.browser if picture else "",
        "" if isinstance(drawn, Picture) else drawn.kind.value,
        now,
    )


def draw_pictures(folder: Path, now: datetime, *, most: int = MOST_A_NIGHT, most_s: float = MOST_S) -> Drawn:
    """Draw what has no picture yet, within a number and a time. Without a browser nothing is done and nothing is lost."""
    if find_browser() is None or not has_player():
        return Drawn(0, 0, True)
    warehouse = Warehouse(folder)
    with warehouse.live_reader() as reading:
        wanted = lacking_pictures(reading, most)
    started, made, none = time.monotonic(), 0, 0
    waiting: list[PictureStored] = []
    if not wanted:
        return Drawn(0, 0, False)
    with Renderer() as renderer:
        for mention_id, revision in wanted:
            if time.monotonic() - started > most_s:
                break
            with warehouse.live_reader() as reading:
                stored = read_evidence(reading, mention_id, revision)
            if not stored or not stored[0].warc:
                continue
            row = draw_one(renderer, stored[0], now)
            if isinstance(row, NoPicture):
                break
            made, none = made + (row.kind != NONE), none + (row.kind == NONE)
            waiting.append(row)
            if len(waiting) >= STORE_EVERY:
                _store(warehouse, waiting)
                waiting = []
    _store(warehouse, waiting)
    return Drawn(made, none, False)


@dataclass(frozen=True, slots=True)
class Told:
    """How one picture ended. `sha256` is empty where there is none, and `cause` says why."""

    kind: str
    sha256: str
    cause: str


def draw_latest(
    folder: Path, mention_ids: Sequence[str], now: datetime, *, whole: bool = False
) -> list[tuple[str, Told]]:
    """Draw the latest capture of each mention and keep it. A reason that may mend itself is told and not kept."""
    warehouse = Warehouse(folder)
    told, rows = list[tuple[str, Told]](), list[PictureStored]()
    with Renderer() as renderer:
        for mention in mention_ids:
            with warehouse.live_reader() as reading:
                stored = read_evidence(reading, mention)
            if not stored or not stored[-1].warc:
                told.append((mention, Told(NONE, "", "no picture: nothing was captured")))
                continue
            row = draw_one(renderer, stored[-1], now, whole=whole)
            if isinstance(row, NoPicture):
                told.append((mention, Told(NONE, "", row.cause)))
                continue
            rows.append(row)
            why = NoPicture(NoPictureKind(row.cause)).cause if row.cause else ""
            told.append((mention, Told(row.kind, row.sha256, why)))
    _store(warehouse, rows)
    return told


def _store(warehouse: Warehouse, rows: Sequence[PictureStored]) -> None:
    if rows:
        with warehouse.writer() as writing:
            for row in rows:
                store_picture(writing, row)
