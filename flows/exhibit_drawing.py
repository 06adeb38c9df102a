"""The pictures of an exhibit, drawn from its stored bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from evidence.browser import find_browser
from evidence.exhibit import Exhibit
from evidence.exhibit_mutations import spell_names
from evidence.picture import Cover, NoPicture, NoPictureKind, Picture, Renderer, has_player


def draw_pictures(exhibit: Exhibit, names: Sequence[str] | None) -> Exhibit:
    """The exhibit with a picture of each capture that has bytes, or the reason why there is none; covered where `names` are given."""
    if find_browser() is None or not has_player():
        none = NoPicture(NoPictureKind.NO_BROWSER)
        return replace(exhibit, revisions=tuple(replace(row, no_picture=none) for row in exhibit.revisions))
    covers = [Cover(name, "a person who must not be shown") for name in spell_names(names or ())]
    rows = []
    with Renderer() as renderer:
        for row in exhibit.revisions:
            if not row.warc:
                rows.append(row)
                continue
            drawn = renderer.draw(row.warc, row.passage, cover=covers)
            shown = (drawn,) if isinstance(drawn, Picture) else ()
            rows.append(
                replace(
                    row,
                    pictures=shown if names is None else (),
                    redacted=shown if names is not None else (),
                    no_picture=drawn if isinstance(drawn, NoPicture) else None,
                )
            )
    return replace(exhibit, revisions=tuple(rows))
