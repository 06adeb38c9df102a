"""Small numbers are not told, and cannot be worked out from what is told.

A total is told as 0, as "fewer than five" (1 to 4), or in full, and nothing else decides which. Beside it stands at most a
breakdown into parts that add up to it. Where a part is 1 to 4, that part is hidden together with a partner. The partner
is named by the order of the parts, never by their size: a partner chosen by size would tell its size. Where the hidden
parts together are so few that each could still be guessed, the whole breakdown is left out.

What holds, for somebody who knows this rule too: every hidden part may be any of at least three numbers
(tests/desk/test_suppression.py works out every table there is).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 5
"""The smallest number of anything that is told."""
_LEAST_TO_HIDE_IN: Final = 8
"""A smaller total has too few ways to be made of one hidden part and shown ones."""


@dataclass(frozen=True, slots=True)
class Few:
    """One to four."""


FEW: Final = Few()

Told = int | Few
"""A number as the sheet tells it: 0, FEW, or five and more."""


@dataclass(frozen=True, slots=True)
class Split:
    """A total and its parts as told. A part None is hidden; `parts` None: no breakdown is told at all."""

    total: Told
    parts: tuple[int | None, ...] | None


def tell(count: int) -> Told:
    """A number by itself. Raises ValueError below zero."""
    if count < 0:
        raise ValueError(f"{count} of something cannot be counted")
    return FEW if 0 < count < LEAST else count


def tell_split(counts: Sequence[int], partners: Sequence[int] = (0, 1)) -> Split:
    """Parts that add up, as they may be told. `partners` are the places of two parts: the first is hidden beside any
    small one, the second beside the first where that alone is small. Raises ValueError for fewer than two parts."""
    first, second = partners
    if len(counts) < 2 or first == second:
        raise ValueError("a breakdown has two parts at least, and two different partners")
    total = tell(sum(counts))
    small = {at for at, count in enumerate(counts) if isinstance(tell(count), Few)}
    if not small:
        return Split(total, tuple(counts))
    hidden = small | {first} if small != {first} else {first, second}
    together = sum(counts[at] for at in hidden)
    if sum(counts) < _LEAST_TO_HIDE_IN or together < len(hidden) + 2:
        return Split(total, None)
    return Split(total, tuple(None if at in hidden else count for at, count in enumerate(counts)))
