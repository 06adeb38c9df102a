"""Data that ships with mentionwatch and is not one policy's: law cards and the nations' overlays."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from flows.home import parse_toml
from mentionwatch.law import LawBook, LawCard, parse_law
from mentionwatch.overlay import Overlay, parse_overlay

HELP_LINES = "help_lines.toml"


@lru_cache(maxsize=1)
def read_law() -> LawBook:
    """All law cards."""
    found: list[LawCard] = []
    for item in sorted(files("mentionwatch.law_cards").iterdir(), key=lambda item: item.name):
        if item.name.endswith(".toml"):
            found += _read_group(item.name)
    return LawBook(tuple(found))


def _read_group(name: str) -> tuple[LawCard, ...]:
    text = files("mentionwatch.law_cards").joinpath(name).read_text(encoding="utf-8")
    return parse_law(parse_toml(f"law card {name}", text))


def read_help_lines(nation: str) -> tuple[LawCard, ...]:
    """The services that help, of one nation, as the card for a person targeted shows them."""
    return tuple(card for card in _read_group(HELP_LINES) if nation in card.nations)


@lru_cache(maxsize=2)
def read_overlay(nation: str) -> Overlay:
    """The duties above every policy in one nation."""
    text = files("mentionwatch.overlays").joinpath(f"{nation}.toml").read_text(encoding="utf-8")
    return parse_overlay(parse_toml(f"overlay {nation}", text))
