"""The forms a name takes inside a Welsh sentence: `wrth Wenllian Brys` is about Gwenllian Prys."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice, product
from typing import Final

_SOFT: Final = {"p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f", "ll": "l", "rh": "r"}
_NASAL: Final = {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"}
_ASPIRATE: Final = {"p": "ph", "t": "th", "c": "ch"}
_WHOLE: Final = ("ch", "ph", "th", "dd", "ff", "ng")
"""Letters of their own, which stay as they are."""
_LEAST: Final = 3
"""Of a shorter part the forms would be words of any text: `Al`, `hAl`."""
MOST_FORMS: Final = 64
"""Forms of one name that a picture is searched for; three parts with four forms each."""


def mutate(word: str) -> tuple[str, ...]:
    """Soft, nasal and aspirate mutation of a folded word, and the h after ei, ein, eu; without the word itself."""
    if len(word) < _LEAST:
        return ()
    if word[0] in "aeiouwy":
        return (f"h{word}",)
    if word.startswith(_WHOLE):
        return ()
    first = next((one for one in (word[:2], word[:1]) if one in _SOFT), "")
    tables = (_SOFT, _NASAL, _ASPIRATE)
    forms = dict.fromkeys(table[first] + word[len(first) :] for table in tables if first in table)
    return tuple(form for form in forms if len(form) >= _LEAST)


def spell_names(names: Iterable[str]) -> tuple[str, ...]:
    """Each name as it is given, then with its parts mutated, for what looks for whole names."""
    found = dict.fromkeys(names)
    for name in tuple(found):
        pieces = re.split(r"([\W_]+)", name)
        forms = [(piece, *mutate(piece.casefold())) for piece in pieces]
        found |= dict.fromkeys("".join(each) for each in islice(product(*forms), MOST_FORMS))
    return tuple(found)
