"""From texts, and from a text without some of its words, to the rows the linear models weigh.

The same numbers as the fitted scikit-learn features give for the unmasked texts. They read every text from the start;
here each stretch between blanks is read once and remembered, and a batch is counted as one row of numbers.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count
from typing import TYPE_CHECKING, Any

from classifiers.stretches import HEAD, NO_TOKEN, Stretches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STRETCH = re.compile(r"\S+")
_ENTRIES = 100_000
"""Columns counted at a time: what a processor keeps at hand, and a bound on memory."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows of stretches as numbers. `stretches` says which follow each other, row by row; row r ends before
    `row_ends[r]`, as `pair_ends[r]` does in `pairs`, the columns of neighbouring words of two stretches. Stretch s
    holds `columns[begins[s] : begins[s] + sizes[s]]`."""

    stretches: NDArray[np.intp]
    row_ends: NDArray[np.intp]
    columns: NDArray[np.int32]
    begins: NDArray[np.intp]
    sizes: NDArray[np.intp]
    pairs: NDArray[np.int32]
    pair_ends: NDArray[np.intp]


class TextCounts:
    """Built from the fitted features of `make_features`. Safe from any thread."""

    def __init__(self, features: Any) -> None:
        import numpy as np

        (_, words), (_, pieces) = features.transformer_list
        self._stretches = Stretches(features)
        self._first_piece = len(words.vocabulary_)
        self._idf = np.concatenate([words.idf_, pieces.idf_])

    def matrices(self, texts: Sequence[str]) -> Iterator[Any]:
        """TF-IDF rows of the texts in order, as sparse (some rows, columns of the features), double precision."""
        yield from self._weigh([text.split() for text in texts])

    def rows(self, text: str, without: Sequence[tuple[int, int]] = ()) -> Iterator[Any]:
        """The same of the text, and of the text without each place of `without`, none of which holds a blank."""
        spans = [match.span() for match in _STRETCH.finditer(text)]
        whole = [text[start:end] for start, end in spans]
        starts = [start for start, _ in spans]
        rows = [whole]
        for start, end in without:
            at = bisect_right(starts, start) - 1
            first, last = spans[at]
            rows.append([*whole[:at], text[first:start] + text[end:last], *whole[at + 1 :]])
        yield from self._weigh(rows)

    def _read(self, rows: Sequence[Sequence[str]]) -> _Batch:
        import numpy as np

        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        stretches = np.fromiter(map(numbers.__getitem__, chain.from_iterable(rows)), dtype=np.intp)
        lengths = np.array([len(row) for row in rows], dtype=np.intp)
        found = self._stretches.look(list(numbers))
        columns = np.frombuffer(b"".join(found), dtype=np.int32)
        sizes = np.array([len(each) // 4 for each in found], dtype=np.intp)
        begins = np.cumsum(sizes) - sizes
        first, last = columns[begins][stretches], columns[begins + 1][stretches]
        # A stretch without a word parts no neighbours.
        spoken = np.flatnonzero(first != NO_TOKEN)
        row = np.repeat(np.arange(len(rows)), lengths)[spoken]
        pairs = self._stretches.pairs(last[spoken[:-1]], first[spoken[1:]])
        kept = np.flatnonzero((pairs >= 0) & (row[1:] == row[:-1]))
        pair_ends = np.searchsorted(row[kept], np.arange(len(rows)), side="right")
        return _Batch(
            stretches, np.cumsum(lengths), columns, begins + HEAD, sizes - HEAD, pairs[kept], pair_ends
        )

    def _weigh(self, rows: Sequence[Sequence[str]]) -> Iterator[Any]:
        import numpy as np

        if not rows:
            return
        batch = self._read(rows)
        ends = (
            np.concatenate([[0], np.cumsum(batch.sizes[batch.stretches])])[batch.row_ends] + batch.pair_ends
        )
        # 32 bits must hold row and column together: half as long to sort.
        most = (1 << 32) // len(self._idf)
        start = 0
        while start < len(rows):
            before = ends[start - 1] if start else 0
            stop = int(np.searchsorted(ends, before + _ENTRIES, side="right"))
            stop = min(max(stop, start + 1), start + most, len(rows))
            yield self._weigh_rows(batch, start, stop)
            start = stop

    def _keys(self, batch: _Batch, start: int, stop: int) -> NDArray[np.uint32]:
        """Row times columns plus column of every hit in the rows [start, stop), sorted."""
        import numpy as np

        own, own_row = _cut(batch.stretches, batch.row_ends, start, stop)
        pairs, pair_row = _cut(batch.pairs, batch.pair_ends, start, stop)
        sizes = batch.sizes[own]
        places = np.repeat(batch.begins[own] - np.cumsum(sizes) + sizes, sizes)
        places += np.arange(len(places))
        width = np.uint32(len(self._idf))
        held = np.repeat(own_row.astype(np.uint32) * width, sizes)
        held += batch.columns[places].astype(np.uint32)
        keys = np.concatenate([held, pair_row.astype(np.uint32) * width + pairs.astype(np.uint32)])
        keys.sort()
        return keys

    def _weigh_rows(self, batch: _Batch, start: int, stop: int) -> Any:
        import numpy as np
        import scipy.sparse as sparse

        keys = self._keys(batch, start, stop)
        is_new = np.ones(len(keys), dtype=bool)
        np.not_equal(keys[1:], keys[:-1], out=is_new[1:])
        at = np.flatnonzero(is_new)
        times = np.diff(at, append=len(keys))
        keys = keys[at]
        # Where the words of each row begin, and its pieces: each half has a length of its own, as in the fitted features.
        firsts = np.arange(stop - start, dtype=np.uint32) * np.uint32(len(self._idf))
        halves = np.stack([firsts, firsts + np.uint32(self._first_piece)], axis=1).ravel()
        bounds = np.append(np.searchsorted(keys, halves), len(keys))
        half = np.repeat(np.arange(len(halves)), np.diff(bounds))
        column = (keys - np.repeat(firsts, np.diff(bounds[::2]))).astype(np.int32)
        values = self._idf[column]
        often = np.flatnonzero(times > 1)
        values[often] *= 1.0 + np.log(times[often])
        length = np.sqrt(np.bincount(half, values * values, len(halves)))
        values /= length[half]
        return sparse.csr_matrix((values, column, bounds[::2]), shape=(stop - start, len(self._idf)))


def _cut(values: Any, ends: Any, start: int, stop: int) -> tuple[Any, Any]:
    """The values of the rows [start, stop), and the row of each, counted from `start`."""
    import numpy as np

    bounds = np.concatenate([[ends[start - 1] if start else 0], ends[start:stop]])
    return values[bounds[0] : bounds[-1]], np.repeat(np.arange(stop - start), np.diff(bounds))
