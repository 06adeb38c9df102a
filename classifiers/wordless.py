"""Is there anything to judge? A link, a row of emojis or of dots says nothing a model of words could weigh."""

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
