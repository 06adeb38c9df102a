"""English, Welsh or other. Function words decide quickly; a statistical guess only where they cannot."""

from __future__ import annotations

import re
import threading
import unicodedata
from array import array
from functools import lru_cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_WELSH = frozenset(
    [
        "a'r",
        "a'i",
        "ac",
        "ag",
        "am",
        "ar",
        "at",
        "aeth",
        "bod",
        "bob",
        "byd",
        "bydd",
        "bydda",
        "byddai",
        "byth",
        "cael",
        "cyn",
        "dan",
        "dwi",
        "dwin",
        "dw",
        "dydi",
        "dyna",
        "dyma",
        "ddim",
        "ddoe",
        "ddydd",
        "diolch",
        "ei",
        "eich",
        "ein",
        "eisiau",
        "isio",
        "moyn",
        "er",
        "eto",
        "fe",
        "fel",
        "felly",
        "fi",
        "fo",
        "fy",
        "gan",
        "ganddi",
        "ganddo",
        "gyda",
        "efo",
        "gael",
        "gwneud",
        "gwych",
        "hefyd",
        "heb",
        "heddiw",
        "hi",
        "hwn",
        "hon",
        "hyn",
        "hynny",
        "i'r",
        "i'w",
        "iawn",
        "ydi",
        "ydy",
        "yw",
        "ydw",
        "mae",
        "mae'r",
        "maen",
        "maent",
        "mai",
        "mewn",
        "mi",
        "mor",
        "mwy",
        "na",
        "nad",
        "neb",
        "neu",
        "nhw",
        "ni",
        "nid",
        "nos",
        "o'r",
        "o'i",
        "oedd",
        "oes",
        "ond",
        "os",
        "pam",
        "pan",
        "pawb",
        "plant",
        "y'r",
        "rhai",
        "rhaid",
        "roedd",
        "rwy",
        "rwyf",
        "sydd",
        "sy",
        "sut",
        "smo",
        "trwy",
        "tua",
        "un",
        "unrhyw",
        "wedi",
        "wedyn",
        "wrth",
        "wnaeth",
        "wi",
        "yn",
        "yna",
        "yno",
        "yr",
        "yw'r",
        "ysgol",
        "ysgolion",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "of",
        "to",
        "is",
        "was",
        "it",
        "for",
        "that",
        "this",
        "with",
        "you",
        "your",
        "they",
        "their",
        "have",
        "has",
        "had",
        "not",
        "are",
        "be",
        "but",
        "from",
        "all",
        "what",
        "when",
        "who",
        "will",
        "would",
        "can't",
        "don't",
        "didn't",
        "it's",
        "i'm",
        "my",
        "me",
        "we",
        "our",
        "us",
        "she",
        "he",
        "her",
        "his",
        "him",
        "so",
        "just",
        "about",
        "there",
        "been",
        "do",
        "does",
        "did",
        "were",
        "if",
        "or",
        "as",
        "by",
        "an",
        "some",
        "very",
        "too",
        "school",
        "kids",
        "how",
        "why",
        "because",
        "out",
        "up",
        "no",
        "then",
        "than",
        "them",
        "these",
        "those",
        "into",
        "could",
        "should",
        "one",
        "get",
        "got",
        "going",
        "know",
        "think",
        "really",
    ]
)
# A school's Welsh name in an English post does not make it Welsh.
_SCHOOL_NAME = re.compile(r"\b[Yy]sgol(?:\s+(?:[Yy]r?\s+)?[A-ZÂÊÎÔÛŴŶ][\w'’-]*)+")
_SURE = 2
_FOREIGN_SURE = 0.9
_LONG_ENOUGH = 20
_lock = threading.Lock()


@lru_cache(maxsize=1)
def _guesser() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    guesser = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    # As a list of 100,000 numbers this alone is 4 MB.
    guesser.tk_output = array("i", guesser.tk_output)
    return guesser


def count_function_words(text: str) -> tuple[int, int]:
    """How many words of a text are common English, and common Welsh, little words."""
    # İ is the one letter that falls into two signs when made small, which would part a word.
    words = _WORD.findall(text.replace("’", "'").replace("İ", "ı").lower())
    return sum(map(_ENGLISH.__contains__, words)), sum(map(_WELSH.__contains__, words))


class _Scripts(dict[str, int]):
    """For each sign seen so far: 1 for a letter that is not Latin, 0 for one that is or is no letter."""

    def __missing__(self, sign: str) -> int:
        self[sign] = found = int(sign.isalpha() and not unicodedata.name(sign, "").startswith("LATIN"))
        return found


_FOREIGN = _Scripts()


def _has_foreign_script(text: str) -> bool:
    if text.isascii():
        return False
    foreign = sum(map(_FOREIGN.__getitem__, text))
    return foreign * 2 > sum(map(str.isalpha, text))


def detect_language(text: str) -> str:
    """`en`, `cy` or `other`. Code-switching counts as Welsh as soon as Welsh little words carry a third of it.

    A short or slangy text that says nothing clear counts as English: a wrong "other" sends it to a
    person for no reason.
    """
    text = _SCHOOL_NAME.sub(" ", unicodedata.normalize("NFC", text))
    if _has_foreign_script(text):
        return "other"
    english, welsh = count_function_words(text)
    if welsh >= _SURE and welsh * 2 >= english:
        return "cy"
    if english >= _SURE and english > welsh:
        return "en"
    if len(text.strip()) < _LONG_ENOUGH:
        return "cy" if welsh > english else "en"
    with _lock:
        guess, probability = _guesser().classify(text)
    if guess in ("en", "cy"):
        return str(guess)
    if probability >= _FOREIGN_SURE and english + welsh == 0:
        return "other"
    return "cy" if welsh > english else "en"
