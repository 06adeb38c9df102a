"""What the review pages and the e-mail say beyond `desk.words`, in English and Welsh."""

from __future__ import annotations

from desk.vocabulary import Pair
from desk.words import Speaker

WEB_WORDS: dict[str, Pair] = {
    "show_only": ("Show only", "Dangos dim ond"),
    "label": ("What it is", "Beth ydyw"),
    "everything": ("everything", "popeth"),
    "newer": ("Newer", "Mwy diweddar"),
    "older": ("Older", "Hŷn"),
    "page_number": ("Page {n}", "Tudalen {n}"),
    "none_match": ("Nothing matches this choice.", "Nid oes dim yn cyfateb i'r dewis hwn."),
    "went_wrong": (
        "Something went wrong, and nothing was changed. Tell whoever looks after mentionwatch: it is in logs/errors.log.",
        "Aeth rhywbeth o'i le, ac ni newidiwyd dim. Dywedwch wrth y sawl sy'n gofalu am mentionwatch: mae yn logs/errors.log.",
    ),
    "mail_place": (
        "There it is the file {place}; the command mentionwatch desk shows it too.",
        "Yno, y ffeil {place} ydyw; mae'r gorchymyn mentionwatch desk yn ei ddangos hefyd.",
    ),
}


class WebSpeaker(Speaker):
    """Says these, and everything a `Speaker` says."""

    def __call__(self, key: str, **values: object) -> str:
        pair = WEB_WORDS.get(key)
        return pair[self.lang == "cy"].format(**values) if pair else super().__call__(key, **values)
