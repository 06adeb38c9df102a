"""What a stretch of text between blanks brings to the features: read many at once, then remembered.

Gives the very columns the fitted scikit-learn features would: a piece of a word is looked up as a number made of its
signs' codes, all stretches side by side, not as a string of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from classifiers.unmask import unmask

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Integers = NDArray[np.int64]

REMEMBERED = 50_000
LONGEST_REMEMBERED = 40
AT_ONCE = 4_096
"""Stretches read side by side: bounds the memory a hostile batch takes."""
NO_TOKEN, UNKNOWN = -2, -1
HEAD = 2
"""Numbers before the columns of a stretch: its first and its last token."""
_LETTER_BITS = 63
_BLANK = re.compile(r"\s")


class _Lookup:
    """A fixed table from whole numbers to columns, for many at a time: open addressing, at most half full."""

    def __init__(self, keys: Integers, columns: Integers) -> None:
        """`keys` are different from each other and not negative; one column for each."""
        import numpy as np

        bits = (2 * len(keys) + 1).bit_length()
        self._shift, self._last = np.uint64(64 - bits), (1 << bits) - 1
        self._keys = np.full(1 << bits, -1, dtype=np.int64)
        self._columns = np.full(1 << bits, -1, dtype=np.int32)
        slots = self._slots(keys)
        while len(keys):
            free = self._keys[slots] < 0
            self._keys[slots[free]] = keys[free]
            is_in = self._keys[slots] == keys
            self._columns[slots[is_in]] = columns[is_in]
            keys, columns, slots = keys[~is_in], columns[~is_in], (slots[~is_in] + 1) & self._last

    def _slots(self, keys: Integers) -> Any:
        """Fibonacci hashing (Knuth, TAOCP 3, 6.4); the product wraps round by intent."""
        import numpy as np

        return ((keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> self._shift).astype(np.intp)

    def columns(self, keys: Integers) -> Any:
        """int32, -1 where there is no such key."""
        import numpy as np

        slots = self._slots(keys)
        held = self._keys[slots]
        found = np.where(held == keys, self._columns[slots], np.int32(-1))
        waiting = np.flatnonzero((held != keys) & (held >= 0))
        slots = slots[waiting]
        while len(waiting):
            slots = (slots + 1) & self._last
            held = self._keys[slots]
            is_hit = held == keys[waiting]
            found[waiting[is_hit]] = self._columns[slots[is_hit]]
            further = ~is_hit & (held >= 0)
            waiting, slots = waiting[further], slots[further]
        return found


class Stretches:
    """Built from the fitted features of `make_features`. Safe from any thread.

    Raises `ValueError` for features whose pieces hold more different signs than a number has room for (4,095 at
    five signs a piece).
    """

    def __init__(self, features: Any) -> None:
        (_, words), (_, pieces) = features.transformer_list
        self._fold, self._tokenise = words.build_preprocessor(), words.build_tokenizer()
        self._words: dict[str, int] = words.vocabulary_
        self._read_words()
        self._sizes = range(pieces.ngram_range[0], pieces.ngram_range[1] + 1)
        self._read_pieces(pieces.vocabulary_)
        self._known: dict[str, bytes] = {}

    def _read_words(self) -> None:
        """Tokens get numbers: their columns, or one beyond them for half of a pair that is no word by itself."""
        import numpy as np

        numbers = {word: int(column) for word, column in self._words.items() if " " not in word}
        pairs = [gram for gram in self._words if " " in gram]
        for half in " ".join(pairs).split(" ") if pairs else []:
            numbers.setdefault(half, len(self._words) + len(numbers))
        self._numbers = numbers
        self._span = 2 * len(self._words) + len(numbers) + 1
        halves = np.fromiter(
            (numbers[half] for gram in pairs for half in gram.split(" ")),
            dtype=np.int64,
            count=2 * len(pairs),
        )
        columns = np.array([self._words[gram] for gram in pairs], dtype=np.int64)
        self._pairs = _Lookup(halves[::2] * self._span + halves[1::2], columns)

    def _read_pieces(self, vocabulary: dict[str, int]) -> None:
        import numpy as np

        signs = sorted(set().union(*vocabulary))
        self._bits = (len(signs) + 1).bit_length()
        if self._bits * self._sizes[-1] > _LETTER_BITS or self._sizes[0] > len(" a "):
            raise ValueError("the pieces of these features cannot be looked up as numbers")
        # 0 for every sign no piece holds; its last place stands for all that lie beyond.
        self._codes = np.zeros(max(map(ord, signs), default=0) + 2, dtype=np.int64)
        self._codes[[ord(sign) for sign in signs]] = range(1, len(signs) + 1)
        self._pieces = {size: self._lookup_of(vocabulary, size) for size in self._sizes}

    def _lookup_of(self, vocabulary: dict[str, int], size: int) -> _Lookup:
        import numpy as np

        grams = [gram for gram in vocabulary if len(gram) == size]
        columns = np.array([vocabulary[gram] for gram in grams], dtype=np.int64) + len(self._words)
        points = np.frombuffer("".join(grams).encode("utf-32-le"), dtype=np.int32).reshape(-1, size)
        keys = np.zeros(len(grams), dtype=np.int64)
        for place in range(size):
            keys = keys << self._bits | self._codes[points[:, place]]
        return _Lookup(keys, columns)

    def pairs(self, first: Any, second: Any) -> Any:
        """Columns (int32, -1 for none) of neighbouring tokens, by their numbers."""
        import numpy as np

        first, second = first.astype(np.int64), second.astype(np.int64)
        return self._pairs.columns(np.where((first < 0) | (second < 0), -1, first * self._span + second))

    def look(self, stretches: Sequence[str]) -> list[bytes]:
        """Of each (no blank in it) int32 numbers as bytes: HEAD of them, then a column for every time it is hit."""
        known = self._known
        found = [known.get(stretch) for stretch in stretches]
        missing = [at for at, entry in enumerate(found) if entry is None]
        if len(known) + len(missing) > REMEMBERED:
            known.clear()
        for start in range(0, len(missing), AT_ONCE):
            places = missing[start : start + AT_ONCE]
            for at, entry in zip(places, self._read([stretches[at] for at in places]), strict=True):
                found[at] = entry
                if len(stretches[at]) <= LONGEST_REMEMBERED and len(known) < REMEMBERED:
                    known[stretches[at]] = entry
        return [entry for entry in found if entry is not None]

    def _read(self, hidden: Sequence[str]) -> Iterator[bytes]:
        import numpy as np

        # As one text: neither unmasking nor folding looks beyond a blank.
        plain = self._fold(unmask("\n".join(hidden))).split("\n")
        held: list[tuple[int, int]] = []
        first, last = [NO_TOKEN] * len(plain), [NO_TOKEN] * len(plain)
        number, column = self._numbers.get, self._words.get
        for at, stretch in enumerate(plain):
            tokens = (stretch,) if stretch.isalnum() else self._tokenise(stretch)
            if tokens:
                first[at], last[at] = number(tokens[0], UNKNOWN), number(tokens[-1], UNKNOWN)
                grams = tokens if len(tokens) == 1 else (*tokens, *map(" ".join, pairwise(tokens)))
                held.extend((at, found) for gram in grams if (found := column(gram)) is not None)
        at_words, columns = np.array(held, dtype=np.int64).reshape(-1, 2).T
        keys = np.concatenate([at_words << 32 | columns, *self._find_pieces(plain)])
        keys.sort()
        begins = np.searchsorted(keys, np.arange(len(plain) + 1, dtype=np.int64) << 32).tolist()
        data = (keys & 0xFFFFFFFF).astype(np.int32).tobytes()
        heads = np.array([first, last], dtype=np.int32).T.tobytes()
        for at, (begin, end) in enumerate(pairwise(begins)):
            yield heads[at * 8 : at * 8 + 8] + data[begin * 4 : end * 4]

    def _find_pieces(self, plain: Sequence[str]) -> Iterator[Any]:
        """Of every size: number of the stretch (upper half) and column (lower half) of each piece that is known."""
        import numpy as np

        if _BLANK.search("".join(plain)) is None:
            padded = [f" {word} " for word in plain]
        else:
            padded = ["".join(f" {word} " for word in stretch.split()) for stretch in plain]
        points = np.frombuffer("".join(padded).encode("utf-32-le", "surrogatepass"), dtype=np.int32)
        codes = self._codes.take(points, mode="clip")
        # Each word stands between two blanks of its own; no piece reaches over into the next word.
        word = (np.cumsum(points == ord(" ")) + 1) // 2
        owner = np.repeat(np.arange(len(plain), dtype=np.int64), [len(each) for each in padded])
        keys = codes
        for size in range(2, self._sizes[-1] + 1):
            keys = keys[:-1] << self._bits | codes[size - 1 :]
            if size in self._pieces:
                inside = np.flatnonzero(word[: len(keys)] == word[size - 1 :])
                columns = self._pieces[size].columns(keys[inside])
                hit = columns >= 0
                yield owner[inside[hit]] << 32 | columns[hit].astype(np.int64)
