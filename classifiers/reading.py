"""A text as the scope test reads it: folded words, what stands between them, and where they begin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
# A single line break is only a wrapped line.
_STOP = re.compile(r"[.!?;:]|\n\s*\n")
_SPLIT = re.compile(r"[,.!?;:|/\"“”•…]|\n\s*\n")
_CANONICAL = {"saint": "st", "ss": "st"}


@dataclass(frozen=True, slots=True)
class Reading:
    """`gaps[i]` stands before `words[i]`; `glued` is all words run together, `at` maps an offset in it to a word."""

    words: tuple[str, ...]
    gaps: tuple[str, ...]
    glued: str
    at: dict[int, int]

    def find(self, glued: str, limit: int = 200) -> Iterator[tuple[int, int]]:
        """Word ranges `[i, j)` that run together as `glued`, at most `limit`; spaces and hyphens do not matter."""
        start, size, length = self.glued.find(glued), len(glued), len(self.glued)
        while start != -1 and limit:
            first = self.at.get(start)
            end = start + size
            last = len(self.words) if end == length else self.at.get(end)
            if first is not None and last is not None:
                yield first, last
                limit -= 1
            start = self.glued.find(glued, start + 1)

    def is_one(self, i: int, j: int) -> bool:
        """No sentence ends inside `[i, j)`; the dot of "St." and of initials ends none."""
        return all(not self.ends_before(k) for k in range(i + 1, j))

    def ends_before(self, k: int) -> bool:
        """A sentence or line ends between word k-1 and word k."""
        if k <= 0 or k >= len(self.words):
            return True
        gap = self.gaps[k]
        if (
            "." in gap
            and "\n" not in gap
            and (self.words[k - 1] in ("st", "ysg") or len(self.words[k - 1]) == 1)
        ):
            return False
        return bool(_STOP.search(gap))

    def splits_before(self, k: int) -> bool:
        """Any punctuation that keeps word k out of the name that word k-1 belongs to; also either end."""
        if k <= 0 or k >= len(self.words):
            return True
        gap = self.gaps[k]
        if "." in gap and "," not in gap:
            return self.ends_before(k)
        return bool(_SPLIT.search(gap))

    def joined_after(self, k: int, limit: int) -> tuple[str, ...]:
        """Up to `limit` words from k on, cut where punctuation splits; empty when word k is split off."""
        if self.splits_before(k):
            return ()
        end = k + 1
        while end < min(len(self.words), k + limit) and not self.splits_before(end):
            end += 1
        return self.words[k:end]

    def joined_before(self, k: int, limit: int) -> tuple[str, ...]:
        """Up to `limit` words that run without punctuation up to word k, k itself not included."""
        start = k
        while start > max(0, k - limit) and not self.splits_before(start):
            start -= 1
        return self.words[start:k]


def read(folded: str) -> Reading:
    """Take a folded text (mentionwatch.naming.fold) apart; linear."""
    words: list[str] = []
    gaps: list[str] = []
    at: dict[int, int] = {}
    end = offset = 0
    for match in _WORD.finditer(folded):
        word = match.group()
        word = _CANONICAL.get(word, word)
        gaps.append(folded[end : match.start()])
        at[offset] = len(words)
        words.append(word)
        offset += len(word)
        end = match.end()
    return Reading(tuple(words), tuple(gaps), "".join(words), at)
