"""Names to cover of which nothing stands in an exhibit: a typo covers nobody, and nobody would notice."""

from __future__ import annotations

import html
from collections.abc import Sequence
from urllib.parse import unquote

from evidence.exhibit_cover import cover_exhibit, find_names
from evidence.exhibit_values import Exhibit
from mentionwatch import lookalikes


def find_unknown(exhibit: Exhibit, names: Sequence[str]) -> list[int]:
    """The places (from 1) of names of which nothing stands anywhere in the exhibit: a typo would cover nobody."""
    seen = dict[str, None]()

    def note(text: str) -> str:
        seen[text] = None
        return text

    cover_exhibit(exhibit, note)
    for row in exhibit.revisions:
        pages = (row.page_text, *(body.decode("utf-8", "replace") for body in (row.warc, row.raw)))
        seen |= dict.fromkeys(pages)
    texts = [view for text in seen for view in dict.fromkeys((text, html.unescape(text), unquote(text)))]
    finders = [(at, find_names([name])) for at, name in enumerate(names, 1)]
    return [
        at
        for at, finder in finders
        if finder
        and not any(finder.count(text) or lookalikes.find_names(text, [names[at - 1]]) for text in texts)
    ]
