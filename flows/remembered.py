"""What is remembered of the posts people have judged while a desk runs: numbers and ids, no words."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from desk.explanations import Alike
from mentionwatch.labels import Label

MOST_ANSWERS = 20_000
"""Answers remembered before all are forgotten: each is two ids at most."""


@dataclass(frozen=True, slots=True)
class Known:
    """A post people have judged, as far as likeness needs it. `row` is what its text comes to, where that is remembered."""

    id: str
    url: str
    text: str = field(repr=False)
    label: Label
    on: date
    revision: int = 1
    row: Any = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """What does not change of a judged revision."""

    url: str
    on: date
    row: Any = field(repr=False)


_Key = tuple[str, int]


class Remembered:
    """What judged posts come to in numbers, and what was found like them: for a process that is asked again and again.

    No words. What is judged no more, or erased, is forgotten with the next look.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: dict[_Key, Kept] = {}
        self._answers: dict[tuple[_Key, int], tuple[Alike, ...]] = {}
        self._stack: tuple[int, Any] = (0, None)

    def has(self, mention_id: str) -> bool:
        """Is anything of this post kept, of whichever revision?"""
        return any(id_ == mention_id for id_, _ in self._kept)

    def kept(self, key: _Key) -> Kept | None:
        return self._kept.get(key)

    def keep(self, known: Sequence[Known]) -> None:
        with self._guard:
            self._kept |= {(one.id, one.revision): Kept(one.url, one.on, one.row) for one in known}

    def keep_only(self, keys: Collection[_Key]) -> None:
        with self._guard:
            if len(self._kept) > len(keys) or not all(key in keys for key in self._kept):
                # Its numbers lie among the others' there, too.
                self._stack = (0, None)
                self._kept = {key: kept for key, kept in self._kept.items() if key in keys}

    def stacked(self, among: int, stack: Callable[[], Any]) -> Any:
        """The rows of these posts under one another; those asked for last are kept."""
        kept, rows = self._stack
        if rows is None or kept != among:
            rows = stack()
            self._stack = among, rows
        return rows

    def answer(self, key: _Key, among: int) -> tuple[Alike, ...] | None:
        return self._answers.get((key, among))

    def keep_answers(self, found: Mapping[tuple[_Key, int], tuple[Alike, ...]]) -> None:
        with self._guard:
            if len(self._answers) > MOST_ANSWERS:
                self._answers = {}
            self._answers |= found
