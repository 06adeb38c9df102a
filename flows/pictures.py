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
from mentionwatch.errors import Refused
from mentionwatch.ids import digest
from warehouse.connection import Warehouse
from warehouse.pictures import NONE, PictureStored, lacking_pictures, store_picture
from warehouse.stored_evidence import read_evidence

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


def _draw(
    warehouse: Warehouse,
    renderer: Renderer,
    capture: tuple[str, int | None],
    now: datetime,
    *,
    whole: bool = False,
) -> PictureStored | NoPicture | None:
    """The picture of one stored capture (None for the number: the latest); None where nothing was captured.

    A `NoPicture` that may mend itself is handed back, any other is a row to keep.
    """
    with warehouse.live_reader() as reading:
        stored = read_evidence(reading, *capture)
    if not stored or not stored[-1].warc:
        return None
    found = stored[-1]
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
    started, kinds = time.monotonic(), list[str]()
    waiting: list[PictureStored] = []
    if not wanted:
        return Drawn(0, 0, False)
    with Renderer() as renderer:
        for capture in wanted:
            if time.monotonic() - started > most_s:
                break
            row = _draw(warehouse, renderer, capture, now)
            if isinstance(row, NoPicture):
                break
            waiting += [row] if row else []
            if len(waiting) >= STORE_EVERY:
                kinds += _store(warehouse, waiting)
                waiting = []
    kinds += _store(warehouse, waiting)
    none = kinds.count(NONE)
    return Drawn(len(kinds) - none, none, False)


@dataclass(frozen=True, slots=True)
class Told:
    """How one picture ended. `sha256` is empty where there is none, and `cause` says why."""

    kind: str
    sha256: str
    cause: str


def draw_latest(
    folder: Path, mention_ids: Sequence[str], now: datetime, *, whole: bool = False
) -> list[tuple[str, Told]]:
    """Draw the latest capture of each mention and keep it. A reason that may mend itself is told and not kept.

    Raises `Refused` when one of them was erased or sealed meanwhile; what is not sealed is kept all the same.
    """
    warehouse = Warehouse(folder)
    told, rows = list[tuple[str, Told]](), list[PictureStored]()
    with Renderer() as renderer:
        for mention in mention_ids:
            row = _draw(warehouse, renderer, (mention, None), now, whole=whole)
            if isinstance(row, PictureStored):
                rows.append(row)
                why = NoPicture(NoPictureKind(row.cause)).cause if row.cause else ""
                told.append((mention, Told(row.kind, row.sha256, why)))
            else:
                why = row.cause if row else "no picture: nothing was captured"
                told.append((mention, Told(NONE, "", why)))
    if len(_store(warehouse, rows)) < len(rows):
        raise Refused(
            "refused: what was to be drawn was erased or sealed meanwhile, and no picture of it is kept"
        )
    return told


def _store(warehouse: Warehouse, rows: Sequence[PictureStored]) -> list[str]:
    """The kinds of the pictures that were kept: of what was erased or sealed while it was drawn there is none."""
    if not rows:
        return []
    with warehouse.writer() as writing:
        return [row.kind for row in rows if store_picture(writing, row)]
