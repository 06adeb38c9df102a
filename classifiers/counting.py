"""From a text, and from the text without some of its words, to the rows the linear models weigh.

The same numbers as the fitted scikit-learn features give for the unmasked text. They read every text from the start; here each
stretch between blanks is read once and remembered, and a text without one word is the whole text's counts
less what that word brought: explaining a mention asks for dozens of such texts.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from classifiers.unmask import unmask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_CHUNK = re.compile(r"\S+")
_REMEMBERED = 20_000
_LONGEST_REMEMBERED = 40


@dataclass(frozen=True, slots=True)
class Rows:
    """TF-IDF values of a text (row 0) and of the text without each asked place, on `columns` of the features only."""

    columns: NDArray[np.intp]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Chunk:
    """What one stretch between blanks holds: word tokens in order, and (column, count) of its pieces."""

    tokens: tuple[str, ...]
    pieces: tuple[tuple[int, int], ...]


class TextCounts:
    """Built from the fitted features of `make_features`. Safe from any thread."""

    def __init__(self, features: Any) -> None:
        import numpy as np

        (_, words), (_, pieces) = features.transformer_list
        self._fold, self._tokenise = words.build_preprocessor(), words.build_tokenizer()
        self._cut = pieces.build_analyzer()
        self._words: dict[str, int] = words.vocabulary_
        self._first_piece = len(self._words)
        self._pieces = {gram: int(at) + self._first_piece for gram, at in pieces.vocabulary_.items()}
        self._idf = np.concatenate([words.idf_, pieces.idf_])
        self.features = features
        self._remembered = lru_cache(_REMEMBERED)(self._read)

    def _read(self, hidden: str) -> _Chunk:
        chunk = unmask(hidden)
        found = Counter(column for gram in self._cut(chunk) if (column := self._pieces.get(gram)) is not None)
        return _Chunk(tuple(self._tokenise(self._fold(chunk))), tuple(found.items()))

    def _look(self, chunk: str) -> _Chunk:
        return self._remembered(chunk) if len(chunk) <= _LONGEST_REMEMBERED else self._read(chunk)

    def _add_words(self, counts: Counter[int], tokens: Sequence[str], sign: int) -> None:
        """Single words and pairs of neighbours."""
        pairs = (f"{first} {second}" for first, second in pairwise(tokens))
        for grams in (tokens, pairs):
            for gram in grams:
                column = self._words.get(gram)
                if column is not None:
                    counts[column] += sign

    def _change(
        self, before: _Chunk, after: _Chunk, left: Sequence[str], right: Sequence[str]
    ) -> Counter[int]:
        """What counts differ when one chunk between its neighbouring tokens becomes another."""
        change: Counter[int] = Counter()
        for chunk, sign in ((before, -1), (after, 1)):
            self._add_words(change, (*left, *chunk.tokens, *right), sign)
            for column, count in chunk.pieces:
                change[column] += sign * count
        return change

    def rows(self, text: str, without: Sequence[tuple[int, int]] = ()) -> Rows:
        """The text, and the text without each place of `without`; a place holds no blank."""
        places = [match.span() for match in _CHUNK.finditer(text)]
        chunks = [self._look(text[start:end]) for start, end in places]
        tokens: list[str] = []
        begins: list[int] = []
        whole: Counter[int] = Counter()
        for chunk in chunks:
            begins.append(len(tokens))
            tokens.extend(chunk.tokens)
            for column, count in chunk.pieces:
                whole[column] += count
        self._add_words(whole, tokens, 1)
        starts = [start for start, _ in places]
        changes = []
        for start, end in without:
            at = bisect_right(starts, start) - 1
            first, last = places[at]
            begin, stop = begins[at], begins[at] + len(chunks[at].tokens)
            changes.append(
                self._change(
                    chunks[at],
                    self._look(text[first:start] + text[end:last]),
                    tokens[max(0, begin - 1) : begin],
                    tokens[stop : stop + 1],
                )
            )
        return self._weigh(whole, changes)

    def _weigh(self, whole: Counter[int], changes: Sequence[Counter[int]]) -> Rows:
        import numpy as np

        columns = _union(whole, changes)
        place = {column: at for at, column in enumerate(columns)}
        values = np.zeros((1 + len(changes), len(columns)))
        values[:, [place[column] for column in whole]] = list(whole.values())
        for row, change in enumerate(changes, start=1):
            values[row, [place[column] for column in change]] += list(change.values())
        present = values > 0
        np.log(values, out=values, where=present)
        values[present] += 1.0
        index = np.array(columns, dtype=np.intp)
        values *= self._idf[index]
        # Each half has a length of its own, as in the fitted features.
        middle = int(np.searchsorted(index, self._first_piece))
        for half in (values[:, :middle], values[:, middle:]):
            length = np.sqrt((half * half).sum(axis=1, keepdims=True))
            np.divide(half, length, out=half, where=length > 0)
        return Rows(index, values)


def _union(whole: Counter[int], changes: Iterable[Counter[int]]) -> list[int]:
    return sorted(set(whole).union(*changes))
