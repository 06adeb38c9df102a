"""Taking off what hides a word from the word features: odd letters, hidden signs, k1ll and k.i.l.l.

Works within stretches between blanks, so that a text may be read stretch by stretch with the same result.
"""

from __future__ import annotations

import re
import unicodedata

from mentionwatch.naming import LOOK_ALIKE_LETTERS

_APOSTROPHES = frozenset("’‘‛ʼʻʹʽ`´′＇ꞌ")
_JOINER = "\u200d"
_LEET = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "€": "e", "!": "i"}
# An @ before a dotted name is an address. Two digits together are letters only where a third follows: t34ch3r, not U11s.
_INSIDE = re.compile(
    r"(?<=[^\W\d_])(?:[013457$€!]|[013457]{2}(?=[^\W\d_]+[013457][^\W\d_])|@(?![\w-]*\.\w))(?=[^\W\d_])"
)
# k.i.l.l, s-t-a-b, d*i*e: the same sign between single letters. A dot at the end is the sentence's own.
_SPELT = re.compile(r"(?<![^\W_])[^\W\d_](?:([.\-_*~|])[^\W\d_])(?:\1[^\W\d_])+(?![^\W_])")
_LONG = re.compile(r"([^\W\d_])\1{2,}")


def _unmask_sign(sign: str) -> str:
    if sign.isspace():
        return sign
    if sign in _APOSTROPHES:
        return "'"
    if "\u0334" <= sign <= "\u0338":
        # Strokes through a letter.
        return ""
    kept = []
    for part in unicodedata.normalize("NFKC", sign):
        if unicodedata.category(part) in ("Cf", "Cc", "Cs", "Co", "Cn") and part != _JOINER:
            continue
        small = part.lower()
        latin = LOOK_ALIKE_LETTERS.get(small)
        kept.append(part if latin is None else latin if small == part else latin.upper())
    # A sign that falls apart into words (U+FDFA) must not make blanks where there was none.
    return "".join(kept).replace(" ", "")


class _Table(dict[int, str]):
    """A translation table that fills itself, a sign at a time: normalising a whole hostile text is quadratic."""

    def __missing__(self, point: int) -> str:
        self[point] = found = _unmask_sign(chr(point))
        return found


_TABLE = _Table()


def unmask(text: str) -> str:
    """The text as it means to be read; blanks stay where they are. Linear in the text; idempotent."""
    plain = text.translate(_TABLE)
    plain = _INSIDE.sub(lambda signs: "".join(_LEET[sign] for sign in signs[0]), plain)
    plain = _SPELT.sub(lambda word: word[0].replace(word[1], ""), plain)
    return _LONG.sub(r"\1\1", plain)
