"""Is there anything to judge, and is it what a reader sees? A link, a row of emojis or of dots says nothing a model
of words could weigh; bytes that were no text, and letters shown in another order, it would weigh wrongly."""

from __future__ import annotations

import re

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S++|(?<![^\s@])[^\s@]++@\S++|[@#]\w++|(?<!\S)[\w-]++(?:\.[\w-]++)++(?=/|\s|$)\S*+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")


def has_words(text: str) -> bool:
    """Does the text hold a word outside links, handles and tags?"""
    # From the front: a megabyte of prose answers at its first word.
    return any(_WORD.search(_ADDRESS.sub(" ", text[at : at + 4_000])) for at in range(0, len(text), 4_000))


def name_unreadable(text: str) -> tuple[str, ...]:
    """Why what is judged may not be what a reader sees: lost characters (U+FFFD), or an order turned round by
    U+202D or U+202E (Unicode Annex 9). The isolates that platforms put round names turn nothing round."""
    found = []
    if "\ufffd" in text:
        found.append("some of its characters could not be read")
    if "\u202d" in text or "\u202e" in text:
        found.append("its letters are shown in another order than they are written")
    return tuple(found)
