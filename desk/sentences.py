"""A standard sentence chosen, or own words typed: one of the two, and none chosen beforehand. What is recorded is the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desk.sentence_words import SENTENCES

OWN = "own"
"""The value that says: in my own words, as typed below it."""

Offered = tuple[tuple[str, str], ...]


def chosen_name(name: str) -> str:
    """The name of the choice beside the field where own words are typed; the id of its first answer too."""
    return f"{name}_said"


def list_sentences(event: str, key: str, lang: str) -> Offered:
    """What one field of a step offers, as value and sentence; empty where it is typed. `key`: a fact's, or "reason"."""
    found = SENTENCES.get((event, key)) or SENTENCES.get(("", key), {})
    return tuple((value, pair[lang == "cy"]) for value, pair in found.items())


@dataclass(frozen=True, slots=True)
class Answered:
    """What was said in one such field: the text as it is recorded. `is_both`: a sentence and other words, so that nobody knows which."""

    text: str
    is_both: bool = False


def read_sentence(offered: Sequence[tuple[str, str]], chosen: str, typed: str) -> Answered:
    """One answer of the two parts a form sends. Words typed without a choice are own words; a choice nobody offers is none."""
    sentences: Mapping[str, str] = dict(offered)
    if chosen in sentences:
        return Answered(sentences[chosen], is_both=bool(typed) and typed != sentences[chosen])
    return Answered(typed)
