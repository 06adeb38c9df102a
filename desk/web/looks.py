"""The desk's style sheet, in every page itself: nothing is fetched, and no other style can run."""

from __future__ import annotations

from functools import lru_cache

from desk.render import HERE, read_style, style_hash


@lru_cache(maxsize=1)
def desk_style() -> str:
    """What the pages of the desk look like."""
    return read_style() + (HERE / "static" / "desk.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def style_hashes() -> str:
    """The one style that may run."""
    return f"'sha256-{style_hash(desk_style())}'"
