"""The parts of a text that are judged by themselves: passages of a long article, and windows of two sentences.

A long article is judged by the passages that speak of the school. And many a harm is one sentence at the end of a
friendly page: scored as a whole it drowns, so the worst pair of sentences counts as much as the whole.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from mentionwatch.naming import fold

LONG = 1_200
"""Code points up to which a text is judged whole."""
PASSAGE = 700
"""Code points a passage is filled up to; a single sentence may be longer."""
MOST = 12
"""Passages judged of one text: an attacker's megabyte costs no more than a long article."""
MOST_SENTENCES = 60
READ = 60_000
"""Code points of a text that are cut into passages; the rest is named as unread (`is_cut`)."""

_PARAGRAPH = re.compile(r"\n\s*\n")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")


def _pieces(text: str) -> list[str]:
    return [
        sentence[at : at + LONG]
        for paragraph in _PARAGRAPH.split(text)
        for sentence in _SENTENCE.split(paragraph)
        for at in range(0, len(sentence), LONG)
        if sentence[at : at + LONG].strip()
    ]


def split(text: str) -> list[str]:
    """The text as passages of whole sentences, in order; nothing but blanks between them is lost."""
    passages: list[str] = []
    for piece in _pieces(text):
        if passages and len(passages[-1]) + len(piece) < PASSAGE:
            passages[-1] = f"{passages[-1]} {piece}"
        else:
            passages.append(piece)
    return passages


def windows(text: str) -> list[str]:
    """Every two neighbouring sentences of a text; none where the text has no more than two."""
    sentences = [piece for piece in _SENTENCE.split(text) if piece.strip()]
    if len(sentences) <= 2:
        return []
    return [f"{first} {second}" for first, second in pairwise(sentences[: MOST_SENTENCES + 1])]


def is_cut(text: str) -> bool:
    """Is the text too long to be read whole?"""
    return len(text) > READ


def _near(passages: Sequence[str], names: Sequence[str]) -> list[int]:
    """Numbers of the passages that name the school, and of their neighbours; all, where none does."""
    sought = [name for name in map(fold, names) if name.strip()]
    folded = [fold(passage) for passage in passages]
    there = [at for at, passage in enumerate(folded) if any(name in passage for name in sought)]
    near = {at + step for at in there for step in (-1, 0, 1) if 0 <= at + step < len(passages)}
    return sorted(near) or list(range(len(passages)))


def choose(text: str, names: Sequence[str]) -> list[str]:
    """What to judge of a text: itself, or up to MOST of its passages.

    `names` are the school's. Of more passages than MOST the first and last and an even spread between them are taken.
    """
    if len(text) <= LONG:
        return [text]
    passages = split(text[:READ]) or [text[:LONG]]
    near = _near(passages, names)
    if len(near) > MOST:
        near = [near[round(at * (len(near) - 1) / (MOST - 1))] for at in range(MOST)]
    return [passages[at] for at in near]
