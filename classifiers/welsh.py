"""Initial mutations of Welsh: the forms a place or school name takes inside a sentence.

Works on folded words (mentionwatch.naming). The table is complete for the nine mutable consonants and the h
that follows ei, ein and eu; digraphs that begin with a mutable letter (ch, ph, th, dd, ng) stay as they are.
"""

from __future__ import annotations

from mentionwatch.naming import word_set

_SOFT = {"p": "b", "t": "d", "c": "g", "b": "f", "d": "dd", "g": "", "m": "f", "ll": "l", "rh": "r"}
_NASAL = {"p": "mh", "t": "nh", "c": "ngh", "b": "m", "d": "n", "g": "ng"}
_ASPIRATE = {"p": "ph", "t": "th", "c": "ch"}
_UNCHANGED = ("ch", "ph", "th", "dd", "ff", "ng")

MUTATES_NEXT = word_set(
    "i o yn ym yng a am ar at dan dros drwy trwy heb hyd gan wrth neu dy ei ein eu fy ysgol gyda efo tua na ir or "
    "i r mi fe pan dau dwy y yr"
)
"""Words after which a mutated form is to be expected; used to tell Bangor's "Fangor" from an English word."""


def _initial(word: str) -> str:
    for length in (2, 1):
        if word[:length] in _SOFT:
            return word[:length]
    return ""


def soft(word: str) -> str:
    """Pwllheli gives bwllheli, Gwalchmai walchmai; a word that does not mutate comes back as it is."""
    return _replace(word, _SOFT)


def nasal(word: str) -> str:
    """Bangor gives mangor, Dolgellau nolgellau."""
    return _replace(word, _NASAL)


def aspirate(word: str) -> str:
    """Caernarfon gives chaernarfon."""
    return _replace(word, _ASPIRATE)


def with_h(word: str) -> str:
    """Ysgol gives hysgol: after ei (her), ein, eu."""
    return f"h{word}" if word[:1] in tuple("aeiouwy") else word


def _replace(word: str, table: dict[str, str]) -> str:
    if word.startswith(_UNCHANGED):
        return word
    initial = _initial(word)
    return table[initial] + word[len(initial) :] if initial in table else word


def mutations(word: str) -> frozenset[str]:
    """Every mutated form of a folded word, without the word itself; empty for a word that never changes."""
    forms = {soft(word), nasal(word), aspirate(word), with_h(word)}
    return frozenset(form for form in forms - {word} if len(form) >= 2)
