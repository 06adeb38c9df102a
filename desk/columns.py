"""Lines of a terminal: some letters take two columns there, and `len` counts one."""

from __future__ import annotations

import textwrap
import unicodedata

LINE = 79
_BESIDE = "\ue000"
"""Stands beside a letter that takes two columns while lines are broken. Of private use: cleaned text holds none."""


def is_double(letter: str) -> bool:
    """Does a terminal give it two columns (Unicode annex 11: wide and full-width)?"""
    return unicodedata.east_asian_width(letter) in "WF"


def width(text: str) -> int:
    """How many columns it takes. Marks that stand on another letter count too: rather a short line than a long one."""
    return len(text) + sum(map(is_double, text))


def wrap(text: str, indent: str = "", hang: str = "", most: int = LINE) -> list[str]:
    """Lines of at most `most` columns, and one more where a double letter stands at the end."""
    spread = "".join(f"{letter}{_BESIDE}" if is_double(letter) else letter for letter in text)
    lines = textwrap.wrap(spread, most, initial_indent=indent, subsequent_indent=hang)
    return [line.replace(_BESIDE, "") for line in lines]


def pad(text: str, columns: int) -> str:
    """Exactly so many columns: cut, or filled with spaces."""
    while width(text) > columns:
        text = text[:-1]
    return text + " " * (columns - width(text))
