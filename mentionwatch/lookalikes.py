"""A name is found in a text however it is dressed up: other alphabets' look-alikes, marks, hidden signs, swapped words.

`fold` brings a text to plain small letters; `find_names` looks for names in it. Both are pure. Told for the leak
check of reporters' names (L20, I6): where it errs, it errs towards finding one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from itertools import permutations
from urllib.parse import unquote

LEAST_LETTERS = 4
"""A single word shorter than this is in too many texts to mean anybody."""

LEAST_DIGITS = 7
"""A telephone number tells who it is as well as a name; a shorter number may be any number."""

LOOSE_LETTERS = 8
"""From this length on a name is also found cut up in odd places; in short ones that would be other words."""

_CAPITALS = {
    "ΑАᎪꓮ": "a", "ΒВᏴꓐ": "b", "СϹᏟꓚ": "c", "ᎠꓓԀ": "d", "ΕЕᎬꓰ": "e", "ꓝϜ": "f", "ԌᏀꓖ": "g", "ΗНᎻꓧҤҢ": "h", "ΙІӀᏆꓲ": "i", "ЈᎫꓙ": "j",
    "ΚКᏦꓗ": "k", "ᏞꓡԼ": "l", "ΜМᎷꓟϺ": "m", "Νꓠ": "n", "ΟОՕꓳΘѲ": "o", "ΡРᏢꓑ": "p", "Ԛ": "q", "ᏒꓣЯ": "r", "ЅՏᏚꓢ": "s", "ΤТᎢꓔ": "t", "ՍꓴЦ": "u",
    "ѴᏙꓦ": "v", "ԜᎳꓪ": "w", "ΧХꓫ": "x", "ΥУҮꓬ": "y", "ΖᏃꓜ": "z",
}  # fmt: skip
"""Capital letters that look like a Latin one; some of them look like another letter when small (Η, Ν, Υ)."""

_SMALL = {
    "аɑαᴀ": "a", "вβьʙɓ": "b", "сϲᴄ": "c", "ԁđɗᴅժð": "d", "еεҽєɛəᴇ": "e", "ғƒꜰ": "f", "ɡցɢǥԍ": "g", "һнհħʜնԋ": "h", "іıιɩɪӏ": "i", "јϳʝᴊ": "j",
    "кκᴋƙ": "k", "łƚʟ": "l", "мᴍϻ": "m", "ηпոɴ": "n", "оοσօөøᴏ": "o", "рρᴘϸ": "p", "ԛգզ": "q", "гʀᴦя": "r", "ѕꜱʂ": "s", "тτᴛŧ": "t", "υսᴜʋμц": "u",
    "ѵνᴠ": "v", "ԝωшᴡщ": "w", "хχ": "x", "уүγʏỿ": "y", "ᴢʐζƶ": "z", "æ": "ae", "œ": "oe", "þ": "th",
}  # fmt: skip


def _table(groups: dict[str, str]) -> dict[int, str]:
    return {ord(sign): latin for signs, latin in groups.items() for sign in signs}


# Letters in circles and squares, and the flags' letters: runs of 26 that Unicode does not take apart itself.
_RUNS = {
    start + place: chr(97 + place) for start in (0x1F150, 0x1F170, 0x1F1E6, 0xE0061) for place in range(26)
}
_HIDDEN = dict.fromkeys((0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0), "")
_LOOKS = _table(_CAPITALS) | _table(_SMALL) | _RUNS | _HIDDEN
# What stands for a letter inside a word, and letters that pass for each other in many a typeface.
_SIGN = re.compile(r"[@$€|!](?=\w)|(?<=\w)[$€]")
_SIGNS = {"@": "a", "$": "s", "€": "e", "|": "l", "!": "l"}
_SKELETON = str.maketrans({"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "i": "l", "m": "rn", "w": "vv"})  # fmt: skip


def fold(text: str) -> str:
    """Small plain letters and digits with single spaces between words; nothing that only decorates or hides.

    Idempotent. Marks, soft hyphens and signs of no width are dropped; look-alikes become the Latin letter they look
    like; everything that is neither letter nor digit becomes a space.
    """
    # Before taking letters apart, too: that would turn ϲ into another sigma.
    text = unicodedata.normalize("NFKD", text.translate(_LOOKS)).translate(_LOOKS).casefold()
    text = unicodedata.normalize("NFKD", text).translate(_LOOKS)
    return " ".join("".join(map(_plain, text)).split())


@lru_cache(maxsize=8192)
def _plain(sign: str) -> str:
    kind = unicodedata.category(sign)
    if kind[0] == "M" or (kind in ("Cf", "Cc") and not sign.isspace()):
        return ""
    return sign if kind[0] in "LN" and kind != "Lm" else " "


_TITLES = frozenset("mr mrs ms miss mx dr prof professor sir dame rev revd parch y dr yr athro".split())
_NOBODY = frozenset(
    "a an the of and anonymous unknown parent parents mother father mum dad mam carer grandparent neighbour member public pupil student "
    "teacher staff governor someone friend family year class school office rhiant rhieni tad gofalwr disgybl athro athrawes aelod o r y yr "
    "llywodraethwr cyhoedd cymydog dienw anhysbys ffrind teulu blwyddyn dosbarth ysgol swyddfa".split()
)
"""Words of which no name is made: "a parent" is nobody, and would be found in every letter."""


def _is_searched(name: str) -> bool:
    folded = fold(name)
    words = folded.split()
    if folded.replace(" ", "").isdigit():
        return len(folded.replace(" ", "")) >= LEAST_DIGITS
    if all(word in _NOBODY or word.isdigit() for word in words):
        return False
    return (len(name.split()) > 1 and len(words) > 1) or len(folded.replace(" ", "")) >= LEAST_LETTERS


def _orders(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    """The words in every order (Jones, Angharad), and the first and last alone when there are more."""
    if len(words) > 4:
        yield tuple(words)
        yield (words[-1], *words[:-1])
    else:
        yield from permutations(words)
    if len(words) > 2:
        yield words[0], words[-1]
        yield words[-1], words[0]


@dataclass(frozen=True, slots=True)
class _Sought:
    """A name made ready: its first and last word occur in each of its forms, which spares most texts the pattern."""

    ends: tuple[str, str]
    pattern: re.Pattern[str]


def _forms(words: Sequence[str]) -> Iterable[str]:
    for order in _orders(words):
        letters = "".join(order).replace(" ", "")
        if len(letters) >= LOOSE_LETTERS:
            yield " ?".join(letters)
        else:
            parts = [part for word in order for part in word.split()]
            yield " ?".join(f"(?:{part}|{' '.join(part)})" for part in parts)


@lru_cache(maxsize=4096)
def _seek(name: str, is_skeleton: bool) -> _Sought:
    folded = [word for word in map(fold, name.split()) if word]
    words = [word for word in folded if word not in _TITLES]
    words = words if len(words) > 1 else folded
    if is_skeleton:
        words = [word.translate(_SKELETON) for word in words]
    # A digit beside a name ends it (jones2 is Jones), but among skeletons a digit is a letter in disguise.
    letter = r"[^\W_]" if is_skeleton else r"[^\W\d_]"
    forms = "|".join(dict.fromkeys(_forms(words)))
    ends = words[0].replace(" ", ""), words[-1].replace(" ", "")
    return _Sought(ends, re.compile(f"(?<!{letter})(?:{forms})(?!{letter})"))


def find_names(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that stand in the text as whole words, each as it was given and once, in the order given.

    A name is looked for when it has at least two words or four letters, and is not a mere description ("a parent"); a
    number when it is as long as a telephone number.
    Found also with its words swapped, run together, spaced out or without the middle ones, and in what was escaped
    for HTML or for an address. "Ann" is not found in "Annual".
    """
    readings = dict.fromkeys((text, unquote(unescape(text))))
    folded = [(fold(reading), False) for reading in readings]
    folded += [
        (fold(_SIGN.sub(lambda sign: _SIGNS[sign[0]], reading)).translate(_SKELETON), True)
        for reading in readings
    ]
    looks = [(words, words.replace(" ", ""), is_skeleton) for words, is_skeleton in folded]
    return tuple(
        name
        for name in dict.fromkeys(names)
        if _is_searched(name)
        and any(_occurs(_seek(name, is_skeleton), words, run) for words, run, is_skeleton in looks)
    )


def _occurs(sought: _Sought, words: str, run: str) -> bool:
    return all(end in run for end in sought.ends) and sought.pattern.search(words) is not None
