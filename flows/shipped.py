"""Data that ships with mentionwatch and is not one policy's: law cards and the nations' overlays."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from flows.home import parse_toml
from mentionwatch.law import LawBook, LawCard, parse_law
from mentionwatch.overlay import Overlay, parse_overlay


@lru_cache(maxsize=1)
def read_law() -> LawBook:
    """All law cards."""
    found: list[LawCard] = []
    for item in sorted(files("mentionwatch.law_cards").iterdir(), key=lambda item: item.name):
        if item.name.endswith(".toml"):
            found += parse_law(parse_toml(f"law card {item.name}", item.read_text(encoding="utf-8")))
    return LawBook(tuple(found))


@lru_cache(maxsize=2)
def read_overlay(nation: str) -> Overlay:
    """The duties above every policy in one nation."""
    text = files("mentionwatch.overlays").joinpath(f"{nation}.toml").read_text(encoding="utf-8")
    return parse_overlay(parse_toml(f"overlay {nation}", text))
