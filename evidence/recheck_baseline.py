"""What a second look compares with, and what it can find."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from evidence.recheck_page import list_lines, normalise
from evidence.recheck_words import BasisKey, Language, say_basis

NEIGHBOURS_A_SIDE = 4
NEIGHBOUR_LETTERS = 15
"""A shorter line, such as a name or a button, marks no place."""


class PostState(StrEnum):
    """What a second look found. The values are stored in the incident's log."""

    PRESENT = "present"
    EDITED = "edited"
    GONE = "gone"
    PROBABLY_GONE = "probably_gone"
    INACCESSIBLE = "inaccessible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Baseline:
    """What to look for, all normalised: the passage, lines that stood before and after it (empty when unknown), and
    all `lines` of the captured page."""

    url: str
    passage: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PostSeen:
    """The outcome of one look. `basis` is one plain sentence without words of the post.

    `site_is_well`: the source's own address, on the same site, answered as it should at the same time.
    """

    state: PostState
    basis: str
    http_status: int | None = None
    key: BasisKey | None = None
    values: tuple[tuple[str, str], ...] = ()
    site_is_well: bool = False

    def basis_in(self, language: Language) -> str:
        """The sentence in English or Welsh; a ground without a key is given as it was written."""
        return say_basis(self.key, language, dict(self.values)) if self.key else self.basis


def choose_baseline(url: str, title: str, text: str, page_text: str) -> Baseline:
    """The passage of a stored capture: the whole post where the page holds it, else its longest sentence there.

    A feed often gives a shortened text; its title is the last resort.
    """
    lines = list_lines(page_text)
    page = " ".join(lines)
    sentences = sorted(re.split(r"(?<=[.!?…])\s+|\n+", text), key=len, reverse=True)
    passage = next(
        (
            wanted
            for wanted in (normalise(choice) for choice in (text, *sentences, title))
            if len(wanted.split()) >= 2 and f" {wanted} " in f" {page} "
        ),
        "",
    )
    if not passage:
        return Baseline(url, "", (), (), lines)
    first, last = find_lines(lines, passage)
    before, after = (
        [line for line in side if len(line) >= NEIGHBOUR_LETTERS and passage not in line]
        for side in (lines[:first], lines[last + 1 :])
    )
    return Baseline(url, passage, tuple(before[-NEIGHBOURS_A_SIDE:]), tuple(after[:NEIGHBOURS_A_SIDE]), lines)


def find_lines(lines: Sequence[str], passage: str, start: int = 0) -> tuple[int, int]:
    """First and last line the passage runs over, from a place in the joined lines on."""
    starts, at = [], 0
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    begin = f" {' '.join(lines)} ".index(f" {passage} ", start)
    end = begin + len(passage) - 1
    first = max(index for index, start in enumerate(starts) if start <= begin)
    last = max(index for index, start in enumerate(starts) if start <= end)
    return first, last
