"""Small numbers are not told, and cannot be worked out from what is told, from one table or from several.

A total is told as 0, as "fewer than five" (1 to 4), or in full, and nothing else decides which. Beside it stands at most a
breakdown into parts that add up to it. Where a part is 1 to 4, that part is hidden together with a partner. The partner
is named by the order of the parts, never by their size: a partner chosen by size would tell its size. Where the hidden
parts together are so few that each could still be guessed, the whole breakdown is left out.

Tables of one total need nothing more: each is told given the total, and the total is told in all of them. A number out
of a whole that is told too is another matter: the whole less the number is a group as well, and may be the small one.
`tell_out_of` looks at both. So does `may_say_middle`: that a middle value is told says that so many got so far.

What holds, for somebody who knows these rules too: every hidden number may be any of at least three
(tests/desk/test_suppression.py and test_sheet_suppression.py work out every table and every small sheet there is).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEAST: Final = 5
"""The smallest number of anything that is told."""
_LEAST_TO_HIDE_IN: Final = 8
"""A smaller total has too few ways to be made of one hidden part and shown ones."""
_LEAST_FOR_MIDDLE, _LEAST_FOR_NINTH, _NINTH = 2 * LEAST - 1, 24, 20
"""The least wholes in which "at least five", "at least twenty" of them leave five numbers for those that are left."""


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


def tell_out_of(count: int, whole: int) -> Told | None:
    """A number out of a whole that is told beside it, neither of them nor what is left small; None: not told.

    From a whole of nine on, one to four are FEW, and as few missing from the whole are None. From six to eight these
    two overlap, and keeping them apart would tell the number: there, all but none and all is None. What is no part of
    the whole is not told either.
    """
    if count > whole:
        return None
    if whole <= LEAST or count in (0, whole):
        return tell(count)
    if whole < 2 * LEAST - 1 or whole - count < LEAST:
        return None
    return tell(count)


def may_say_middle(count: int, whole: int) -> bool:
    """May a middle value over so many of a whole be told? That it is says: at least five, or all."""
    return LEAST <= count <= whole and (whole >= _LEAST_FOR_MIDDLE or count == whole)


def may_say_ninth(count: int, whole: int) -> bool:
    """May the value that nine in ten do not pass be told? Two at least lie beyond it, and it says: at least twenty."""
    return _NINTH <= count <= whole and whole >= _LEAST_FOR_NINTH


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
